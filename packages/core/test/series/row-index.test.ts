import * as fc from 'fast-check';
import { NONE, RowIndex } from '../../src/series/row-index.ts';

/** Rows of so many numbers each, as a family has them, and what finds them. */
function rowsOf(labels: number): {
  index: RowIndex;
  add: (...numbers: number[]) => number;
  remove: (row: number) => void;
  find: (...numbers: number[]) => number;
} {
  const index = new RowIndex(labels);
  let ids = new Int32Array(0);
  let count = 0;
  return {
    index,
    add(...numbers) {
      ids = Int32Array.from([...ids, ...numbers]);
      index.add(count, ids);
      return count++;
    },
    remove(row) {
      index.remove(row, ids);
    },
    find(...numbers) {
      const key = numbers.reduce((all, number, i) => (Math.imul(all, index.factors[i] as number) + number) | 0, 0);
      return index.find(key, Int32Array.from(numbers), ids);
    },
  };
}

describe('RowIndex', () => {
  it('finds rows by all of their numbers', () => {
    const { add, find } = rowsOf(3);
    const all = [
      [0, 0, 0],
      [0, 0, 1],
      [1, 0, 0],
      [5, 9, 200],
      [200, 9, 5],
    ] as const;
    for (const numbers of all) add(...numbers);
    expect(all.map((numbers) => find(...numbers))).toEqual([0, 1, 2, 3, 4]);
    expect([find(0, 1, 0), find(5, 9, 5), find(200, 200, 200)]).toEqual([NONE, NONE, NONE]);
  });

  it('tells each row from those before it as soon as it comes', () => {
    const { add, find } = rowsOf(2);
    const all: [number, number][] = [];
    for (let number = 1; number < 2 ** 20; number *= 2) {
      for (const numbers of [[number, 0] as const, [0, number] as const]) {
        all.push([...numbers]);
        add(...numbers);
        expect(all.map((each) => find(...each))).toEqual([...all.keys()]);
      }
    }
  });

  it('mixes no numbers while they have room side by side', () => {
    const { add, find } = rowsOf(2);
    // Mixed as larger ones are, both would have the same key.
    add(256, 0);
    add(0, Math.imul(256, 0x01000193));
    expect([find(256, 0), find(0, 103168)]).toEqual([0, 1]);
  });

  it('has one row at most where there are no labels', () => {
    const { add, find } = rowsOf(0);
    expect(find()).toBe(NONE);
    add();
    expect(find()).toBe(0);
  });

  it('finds no row that was taken out, but those that were put behind it', () => {
    const { add, remove, find } = rowsOf(1);
    for (let number = 0; number < 100; number++) add(number);
    for (let row = 0; row < 100; row += 2) remove(row);
    for (let number = 0; number < 100; number++) expect(find(number)).toBe(number % 2 === 0 ? NONE : number);
    expect([add(0), find(0)]).toEqual([100, 100]);
  });

  it('tells rows apart that have the same key, for which there are too many numbers', () => {
    const { index, add, remove, find } = rowsOf(2);
    add(2 ** 30, 2 ** 30);
    const [first = 0] = index.factors;
    // The key is 0 again when the second number makes up for the first one.
    const makesUp = (number: number): number => Math.imul(-number, first) >>> 0;
    const pairs = Array.from({ length: 1000 }, (_, i) => [i + 1, makesUp(i + 1)] as const).filter(
      ([, second]) => second < 2 ** 31,
    );
    expect(pairs.length).toBeGreaterThan(100);
    const rows = pairs.map((numbers) => add(...numbers));
    expect(pairs.map((numbers) => find(...numbers))).toEqual(rows);
    expect(find(0, 0)).toBe(NONE);
    remove(rows[7] as number);
    expect(pairs.map((numbers) => find(...numbers))).toEqual(rows.map((row, i) => (i === 7 ? NONE : row)));
  });

  it.each([
    ['just', [0xffff, 0xffff], [0, 0xffff]],
    ['just', [1, 0x7fffffff], [0, 0x7fffffff]],
    ['no more', [0x10000, 0xffff], [0, 0xffff]],
    ['no more', [3, 0x7fffffff], [1, 0x7fffffff]],
  ])('tells numbers apart that have %s room side by side in a key: %p', (_, there, other) => {
    const { add, find } = rowsOf(2);
    add(...there);
    expect([find(...there), find(...other)]).toEqual([0, NONE]);
  });

  it('behaves as a map does, whatever the numbers are', () => {
    const number = fc.oneof(fc.nat(3), fc.nat(300), fc.nat(2 ** 31 - 1), fc.constantFrom(2 ** 31 - 1, 2 ** 16, 2 ** 8));
    const steps = fc.array(fc.tuple(fc.boolean(), fc.tuple(number, number, number)), { maxLength: 200 });
    fc.assert(
      fc.property(steps, (all) => {
        const { add, remove, find } = rowsOf(3);
        const rows = new Map<string, number>();
        for (const [adds, numbers] of all) {
          const known = rows.get(numbers.join());
          if (adds) rows.set(numbers.join(), known ?? add(...numbers));
          else if (known !== undefined) remove(known);
          if (!adds) rows.delete(numbers.join());
        }
        // Only numbers that some row has had are looked up.
        const asked = [...new Set(all.filter(([adds]) => adds).map(([, numbers]) => numbers.join()))];
        expect(asked.map((text) => find(...text.split(',').map(Number)))).toEqual(
          asked.map((text) => rows.get(text) ?? NONE),
        );
      }),
      { numRuns: 300 },
    );
  });
});
