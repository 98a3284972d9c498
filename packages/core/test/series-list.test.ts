import * as fc from 'fast-check';
import { SeriesList } from '../src/series-list.ts';

interface Item {
  place: number;
  readonly name: string;
}

const item = (name: string): Item => ({ place: -1, name });

function listOf(...items: Item[]): SeriesList<Item> {
  const list = new SeriesList<Item>();
  for (const each of items) list.add(each);
  return list;
}

describe('SeriesList', () => {
  it('is read in the order in which things were added', () => {
    const items = [item('b'), item('a'), item('c')];

    expect([...listOf(...items).read()]).toEqual(items);
  });

  it('does not show to who reads it what is added meanwhile', () => {
    const list = listOf(item('a'));
    const before = list.read();
    list.add(item('b'));

    expect([...before].map(({ name }) => name)).toEqual(['a']);
  });

  it('shows to who reads it what is taken out, and made again, meanwhile as it was, once', () => {
    const [a, b] = [item('a'), item('b')];
    const list = listOf(a, b);
    const reading = list.read()[Symbol.iterator]();
    const first = reading.next().value;
    list.delete(a);
    list.delete(b);
    list.add(item('b'));

    expect([first, reading.next().value, reading.next().done]).toEqual([a, b, true]);
  });

  it('shows to who reads it what was there before all was cleared', () => {
    const list = listOf(item('a'), item('b'));
    const before = list.read();
    list.clear();

    expect([...before].map(({ name }) => name)).toEqual(['a', 'b']);
    expect([...list.read()]).toEqual([]);
  });

  it('can be read more than once', () => {
    const before = listOf(item('a'), item('b')).read();

    expect([...before]).toEqual([...before]);
  });

  it('knows no more what was taken out, or never in it', () => {
    const a = item('a');
    const list = listOf(a, item('b'));

    expect([list.has(a), list.delete(a), list.has(a), list.delete(a), list.delete(item('b'))]).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(list.size).toBe(1);
  });

  it('takes no more room than twice what is in it, however much comes and goes', () => {
    const list = listOf();
    for (let i = 0; i < 10_000; i++) {
      const passing = item('x');
      list.add(passing);
      list.delete(passing);
    }
    const last = item('y');
    list.add(last);

    expect(last.place).toBeLessThan(20);
  });

  it('behaves as a Set does, whatever is done in whatever order, and shows each reader what was there', () => {
    const step = fc.oneof(
      fc.record({ add: fc.nat(30) }),
      fc.record({ remove: fc.nat(30) }),
      fc.record({ read: fc.constant(true) }),
      fc.record({ clear: fc.constant(true) }),
    ) as fc.Arbitrary<{ add?: number; remove?: number; read?: true; clear?: true }>;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const list = new SeriesList<Item>();
        const set = new Set<Item>();
        const items = Array.from({ length: 31 }, (_, i) => item(String(i)));
        const removed: [boolean, boolean][] = [];
        const read: [Iterable<Item>, Item[]][] = [];
        for (const { add, remove, clear } of steps) {
          if (add !== undefined && !set.has(items[add] as Item)) {
            list.add(items[add] as Item);
            set.add(items[add] as Item);
          } else if (remove !== undefined) {
            removed.push([list.delete(items[remove] as Item), set.delete(items[remove] as Item)]);
          } else if (clear === true) {
            list.clear();
            set.clear();
          } else {
            read.push([list.read(), [...set]]);
          }
          expect(list.size).toBe(set.size);
        }
        for (const [actual, expected] of removed) expect(actual).toBe(expected);
        for (const [reading, expected] of read) expect([...reading]).toEqual(expected);
        expect([...list.read()]).toEqual([...set]);
      }),
    );
  });
});
