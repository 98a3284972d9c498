/** No row: no series has these label values. */
export const NONE = -1;

/** In place of the row of a series that was taken out: what was put behind it has to be found still. */
const TAKEN_OUT = -1;

/** Mixes the numbers of values (Fowler, Noll and Vo's prime for 32 bits). */
const MIX = 0x01000193;

/** Spreads keys that follow each other over all slots (Knuth, "The Art of Computer Programming" 6.4). */
const SPREAD = 0x9e3779b1;

/** How much of the slots is in use at most: with more, looking for a free one takes longer. */
const MOST_FULL = 0.8;

/**
 * Finds the row of a series by a key, which is put together of the numbers of its label values, one label after the other:
 * each time, the key so far is multiplied by the label's factor and the number is added, in 32 bits. As long as there are so
 * few values that all numbers have room there, side by side, equal keys are equal numbers; with more, these are compared too.
 */
export class RowIndex {
  /** One for each label. */
  factors: Int32Array;
  /** How many bits the numbers of each label's values have in the key. */
  readonly #bits: Uint8Array;
  #isExact = true;
  /** By hash of the key, for each slot: the key, and the row after that of the series, so that 0 is an empty slot. */
  #slots = new Int32Array(8);
  /** A hash without its last bits is a slot. */
  #shift = 30;

  constructor(labels: number) {
    this.#bits = new Uint8Array(labels);
    this.factors = new Int32Array(labels).fill(1);
  }

  /** The row with this key; `numbers` are those that it is put together of, `ids` those of all rows. */
  find(key: number, numbers: Int32Array, ids: Int32Array): number {
    const slots = this.#slots;
    const last = slots.length - 1;
    for (let at = this.#slotOf(key); ; at = (at + 2) & last) {
      const next = slots[at + 1] as number;
      if (next === 0) return NONE;
      if (slots[at] === key && next > 0 && (this.#isExact || isAt(next - 1, numbers, ids))) return next - 1;
    }
  }

  /** Adds a row to so many before it, with those that were taken out. */
  add(row: number, ids: Int32Array): void {
    this.#makeRoomFor(row, ids);
    // With no empty slot, looking for what isn't there would have no end.
    if ((row + 1) * 2 > this.#slots.length * MOST_FULL) this.#grow();
    this.#put(this.#keyOf(row, ids), row + 1);
  }

  remove(row: number, ids: Int32Array): void {
    const slots = this.#slots;
    let at = this.#slotOf(this.#keyOf(row, ids));
    while (slots[at + 1] !== row + 1) at = (at + 2) & (slots.length - 1);
    slots[at + 1] = TAKEN_OUT;
  }

  /** Where a key's slot is, if it is free. */
  #slotOf(key: number): number {
    return (Math.imul(key, SPREAD) >>> this.#shift) * 2;
  }

  #keyOf(row: number, ids: Int32Array): number {
    const { factors } = this;
    let key = 0;
    for (let i = 0; i < factors.length; i++)
      key = withNumber(key, factors[i] as number, ids[row * factors.length + i] as number);
    return key;
  }

  #put(key: number, next: number): void {
    const slots = this.#slots;
    let at = this.#slotOf(key);
    while (slots[at + 1] !== 0) at = (at + 2) & (slots.length - 1);
    slots[at] = key;
    slots[at + 1] = next;
  }

  /** Makes other keys if the numbers of this row have more bits than there were before. */
  #makeRoomFor(row: number, ids: Int32Array): void {
    const bits = this.#bits;
    let isMore = false;
    for (let i = 0; i < bits.length; i++) {
      const needed = 32 - Math.clz32(ids[row * bits.length + i] as number);
      if (needed <= (bits[i] as number)) continue;
      bits[i] = needed;
      isMore = true;
    }
    if (!isMore) return;
    this.#isExact = bits.reduce((all, each) => all + each, 0) <= 32;
    this.factors = Int32Array.from(bits, (each) => (this.#isExact ? 1 << each : MIX));
    this.#rebuild(this.#slots.length, (_, before) => this.#keyOf(before, ids));
  }

  #grow(): void {
    this.#shift--;
    this.#rebuild(this.#slots.length * 2, (key) => key);
  }

  #rebuild(length: number, keyOf: (key: number, row: number) => number): void {
    const slots = this.#slots;
    this.#slots = new Int32Array(length);
    for (let at = 0; at < slots.length; at += 2) {
      const next = slots[at + 1] as number;
      if (next > 0) this.#put(keyOf(slots[at] as number, next - 1), next);
    }
  }
}

/** A key with the number of one more label's value, whose factor this is. */
export function withNumber(key: number, factor: number, number: number): number {
  return (Math.imul(key, factor) + number) | 0;
}

function isAt(row: number, numbers: Int32Array, ids: Int32Array): boolean {
  const at = row * numbers.length;
  for (let i = 0; i < numbers.length; i++) if (ids[at + i] !== numbers[i]) return false;
  return true;
}
