/** Is told how many milliseconds a scrape has just kept the event loop busy. */
export type ScrapeWorkListener = (milliseconds: number) => void;

// Kept as it is now, for programs that fake their clock.
const now: () => number = performance.now.bind(performance);

class ScrapeWork {
  readonly #listeners = new Set<ScrapeWorkListener>();
  #isRunning = false;

  listen(listener: ScrapeWorkListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  run<Result>(step: () => Result): Result {
    if (this.#isRunning || this.#listeners.size === 0) return step();
    const start = now();
    this.#isRunning = true;
    try {
      return step();
    } finally {
      this.#isRunning = false;
      const milliseconds = now() - start;
      for (const listener of this.#listeners) listener(milliseconds);
    }
  }
}

/** Of the whole process, with all registries and all copies of this package: there is one event loop. */
const KEY = Symbol.for('@prometer/core.scrape-work');
const work: ScrapeWork = ((globalThis as { [KEY]?: ScrapeWork })[KEY] ??= new ScrapeWork());

/**
 * Tells how long the steps of scrapes take, of any registry: the runs of collectors, as far as they are synchronous, and
 * the writing of each piece. For those who measure what else keeps the event loop busy.
 *
 * @internal
 * @returns how to stop
 */
export function onScrapeWork(listener: ScrapeWorkListener): () => void {
  return work.listen(listener);
}

/** Does one step of a scrape; a step within a step is part of it. */
export function asScrapeWork<Result>(step: () => Result): Result {
  return work.run(step);
}
