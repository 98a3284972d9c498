import {
  checkCollect,
  checkDefinition,
  checkHelp,
  checkRegistry,
  type MetricDefinition,
  type RegistryOption,
} from './definition.ts';
import { findOrAdd, takeOut, type LabelTree } from './label-tree.ts';
import {
  checkLabelNames,
  labelText,
  renderLabels,
  wrongByName,
  wrongByPosition,
  type LabelArguments,
} from './labels.ts';
import type { Collector, FamilyView, LabelledSeries, MetricType } from './model.ts';
import { familyName } from './names.ts';

/** What a metric is in Prometheus' words: one name, and a series for each set of label values. */
export interface FamilyParts<Type extends MetricType, Names extends readonly string[], Series> {
  type: Type;
  /** A label name that samples of this type write themselves. */
  reservedLabel?: string;
  definition: MetricDefinition<Names, never> & RegistryOption;
  makeSeries: (labels: LabelledSeries) => Series;
}

// oxlint-disable-next-line typescript/unbound-method -- `this` is given by call()
const hasOwn = Object.prototype.hasOwnProperty;

/**
 * Finds, makes and removes the series of one name. The kinds of metrics are built on it; it knows none of
 * them.
 */
export abstract class Family<
  Type extends MetricType,
  const Names extends readonly string[],
  Series extends LabelledSeries,
