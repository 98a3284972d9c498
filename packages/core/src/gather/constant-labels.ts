import { isLive, reservedLabel } from '../description.ts';
import { MetricError, show } from '../errors.ts';
import { escapeLabelName } from '../escaping.ts';
import { checkLabelNames, labelText, type LabelValue } from '../labels.ts';
import type {
  AddedLabels,
  Exemplar,
  FamilyDescription,
  FamilyView,
  MetricType,
  NativeHistogram,
  QuantileValue,
  SeriesView,
} from '../model.ts';
import { STEP } from '../turns.ts';

/** Labels that a registry adds to every series. */
export class ConstantLabels {
  readonly #names: readonly string[];
  readonly #values: readonly string[];
  /** Live families as they are with these labels, as the next scrape has the same ones. */
  readonly #labelled = new WeakMap<FamilyView, FamilyView>();
  /** The names as they are exposed at their plainest. */
  readonly #exposed: ReadonlySet<string>;

  /** @throws MetricError `INVALID_LABEL_NAME`, `INVALID_LABEL_VALUE` */
  constructor(labels: Readonly<Record<string, LabelValue>>) {
    if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) {
      throw new MetricError(
        'INVALID_OPTION',
        `The option "labels" of a registry is ${show(labels)}: give an object such as { service: 'api' }, or leave it out.`,
      );
    }
    this.#names = checkLabelNames('*', Object.keys(labels), undefined);
    this.#exposed = new Set(this.#names.map((name) => escapeLabelName(name)));
    this.#values = this.#names.map((name) => labelText(name, labels[name]));
  }

  get isEmpty(): boolean {
    return this.#names.length === 0;
  }

  /** Whether a label of this name is exposed as one of them. */
  has(name: string): boolean {
    return this.#exposed.has(escapeLabelName(name));
  }

  /** @throws MetricError `INVALID_LABEL_NAME` when a family has one of them as a label of its own, or writes it itself */
  check(family: FamilyDescription, labelNames: readonly string[]): void {
    const reserved = reservedLabel(family);
    const own = reserved === undefined ? labelNames : [...labelNames, reserved];
    const twice = own.find((name) => this.has(name));
    if (twice === undefined) return;
    throw new MetricError(
      'INVALID_LABEL_NAME',
      `Metric ${show(family.name)} has the label ${show(twice)}, which its registry adds to every series: choose another name.`,
    );
  }

  /** The same as {@link addingTo} where nothing has to be looked at for it any more; the labels of an info may change. */
  knownOf(family: FamilyView): FamilyView | undefined {
    if (this.isEmpty) return family;
    return family.type === 'info' ? undefined : this.#labelled.get(family);
  }

  /** A family with these labels before those of each series, which is read when it comes; in steps, if it is checked. */
  *addingTo(family: FamilyView): Generator<void, FamilyView> {
    const known = this.knownOf(family);
    if (known !== undefined) return known;
    this.check(family, []);
    // A live one was checked when it was registered, and all its series have the same labels, except those of an info.
    if (!isLive(family) || family.type === 'info') {
      let checked = 0;
      for (const { labelNames } of family.series) {
        this.check(family, labelNames);
        if (++checked % STEP === 0) yield;
      }
    }
    const before = this.#labelled.get(family);
    if (before !== undefined) return before;
    const labelled = new LabelledFamily(family, this.#names, this.#values) as FamilyView;
    if (isLive(family)) this.#labelled.set(family, labelled);
    return labelled;
  }
}

type Taking<View> = View extends { readonly series: Iterable<infer Of> } ? (series: Of) => void : never;
/** All that series have, of whatever type: what another type has, too, from the day it is there. */
type AnySeries = Taking<FamilyView> extends (series: infer All extends SeriesView) => void ? All : never;

/** A family with further labels, which reads everything else from it when it is asked for. */
class LabelledFamily {
  readonly name: string;
  readonly help: string;
  readonly type: MetricType;
  readonly unit: string | undefined;
  /** If they are the same for all series: encoders need not look at those of each. */
  readonly labelNames: readonly string[] | undefined;
  readonly added: AddedLabels;

  constructor(family: FamilyView, labelNames: readonly string[], labelValues: readonly string[]) {
    const { name, help, type, unit } = family;
    const { labelNames: own } = family as { labelNames?: readonly string[] };
    this.name = name;
    this.help = help;
    this.type = type;
    this.unit = unit;
    this.labelNames = own && [...labelNames, ...own];
    this.added = { labelNames, labelValues, family };
  }

  get series(): Iterable<SeriesView> {
    return { [Symbol.iterator]: () => this.#label() };
  }

  *#label(): Generator<SeriesView, void, undefined> {
    const { labelNames, labelValues, family } = this.added;
    for (const series of family.series) yield new LabelledSeries(series, labelNames, labelValues);
  }
}

/** A series with further labels, which reads everything else from it when it is asked for. */
class LabelledSeries implements AnySeries {
  readonly #names: readonly string[];
  readonly #values: readonly string[];
  readonly #series: Partial<AnySeries> & SeriesView;

  constructor(series: SeriesView, labelNames: readonly string[], labelValues: readonly string[]) {
    this.#series = series;
    this.#names = labelNames;
    this.#values = labelValues;
  }

  get labelNames(): readonly string[] {
    return [...this.#names, ...this.#series.labelNames];
  }

  get labelValues(): readonly string[] {
    return [...this.#values, ...this.#series.labelValues];
  }

  get created(): number | undefined {
    return this.#series.created;
  }

  get timestamp(): number | undefined {
    return this.#series.timestamp;
  }

  get value(): number {
    return this.#series.value as number;
  }

  get exemplar(): Exemplar | undefined {
    return this.#series.exemplar;
  }

  get count(): number {
    return this.#series.count as number;
  }

  get sum(): number {
    return this.#series.sum as number;
  }

  get upperBounds(): readonly number[] {
    return this.#series.upperBounds as readonly number[];
  }

  get bucketCounts(): ArrayLike<number> {
    return this.#series.bucketCounts as ArrayLike<number>;
  }

  get exemplars(): readonly (Exemplar | undefined)[] | undefined {
    return this.#series.exemplars;
  }

  get native(): NativeHistogram | undefined {
    return this.#series.native;
  }

  get quantiles(): readonly QuantileValue[] {
    return this.#series.quantiles as readonly QuantileValue[];
  }

  get states(): Readonly<Record<string, boolean>> {
    return this.#series.states as Readonly<Record<string, boolean>>;
  }
}
