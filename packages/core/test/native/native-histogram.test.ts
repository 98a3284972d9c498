import * as fc from 'fast-check';
import { bucketIndex, upperBound } from '../../src/native/bucket-index.ts';
import type { BucketSpan } from '../../src/model.ts';
import { NativeBuckets } from '../../src/native/native-histogram.ts';
import { checkNative, type NativeConfig, type NativeOptions } from '../../src/native/native-options.ts';
import { refusal } from '../refusal.ts';

const EMPTY = {
  schema: 3,
  zeroThreshold: 2 ** -128,
  zeroCount: 0,
  positiveSpans: [],
  positiveDeltas: [],
  negativeSpans: [],
  negativeDeltas: [],
};

afterEach(() => jest.useRealTimers());

function nativeBuckets(options: true | NativeOptions = true, createdMs = 0): NativeBuckets {
  return new NativeBuckets(checkNative('h', options) as NativeConfig, createdMs);
}

function observing(values: readonly number[], options: true | NativeOptions = true): NativeBuckets {
  const buckets = nativeBuckets(options);
  for (const value of values) buckets.observe(value);
  return buckets;
}

/** Counts by index, as Prometheus reads them. */
function decode(spans: BucketSpan[], deltas: number[]): Map<number, number> {
  const counts = new Map<number, number>();
  let index = 0;
  let count = 0;
  let i = 0;
  for (const { offset, length } of spans) {
    index += offset;
    for (const end = i + length; i < end; i++) counts.set(index++, (count += deltas[i] as number));
  }
  expect(i).toBe(deltas.length);
  return counts;
}

function total(buckets: NativeBuckets): number {
  const { zeroCount, positiveSpans, positiveDeltas, negativeSpans, negativeDeltas } = buckets.read();
  const counts = [decode(positiveSpans, positiveDeltas), decode(negativeSpans, negativeDeltas)];
  return counts.reduce((sum, side) => [...side.values()].reduce((a, b) => a + b, sum), zeroCount);
}

describe('The native option', () => {
  it('is off unless it is given', () => {
    expect(checkNative('h', undefined)).toBeUndefined();
    expect(checkNative('h', false)).toBeUndefined();
  });

  it('has defaults', () => {
    const defaults = {
      schema: 3,
      factor: 1.1,
      zeroThreshold: 2 ** -128,
      maxBuckets: 160,
      minResetSeconds: 3600,
      maxZeroThreshold: 0,
      maxExemplars: 10,
      exemplarTtlSeconds: 300,
    };
    expect(checkNative('h', true)).toEqual(defaults);
    expect(checkNative('h', { factor: undefined })).toEqual(defaults);
    expect(checkNative('h', { factor: 2, maxBuckets: 0, exemplarTtlSeconds: -1 })).toEqual({
      ...defaults,
      factor: 2,
      schema: 0,
      maxBuckets: 0,
      exemplarTtlSeconds: -1,
    });
  });

  it.each([
    [{ factor: 1 }, '"native.factor" of metric "h" is 1: give a number above 1, such as 1.1.'],
    [{ factor: Infinity }, '"native.factor" of metric "h" is Infinity: give a number above 1, such as 1.1.'],
    [{ factor: '2' }, '"native.factor" of metric "h" is "2": give a number above 1, such as 1.1.'],
    [{ factor: null }, '"native.factor" of metric "h" is null: give a number above 1, such as 1.1.'],
    [
      { zeroThreshold: -1 },
      '"native.zeroThreshold" of metric "h" is -1: give a number that is 0 or more, such as 2.938735877055719e-39.',
    ],
    [
      { maxBuckets: 1.5 },
      '"native.maxBuckets" of metric "h" is 1.5: give a whole number, or 0 for no limit, such as 160.',
    ],
    [
      { minResetSeconds: NaN },
      '"native.minResetSeconds" of metric "h" is NaN: give a number of seconds, or 0 for never, such as 3600.',
    ],
    [
      { maxZeroThreshold: Infinity },
      '"native.maxZeroThreshold" of metric "h" is Infinity: give a number that is 0 or more, such as 0.',
    ],
    [
      { maxExemplars: -1 },
      '"native.maxExemplars" of metric "h" is -1: give a whole number, or 0 for none, such as 10.',
    ],
    [
      { exemplarTtlSeconds: 1n },
      '"native.exemplarTtlSeconds" of metric "h" is 1n: give a number of seconds, such as 300.',
    ],
    [
      { factr: 2 },
      '"native.factr" of metric "h" is 2: there is no such option, use factor, zeroThreshold, maxBuckets, minResetSeconds, maxZeroThreshold, maxExemplars, exemplarTtlSeconds.',
    ],
    [1.1, '"native" of metric "h" is 1.1: give true or an object with options, such as { factor: 1.1 }.'],
    [null, '"native" of metric "h" is null: give true or an object with options, such as { factor: 1.1 }.'],
    [[], '"native" of metric "h" is []: give true or an object with options, such as { factor: 1.1 }.'],
  ])('refuses %p', (option, message) => {
    expect(refusal(() => checkNative('h', option as NativeOptions))).toEqual({
      code: 'INVALID_OPTION',
      message: `The option ${message}`,
    });
  });
});

