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
import { checkIsLabels, someTexts, valuesByName, wrongByName, wrongByPosition } from './label-arguments.ts';
import { checkLabelNames, labelText, type LabelArguments, type Labels } from './labels.ts';
import { OVERFLOW, SeriesLimit } from './limit.ts';
import type { Collector, FamilyDescription, FamilyView, MetricType, SelfCounting, SeriesView } from './model.ts';
import { familyName } from './names.ts';
import type { BaseSeries, Rows, SeriesOwner } from './series.ts';
import { NONE } from './series/row-index.ts';
import { FEW, SeriesTable } from './series/series-table.ts';
import { warn } from './warning.ts';

/** What a metric is in Prometheus' words: one name, and a series for each set of label values. */
export interface FamilyParts<Type extends MetricType, Names extends readonly string[], Series> {
  type: Type;
  /** The options that only this type has. */
  options?: readonly string[];
  /** A label name that samples of this type write themselves. */
  reservedLabel?: string;
  definition: MetricDefinition<Names, never> & RegistryOption;
  /** The object of one series, over its numbers. */
  makeSeries: (rows: Rows, row: number) => Series;
  /** How many numbers each series has; without, it keeps what it has in its object. */
  width?: number;
  /** Whether there is one, its value: then it is read without its object. */
  isValue?: boolean;
  /** Whether they tell when they began to count. */
  isCounting?: boolean;
  /** Whether the objects of series have more than their numbers. */
  keepsObjects?: boolean;
}

/**
 * Finds, makes and removes the series of one name. The kinds of metrics are built on it; it knows none of
 * them.
 */
