/** What a list can hold: each has room for its place there. */
export interface Placed {
  place: number;
}

/**
 * The series of a family in the order in which they were made. To read them takes no copy, however many there are: a
 * scrape reads them piece by piece, while others are added and taken out.
 */
export class SeriesList<Series extends Placed> {
  /** Undefined is where one was taken out. */
  #places: (Series | undefined)[] = [];
  #size = 0;
  /** Whether somebody may still be reading these places. */
  #isRead = false;

  get size(): number {
    return this.#size;
  }

  has(series: Series): boolean {
    return this.#places[series.place] === series;
  }

  add(series: Series): void {
    series.place = this.#places.length;
    this.#places.push(series);
    this.#size++;
  }

  /** Returns whether it was there. */
  delete(series: Series): boolean {
    if (!this.has(series)) return false;
    this.#size--;
    // Who reads them goes on with what was there.
    if (this.#isRead) this.#renew(this.#places.slice());
    this.#places[series.place] = undefined;
    if (this.#places.length > 2 * this.#size + 16) this.#closeGaps();
    return true;
  }

  clear(): void {
    this.#size = 0;
    this.#renew([]);
  }

  /**
   * Those that are there now, whatever happens before they are reached: one that is taken out and made again in between
   * comes once.
   */
  read(): Iterable<Series> {
    this.#isRead = true;
    const places = this.#places;
    const end = places.length;
    return { [Symbol.iterator]: () => new Reading(places, end) };
  }

  #closeGaps(): void {
    const places = this.#places;
    this.clear();
    for (const series of places) if (series !== undefined) this.add(series);
  }

  #renew(places: (Series | undefined)[]): void {
    this.#places = places;
    this.#isRead = false;
  }
}

/** A generator would take longer than what is done with a series. */
class Reading<Series> implements Iterator<Series, undefined> {
  readonly #places: readonly (Series | undefined)[];
  readonly #end: number;
  #at = 0;

  constructor(places: readonly (Series | undefined)[], end: number) {
    this.#places = places;
    this.#end = end;
  }

  next(): IteratorResult<Series, undefined> {
    while (this.#at < this.#end) {
      const value = this.#places[this.#at++];
      if (value !== undefined) return { done: false, value };
    }
    return { done: true, value: undefined };
  }
}
