import {
  checkCollect,
  checkDefinition,
  checkHelp,
  checkMaxSeries,
  checkRegistry,
  type MetricDefinition,
  type RegistryOption,
} from './definition.ts';
import { LIVE } from './description.ts';
import { find, findOrAdd, takeOut, type LabelTree } from './label-tree.ts';
import {
  checkIsLabels,
  someTexts,
  textsByName,
  textsByPosition,
  wrongByName,
  wrongByPosition,
} from './label-arguments.ts';
import { checkLabelNames, labelText, ownText, renderLabels, type LabelArguments, type Labels } from './labels.ts';
import { OVERFLOW, SeriesLimit } from './limit.ts';
import type { Collector, FamilyDescription, FamilyView, MetricType, SelfCounting, SeriesView } from './model.ts';
import { familyName } from './names.ts';
import { SeriesList, type Placed } from './series-list.ts';
import type { SeriesLabels, SeriesOwner } from './series.ts';
import { warn } from './warning.ts';

/** What a metric is in Prometheus' words: one name, and a series for each set of label values. */
export interface FamilyParts<Type extends MetricType, Names extends readonly string[], Series> {
  type: Type;
  /** The options that only this type has. */
  options?: readonly string[];
  /** A label name that samples of this type write themselves. */
  reservedLabel?: string;
  definition: MetricDefinition<Names, never> & RegistryOption;
  makeSeries: (labels: SeriesLabels) => Series;
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
  Series extends SeriesView & Placed,
>
  implements Collector, SeriesOwner
{
  readonly type: Type;
  /** Without the suffixes of its samples: that of `requests_total` is `requests`. */
  readonly name: string;
  readonly help: string;
  readonly unit: string | undefined;
  readonly labelNames: readonly string[];
  /** @internal How often series were taken out: who keeps series of its own accord looks whether they may be gone. */
  removals = 0;
  readonly #makeSeries: (labels: SeriesLabels) => Series;
  readonly #beforeGather: (() => void | Promise<void>) | undefined;
  readonly #limit: SeriesLimit;
  readonly #series = new SeriesList<Series>();
  readonly #warnedOf = new Set<string>();
  #isCollecting = false;
  #root: LabelTree<Series> = new Map();
  #sole: Series | undefined;
  #overflowing: Series | undefined;

  protected constructor({ type, options, reservedLabel, definition, makeSeries }: FamilyParts<Type, Names, Series>) {
    checkDefinition(type, definition, options ?? []);
    (this as { [LIVE]?: true })[LIVE] = true;
    const { name, help, unit, labelNames, maxSeries, collect } = definition;
    this.name = familyName(name, type, unit);
    this.help = checkHelp(name, help);
    this.unit = unit;
    this.labelNames = checkLabelNames(name, labelNames, reservedLabel);
    this.type = type;
    this.#makeSeries = makeSeries;
    this.#limit = new SeriesLimit(checkMaxSeries(name, maxSeries));
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
      if (found === undefined) return this.#make(textsByPosition(this, given));
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
      if (name !== names[i] || !hasOwn.call(given, name)) return this.#make(textsByName(this, given));
      const value: unknown = (given as Record<string, unknown>)[name];
      found = (found as LabelTree<Series>).get(typeof value === 'string' ? value : labelText(name, value));
      if (found === undefined) return this.#make(textsByName(this, given));
      i++;
    }
    return i === names.length ? (found as Series) : this.#make(textsByName(this, given));
  }

  /** The series that a shorthand call is about: the only one, or that of the labels given by name. */
  protected seriesOf(labels: unknown): Series {
    return this.#sole !== undefined && labels === undefined ? this.#sole : this.seriesByName(labels);
  }

