import * as fc from 'fast-check';
import {
  Histogram,
  MetricError,
  Registry,
  type Exemplar,
  type HistogramValue,
  type NativeHistogram,
} from '../src/index.ts';
import { refusal } from './refusal.ts';

describe('Histogram', () => {
  afterEach(() => jest.useRealTimers());

  it('is exposed with all buckets as 0 before it is used', async () => {
    const registry = new Registry();
    new Histogram({ name: 'hh', help: 'A histogram', buckets: [-5, 0, 5], registry });

    expect(await registry.metrics()).toBe(
      '# HELP hh A histogram\n' +
        '# TYPE hh histogram\n' +
        'hh_bucket{le="-5.0"} 0\n' +
        'hh_bucket{le="0.0"} 0\n' +
        'hh_bucket{le="5.0"} 0\n' +
        'hh_bucket{le="+Inf"} 0\n' +
        'hh_sum 0\n' +
        'hh_count 0\n',
    );
  });

  it('counts each value in the first bucket whose bound is not below it', () => {
    const histogram = new Histogram({ name: 'hh', help: 'A histogram', buckets: [-5, 0, 5], registry: null });
    for (const value of [-5.1, -5, -4.9, 0, 4, 5, 5.000001, 100]) histogram.observe(value);

    expect(histogram.get()).toEqual({
      count: 8,
      sum: -5.1 - 5 - 4.9 + 0 + 4 + 5 + 5.000001 + 100,
      buckets: [
        { upperBound: -5, count: 2 },
        { upperBound: 0, count: 4 },
        { upperBound: 5, count: 6 },
        { upperBound: Infinity, count: 8 },
      ],
    });
  });

  it('has the default buckets where none are given', () => {
    const histogram = new Histogram({ name: 'hh', help: 'A histogram', registry: null });
    expect(histogram.upperBounds).toEqual([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]);
  });

  it('keeps +Inf only where the list of buckets is empty', async () => {
    const registry = new Registry();
    new Histogram({ name: 'hh', help: 'A histogram', buckets: [], registry }).observe(3);

    expect(await registry.metrics()).toBe(
      '# HELP hh A histogram\n# TYPE hh histogram\nhh_bucket{le="+Inf"} 1\nhh_sum 3\nhh_count 1\n',
    );
  });

  it('knows no quantile where it has neither classic buckets nor native ones', () => {
    const histogram = new Histogram({ name: 'hh', help: 'A histogram', buckets: [], registry: null });
    histogram.observe(3);
    expect(histogram.quantile(0.5)).toBe(NaN);
  });

  it('counts NaN in +Inf and makes the sum NaN', async () => {
    const registry = new Registry();
    const histogram = new Histogram({ name: 'hh', help: 'A histogram', buckets: [1], registry });
    histogram.observe(NaN);
    histogram.observe(0.5);

    expect(await registry.metrics()).toBe(
      '# HELP hh A histogram\n' +
        '# TYPE hh histogram\n' +
        'hh_bucket{le="1.0"} 1\n' +
        'hh_bucket{le="+Inf"} 2\n' +
        'hh_sum NaN\n' +
        'hh_count 2\n',
    );
  });

  it('counts the infinities in the outermost buckets', () => {
    const histogram = new Histogram({ name: 'hh', help: 'A histogram', buckets: [1], registry: null });
    histogram.observe(-Infinity);
    histogram.observe(Infinity);
    expect(histogram.get()).toEqual({
      count: 2,
      sum: NaN,
      buckets: [
        { upperBound: 1, count: 1 },
        { upperBound: Infinity, count: 2 },
      ],
    });
  });

  it.each(['1', 1n, {}, null, undefined, true])('refuses to observe %p and counts nothing', (value) => {
    const histogram = new Histogram({ name: 'hh', help: 'A histogram', buckets: [1], registry: null });
    histogram.observe(2);
    const before = histogram.get();

    expect(() => histogram.observe(value as number)).toThrow(MetricError);
    expect(() => histogram.labels().observe(value as number)).toThrow(MetricError);
    expect(histogram.get()).toEqual(before);
  });

  it('says what to do when a value is refused', () => {
    const histogram = new Histogram({ name: 'hh', help: 'A histogram', registry: null });
    expect(refusal(() => histogram.observe('1' as unknown as number))).toEqual({
      code: 'INVALID_VALUE',
      message: `"1" can't be observed: give a number.`,
    });
  });

  it('makes no series for a refused value', () => {
    const histogram = new Histogram({ name: 'hh', help: 'A histogram', labelNames: ['a'], registry: null });

    expect(refusal(() => histogram.observe({ a: 'x' }, '1' as unknown as number)).code).toBe('INVALID_VALUE');
    expect([...histogram.series]).toEqual([]);
  });

  it('observes by labels, apart for each series', async () => {
    const registry = new Registry();
    const histogram = new Histogram({ name: 'hh', help: 'A histogram', labelNames: ['a'], buckets: [1, 2], registry });
    histogram.observe({ a: 'x' }, 1.5);
    histogram.labels('y').observe(3);
    histogram.observe({ a: 'x' }, 0.5);

    expect(await registry.metrics()).toBe(
      '# HELP hh A histogram\n' +
        '# TYPE hh histogram\n' +
        'hh_bucket{a="x",le="1.0"} 1\n' +
        'hh_bucket{a="x",le="2.0"} 2\n' +
        'hh_bucket{a="x",le="+Inf"} 2\n' +
        'hh_sum{a="x"} 2\n' +
        'hh_count{a="x"} 2\n' +
        'hh_bucket{a="y",le="1.0"} 0\n' +
        'hh_bucket{a="y",le="2.0"} 0\n' +
        'hh_bucket{a="y",le="+Inf"} 1\n' +
        'hh_sum{a="y"} 3\n' +
        'hh_count{a="y"} 1\n',
    );
  });

  it('hands out a copy of what it counted', () => {
    const histogram = new Histogram({ name: 'hh', help: 'A histogram', buckets: [1], registry: null });
    histogram.get().buckets[0]!.count = 99;
    histogram.get().buckets.pop();
    expect(histogram.get().buckets).toEqual([
      { upperBound: 1, count: 0 },
      { upperBound: Infinity, count: 0 },
    ]);
  });

  it('keeps its buckets when the array that they came from changes', () => {
    const buckets = [1, 2];
    const histogram = new Histogram({ name: 'hh', help: 'A histogram', buckets, registry: null });
    buckets[0] = 100;
    buckets.push(3);

    histogram.observe(1);
    expect(histogram.get().buckets).toEqual([
      { upperBound: 1, count: 1 },
      { upperBound: 2, count: 1 },
      { upperBound: Infinity, count: 1 },
    ]);
  });

  it('refuses the label le, which it writes itself', () => {
    expect(
      refusal(() => new Histogram({ name: 'hh', help: 'A histogram', labelNames: ['le'], registry: null })),
    ).toEqual({
      code: 'INVALID_LABEL_NAME',
      message: `The label name "le" of metric "hh" is one that this type of metric writes itself: choose another name.`,
    });
  });

  it('observes the seconds between the start and the end of a timer, which are returned', () => {
    jest.useFakeTimers();
    const histogram = new Histogram({ name: 'hh', help: 'A histogram', buckets: [1, 2], registry: null });
    const end = histogram.startTimer();
    jest.advanceTimersByTime(1500);

    expect(end()).toBe(1.5);
    expect(histogram.get()).toEqual({
      count: 1,
      sum: 1.5,
      buckets: [
        { upperBound: 1, count: 0 },
        { upperBound: 2, count: 1 },
        { upperBound: Infinity, count: 1 },
      ],
    });
  });

  it('times one series by its own timer', () => {
    jest.useFakeTimers();
    const histogram = new Histogram({ name: 'hh', help: 'A histogram', labelNames: ['a'], registry: null });
    const end = histogram.labels('x').startTimer();
    jest.advanceTimersByTime(100);
    end();
    expect(histogram.get({ a: 'x' }).sum).toBe(0.1);
  });

  it('takes labels at either end of a timer', () => {
    jest.useFakeTimers();
    const histogram = new Histogram({ name: 'hh', help: 'A histogram', labelNames: ['a', 'b'], registry: null });
    const end = histogram.startTimer({ a: 'x' });
    jest.advanceTimersByTime(500);
    end({ b: 'y' });
    expect(histogram.get({ a: 'x', b: 'y' }).sum).toBe(0.5);
  });

  it('observes the time of a call and returns its result', () => {
    jest.useFakeTimers();
    const histogram = new Histogram({ name: 'hh', help: 'A histogram', registry: null });
    const result = histogram.time(() => {
      jest.advanceTimersByTime(2000);
      return 'done';
    });

    expect(result).toBe('done');
    expect(histogram.get().count).toBe(1);
    expect(histogram.get().sum).toBe(2);
  });

  it('times by labels', async () => {
    const histogram = new Histogram({ name: 'hh', help: 'A histogram', labelNames: ['a'], registry: null });
    await histogram.time(async () => 1, { a: 'x' });
    histogram.labels('x').time(() => 2);
    expect(histogram.get({ a: 'x' }).count).toBe(2);
  });

  it('refuses wrong labels before it starts the work that it would time', () => {
    const histogram = new Histogram({ name: 'hh', help: 'A histogram', labelNames: ['a'], registry: null });
    const work = jest.fn();
    const untyped = histogram as unknown as { time(work: () => void, labels?: object): void };

    expect(refusal(() => untyped.time(work)).code).toBe('INVALID_LABELS');
    expect(refusal(() => untyped.time(work, { b: 1 })).code).toBe('INVALID_LABELS');
    expect(work).not.toHaveBeenCalled();
  });

  describe('with exemplars', () => {
    const NOW = 1_520_879_607_789;
    beforeEach(() => jest.useFakeTimers({ now: NOW }));

    const exemplar = (id: string, value: number) => ({ labels: { id }, value, timestamp: NOW / 1000 });

    it('keeps the last one of each bucket', async () => {
      const registry = new Registry();
      const histogram = new Histogram({ name: 'hh', help: 'H', buckets: [1, 2, 3], registry });
      histogram.observe(0.5, { id: 'a' });
      histogram.observe(1, { id: 'b' });
      histogram.observe(0.7);
      histogram.observe(2.5, { id: 'c' });
      histogram.observe(Infinity, { id: 'd' });

      expect((await registry.gather())[0]?.series).toEqual([
        {
          labels: {},
          created: NOW / 1000,
          count: 5,
          sum: Infinity,
          buckets: [
            { upperBound: 1, count: 3, exemplar: exemplar('b', 1) },
            { upperBound: 2, count: 3 },
            { upperBound: 3, count: 4, exemplar: exemplar('c', 2.5) },
            { upperBound: Infinity, count: 5, exemplar: exemplar('d', Infinity) },
          ],
        },
      ]);
    });

    it.each<[string, (histogram: Histogram<readonly ['a']>) => void]>([
      ['the shorthand', (histogram) => histogram.observe({ a: 'x' }, 2, { id: 'e' })],
      ['labels by position', (histogram) => histogram.labels('x').observe(2, { id: 'e' })],
      ['labels by name', (histogram) => histogram.labels({ a: 'x' }).observe(2, { id: 'e' })],
    ])('keeps it by %s, for that series alone', (_, observe) => {
      const histogram = new Histogram({ name: 'hh', help: '', labelNames: ['a'], buckets: [1], registry: null });
      observe(histogram);
      expect(histogram.labels('x').exemplars).toEqual([undefined, exemplar('e', 2)]);
      expect(histogram.labels('y').exemplars).toBe(undefined);
    });

    it('keeps none of NaN, which is in no bucket, but counts it', () => {
      const histogram = new Histogram({ name: 'hh', help: '', buckets: [1], native: true, registry: null });
      histogram.observe(5, { id: 'kept' });
      histogram.observe(NaN, { id: 'lost' });
      expect(histogram.labels().exemplars).toEqual([undefined, exemplar('kept', 5)]);
      expect(histogram.get().native?.exemplars).toEqual([exemplar('kept', 5)]);
      expect(histogram.get().count).toBe(2);
    });

    it('says nothing where none is given', () => {
      const warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
      const histogram = new Histogram({ name: 'hh', help: '', buckets: [1], registry: null });
      histogram.observe(0.5);
      histogram.observe(2, undefined);
      expect(histogram.labels().exemplars).toBe(undefined);
      expect(warnings).not.toHaveBeenCalled();
      warnings.mockRestore();
    });

    it('keeps none of a refused value', () => {
      const histogram = new Histogram({ name: 'hh', help: '', buckets: [1], registry: null });
      expect(refusal(() => histogram.observe('1' as never, { id: 'lost' })).code).toBe('INVALID_VALUE');
      expect(histogram.labels().exemplars).toBe(undefined);
    });

    it('counts the value of one that is dropped', () => {
      const warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
      const histogram = new Histogram({ name: 'hh', help: '', buckets: [1], registry: null });
      histogram.observe(0.5, { id: 'x'.repeat(127) });
      histogram.observe(0.5, { id: 'x'.repeat(127) });
      expect(histogram.get()).toMatchObject({ count: 2, sum: 1 });
      expect(histogram.labels().exemplars).toBe(undefined);
      expect(warnings).toHaveBeenCalledTimes(1);
      warnings.mockRestore();
    });

    it('keeps native ones beside those of the buckets, through labels() too', () => {
      const histogram = new Histogram({
        name: 'hh',
        help: '',
        labelNames: ['a'],
        buckets: [1],
        native: true,
        registry: null,
      });
      histogram.labels('x').observe(3, { id: 'b' });
      histogram.observe({ a: 'x' }, 2, { id: 'a' });
      expect(histogram.labels('x').exemplars).toEqual([undefined, exemplar('a', 2)]);
      expect(histogram.get({ a: 'x' }).native?.exemplars).toEqual([exemplar('a', 2), exemplar('b', 3)]);
    });

    it('keeps as many native ones as it is told', () => {
      const histogram = new Histogram({
        name: 'hh',
        help: '',
        buckets: [],
        native: { maxExemplars: 2 },
        registry: null,
      });
      for (const value of [1, 2, 100]) histogram.observe(value, { id: `${value}` });
      // D8: 1 and 2 are the closest, of which 1 is older.
      expect(histogram.get().native?.exemplars).toEqual([exemplar('2', 2), exemplar('100', 100)]);
    });

    it.each(['get', 'gather'])('hands out copies of native ones by %s', async (how) => {
      const registry = new Registry();
      const histogram = new Histogram({ name: 'hh', help: '', native: true, registry });
      histogram.observe(3, { id: 'a' });
      const read = async () =>
        how === 'get' ? histogram.get() : ((await registry.gather())[0]?.series[0] as unknown as HistogramValue);
      const first = (await read()).native as NativeHistogram;
      (first.exemplars[0] as Exemplar).labels['id'] = 'changed';
      (first.exemplars[0] as Exemplar).value = 7;
      first.exemplars.pop();
      expect((await read()).native?.exemplars).toEqual([exemplar('a', 3)]);
    });
  });

  describe('with native buckets', () => {
    /** How many observations the native buckets have, the zero bucket among them. */
    function nativeTotal(native: NativeHistogram | undefined): number {
      const totalOf = (deltas: readonly number[]): number => {
        let count = 0;
        return deltas.reduce((sum, delta) => sum + (count += delta), 0);
      };
      return (native?.zeroCount ?? 0) + totalOf(native?.positiveDeltas ?? []) + totalOf(native?.negativeDeltas ?? []);
    }

    it('has them beside the classic ones', () => {
      const histogram = new Histogram({ name: 'hh', help: '', native: true, registry: null });
      for (const value of [0, 1, 1, -1]) histogram.observe(value);
      expect(histogram.upperBounds).toEqual([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]);
      expect(histogram.get()).toMatchObject({
        count: 4,
        sum: 1,
        native: {
          schema: 3,
          zeroThreshold: 2 ** -128,
          zeroCount: 1,
          positiveSpans: [{ offset: 0, length: 1 }],
          positiveDeltas: [2],
          negativeSpans: [{ offset: 0, length: 1 }],
          negativeDeltas: [1],
          exemplars: [],
        },
      });
    });

    it('counts in them what a timer with labels observes', () => {
      jest.useFakeTimers();
      const histogram = new Histogram({ name: 'hh', help: '', labelNames: ['a'], native: true, registry: null });
      const end = histogram.startTimer();
      jest.advanceTimersByTime(1000);
      end({ a: 'x' });
      expect(histogram.get({ a: 'x' })).toMatchObject({ count: 1, native: { positiveDeltas: [1] } });
    });

    it('has them alone where the list of classic ones is empty, of which a text scrape shows +Inf', async () => {
      const registry = new Registry();
      new Histogram({ name: 'hh', help: 'H', buckets: [], native: true, registry }).observe(3);
      expect(await registry.metrics()).toBe(
        '# HELP hh H\n# TYPE hh histogram\nhh_bucket{le="+Inf"} 1\nhh_sum 3\nhh_count 1\n',
      );
    });

    it.each([undefined, false])('has none where native is %p', (native) => {
      const histogram = new Histogram({ name: 'hh', help: '', native, registry: null });
      histogram.observe(1);
      expect('native' in histogram.get()).toBe(false);
    });

    it('is gathered with them', async () => {
      const registry = new Registry();
      const histogram = registry.histogram({ name: 'hh', help: '', buckets: [], native: { factor: 2 } });
      histogram.observe(3);
      expect((await registry.gather())[0]?.series[0]).toMatchObject({
        count: 1,
        sum: 3,
        buckets: [{ upperBound: Infinity, count: 1 }],
        native: { schema: 0, positiveSpans: [{ offset: 2, length: 1 }], positiveDeltas: [1] },
      });
    });

    it('keeps their options when the object that they came from changes', () => {
      const native = { factor: 2, maxBuckets: 1 };
      const histogram = new Histogram({ name: 'hh', help: '', buckets: [], native, registry: null });
      native.factor = 1.1;
      histogram.observe(3);
      expect(histogram.get().native?.schema).toBe(0);
      expect(native).toEqual({ factor: 1.1, maxBuckets: 1 });
    });

    it('refuses an option of them that there is not', () => {
      expect(
        refusal(() => new Histogram({ name: 'hh', help: '', native: { factors: 2 } as never, registry: null })),
      ).toEqual({
        code: 'INVALID_OPTION',
        message:
          'The option "native.factors" of metric "hh" is 2: there is no such option, use factor, zeroThreshold, maxBuckets, minResetSeconds, maxZeroThreshold, maxExemplars, exemplarTtlSeconds.',
      });
    });

    it('counts in them what it counts in the classic ones, but NaN, whatever comes and whatever the limits do', () => {
      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.double(), fc.nat({ max: 3000 }))),
          fc.record({
            factor: fc.constantFrom(1.005, 1.1, 2, 100),
            maxBuckets: fc.nat({ max: 5 }),
            minResetSeconds: fc.constantFrom(0, 5),
            maxZeroThreshold: fc.constantFrom(0, 1),
          }),
          (steps, native) => {
            jest.useFakeTimers({ now: 0 });
            const histogram = new Histogram({ name: 'hh', help: '', buckets: [-1, 0, 1], native, registry: null });
            let kept: number[] = [];
            for (const [value, ms] of steps) {
              const before = histogram.get().count;
              histogram.observe(value);
              const { count, sum, buckets, native: inNative } = histogram.get();
              // What came before is there as a whole, or has gone as a whole.
              kept = count === 1 && before !== 0 ? [value] : [...kept.slice(kept.length - before), value];
              expect(count).toBe(kept.length);
              expect(buckets.map((bucket) => bucket.count)).toEqual(
                [-1, 0, 1].map((bound) => kept.filter((each) => each <= bound).length).concat(count),
              );
              expect(sum).toBe(kept.reduce((all, each) => all + each, 0));
              expect(nativeTotal(inNative)).toBe(kept.filter((each) => !Number.isNaN(each)).length);
              jest.advanceTimersByTime(ms);
            }
          },
        ),
      );
    });

    it('starts all over with them: classic buckets, sum, exemplars and the time since when it has counted', async () => {
      jest.useFakeTimers({ now: 1_000_000 });
      const registry = new Registry();
      const histogram = new Histogram({
        name: 'hh',
        help: 'H',
        buckets: [1],
        native: { maxBuckets: 2, minResetSeconds: 60 },
        registry,
      });
      for (const value of [0.5, 5]) histogram.observe(value, { id: `${value}` });
      jest.advanceTimersByTime(60_000);
      histogram.observe(50);

      expect((await registry.gather())[0]?.series).toEqual([
        {
          labels: {},
          created: 1060,
          count: 1,
          sum: 50,
          buckets: [
            { upperBound: 1, count: 0 },
            { upperBound: Infinity, count: 1 },
          ],
          native: {
            schema: 3,
            zeroThreshold: 2 ** -128,
            zeroCount: 0,
            positiveSpans: [{ offset: 46, length: 1 }],
            positiveDeltas: [1],
            negativeSpans: [],
            negativeDeltas: [],
            exemplars: [],
          },
        },
      ]);
    });

    it('starts over in the one series that has too many of them, and leaves the others as they are', () => {
      jest.useFakeTimers({ now: 1_000_000 });
      const histogram = new Histogram({
        name: 'hh',
        help: 'H',
        labelNames: ['a'],
        buckets: [1],
        native: { maxBuckets: 2, minResetSeconds: 60 },
        registry: null,
      });
      for (const a of ['x', 'y', 'z']) histogram.observe({ a }, 5);
      jest.advanceTimersByTime(60_000);
      for (const value of [0.5, 50]) histogram.observe({ a: 'y' }, value);

      const counted = Array.from(histogram.series, ({ labelValues, bucketCounts, sum, created }) => [
        ...labelValues,
        ...bucketCounts,
        sum,
        created,
      ]);
      expect(counted).toEqual([
        ['x', 0, 1, 5, 1000],
        ['y', 0, 1, 50, 1060],
        ['z', 0, 1, 5, 1000],
      ]);
    });

    it.each<[string, (registry: Registry, histogram: Histogram) => unknown]>([
      ['a text scrape', (registry) => registry.metrics()],
      ['get', (_, histogram) => histogram.get()],
      ['quantile', (_, histogram) => histogram.quantile(0.5)],
      ['getSampleValue', (registry) => registry.getSampleValue('hh_count')],
    ])('starts over when %s comes after the time that a reset was put off to', async (_, read) => {
      jest.useFakeTimers({ now: 1_000_000 });
      const registry = new Registry();
      const histogram = new Histogram({
        name: 'hh',
        help: 'H',
        buckets: [1],
        native: { maxBuckets: 2, minResetSeconds: 60 },
        registry,
      });
      for (const value of [0.5, 5, 50]) histogram.observe(value, { id: `${value}` });
      jest.advanceTimersByTime(59_999);
      await read(registry, histogram);
      expect([...histogram.labels().bucketCounts]).toEqual([1, 2]);

      jest.advanceTimersByTime(1);
      await read(registry, histogram);
      expect([...histogram.labels().bucketCounts]).toEqual([0, 0]);
      expect(histogram.labels().exemplars).toBe(undefined);
      expect(histogram.labels().created).toBe(1060);
      expect(await registry.metrics({ created: true })).toBe(
        '# HELP hh H\n# TYPE hh histogram\nhh_bucket{le="1.0"} 0\nhh_bucket{le="+Inf"} 0\nhh_sum 0\nhh_count 0\n' +
          '# HELP hh_created H\n# TYPE hh_created gauge\nhh_created 1060\n',
      );
    });
  });

  it('observes the time of work that fails, whose error passes through', async () => {
    jest.useFakeTimers();
    const histogram = new Histogram({ name: 'hh', help: '', registry: null });
    const error = new Error('no');
    expect(() =>
      histogram.time(() => {
        jest.advanceTimersByTime(1000);
        throw error;
      }),
    ).toThrow(error);
    await expect(histogram.labels().time(() => Promise.reject(error))).rejects.toBe(error);
    expect(histogram.get()).toMatchObject({ count: 2, sum: 1 });
  });

  it('knows since when it has counted', async () => {
    jest.useFakeTimers({ now: 1_000_500 });
    const registry = new Registry();
    new Histogram({ name: 'hh', help: 'H', buckets: [], registry });
    jest.advanceTimersByTime(1000);
    expect(await registry.metrics({ created: true })).toBe(
      '# HELP hh H\n# TYPE hh histogram\nhh_bucket{le="+Inf"} 0\nhh_sum 0\nhh_count 0\n' +
        '# HELP hh_created H\n# TYPE hh_created gauge\nhh_created 1000.5\n',
    );
  });

  it('keeps its buckets whatever is done to the list that it shows', () => {
    const histogram = new Histogram({ name: 'hh', help: '', buckets: [1], registry: null });
    (histogram.upperBounds as number[]).push(99);

    expect(histogram.get().buckets.map(({ upperBound }) => upperBound)).toEqual([1, Infinity]);
  });
});