> implements Collector {
  readonly type: Type;
  /** Without the suffixes of its samples: that of `requests_total` is `requests`. */
  readonly name: string;
  readonly help: string;
  readonly unit: string | undefined;
  readonly labelNames: readonly string[];
  readonly #makeSeries: (labels: LabelledSeries) => Series;
  readonly #beforeGather: (() => void | Promise<void>) | undefined;
  readonly #series = new Set<Series>();
  #isCollecting = false;
  #root: LabelTree<Series> = new Map();
  #sole: Series | undefined;

  protected constructor({ type, reservedLabel, definition, makeSeries }: FamilyParts<Type, Names, Series>) {
    checkDefinition(type, definition);
    const { name, help, unit, labelNames, collect } = definition;
    this.name = familyName(name, type, unit);
    this.help = checkHelp(name, help);
    this.unit = unit;
    this.labelNames = checkLabelNames(name, labelNames, reservedLabel);
    this.type = type;
    this.#makeSeries = makeSeries;
    this.#beforeGather = checkCollect(name, collect);
    const registry = checkRegistry(name, definition.registry);
    this.#addSole();
    registry?.register(this);
  }

  /**
   * The series of these label values, by position or by name: made on the first call and exposed from then
   * on, the same object on every later one. Keep it where speed matters.
   *
   * @throws MetricError `INVALID_LABELS` when a label is missing, unknown or one too many,
   * `INVALID_LABEL_VALUE` when a value has no text.
   */
  labels(...labels: LabelArguments<Names>): Series;
  labels(...given: readonly unknown[]): Series {
    const first = given[0];
    if (given.length === 1 && typeof first === 'object' && first !== null) return this.seriesByName(first);
    if (given.length !== this.labelNames.length) throw wrongByPosition(this, given);
    let found: LabelTree<Series> | Series | undefined = this.#sole ?? this.#root;
    for (let i = 0; i < given.length; i++) {
      const value = given[i];
      found = (found as LabelTree<Series>).get(
        typeof value === 'string' ? value : labelText(this.labelNames[i] as string, value),
      );
      if (found === undefined) return this.#make(this.#textsByPosition(given));
    }
    return found as Series;
  }

  /** The same for the calls that take labels first; a metric without labels has no such call. */
  protected seriesByName(given: unknown): Series {
    const names = this.labelNames;
    if (typeof given !== 'object' || given === null || names.length === 0) throw wrongByName(this, given);
    let found: LabelTree<Series> | Series | undefined = this.#root;
    let i = 0;
    // Own names in declared order need no look-up by name; anything else takes the careful way. In a loop like this one
    // V8 knows the answer of hasOwnProperty, but not that of Object.hasOwn.
    for (const name in given) {
      if (name !== names[i] || !hasOwn.call(given, name)) return this.#make(this.#textsByName(given));
      const value: unknown = (given as Record<string, unknown>)[name];
      found = (found as LabelTree<Series>).get(typeof value === 'string' ? value : labelText(name, value));
      if (found === undefined) return this.#make(this.#textsByName(given));
      i++;
    }
    return i === names.length ? (found as Series) : this.#make(this.#textsByName(given));
  }

  /** The series that a shorthand call is about: the only one, or that of the labels given by name. */
  protected seriesOf(labels: unknown): Series {
    return this.#sole !== undefined && labels === undefined ? this.#sole : this.seriesByName(labels);
  }

  /** The one series of a metric without labels; only such a metric may ask for it. */
  protected get sole(): Series {
    return this.#sole as Series;
  }

  /** Some of the labels as texts, for the calls that are given the rest later. */
  protected someLabels(given: unknown): Record<string, string> | undefined {
    if (given === undefined) return undefined;
    const names = this.labelNames;
    if (typeof given !== 'object' || given === null || names.length === 0) throw wrongByName(this, given);
    if (Object.keys(given).some((name) => !names.includes(name))) throw wrongByName(this, given, 'some');
    return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, labelText(name, value)]));
  }

  /**
   * Forgets one series: it is no longer exposed, and the next use of these labels starts from zero.
   *
   * @returns whether it was there
   * @throws MetricError as {@link labels} does
   */
  remove(...labels: LabelArguments<Names>): boolean;
  remove(...given: readonly unknown[]): boolean {
    const byName = given.length === 1 && typeof given[0] === 'object' && given[0] !== null;
    if (this.labelNames.length === 0) throw byName ? wrongByName(this, given[0]) : wrongByPosition(this, given);
    const values = byName ? this.#textsByName(given[0] as object) : this.#textsByPosition(given);
    const series = takeOut(this.#root, values);
    return series !== undefined && this.#series.delete(series);
  }

  /** Forgets every series. A metric without labels starts again from zero. */
  clear(): void {
    this.#series.clear();
    this.#root = new Map();
    this.#addSole();
  }

  /** For a registry and its encoders: the series in the order in which they were made. */
  get series(): Iterable<Series> {
    return this.#series;
  }

  /** For a registry. */
  describe(): readonly { readonly name: string; readonly type: MetricType }[] {
    return [{ name: this.name, type: this.type }];
  }

  /** For a registry: runs the `collect` of the definition. */
  collect(): readonly FamilyView[] | Promise<readonly FamilyView[]> {
    // The compiler can't see that the kind's type and its series belong together.
    const families = [this as unknown as FamilyView];
    // One that reads or scrapes its own registry must not call itself for ever.
    if (this.#beforeGather === undefined || this.#isCollecting) return families;
    this.#isCollecting = true;
    try {
      const pending = this.#beforeGather();
      return pending === undefined ? families : Promise.resolve(pending).then(() => families);
    } finally {
      this.#isCollecting = false;
    }
  }

  #make(values: readonly string[]): Series {
    return findOrAdd(this.#root, values, () => {
      const rendered = renderLabels(this.labelNames, values);
      const series = this.#makeSeries({ labelNames: this.labelNames, labelValues: values, labelText: rendered });
      this.#series.add(series);
      return series;
    });
  }

  #addSole(): void {
    if (this.labelNames.length > 0) return;
    this.#sole = this.#makeSeries({ labelNames: this.labelNames, labelValues: [], labelText: '' });
    this.#series.add(this.#sole);
  }

  #textsByPosition(given: readonly unknown[]): string[] {
    if (given.length !== this.labelNames.length) throw wrongByPosition(this, given);
    return given.map((value, i) => labelText(this.labelNames[i] as string, value));
  }

  #textsByName(given: object): string[] {
    const names = this.labelNames;
    if (Object.keys(given).length !== names.length) throw wrongByName(this, given);
    return names.map((name) => {
      if (!Object.hasOwn(given, name)) throw wrongByName(this, given);
      return labelText(name, (given as Record<string, unknown>)[name]);
    });
  }
}
