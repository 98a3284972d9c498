import { asScrapeWork } from './scrape-work.ts';

/** Gives the event loop its turn, as soon as the runtime can; kept from the start, as fake timers would end in waiting for ever. */
const afterEvents: (callback: () => void) => unknown =
  typeof setImmediate === 'function' ? setImmediate : (callback) => setTimeout(callback, 0);

/** One turn of the event loop for each who asks, one after the other: many scrapes at once hold it no longer than one. */
export class Turns {
  readonly #waiting: (() => void)[] = [];

  next(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting.push(resolve) === 1) afterEvents(this.#give);
    });
  }

  /** Does all steps of some work for a scrape, with a turn after each. */
  async between<Result>(steps: Generator<unknown, Result>): Promise<Result> {
    for (;;) {
      const { done, value } = asScrapeWork(() => steps.next());
      if (done === true) return value;
      await this.next();
    }
  }

  readonly #give = (): void => {
    (this.#waiting.shift() as () => void)();
    if (this.#waiting.length > 0) afterEvents(this.#give);
  };
}

/** How many series are looked at in one step. */
export const STEP = 500;

/** Does all steps of some work at once. */
export function atOnce<Result>(steps: Generator<unknown, Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
