import * as fc from 'fast-check';
import { NativeExemplars } from '../../src/native/native-exemplars.ts';

/** Of value at time, in seconds. */
const at = (value: number, timestamp: number) => ({ labels: {}, value, timestamp });

function kept(options: { max?: number; ttl?: number }, ...given: [value: number, timestamp: number][]): number[] {
  const exemplars = new NativeExemplars({ maxExemplars: options.max ?? 3, exemplarTtlSeconds: options.ttl ?? 300 });
  for (const [value, timestamp] of given) exemplars.add(at(value, timestamp));
  return exemplars.list().map(({ value }) => value);
}

describe('The exemplars of native buckets', () => {
  it('are kept by value while there is room', () => {
    expect(kept({}, [3, 0], [1, 1], [2, 2])).toEqual([1, 2, 3]);
  });

  it('are none if none is to be kept, and the latest if one is', () => {
    expect(kept({ max: 0 }, [1, 0])).toEqual([]);
    expect(kept({ max: 1 }, [1, 0], [100, 1], [5, 2])).toEqual([5]);
  });

  it('give up the older one of the closest two on a logarithmic scale', () => {
    expect(kept({}, [1, 0], [100, 1], [120, 2], [10, 3])).toEqual([1, 10, 120]);
    expect(kept({}, [1, 0], [100, 2], [120, 1], [10, 3])).toEqual([1, 10, 100]);
  });

  it('give up the one next to the new one if that is closest', () => {
    expect(kept({}, [1, 0], [10, 1], [100, 2], [11, 3])).toEqual([1, 11, 100]);
    expect(kept({}, [1, 0], [10, 1], [100, 2], [9, 3])).toEqual([1, 9, 100]);
  });

  it('give up the oldest one once it is older than the time to live', () => {
    const given: [number, number][] = [
      [1, 1e9],
      [10, 1e9 + 1],
      [11, 1e9 + 2],
    ];
    expect(kept({ ttl: 0.3 }, ...given.slice(0, 3), [100, 1e9 + 0.3])).toEqual([1, 11, 100]);
    expect(kept({ ttl: 10 }, ...given, [100, 1e9 + 10])).toEqual([1, 11, 100]);
    expect(kept({ ttl: 10 }, ...given, [100, 1e9 + 10.001])).toEqual([10, 11, 100]);
  });

  it('give up the oldest one always if the time to live is negative', () => {
    expect(kept({ ttl: -1 }, [1, 0], [10, 1], [11, 2], [100, 2])).toEqual([10, 11, 100]);
  });

  it('find nothing near to zero or across it, and negative values as near as positive ones', () => {
    expect(kept({}, [0, 0], [5, 1], [1e-300, 2], [6, 3])).toEqual([0, 1e-300, 6]);
    expect(kept({}, [-1e-9, 0], [1e-9, 1], [-5, 2], [-6, 3])).toEqual([-6, -1e-9, 1e-9]);
    expect(kept({ max: 2 }, [0, 0], [-1, 1], [1, 2])).toEqual([-1, 1]);
    expect(kept({}, [1e-200, 0], [1e-100, 1], [1, 2], [1e-198, 3])).toEqual([1e-198, 1e-100, 1]);
  });

  it('find equal values next to each other, also the infinities', () => {
    expect(kept({}, [Infinity, 0], [1, 1], [2, 2], [Infinity, 3])).toEqual([1, 2, Infinity]);
    expect(kept({}, [0, 0], [0, 1], [2, 2], [3, 3])).toEqual([0, 2, 3]);
  });

  it('are not those of values that are in no bucket', () => {
    expect(kept({}, [NaN, 0], [1, 1])).toEqual([1]);
  });

  it('can be listed and cleared, and the list is a copy', () => {
    const exemplars = new NativeExemplars({ maxExemplars: 2, exemplarTtlSeconds: 300 });
    exemplars.add(at(1, 2));
    const list = exemplars.list();
    exemplars.clear();
    expect(list).toEqual([{ labels: {}, value: 1, timestamp: 2 }]);
    expect(exemplars.list()).toEqual([]);
  });

  it('are, whatever comes, ascending, no more than allowed, and the new one among them', () => {
    const given = fc.array(fc.tuple(fc.double({ noNaN: true }), fc.nat(1000)), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(given, fc.integer({ min: 1, max: 5 }), fc.integer({ min: -1, max: 500 }), (given, max, ttl) => {
        const values = kept({ max, ttl }, ...given);
        expect(values).toEqual(values.toSorted((a, b) => a - b));
        expect(values).toHaveLength(Math.min(max, given.length));
        expect(values).toContain(given.at(-1)?.[0]);
      }),
    );
  });
});
