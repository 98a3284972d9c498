import { bucketIndex, upperBound } from '../native/bucket-index.ts';

/** The native histogram's resolution with 64 buckets from one power of 2 to the next, each 1.09 % wide. */
const SCHEMA = 6;
/** What leads from a bucket's upper bound to the value that is equally far, relatively, from both of its bounds. */
const MIDDLE = 2 / (1 + 2 ** (1 / 64));
/** The smallest number of full precision; what is below it has too few digits for a relative error of 1 %. */
const MIN_NORMAL = 2 ** -1022;

/** Buckets are held by pages of 64: all from one power of 2 to the next, more or less. */
const PAGE_BITS = 6;
const PAGE_SIZE = 1 << PAGE_BITS;
const MAX_PAGES = 32;

/**
 * Counts values so that any quantile of them can be told within 0.54 % of the value (DDSketch: Masson, Rim, Lee,
 * "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with Relative-Error Guarantees", VLDB 2019). Its buckets are
 * those of a native histogram.
 *
 * Of each sign it keeps 32 pages of 64 buckets, made when a value falls into them: it is full when values of one sign
 * are in more than 32 different powers of 2, as from a microsecond to half an hour, however far these lie apart. From
 * then on the page nearest to zero gives way to one further away: its values count as zeros, as in a native histogram's
 * zero bucket when there are too many others. What is left depends on which values came, not on their order.
 */
export class QuantileSketch {
  #zeros = 0;
  #negative = new Buckets();
  #positive = new Buckets();

  /** How many values were observed; NaN isn't one. */
  get count(): number {
    return this.#negative.count + this.#zeros + this.#positive.count;
  }

  /**
   * Counts a value, infinite ones too. NaN is left out: it is neither above nor below another value, so that it has no
   * rank.
   */
  observe(value: number): void {
    if (value >= MIN_NORMAL) this.#zeros += this.#positive.add(bucketIndex(value, SCHEMA), 1);
    else if (value <= -MIN_NORMAL) this.#zeros += this.#negative.add(bucketIndex(value, SCHEMA), 1);
    else if (!Number.isNaN(value)) this.#zeros++;
  }

  /**
   * The value, within 0.54 %, that the share `q` of all values, from 0 to 1, does not exceed: the one of rank ⌈q ·
   * count⌉ in ascending order. NaN when there is none.
   */
  quantile(q: number): number {
    if (this.count === 0) return NaN;
    // 0.07 * 100 is above 7: what the product may be too large by must not lead to the next rank.
    const product = q * this.count * (1 - 2 * Number.EPSILON);
    let rank = Math.min(Math.max(Math.ceil(product), 1), this.count);
    if (rank <= this.#negative.count) return -this.#negative.valueAt(this.#negative.count + 1 - rank);
    rank -= this.#negative.count + this.#zeros;
    return rank <= 0 ? 0 : this.#positive.valueAt(rank);
  }

  /** Adds all that another sketch observed, which stays as it is: the same as having observed everything here. */
  merge(other: QuantileSketch): void {
    const zeros = other.#zeros + this.#negative.merge(other.#negative) + this.#positive.merge(other.#positive);
    this.#zeros += zeros;
  }

  /** Forgets everything. */
  clear(): void {
    this.#zeros = 0;
    this.#negative = new Buckets();
    this.#positive = new Buckets();
  }
}

type Page = number[];

/** The buckets of the values of one sign. */
class Buckets {
  count = 0;
  /** In ascending order; where there is no value there is no page. The first and the last are there. */
  #pages: (Page | undefined)[] = [];
  /** Which page the first one is: the index of its first bucket, divided by the size of a page. */
  #first = 0;
  #used = 0;

  /** Counts into a bucket; returns how many values have to be counted as zeros instead. */
  add(index: number, count: number): number {
    const at = (index >> PAGE_BITS) - this.#first;
    // Out of its range an array is slow to read.
    const page = at >= 0 && at < this.#pages.length ? this.#pages[at] : undefined;
    if (page === undefined) return this.#addToNew(index, count);
    const bucket = index & (PAGE_SIZE - 1);
    page[bucket] = (page[bucket] as number) + count;
    this.count += count;
    return 0;
  }

  /** The value in the middle of the bucket that has the value of this rank, from 1. */
  valueAt(rank: number): number {
    let left = rank;
    for (const [i, page = []] of this.#pages.entries()) {
      for (let j = 0; j < page.length; j++) {
        left -= page[j] as number;
        if (left <= 0) return upperBound((this.#first + i) * PAGE_SIZE + j, SCHEMA) * MIDDLE;
      }
    }
    return NaN;
  }

  /** Counts all that the other counts; returns how many values have to be counted as zeros instead. */
  merge(other: Buckets): number {
    let zeros = 0;
    for (const [i, page = []] of other.#pages.entries()) {
      for (let j = 0; j < page.length; j++) {
        const count = page[j] as number;
        if (count > 0) zeros += this.add((other.#first + i) * PAGE_SIZE + j, count);
      }
    }
    return zeros;
  }

  #addToNew(index: number, count: number): number {
    const number = index >> PAGE_BITS;
    const isFull = this.#used === MAX_PAGES;
    if (isFull && number < this.#first) return count;
    const zeros = isFull ? this.#dropFirst() : 0;
    if (this.#used === 0) this.#first = number;
    if (number < this.#first) {
      this.#pages.unshift(...new Array<undefined>(this.#first - number));
      this.#first = number;
    }
    while (this.#pages.length <= number - this.#first) this.#pages.push(undefined);
    // An array rather than a Float64Array, which takes half as much memory again when it is this short.
    this.#pages[number - this.#first] = new Array<number>(PAGE_SIZE).fill(0);
    this.#used++;
    this.add(index, count);
    return zeros;
  }

  /** Makes room for a page; returns how many values were counted in the one that goes. */
  #dropFirst(): number {
    const dropped = (this.#pages[0] as Page).reduce((sum, count) => sum + count);
    const next = this.#pages.findIndex((page, i) => i > 0 && page !== undefined);
    this.#pages.splice(0, next);
    this.#first += next;
    this.#used--;
    this.count -= dropped;
    return dropped;
  }
}
