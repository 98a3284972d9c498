/** A metric: one of a core that says how often series were taken out of it, or an older one. */
interface Removing {
  readonly name: string;
  readonly removals?: number;
}

/** All further ones are looked up each time: what clients may choose the labels of must not fill the memory. */
const MOST = 10_000;

type Level<Kept> = Map<string, Level<Kept> | Kept>;

/**
 * Finds what has been found before: one walk through maps of maps instead of one for each metric. As soon as a series is
 * taken out of one of these metrics, whatever is kept is forgotten, as the series may be that one.
 */
export class KeptSeries<Kept extends object> {
  readonly #metrics: readonly Removing[];
  #root: Level<Kept> = new Map();
  #size = 0;
  #removals: number;

  constructor(metrics: readonly Removing[]) {
    this.#metrics = metrics;
    this.#removals = this.#countRemovals();
  }

  find(labels: readonly string[]): Kept | undefined {
    const removals = this.#countRemovals();
    if (removals !== this.#removals) {
      this.#removals = removals;
      this.#root = new Map();
      this.#size = 0;
      return undefined;
    }
    let found: Level<Kept> | Kept | undefined = this.#root;
    for (let i = 0; i < labels.length; i++) {
      found = (found as Level<Kept>).get(labels[i] as string);
      if (found === undefined) return undefined;
    }
    return found as Kept;
  }

  /** Keeps what has just been looked for and not found. */
  keep(labels: readonly string[], kept: Kept): void {
    if (this.#size >= MOST) return;
    let level = this.#root;
    for (const label of labels.slice(0, -1)) {
      let next = level.get(label) as Level<Kept> | undefined;
      if (next === undefined) level.set(label, (next = new Map()));
      level = next;
    }
    level.set(labels.at(-1) as string, kept);
    this.#size++;
  }

  /** NaN, which is never the same again, of metrics that don't tell: of those nothing is kept. */
  #countRemovals(): number {
    let sum = 0;
    for (const { removals = NaN } of this.#metrics) sum += removals;
    return sum;
  }
}
