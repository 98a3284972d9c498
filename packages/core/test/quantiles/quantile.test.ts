import * as fc from 'fast-check';
import { Histogram, Registry, type NativeOptions } from '../../src/index.ts';
import { classicQuantile, nativeQuantile } from '../../src/quantiles/quantile.ts';
import { refusal } from '../refusal.ts';

// What histogram_quantile gives for the same buckets: promql/quantile.go of Prometheus 3.

describe('A quantile of classic buckets', () => {
  it.each<[string, number, number[], number[], number]>([
    ['the middle of a bucket', 0.5, [1, 2, 4], [1, 2, 1, 0], 1.5],
    ['the end of a bucket', 0.25, [1, 2, 4], [1, 2, 1, 0], 1],
    ['the first bucket, which begins at 0', 0.125, [1, 2, 4], [1, 2, 1, 0], 0.5],
    ['the least', 0, [1, 2, 4], [1, 2, 1, 0], 0],
    ['the least, above an empty first bucket', 0, [1, 2, 4], [0, 2, 1, 0], NaN],
    ['the least, above an empty first bucket up to 0', 0, [0, 1], [0, 4, 0], 0],
    ['the most', 1, [1, 2, 4], [1, 2, 1, 0], 4],
    ['the last bucket, of which only the beginning is known', 0.9, [1, 2, 4], [1, 0, 0, 9], 4],
    ['a first bucket up to 0', 0.5, [0, 1], [4, 0, 0], 0],
    ['a first bucket up to below 0', 0.1, [-5, 0, 5], [4, 0, 4, 0], -5],
    ['a bucket below 0, after the first one', 0.5, [-5, -1, 1], [0, 4, 0, 0], -3],
    ['a bucket across 0', 0.5, [-5, 5], [0, 4, 0], 0],
    ['a bucket after empty ones', 0.5, [1, 2, 3, 4], [0, 0, 0, 2, 0], 3.5],
    ['a share below 0', -0.1, [1], [1, 0], -Infinity],
    ['a share above 1', 1.1, [1], [1, 0], Infinity],
    ['a share that is NaN', NaN, [1], [1, 0], NaN],
    ['nothing', 0.5, [1], [0, 0], NaN],
    ['nothing, where the first bucket is up to 0', 0.5, [0, 1], [0, 0, 0], NaN],
    ['nothing, at a share below 0', -1, [1], [0, 0], -Infinity],
    ['nothing, at a share above 1', 2, [1], [0, 0], Infinity],
    ['+Inf alone', 0.5, [], [3], NaN],
    ['+Inf alone, at a share above 1', 2, [], [3], Infinity],
  ])('is right for %s', (_, q, bounds, counts, expected) => {
    expect(classicQuantile(q, bounds, counts)).toBe(expected);
  });
});

describe('A quantile of native buckets', () => {
  type Buckets = Parameters<typeof nativeQuantile>[1];
  const none: Buckets = {
    schema: 0,
    zeroThreshold: 0.5,
    zeroCount: 0,
    positiveSpans: [],
    positiveDeltas: [],
    negativeSpans: [],
    negativeDeltas: [],
  };
  /** (1,2] and (2,4], with 2 values each. */
  const positive: Buckets = { ...none, positiveSpans: [{ offset: 1, length: 2 }], positiveDeltas: [2, 0] };
  const negativeSide = { negativeSpans: [{ offset: 1, length: 2 }], negativeDeltas: [2, 0] };
  const negative: Buckets = { ...none, ...negativeSide };
  /** (1,2] and (64,128], with 1 value each. */
  const apart: Buckets = {
    ...none,
    positiveSpans: [
      { offset: 1, length: 1 },
      { offset: 5, length: 1 },
    ],
    positiveDeltas: [1, 0],
  };
  /** (1,2] with 1 value and (4,8] with 3, the empty one between written. */
  const filled: Buckets = { ...none, positiveSpans: [{ offset: 1, length: 3 }], positiveDeltas: [1, -1, 3] };
  const zeros: Buckets = { ...none, zeroCount: 4 };

  it.each<[string, number, Buckets, number, number]>([
    ['the least', 0, positive, 4, 1],
    ['the middle of the lower bucket, on a logarithmic scale', 0.25, positive, 4, Math.SQRT2],
    ['the end of one bucket and the beginning of the next', 0.5, positive, 4, 2],
    ['the middle of the upper bucket', 0.75, positive, 4, 2 * Math.SQRT2],
    ['the most', 1, positive, 4, 4],
    ['the least negative value', 0, negative, 4, -4],
    ['the middle of the lower negative bucket', 0.25, negative, 4, -2 * Math.SQRT2],
    ['the middle of the upper negative bucket', 0.75, negative, 4, -Math.SQRT2],
    ['the most negative values', 1, negative, 4, -1],
    ['half of the values below a gap, which is told from above', 0.5, apart, 2, 64],
    ['less than half of the values below a gap', 0.25, apart, 2, Math.SQRT2],
    ['more than half', 0.75, apart, 2, 64 * Math.SQRT2],
    ['a bucket after an empty one', 0.25, filled, 4, 2],
    ['a bucket after an empty one, in its middle', 0.625, filled, 4, 4 * Math.SQRT2],
    ['the zero bucket alone, evenly', 0.25, zeros, 4, -0.25],
    ['the zero bucket alone, from above', 0.75, zeros, 4, 0.25],
    ['the zero bucket below positive ones, from 0', 0.25, { ...positive, zeroCount: 4 }, 8, 0.25],
    ['the zero bucket above negative ones, up to 0', 0.75, { ...negative, zeroCount: 4 }, 8, -0.25],
    ['the zero bucket between both, from below', 0.375, { ...positive, ...negativeSide, zeroCount: 8 }, 16, -0.25],
    ['the zero bucket between both, from above', 0.625, { ...positive, ...negativeSide, zeroCount: 8 }, 16, 0.25],
    ['nothing', 0.5, none, 0, NaN],
    ['nothing, at a share below 0', -1, none, 0, -Infinity],
    ['nothing, at a share above 1', 2, none, 0, Infinity],
    ['a share below 0', -0.1, positive, 4, -Infinity],
    ['a share above 1', 1.1, positive, 4, Infinity],
    ['a share that is NaN', NaN, positive, 4, NaN],
  ])('is right for %s', (_, q, buckets, count, expected) => {
    expect(nativeQuantile(q, buckets, { count, sum: 1 })).toBe(expected);
  });

  it('counts NaN, which is in no bucket, as above all others', () => {
    const observed = { count: 8, sum: NaN };
    expect(nativeQuantile(0.125, positive, observed)).toBe(Math.SQRT2);
    expect(nativeQuantile(0.5, positive, observed)).toBe(4);
    expect(nativeQuantile(0.75, positive, observed)).toBe(NaN);
    expect(nativeQuantile(0.5, none, { count: 1, sum: NaN })).toBe(NaN);
  });
});

