import type { LabelColumnView, SeriesView } from './model.ts';
import type { SeriesRows } from './series/series-rows.ts';

/** What a series knows of the family that it is in. */
export interface SeriesOwner {
  readonly name: string;
  readonly labelNames: readonly string[];
  /** Warns of something that the caller can't be told by an error, once for each code. */
  warnOnce(code: string, message: string): void;
}

/** What the series of every kind of metric has: a row among the others of its family. */
export abstract class BaseSeries implements SeriesView {
  /** @internal Where its labels and its numbers are. */
  rows: SeriesRows<unknown>;
  /** @internal */
  row: number;

  /** @internal Series are made by `labels()`. */
  constructor(rows: SeriesRows<unknown>, row: number) {
    this.rows = rows;
    this.row = row;
  }

  protected get owner(): SeriesOwner {
    return this.rows.owner;
  }

  /** The names of its family's labels, in their order. */
  get labelNames(): readonly string[] {
    return this.rows.owner.labelNames;
  }

  get labelValues(): readonly string[] {
    return this.rows.labelValues(this.row);
  }

  /** For a registry and its encoders. */
  get columns(): readonly LabelColumnView[] | undefined {
    return this.rows.columns;
  }

  /** For a registry and its encoders. */
  get valueIds(): Int32Array {
    return this.rows.ids;
  }

  /** For a registry and its encoders. */
  get valueIdsAt(): number {
    return this.row * this.rows.columns.length;
  }
}

/** Now, as series and exemplars keep it: seconds since 1970-01-01, UTC. */
export function nowInSeconds(): number {
  return Date.now() / 1000;
}