  /** The same for a call that only reads: labels that no series has are not made one. */
  protected peek(labels: unknown): Series {
    if (this.#sole !== undefined && labels === undefined) return this.#sole;
    this.checkLabels(labels);
    const values = textsByName(this, labels as object);
    return find(this.#root, values) ?? this.#makeSeries({ owner: this, labelValues: values, labelText: '' });
  }

  /** Before what comes with the labels is checked, so that it isn't blamed for labels that are missing. */
  protected checkLabels(given: unknown): void {
    checkIsLabels(this, given);
  }

  /** The one series of a metric without labels; only such a metric may ask for it. */
  protected get sole(): Series {
    return this.#sole as Series;
  }

  /** Some of the labels as texts, for the calls that are given the rest later. */
  protected someLabels(given: unknown): Record<string, string> | undefined {
    return given === undefined ? undefined : someTexts(this, given);
  }

  /**
   * Forgets one series: it is no longer exposed, and the next use of these labels starts from zero.
   *
   * @returns whether it was there
   * @throws MetricError as {@link labels} does
   */
  remove(...labels: Names extends readonly [] ? [never] : LabelArguments<Names>): boolean;
  remove(...given: readonly unknown[]): boolean {
    const byName = given.length === 1 && typeof given[0] === 'object' && given[0] !== null;
    if (this.labelNames.length === 0) throw byName ? wrongByName(this, given[0]) : wrongByPosition(this, given);
    const values = byName ? textsByName(this, given[0] as object) : textsByPosition(this, given);
    return this.#remove(values);
  }

  /**
   * Forgets every series that has these labels, whatever its others are.
   *
   * @returns how many there were
   * @throws MetricError `INVALID_LABELS` for a label that the metric hasn't, `INVALID_LABEL_VALUE`
   */
  removeMatching(...labels: Names extends readonly [] ? [never] : [labels: Partial<Labels<Names>>]): number;
  removeMatching(given: unknown): number {
    const wanted = Object.entries(someTexts(this, given)).map(
      ([name, value]) => [this.labelNames.indexOf(name), value] as const,
    );
    const matching = [...this.#series.read()].filter(({ labelValues }) =>
      wanted.every(([i, value]) => labelValues[i] === value),
    );
    for (const { labelValues } of matching) this.#remove(labelValues);
    return matching.length;
  }

  /** Forgets every series. A metric without labels starts again from zero. */
  clear(): void {
    this.removals++;
    this.#series.clear();
    this.#root = new Map();
    this.#addSole();
  }

  /**
   * For a registry and its encoders: the series that there are now, in the order in which they were made; a scrape reads
   * them piece by piece, whatever is removed or made in between.
   */
  get series(): Iterable<Series> {
    return this.#series.read();
  }

  /** For a registry. */
  describe(): readonly FamilyDescription[] {
    return [this];
  }

  /** For a registry: where the metric says what can't be said by an error. */
  attach(registry: SelfCounting): void {
    this.#limit.attach(registry);
  }

  /** For a registry that it is taken out of. */
  detach(registry: SelfCounting): void {
    this.#limit.detach(registry);
  }

  /** For its series. */
  warnOnce(code: string, message: string): void {
    if (this.#warnedOf.has(code)) return;
    this.#warnedOf.add(code);
    warn(code, message);
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
    const known = find(this.#root, values);
    if (known !== undefined) return known;
    // The overflow series comes on top of the limit, so that what is removed makes room.
    const size = this.#series.size - (this.#overflowing !== undefined && this.#series.has(this.#overflowing) ? 1 : 0);
    return this.#limit.allowsMoreThan(size) ? this.#add(values) : this.#overflow();
  }

  #add(given: readonly string[]): Series {
    const values = given.map(ownText);
    return findOrAdd(this.#root, values, () => {
      const series = this.#makeSeries({
        owner: this,
        labelValues: values,
        labelText: renderLabels(this.labelNames, values),
      });
      this.#series.add(series);
      return series;
    });
  }

  /** Where all label sets end that are past the limit. */
  #overflow(): Series {
    this.#limit.exceed(this, this.#series.read());
    return (this.#overflowing = this.#add(this.labelNames.map(() => OVERFLOW)));
  }

  #addSole(): void {
    if (this.labelNames.length > 0) return;
    this.#sole = this.#makeSeries({ owner: this, labelValues: [], labelText: '' });
    this.#series.add(this.#sole);
  }

  #remove(values: readonly string[]): boolean {
    const series = takeOut(this.#root, values);
    if (series === undefined) return false;
    this.removals++;
    return this.#series.delete(series);
  }
}
