/**
 * Counts by bucket: a table of keys and counts with open addressing. To observe takes half the time of a Map and as
 * long as an array by index, which a few values far apart would make large; nothing is allocated but to grow.
 */
export class BucketCounts {
  size = 0;
  /** Key, count, key, count …; key 0 where there is none. */
  #slots = new Float64Array(2 * 16);
  /** How many bits of a hash are too many. */
  #shift = 32 - 4;

  add(key: number, count: number): void {
    const slots = this.#slots;
    // Fibonacci hashing: neighbours, and indices an octave apart, are spread evenly.
    let at = (Math.imul(key, 0x9e3779b1) >>> this.#shift) << 1;
    while (slots[at] !== key) {
      if (slots[at] === 0) return this.#insert(at, key, count);
      at = (at + 2) & (slots.length - 1);
    }
    (slots[at + 1] as number) += count;
  }

  get(key: number): number {
    const slots = this.#slots;
    let at = (Math.imul(key, 0x9e3779b1) >>> this.#shift) << 1;
    while (slots[at] !== key && slots[at] !== 0) at = (at + 2) & (slots.length - 1);
    return slots[at + 1] as number;
  }

  /** Ascending by index. */
  keys(): Float64Array {
    const slots = this.#slots;
    const keys = new Float64Array(this.size);
    for (let at = 0, i = 0; at < slots.length; at += 2) {
      if (slots[at] !== 0) keys[i++] = slots[at] as number;
    }
    keys.sort();
    return keys;
  }

  #insert(at: number, key: number, count: number): void {
    this.#slots[at] = key;
    this.#slots[at + 1] = count;
    // A quarter stays empty, so that searches end soon.
    if (++this.size * 8 > this.#slots.length * 3) this.#grow();
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Float64Array(old.length * 2);
    this.#shift--;
    this.size = 0;
    for (let at = 0; at < old.length; at += 2) {
      if (old[at] !== 0) this.add(old[at] as number, old[at + 1] as number);
    }
  }
}