describe('Native buckets', () => {
  it('are empty at first; without a zero bucket an empty span tells that they are native', () => {
    expect(nativeBuckets().read()).toEqual(EMPTY);
    expect(nativeBuckets({ zeroThreshold: 0 }).read()).toEqual({
      ...EMPTY,
      zeroThreshold: 0,
      positiveSpans: [{ offset: 0, length: 0 }],
    });
    expect(observing([0], { zeroThreshold: 0 }).read()).toEqual({ ...EMPTY, zeroThreshold: 0, zeroCount: 1 });
  });

  it('have no empty span once there is a bucket, be it a negative one', () => {
    expect(observing([-1], { zeroThreshold: 0 }).read()).toEqual({
      ...EMPTY,
      zeroThreshold: 0,
      negativeSpans: [{ offset: 0, length: 1 }],
      negativeDeltas: [1],
    });
  });

  it('count a value by its sign and index, and fill gaps of up to two', () => {
    expect(observing([1, 2, 2, 4, 32, -1, -16, -16], { factor: 2 }).read()).toEqual({
      ...EMPTY,
      schema: 0,
      positiveSpans: [{ offset: 0, length: 6 }],
      positiveDeltas: [1, 1, -1, -1, 0, 1],
      negativeSpans: [
        { offset: 0, length: 1 },
        { offset: 3, length: 1 },
      ],
      negativeDeltas: [1, 1],
    });
  });

  it('count what is no further from 0 than the threshold in the zero bucket', () => {
    const { zeroCount, positiveDeltas, negativeDeltas } = observing([0, -0, 0.5, -0.5, 0.51, -0.51], {
      zeroThreshold: 0.5,
    }).read();
    expect({ zeroCount, positiveDeltas, negativeDeltas }).toEqual({
      zeroCount: 4,
      positiveDeltas: [1],
      negativeDeltas: [1],
    });
  });

  it('count nothing for NaN, and the infinities after all numbers', () => {
    expect(observing([NaN, Infinity, -Infinity, Number.MAX_VALUE], { factor: 2 }).read()).toEqual({
      ...EMPTY,
      schema: 0,
      positiveSpans: [{ offset: 1024, length: 2 }],
      positiveDeltas: [1, 0],
      negativeSpans: [{ offset: 1025, length: 1 }],
      negativeDeltas: [1],
    });
  });

  it('decode to what was observed', () => {
    const options = fc.record({
      factor: fc.constantFrom(1.001, 1.1, 2, 1e6),
      zeroThreshold: fc.constantFrom(0, 2 ** -128, 1),
      maxBuckets: fc.constant(0),
    });
    fc.assert(
      fc.property(fc.array(fc.double()), options, (values, options) => {
        const expected: [Map<number, number>, Map<number, number>] = [new Map(), new Map()];
        let zeros = 0;
        const { schema } = checkNative('h', options) as NativeConfig;
        for (const value of values) {
          if (Number.isNaN(value)) continue;
          const side = expected[value > 0 ? 0 : 1];
          const index = bucketIndex(value, schema);
          if (Math.abs(value) <= options.zeroThreshold) zeros++;
          else side.set(index, (side.get(index) ?? 0) + 1);
        }
        const { zeroCount, positiveSpans, positiveDeltas, negativeSpans, negativeDeltas } = observing(
          values,
          options,
        ).read();
        expect(zeroCount).toBe(zeros);
        expect(populated(decode(positiveSpans, positiveDeltas))).toEqual(expected[0]);
        expect(populated(decode(negativeSpans, negativeDeltas))).toEqual(expected[1]);
      }),
    );
    function populated(counts: Map<number, number>): Map<number, number> {
      return new Map([...counts].filter(([, count]) => count !== 0));
    }
  });

  it('count everything but NaN once, whatever the limits do', () => {
    const options = fc.record({
      factor: fc.constantFrom(1.001, 1.1, 4),
      zeroThreshold: fc.constantFrom(0, 2 ** -128),
      maxBuckets: fc.integer({ min: 1, max: 20 }),
      maxZeroThreshold: fc.constantFrom(0, 1e-3, 1e300),
      minResetSeconds: fc.constant(0),
    });
    const values = fc.array(fc.oneof(fc.double(), fc.double({ min: -10, max: 10 })), { maxLength: 200 });
    fc.assert(
      fc.property(values, options, (values, options) => {
        const buckets = nativeBuckets(options);
        let counted = 0;
        for (const value of values) {
          expect(buckets.observe(value)).toBe(false);
          if (!Number.isNaN(value)) counted++;
        }
        expect(total(buckets)).toBe(counted);
        const { schema, zeroThreshold } = buckets.read();
        expect(zeroThreshold).toBeLessThanOrEqual(Math.max(options.zeroThreshold, options.maxZeroThreshold));
        expect(schema).toBeGreaterThanOrEqual(-4);
      }),
    );
  });

  it('stay the same when they are merged as when they are counted at the coarser schema at once', () => {
    const values = fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(values, (values) => {
        const limited = observing(values, { factor: 1.001, maxBuckets: 3, minResetSeconds: 0 });
        const { schema } = limited.read();
        // A little above, because the root is rounded.
        const factor = 2 ** (2 ** -schema) * (1 + 1e-9);
        expect(limited.read()).toEqual(observing(values, { factor, maxBuckets: 0 }).read());
      }),
    );
  });

  it('stay few and quick however far apart the values are', () => {
    const buckets = nativeBuckets({ factor: 1.001, zeroThreshold: 0, minResetSeconds: 0 });
    for (let i = 0; i < 100_000; i++) buckets.observe(10 ** (((i * 7919) % 6000) / 10 - 300));
    const { schema, positiveDeltas } = buckets.read();
    expect(positiveDeltas.length).toBeLessThanOrEqual(160);
    expect(schema).toBe(-4);
    expect(total(buckets)).toBe(100_000);
  });
});

