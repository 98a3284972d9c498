import type { Exemplar, LabelColumnView, SeriesView } from './model.ts';

/** What a series knows of the family that it is in. */
export interface SeriesOwner {
  readonly name: string;
  readonly labelNames: readonly string[];
  /** Warns of something that the caller can't be told by an error, once for each code. */
  warnOnce(code: string, message: string): void;
}

/** The series of a family as columns, a row for each. */
export interface Rows {
  readonly owner: SeriesOwner;
  /** The values of each label, each once. */
  readonly columns: readonly LabelColumnView[];
  /** For each row, the number of its value in each label's column. */
  readonly ids: Int32Array;
  /** For each row, what it counts. */
  readonly cells: Float64Array;
  /** For each row, when it began to count, if that is told; apart from what is counted, as that is found faster then. */
  readonly created: Float64Array;
  /** Of those objects that have one; as most have none, there is no room for it in each. */
  exemplars: WeakMap<object, Exemplar> | undefined;
  /** The label values of a row, in the order of the labels. */
  labelValues(row: number): string[];
}

/** What the series of every kind of metric has: a row among the others of its family. */
export abstract class BaseSeries implements SeriesView {
  /** @internal Where its labels and its numbers are. */
  rows: Rows;
  /** @internal */
  row: number;

  /** @internal Series are made by `labels()`. */
  constructor(rows: Rows, row: number) {
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
