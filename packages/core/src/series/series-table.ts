import type { BaseSeries, SeriesOwner } from '../series.ts';
import { LabelColumn, UNKNOWN } from './label-column.ts';
import { NONE, RowIndex, withNumber } from './row-index.ts';
import { Reading } from './reading.ts';
import { SeriesRows, type SeriesShape } from './series-rows.ts';

/** So many label values most metrics have at most. */
export const FEW = 4;

// oxlint-disable-next-line typescript/unbound-method -- `this` is given by call()
const hasOwn = Object.prototype.hasOwnProperty;

/**
 * The series of a family, in rows, in the order in which they were made: of each, the numbers of its label values and what
 * it counts. It is found by the former. To read them takes no copy, however many there are: a scrape reads them
 * piece by piece, while others are added and taken out.
 */
export class SeriesTable<Series extends BaseSeries> {
  readonly #names: readonly string[];
  readonly #shape: SeriesShape<Series>;
  /** The values of each label. */
  #columns: readonly LabelColumn[];
  #rows: SeriesRows<Series>;
  #index: RowIndex;
  /** How many rows there are, with those of series that were taken out. */
  #count = 0;
  #size = 0;
  /** 1 for each row that was taken out, if there is any; rows beyond it are there. */
  #gone: Uint8Array | undefined;
  /** Whether somebody may still be reading by it. */
  #isRead = false;
  /** Of the label values that are looked up. */
  readonly #wanted: Int32Array;
  #lookUps = 0;

  constructor(owner: SeriesOwner, labelNames: readonly string[], shape: SeriesShape<Series>) {
    this.#names = labelNames;
    this.#shape = shape;
    this.#columns = labelNames.map(() => new LabelColumn());
    this.#rows = new SeriesRows(owner, this.#columns, shape);
    this.#index = new RowIndex(labelNames.length);
    this.#wanted = new Int32Array(labelNames.length);
  }

  get size(): number {
    return this.#size;
  }

  /** Where their numbers are now. */
  get rows(): SeriesRows<Series> {
    return this.#rows;
  }

  /** The row of labels by name, if they are given in declared order, alone, and each has a value that is known. */
  rowByName(given: object): number {
    const names = this.#names;
    const columns = this.#columns;
    const { factors } = this.#index;
    const wanted = this.#wanted;
    const lookUp = ++this.#lookUps;
    let key = 0;
    let i = 0;
    // Own names in declared order need no look-up by name. In a loop like this one V8 knows the answer of hasOwnProperty,
    // but not that of Object.hasOwn.
    for (const name in given) {
      if (name !== names[i] || !hasOwn.call(given, name)) return NONE;
      const id = (columns[i] as LabelColumn).idOf((given as Record<string, unknown>)[name]);
      if (id === UNKNOWN) return NONE;
      wanted[i] = id;
      key = withNumber(key, factors[i++] as number, id);
    }
    // To read a value may have run code of the caller's, which has looked up others.
    return i === names.length && lookUp === this.#lookUps ? this.#index.find(key, wanted, this.#rows.ids) : NONE;
  }

  /** The row of labels by position, if each has a value that is known. */
  rowByPosition(given: readonly unknown[]): number {
    const columns = this.#columns;
    const { factors } = this.#index;
    const wanted = this.#wanted;
    this.#lookUps++;
    let key = 0;
    for (let i = 0; i < columns.length; i++) {
      const id = (columns[i] as LabelColumn).idOf(given[i]);
      if (id === UNKNOWN) return NONE;
      wanted[i] = id;
      key = withNumber(key, factors[i] as number, id);
    }
    return this.#index.find(key, wanted, this.#rows.ids);
  }

  /** The same of so many values, one to {@link FEW}, for which no array has to be made. */
  rowOfFew(count: number, first: unknown, second: unknown, third: unknown, fourth: unknown): number {
    const columns = this.#columns;
    const { factors } = this.#index;
    const wanted = this.#wanted;
    this.#lookUps++;
    const a = (columns[0] as LabelColumn).idOf(first);
    const b = count > 1 ? (columns[1] as LabelColumn).idOf(second) : 0;
    const c = count > 2 ? (columns[2] as LabelColumn).idOf(third) : 0;
    const d = count > 3 ? (columns[3] as LabelColumn).idOf(fourth) : 0;
    if (a < 0 || b < 0 || c < 0 || d < 0) return NONE;
    let key = (wanted[0] = a);
    if (count > 1) key = withNumber(key, factors[1] as number, (wanted[1] = b));
    if (count > 2) key = withNumber(key, factors[2] as number, (wanted[2] = c));
    if (count > 3) key = withNumber(key, factors[3] as number, (wanted[3] = d));
    return this.#index.find(key, wanted, this.#rows.ids);
  }

