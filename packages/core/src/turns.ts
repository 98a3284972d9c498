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

  readonly #give = (): void => {
    (this.#waiting.shift() as () => void)();
    if (this.#waiting.length > 0) afterEvents(this.#give);
  };
}
