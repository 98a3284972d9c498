/** Gives the event loop its turn, as soon as the runtime can; kept from the start, as fake timers would end in waiting for ever. */
const afterEvents: (callback: () => void) => unknown =
  typeof setImmediate === 'function' ? setImmediate : (callback) => setTimeout(callback, 0);

/** One turn of the event loop for each who asks, one after the other: many scrapes at once hold it no longer than one. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  next(): Promise<void> {
    return (this.#last = this.#last.then(() => new Promise((resolve) => afterEvents(resolve))));
  }
}
