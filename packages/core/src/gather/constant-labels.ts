import { isLive, reservedLabel } from '../description.ts';
import { MetricError, show } from '../errors.ts';
import { escapeLabelName } from '../escaping.ts';
import { checkLabelNames, labelText, type LabelValue } from '../labels.ts';
import type {
  Exemplar,
  FamilyDescription,
  FamilyView,
  LabelColumnView,
  NativeHistogram,
  QuantileValue,
  SeriesView,
} from '../model.ts';
import { STEP } from '../turns.ts';

/** Labels that a registry adds to every series. */
export class ConstantLabels {
  readonly #names: readonly string[];
  readonly #values: readonly string[];
  readonly #columns: readonly LabelColumnView[];
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
    this.#columns = this.#values.map((value) => ({ values: [value] }));
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

  /** A family with these labels before those of each series, which is read when it comes; in steps, if it is checked. */
  *addingTo(family: FamilyView): Generator<void, FamilyView> {
    if (this.isEmpty) return family;
    const { name, help, type, unit } = family;
    this.check(family, []);
    // A live one was checked when it was registered, and all its series have the same labels, except those of an info.
    if (!isLive(family) || type === 'info') {
      let checked = 0;
      for (const { labelNames } of family.series) {
        this.check(family, labelNames);
        if (++checked % STEP === 0) yield;
      }
    }
    const series = { [Symbol.iterator]: () => this.#label(family.series) };
    // Encoders need not look at each series' names where all have the same.
    const { labelNames: own } = family as { labelNames?: readonly string[] };
    return { name, help, type, unit, series, ...(own && { labelNames: [...this.#names, ...own] }) } as FamilyView;
  }

  *#label(all: Iterable<SeriesView>): Generator<SeriesView, void, undefined> {
    const constant = this.#names.length;
    let names: readonly string[] = [];
    let allNames = this.#names;
    let columns: readonly LabelColumnView[] | undefined;
    let allColumns: readonly LabelColumnView[] | undefined;
    let ids: Int32Array | undefined;
    for (const series of all) {
      if (series.labelNames !== names) {
        names = series.labelNames;
        allNames = [...this.#names, ...names];
      }
      if (series.columns !== columns) {
        columns = series.columns;
        allColumns = columns && [...this.#columns, ...columns];
        ids = allColumns && new Int32Array(allColumns.length);
      }
      if (ids !== undefined) copyIds(series, ids, constant);
      yield new LabelledSeries(series, allNames, this.#values, allColumns, ids);
    }
  }
}

/** Of a constant label, the only value has the number 0. */
function copyIds({ valueIds, valueIdsAt = 0 }: SeriesView, ids: Int32Array, constant: number): void {
  for (let i = constant; i < ids.length; i++) ids[i] = valueIds?.[valueIdsAt + i - constant] as number;
}

type Taking<View> = View extends { readonly series: Iterable<infer Of> } ? (series: Of) => void : never;
/** All that series have, of whatever type: what another type has, too, from the day it is there. */
type AnySeries = Taking<FamilyView> extends (series: infer All extends SeriesView) => void ? All : never;

/** A series with further labels, which reads everything else from it when it is asked for. */
class LabelledSeries implements AnySeries {
  readonly labelNames: readonly string[];
  readonly #series: Partial<AnySeries> & SeriesView;
  readonly #values: readonly string[];
  readonly columns: readonly LabelColumnView[] | undefined;
  readonly valueIds: Int32Array | undefined;
  readonly valueIdsAt = 0;

  constructor(
    series: SeriesView,
    labelNames: readonly string[],
    values: readonly string[],
    columns: readonly LabelColumnView[] | undefined,
    valueIds: Int32Array | undefined,
  ) {
    this.#series = series;
    this.labelNames = labelNames;
    this.#values = values;
    this.columns = columns;
    this.valueIds = valueIds;
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
