import type { Exemplar, LabelColumnView } from '../model.ts';
import { nowInSeconds, type Rows, type SeriesOwner } from '../series.ts';

/** What the series of a kind of metric are made of. */
export interface SeriesShape<Series> {
  /** How many numbers each has. */
  readonly width: number;
  /** Whether there is one, its value. */
  readonly isValue: boolean;
  /** Whether they tell when they began to count. */
  readonly isCounting: boolean;
  /** Whether they keep more than these numbers, so that the object of each has to stay. */
  readonly isKept: boolean;
  /** The object of the series of a row. */
  readonly make: (rows: Rows, row: number) => Series;
}

const NO_TIMES = new Float64Array(0);

/** Beyond so many rows, room is made for an eighth more at a time, else for twice as many. */
const MANY = 1024;

/**
 * Numbers side by side take a fraction of what an object for each series would. A family begins with room for one, as most
 * have but a few.
 */
export class SeriesRows<Series> implements Rows {
  readonly owner: SeriesOwner;
  readonly columns: readonly LabelColumnView[];
  ids: Int32Array;
  cells: Float64Array;
  created: Float64Array = NO_TIMES;
  /** By row, the objects that `labels()` has given away, and those of series that keep more than numbers. */
  readonly kept: (Series | undefined)[] = [];
  exemplars: WeakMap<object, Exemplar> | undefined = undefined;
  /** How often objects have left these rows, which don't have their numbers any more. */
  departures = 0;
  readonly #shape: SeriesShape<Series>;
  #capacity = 1;

  constructor(owner: SeriesOwner, columns: readonly LabelColumnView[], shape: SeriesShape<Series>) {
    this.owner = owner;
    this.columns = columns;
    this.#shape = shape;
    this.ids = new Int32Array(columns.length);
    this.cells = new Float64Array(shape.width);
    if (shape.isCounting) this.created = new Float64Array(1);
  }

  /** Makes room for this row. */
  reserve(row: number): void {
    if (row < this.#capacity) return;
    this.#capacity += this.#capacity < MANY ? this.#capacity : this.#capacity >> 3;
    const { ids, cells, created } = this;
    this.ids = new Int32Array(this.#capacity * this.columns.length);
    this.ids.set(ids);
    this.cells = new Float64Array(this.#capacity * this.#shape.width);
    this.cells.set(cells);
    if (!this.#shape.isCounting) return;
    this.created = new Float64Array(this.#capacity);
    this.created.set(created);
  }

  /** Sets what isn't 0 when a series begins. */
  begin(row: number): void {
    if (this.#shape.isCounting) this.created[row] = nowInSeconds();
  }

  /** Takes over what a row of others counts. */
  take(row: number, others: SeriesRows<Series>, from: number): void {
    const { width, isCounting } = this.#shape;
    for (let i = 0; i < width; i++) this.cells[row * width + i] = others.cells[from * width + i] as number;
    if (isCounting) this.created[row] = others.created[from] as number;
  }

  labelValues(row: number): string[] {
    const { columns, ids } = this;
    const at = row * columns.length;
    return columns.map(({ values }, i) => values[ids[at + i] as number] as string);
  }

  /** One row as the only one, which shares nothing with the others. */
  alone(row: number): SeriesRows<Series> {
    const columns = this.labelValues(row).map((value) => ({ values: [value] }));
    const rows = new SeriesRows<Series>(this.owner, columns, this.#shape);
    rows.take(0, this, row);
    return rows;
  }
}
