import type { SeriesView } from './model.ts';

/** What a series knows of the family that it is in. */
export interface SeriesOwner {
  readonly name: string;
  readonly labelNames: readonly string[];
  /** Warns of something that the caller can't be told by an error, once for each code. */
  warnOnce(code: string, message: string): void;
}

/** What a series is made with. */
export interface SeriesLabels {
  readonly owner: SeriesOwner;
  readonly labelValues: readonly string[];
  readonly labelText: string;
}

/** What the series of every kind of metric has: its labels. */
export abstract class BaseSeries implements SeriesView {
  /** @internal Where it stands among the series of its family. */
  place = -1;
  protected readonly owner: SeriesOwner;
  readonly #values: readonly string[];
  readonly #text: string;

  /** @internal Series are made by `labels()`. */
  constructor(labels: SeriesLabels) {
    this.owner = labels.owner;
    this.#values = labels.labelValues;
    this.#text = labels.labelText;
  }

  get labelNames(): readonly string[] {
    return this.owner.labelNames;
  }

  get labelValues(): readonly string[] {
    return this.#values;
  }

  get labelText(): string {
    return this.#text;
  }
}

/** Now, as series and exemplars keep it: seconds since 1970-01-01, UTC. */
export function nowInSeconds(): number {
  return Date.now() / 1000;
}