describe('The quantile of a histogram', () => {
  const native = (options: NativeOptions = {}) =>
    new Histogram({ name: 'hh', help: '', buckets: [], native: options, registry: null });

  it('is told from the classic buckets where there are any', () => {
    const histogram = new Histogram({ name: 'hh', help: '', buckets: [10], native: true, registry: null });
    histogram.observe(1);
    expect(histogram.quantile(0.5)).toBe(5);
  });

  it('is told from the native buckets where there are no others', () => {
    const histogram = native({ factor: 2 });
    for (const value of [1.5, 3, 3]) histogram.observe(value);
    expect(histogram.quantile(1)).toBe(4);
    expect(histogram.quantile(0)).toBe(1);
  });

  it('is told by series, by labels and by labels()', () => {
    const histogram = new Histogram({ name: 'hh', help: '', labelNames: ['a'], buckets: [2, 4], registry: null });
    histogram.observe({ a: 'x' }, 1);
    histogram.observe({ a: 'y' }, 3);
    expect(histogram.quantile(0.5, { a: 'x' })).toBe(1);
    expect(histogram.labels('y').quantile(0.5)).toBe(3);
  });

  it('knows of NaN that it was observed', () => {
    const histogram = native();
    histogram.observe(1);
    histogram.observe(NaN);
    expect(histogram.quantile(0.9)).toBe(NaN);
  });

  it('is NaN again after a reset', () => {
    const registry = new Registry();
    const histogram = registry.histogram({ name: 'hh', help: '', native: true });
    histogram.observe(1);
    histogram.clear();
    expect(histogram.quantile(0.5)).toBe(NaN);
  });

  it.each([['0.5'], [undefined], [null], [{}], [1n]])('refuses the share %p', (q) => {
    for (const histogram of [native(), new Histogram({ name: 'hh', help: '', registry: null })])
      expect(refusal(() => histogram.quantile(q as number)).code).toBe('INVALID_VALUE');
  });

  it('says what to do when a share is refused', () => {
    expect(refusal(() => native().quantile('0.5' as never))).toEqual({
      code: 'INVALID_VALUE',
      message: `There is no quantile "0.5": give a number from 0 to 1.`,
    });
  });

  it('is, of native buckets, no further from the value than a bucket is wide', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, q) => {
          const histogram = native({ maxBuckets: 0 });
          for (const value of values) histogram.observe(value);
          const sorted = values.toSorted((a, b) => a - b);
          const rank = q * values.length;
          // Between the values of the ranks on both sides; one bucket is at most 1.1 times as far as the one before.
          const low = sorted[Math.max(Math.ceil(rank - 1e-9) - 1, 0)] as number;
          const high = sorted[Math.min(Math.floor(rank + 1e-9), values.length - 1)] as number;
          const told = histogram.quantile(q);
          expect(told).toBeGreaterThanOrEqual(low / 1.1);
          expect(told).toBeLessThanOrEqual(high * 1.1);
        },
      ),
    );
  });
});