  /** Adds a series of these label values, which has none, and returns its row. */
  add(texts: readonly string[]): number {
    const row = this.#append(texts);
    this.#rows.begin(row);
    if (this.#shape.isKept) this.keptAt(row);
    return row;
  }

  /** From now on, values that aren't text are found as what they are as text. */
  alias(values: readonly unknown[], texts: readonly string[]): void {
    this.#columns.forEach((column, i) => column.alias(values[i], texts[i] as string));
  }

  /** The object of a row's series, the same from now on. */
  keptAt(row: number): Series {
    const rows = this.#rows;
    return (rows.kept[row] ??= this.#shape.make(rows, row));
  }

  /** The same, but made for the moment if it wasn't before. */
  viewAt(row: number): Series {
    const rows = this.#rows;
    return rows.kept[row] ?? this.#shape.make(rows, row);
  }

  /** A series of these label values that isn't among the others. */
  alone(texts: readonly string[]): Series {
    const table = new SeriesTable<Series>(this.#rows.owner, this.#names, this.#shape);
    return table.keptAt(table.add(texts));
  }

  /** The rows of those that have these values, each of the label at an index. */
  rowsWith(wanted: readonly (readonly [label: number, text: string])[]): number[] {
    const { ids } = this.#rows;
    const labels = this.#columns.length;
    const found = wanted.map(([label, text]) => [label, this.#columns[label]?.idOf(text)] as const);
    const rows: number[] = [];
    for (let row = 0; row < this.#count; row++) {
      if (this.#gone?.[row] !== 1 && found.every(([label, id]) => ids[row * labels + label] === id)) rows.push(row);
    }
    return rows;
  }

  /** Takes series out. Their objects go on by themselves, and who is reading sees them still. */
  delete(rows: readonly number[]): void {
    const gone = this.#goneToChange();
    for (const row of rows) {
      gone[row] = 1;
      this.#index.remove(row, this.#rows.ids);
      this.#part(row);
    }
    this.#size -= rows.length;
    if (this.#count > 2 * this.#size + 16) this.#closeGaps();
  }

  /** Takes all out. */
  clear(): void {
    this.#rows.kept.forEach((_, row) => this.#part(row));
    this.#begin();
  }

  /**
   * Those that are there now, whatever happens before they are reached: one that is taken out and made again in between
   * comes once. Each is to be read before the next one: it may be the same object.
   */
  read(): Iterable<Series> {
    this.#isRead = true;
    return new Reading(this.#rows, this.#count, this.#gone, this.#shape);
  }

  /** With nothing in it. */
  #begin(): void {
    // What is being looked up has other numbers from now on.
    this.#lookUps++;
    this.#columns = this.#names.map(() => new LabelColumn());
    this.#rows = new SeriesRows(this.#rows.owner, this.#columns, this.#shape);
    this.#index = new RowIndex(this.#names.length);
    this.#count = 0;
    this.#size = 0;
    this.#gone = undefined;
    this.#isRead = false;
  }

  /** What says which rows are gone, which who reads has no part in, with room for all rows. */
  #goneToChange(): Uint8Array {
    const before = this.#gone;
    if (before !== undefined && !this.#isRead && before.length >= this.#count) return before;
    this.#gone = new Uint8Array(this.#count * 2);
    if (before !== undefined) this.#gone.set(before);
    this.#isRead = false;
    return this.#gone;
  }

  /** Begins anew with those that are left, and with the label values that they have. */
  #closeGaps(): void {
    const [before, end, gone] = [this.#rows, this.#count, this.#gone];
    this.#begin();
    before.departures++;
    this.#rows.exemplars = before.exemplars;
    for (let from = 0; from < end; from++) {
      if (gone?.[from] === 1) continue;
      const row = this.#append(before.labelValues(from));
      const rows = this.#rows;
      rows.take(row, before, from);
      const kept = before.kept[from];
      if (kept === undefined) continue;
      rows.kept[row] = kept;
      kept.rows = rows;
      kept.row = row;
    }
  }

  /** The object of a series that is taken out goes on by itself, so that who keeps it doesn't keep all the others. */
  #part(row: number): void {
    const rows = this.#rows;
    const kept = rows.kept[row];
    if (kept?.rows !== rows) return;
    rows.departures++;
    kept.rows = rows.alone(row);
    kept.row = 0;
  }

  #append(texts: readonly string[]): number {
    const row = this.#count;
    const rows = this.#rows;
    rows.reserve(row);
    const at = row * texts.length;
    texts.forEach((text, i) => (rows.ids[at + i] = (this.#columns[i] as LabelColumn).add(text)));
    this.#count++;
    this.#size++;
    this.#index.add(row, rows.ids);
    return row;
  }
}
