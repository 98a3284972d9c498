import type { LabelColumnView, SeriesByRow } from '../model.ts';
import type { BaseSeries } from '../series.ts';
import { NONE } from './row-index.ts';
import type { SeriesRows, SeriesShape } from './series-rows.ts';

/**
 * The series that there were at some time, any number of times. A generator, or an object for each series, would take longer
 * than what is done with a series.
 */
export class Reading<Series extends BaseSeries> implements Iterable<Series>, Iterator<Series, undefined>, SeriesByRow {
  readonly #rows: SeriesRows<Series>;
  readonly #end: number;
  readonly #gone: Uint8Array | undefined;
  readonly #shape: SeriesShape<Series>;
  /** How many objects had left the rows when it began. */
  readonly #departures: number;
  #row = 0;
  /** Of the series that have no object of their own, one after the other. */
  #view: Series | undefined;

  constructor(rows: SeriesRows<Series>, end: number, gone: Uint8Array | undefined, shape: SeriesShape<Series>) {
    this.#rows = rows;
    this.#end = end;
    this.#gone = gone;
    this.#shape = shape;
    this.#departures = rows.departures;
  }

  [Symbol.iterator](): Iterator<Series, undefined> {
    return new Reading(this.#rows, this.#end, this.#gone, this.#shape);
  }

  next(): IteratorResult<Series, undefined> {
    const row = this.nextRow();
    return row === NONE ? { done: true, value: undefined } : { done: false, value: this.#at(row) };
  }

  nextRow(): number {
    while (this.#row < this.#end) {
      const row = this.#row++;
      if (this.#gone === undefined || this.#gone[row] !== 1) return row;
    }
    return NONE;
  }

  get columns(): readonly LabelColumnView[] | undefined {
    // Of a series that has been taken out since then only its object, if somebody has it, knows what it counts.
    return this.#shape.isValue && this.#rows.departures === this.#departures ? this.#rows.columns : undefined;
  }

  get ids(): Int32Array {
    return this.#rows.ids;
  }

  get numbers(): Float64Array {
    return this.#rows.cells;
  }

  get created(): Float64Array {
    return this.#rows.created;
  }

  get hasExemplars(): boolean {
    return this.#rows.exemplars !== undefined;
  }

  #at(row: number): Series {
    const kept = this.#rows.kept[row];
    if (kept !== undefined) return kept;
    this.#view ??= this.#shape.make(this.#rows, row);
    this.#view.row = row;
    return this.#view;
  }
}
