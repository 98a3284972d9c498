import { ownText } from '../labels.ts';

/** No number: the label has no such value. */
export const UNKNOWN = -1;

/** Whole numbers below this, as status codes are, are looked up in an array: a `Map` takes twice as long. */
const MOST = 4096;

const NO_NUMBERS = new Int32Array(0);

/** The values that one label has in a family: each is kept once, and known by its number from then on. */
export class LabelColumn {
  /** By number; it only ever grows. */
  readonly values: string[] = [];
  /** The number of each value but those that `#small` has. */
  readonly #ids = new Map<unknown, number>();
  /** By value, the number after that of the value, so that 0 is none. */
  #small = NO_NUMBERS;

  /**
   * The number of a value, or {@link UNKNOWN}; also of one that isn't text: as a label, 200 is '200', which need not be
   * written anew for each look-up.
   */
  idOf(value: unknown): number {
    const small = this.#small;
    // Below 0 as an unsigned number it is beyond all.
    if (typeof value === 'number' && value >>> 0 < small.length && value >>> 0 === value)
      return (small[value >>> 0] as number) - 1;
    const id = this.#ids.get(value);
    return id === undefined ? UNKNOWN : id;
  }

  /** The number of this text, which gets one if it has none. */
  add(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const own = ownText(text);
    this.#ids.set(own, this.values.length);
    return this.values.push(own) - 1;
  }

  /** From now on, a value that isn't text is found as what it is as text; one text has but a few of them. */
  alias(value: unknown, text: string): void {
    const id = this.#ids.get(text);
    if (typeof value === 'string' || id === undefined) return;
    if (typeof value === 'number' && value >>> 0 === value && value < MOST) this.#addSmall(value, id);
    else this.#ids.set(value, id);
  }

  #addSmall(value: number, id: number): void {
    if (value >= this.#small.length) {
      const larger = new Int32Array(Math.min(MOST, Math.max(16, value * 2)));
      larger.set(this.#small);
      this.#small = larger;
    }
    this.#small[value] = id + 1;
  }
}