describe('Native buckets over their limit', () => {
  const limit = { factor: 2, maxBuckets: 2 };

  it('start again with the value if they have not done so for long enough', () => {
    jest.useFakeTimers({ now: 1_000_000 });
    const buckets = nativeBuckets({ ...limit, minResetSeconds: 60 }, Date.now());
    buckets.observe(1);
    buckets.observe(2);
    jest.advanceTimersByTime(60_000);
    expect(buckets.observe(NaN)).toBe(false);
    expect(buckets.observe(4)).toBe(true);
    expect(buckets.createdMs).toBe(1_060_000);
    expect(buckets.read()).toEqual({
      ...EMPTY,
      schema: 0,
      positiveSpans: [{ offset: 2, length: 1 }],
      positiveDeltas: [1],
    });
  });

  it('widen the zero bucket first, if that is allowed, and halve the resolution then', () => {
    const options = { ...limit, minResetSeconds: 0, maxZeroThreshold: 1 };
    expect(observing([1, -1, 2, 4], options).read()).toEqual({
      ...EMPTY,
      schema: 0,
      zeroThreshold: 1,
      zeroCount: 2,
      positiveSpans: [{ offset: 1, length: 2 }],
      positiveDeltas: [1, 0],
    });
    expect(observing([1, -1, 2, 4, 8], options).read()).toEqual({
      ...EMPTY,
      schema: -1,
      zeroThreshold: 1,
      zeroCount: 2,
      positiveSpans: [{ offset: 1, length: 2 }],
      positiveDeltas: [2, -1],
    });
  });

  it('take into the zero bucket only the bucket nearest to it, here a negative one', () => {
    const options = { ...limit, minResetSeconds: 0, maxZeroThreshold: 1 };
    expect(observing([1, -0.5, -0.5, 2], options).read()).toEqual({
      ...EMPTY,
      schema: 0,
      zeroThreshold: 0.5,
      zeroCount: 2,
      positiveSpans: [{ offset: 0, length: 2 }],
      positiveDeltas: [1, 0],
    });
  });

  it('halve the resolution where the zero bucket would become wider than is allowed', () => {
    const options = { ...limit, minResetSeconds: 0, maxZeroThreshold: 0.99 };
    expect(observing([1, 2, 4], options).read()).toEqual({
      ...EMPTY,
      schema: -1,
      positiveSpans: [{ offset: 0, length: 2 }],
      positiveDeltas: [1, 1],
    });
  });

  it('keep the coarsest resolution that there is, with however many buckets', () => {
    const options = { factor: 65_536, maxBuckets: 2, minResetSeconds: 0 };
    expect(observing([1, 2 ** 16, 2 ** 32, 2 ** 48], options).read()).toEqual({
      ...EMPTY,
      schema: -4,
      positiveSpans: [{ offset: 0, length: 4 }],
      positiveDeltas: [1, 0, 0, 0],
    });
  });

  it.each(['observed', 'read'])('get their resolution back once they are %s after long enough', (how) => {
    jest.useFakeTimers({ now: 0 });
    const buckets = nativeBuckets({ ...limit, minResetSeconds: 60 });
    for (const value of [1, 2, 4]) expect(buckets.observe(value)).toBe(false);
    expect(buckets.read().schema).toBe(-1);
    jest.advanceTimersByTime(59_999);
    expect(buckets.resetIfDue()).toBe(false);
    jest.advanceTimersByTime(1);
    expect(how === 'read' ? buckets.resetIfDue() : buckets.observe(NaN)).toBe(true);
    expect(buckets.resetIfDue()).toBe(false);
    expect(buckets.createdMs).toBe(60_000);
    expect(buckets.read()).toEqual({ ...EMPTY, schema: 0 });
  });

  it('never start again if that is not wanted', () => {
    jest.useFakeTimers({ now: 0 });
    const buckets = nativeBuckets({ ...limit, minResetSeconds: 0 });
    jest.advanceTimersByTime(1e9);
    for (const value of [1, 2, 4]) expect(buckets.observe(value)).toBe(false);
    jest.advanceTimersByTime(1e9);
    expect(buckets.resetIfDue()).toBe(false);
    expect(buckets.createdMs).toBe(0);
  });

  it('read the clock, and otherwise nothing does', () => {
    const now = jest.spyOn(Date, 'now');
    const buckets = nativeBuckets({ ...limit, minResetSeconds: 60 }, Date.now());
    now.mockClear();
    for (const value of [0, 1, 2, NaN]) buckets.observe(value);
    buckets.resetIfDue();
    buckets.read();
    expect(now).toHaveBeenCalledTimes(0);
    buckets.observe(4);
    expect(now).toHaveBeenCalledTimes(1);
    now.mockRestore();
  });

  it('have bounds that what they count is within', () => {
    const values = [0.001, 0.3, 7, 1e9, 1e300];
    const { schema, positiveSpans, positiveDeltas } = observing(values).read();
    const indices = [...decode(positiveSpans, positiveDeltas)].filter(([, count]) => count > 0).map(([index]) => index);
    values.forEach((value, i) => {
      const index = indices[i] as number;
      expect(value > upperBound(index - 1, schema) && value <= upperBound(index, schema)).toBe(true);
    });
  });
});