export abstract class Family<
  Type extends MetricType,
  const Names extends readonly string[],
  Series extends BaseSeries & SeriesView,
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
  readonly #beforeGather: (() => void | Promise<void>) | undefined;
  readonly #limit: SeriesLimit;
  /** Of the series where all label sets end that are past the limit. */
  readonly #overflowLabels: readonly string[];
  readonly #table: SeriesTable<Series>;
  readonly #warnedOf = new Set<string>();
  #isCollecting = false;
  #sole: Series | undefined;
  #soleNumbers: Float64Array | undefined;

  protected constructor(parts: FamilyParts<Type, Names, Series>) {
    const { type, options, reservedLabel, definition } = parts;
    checkDefinition(type, definition, options ?? []);
    (this as { [LIVE]?: true })[LIVE] = true;
    const { name, help, unit, labelNames, maxSeries, collect } = definition;
    this.name = familyName(name, type, unit);
    this.help = checkHelp(name, help);
    this.unit = unit;
    this.labelNames = checkLabelNames(name, labelNames, reservedLabel);
    this.type = type;
    const { makeSeries, width = 0, isValue = false, isCounting = false, keepsObjects = width === 0 } = parts;
    this.#table = new SeriesTable<Series>(this, this.labelNames, {
      width,
      isValue,
      isCounting,
      make: makeSeries,
      isKept: keepsObjects,
    });
    this.#limit = new SeriesLimit(checkMaxSeries(name, maxSeries));
    this.#overflowLabels = this.labelNames.map(() => OVERFLOW);
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
    const count = given.length;
    // As long as one value after the other is read of it, V8 makes no array for the call.
    if (count === this.labelNames.length && count > 0 && count <= FEW) {
      const row = this.#table.rowOfFew(count, given[0], given[1], given[2], given[3]);
      if (row !== NONE) return this.#table.keptAt(row);
    }
    return this.#labelsOf(...given);
  }

  #labelsOf(...given: readonly unknown[]): Series {
    const first = given[0];
    if (given.length === 1 && typeof first === 'object' && first !== null) return this.seriesByName(first);
    if (given.length !== this.labelNames.length) throw wrongByPosition(this, given);
    if (this.#sole !== undefined) return this.#sole;
    const row = this.#table.rowByPosition(given);
    return this.#table.keptAt(row === NONE ? this.#make(given) : row);
  }

  /** The same for the calls that take labels first; a metric without labels has no such call. */
  protected seriesByName(given: unknown): Series {
    checkIsLabels(this, given);
    return this.#table.keptAt(this.rowOf(given));
  }

  /** The row of labels that {@link checkLabels} has let pass; their series is made if there is none. */
  protected rowOf(given: object): number {
    const row = this.#table.rowByName(given);
    return row === NONE ? this.#make(valuesByName(this, given)) : row;
  }

  /** Where the numbers of its series are now; to be asked for after the row. */
  protected get rows(): Rows {
    return this.#table.rows;
  }

  /** The series that a shorthand call is about: the only one, or that of the labels given by name. */
  protected seriesOf(labels: unknown): Series {
    return this.#sole !== undefined && labels === undefined ? this.#sole : this.seriesByName(labels);
  }

  /** The same for a call that only reads: labels that no series has are not made one. */
  protected peek(labels: unknown): Series {
    if (this.#sole !== undefined && labels === undefined) return this.#sole;
    this.checkLabels(labels);
    const texts = textsOf(this, valuesByName(this, labels));
    const row = this.#table.rowByPosition(texts);
    return row === NONE ? this.#table.alone(texts) : this.#table.viewAt(row);
  }

  /** Before what comes with the labels is checked, so that it isn't blamed for labels that are missing. */
  protected checkLabels(given: unknown): asserts given is object {
    checkIsLabels(this, given);
  }

  /** The one series of a metric without labels. */
  protected get sole(): Series | undefined {
    return this.#sole;
  }

  /** Where its numbers are: to set one there takes less than through its object. */
  protected get soleNumbers(): Float64Array | undefined {
    return this.#soleNumbers;
  }

  /**
   * For the calls that are given some labels now and the rest later: finds the series then, to be used at once. The labels are
   * read now, as the object that has them may change.
   */
  protected seriesLater(given: unknown): (last: object | undefined) => Series {
    if (given === undefined) return (last) => this.#seriesAt(last);
    const mayBeAll = typeof given === 'object' && given !== null && !Array.isArray(given) && this.#sole === undefined;
    const row = mayBeAll ? this.#table.rowByName(given) : NONE;
    if (row === NONE) {
      const first = someTexts(this, given);
      return (last) => this.#seriesAt({ ...first, ...last });
    }
    // Most often all labels are given and their series is there: it need not be looked up again.
    const { rows, removals } = this;
    return (last) => {
      if (last === undefined && removals === this.removals) return this.#table.viewAt(row);
      const texts = rows.labelValues(row).map((text, i) => [this.labelNames[i], text] as const);
      return this.#seriesAt({ ...Object.fromEntries(texts), ...last });
    };
  }

  #seriesAt(labels: unknown): Series {
    if (this.#sole !== undefined && labels === undefined) return this.#sole;
    this.checkLabels(labels);
    return this.#table.viewAt(this.rowOf(labels));
  }

  /**
   * Forgets one series: it is no longer exposed, and the next use of these labels starts from zero.
   *
   * @returns whether it was there
   * @throws MetricError as {@link labels} does
   */
  remove(...labels: Names extends readonly [] ? [never] : LabelArguments<Names>): boolean;
  remove(...given: readonly unknown[]): boolean {
    const first = given[0];
    const byName = given.length === 1 && typeof first === 'object' && first !== null;
    if (this.labelNames.length === 0) throw byName ? wrongByName(this, first) : wrongByPosition(this, given);
    if (!byName && given.length !== this.labelNames.length) throw wrongByPosition(this, given);
    const texts = textsOf(this, byName ? valuesByName(this, first) : given);
    const row = this.#table.rowByPosition(texts);
    return this.#remove(row === NONE ? [] : [row]) > 0;
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
    return this.#remove(this.#table.rowsWith(wanted));
  }

  /** Forgets every series. A metric without labels starts again from zero. */
  clear(): void {
    this.removals++;
    this.#table.clear();
    this.#addSole();
  }

  /**
   * For a registry and its encoders: the series that there are now, in the order in which they were made; a scrape reads
   * them piece by piece, whatever is removed or made in between. Each is to be read before the next one, which may be the
   * same object with other numbers.
   */
  get series(): Iterable<Series> {
    return this.#table.read();
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

  /** The row of these label values, which a first look hasn't found. */
  #make(values: readonly unknown[]): number {
    const texts = textsOf(this, values);
    const known = this.#table.rowByPosition(texts);
    const row = known === NONE ? this.#add(texts) : known;
    this.#table.alias(values, texts);
    return row;
  }

  #add(texts: readonly string[]): number {
    const overflow = this.#table.rowByPosition(this.#overflowLabels);
    // The overflow series comes on top of the limit, so that what is removed makes room.
    const size = this.#table.size - (overflow === NONE ? 0 : 1);
    if (this.#limit.allowsMoreThan(size)) return this.#table.add(texts);
    this.#limit.exceed(this, this.#table.read());
    return overflow === NONE ? this.#table.add(this.#overflowLabels) : overflow;
  }

  #addSole(): void {
    if (this.labelNames.length !== 0) return;
    this.#sole = this.#table.keptAt(this.#table.add([]));
    this.#soleNumbers = this.#table.rows.cells;
  }

  #remove(rows: readonly number[]): number {
    if (rows.length === 0) return 0;
    this.removals += rows.length;
    this.#table.delete(rows);
    return rows.length;
  }
}

/** Label values, in declared order, as texts. */
function textsOf({ labelNames }: SeriesOwner, values: readonly unknown[]): string[] {
  return values.map((value, i) => labelText(labelNames[i] as string, value));
}
