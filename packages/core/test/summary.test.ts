import * as fc from 'fast-check';
import { MetricError, Registry, Summary } from '../src/index.ts';
import { refusal } from './refusal.ts';

describe('Summary', () => {
  afterEach(() => jest.useRealTimers());

  it('is exposed as 0 before it is used', async () => {
    const registry = new Registry();
    new Summary({ name: 'ss', help: 'A summary', registry });
    expect(await registry.metrics()).toBe('# HELP ss A summary\n# TYPE ss summary\nss_sum 0\nss_count 0\n');
  });

  it('counts its observations and adds them up', async () => {
    const registry = new Registry();
    const summary = new Summary({ name: 'ss', help: 'A summary', labelNames: ['label1', 'label2'], registry });
    summary.observe({ label1: 'x', label2: 'y' }, 4);
    summary.labels('x', 'y').observe(-1.5);

    expect(summary.get({ label1: 'x', label2: 'y' })).toEqual({ count: 2, sum: 2.5, quantiles: [] });
    expect(await registry.metrics()).toBe(
      '# HELP ss A summary\n' +
        '# TYPE ss summary\n' +
        'ss_sum{label1="x",label2="y"} 2.5\n' +
        'ss_count{label1="x",label2="y"} 2\n',
    );
  });

  it('counts NaN and makes the sum NaN', () => {
    const summary = new Summary({ name: 'ss', help: 'A summary', registry: null });
    summary.observe(1);
    summary.observe(NaN);
    expect(summary.get()).toEqual({ count: 2, sum: NaN, quantiles: [] });
  });

  it.each(['1', 1n, {}, null, undefined, true])('refuses to observe %p and counts nothing', (value) => {
    const summary = new Summary({ name: 'ss', help: 'A summary', registry: null });
    summary.observe(2);

    expect(() => summary.observe(value as number)).toThrow(MetricError);
    expect(() => summary.labels().observe(value as number)).toThrow(MetricError);
    expect(summary.get()).toEqual({ count: 1, sum: 2, quantiles: [] });
  });

  it('makes no series for a refused value', () => {
    const summary = new Summary({ name: 'ss', help: 'A summary', labelNames: ['a'], registry: null });

    expect(refusal(() => summary.observe({ a: 'x' }, '1' as unknown as number)).code).toBe('INVALID_VALUE');
    expect([...summary.series]).toEqual([]);
  });

  it('refuses the label quantile, which it writes itself', () => {
    expect(
      refusal(() => new Summary({ name: 'ss', help: 'A summary', labelNames: ['quantile'], registry: null })),
    ).toEqual({
      code: 'INVALID_LABEL_NAME',
      message: `The label name "quantile" of metric "ss" is one that this type of metric writes itself: choose another name.`,
    });
  });

  it('may have a label le, which is nothing special to it', () => {
    const summary = new Summary({ name: 'ss', help: 'A summary', labelNames: ['le'], registry: null });
    summary.observe({ le: '1' }, 1);
    expect(summary.get({ le: '1' }).count).toBe(1);
  });

  it('observes the seconds of a timer, with labels at either end', () => {
    jest.useFakeTimers();
    const summary = new Summary({ name: 'ss', help: 'A summary', labelNames: ['a', 'b'], registry: null });
    const end = summary.startTimer({ b: 'y' });
    const endSeries = summary.labels('x', 'y').startTimer();
    jest.advanceTimersByTime(500);

    expect(end({ a: 'x' })).toBe(0.5);
    expect(endSeries()).toBe(0.5);
    expect(summary.get({ a: 'x', b: 'y' })).toEqual({ count: 2, sum: 1, quantiles: [] });
  });

  it('observes the time of calls and returns their results', async () => {
    jest.useFakeTimers();
    const summary = new Summary({ name: 'ss', help: 'A summary', registry: null });
    const labelled = new Summary({ name: 'sl', help: 'A summary', labelNames: ['a'], registry: null });

    expect(summary.time(() => jest.advanceTimersByTime(3000))).toBe(undefined);
    expect(await summary.time(async () => 'later')).toBe('later');
    expect(labelled.time(() => 'now', { a: 'x' })).toBe('now');
    expect(summary.get()).toEqual({ count: 2, sum: 3, quantiles: [] });
    expect(labelled.get({ a: 'x' }).count).toBe(1);
  });

  describe('with quantiles', () => {
    const withQuantiles = (quantiles: readonly number[] = [0.5, 0.9, 0.99]) =>
      new Summary({ name: 'ss', help: 'S', quantiles, registry: null });

    it('exposes them before sum and count, NaN while it is empty', async () => {
      const registry = new Registry();
      new Summary({ name: 'ss', help: 'S', labelNames: ['a'], quantiles: [0.9, 0.5, 1], registry }).labels('x');
      expect(await registry.metrics()).toBe(
        '# HELP ss S\n# TYPE ss summary\n' +
          'ss{a="x",quantile="0.5"} NaN\nss{a="x",quantile="0.9"} NaN\nss{a="x",quantile="1.0"} NaN\n' +
          'ss_sum{a="x"} 0\nss_count{a="x"} 0\n',
      );
    });

    it('tells them within 1 % of the value', () => {
      fc.assert(
        fc.property(
          fc.array(fc.double({ min: 1e-4, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 200 }),
          (values) => {
            const summary = withQuantiles([0, 0.25, 0.5, 0.9, 0.99, 1]);
            for (const value of values) summary.observe(value);
            const sorted = values.toSorted((a, b) => a - b);
            for (const { quantile, value } of summary.get().quantiles) {
              const exact = sorted[Math.max(Math.ceil(quantile * values.length - 1e-9) - 1, 0)] as number;
              expect(Math.abs(value - exact)).toBeLessThanOrEqual(exact * 0.01);
            }
          },
        ),
      );
    });

    it('tells those of negative values, of zeros and of the infinities', () => {
      const summary = withQuantiles([0, 0.5, 1]);
      for (const value of [-Infinity, 0, Infinity]) summary.observe(value);
      expect(summary.get().quantiles.map(({ value }) => value)).toEqual([-Infinity, 0, Infinity]);
    });

    it('leaves NaN out of them, but neither out of the count nor of the sum', () => {
      const summary = withQuantiles([0.5]);
      summary.observe(NaN);
      expect(summary.get()).toEqual({ count: 1, sum: NaN, quantiles: [{ quantile: 0.5, value: NaN }] });
      summary.observe(0);
      expect(summary.get()).toEqual({ count: 2, sum: NaN, quantiles: [{ quantile: 0.5, value: 0 }] });
    });

    it('forgets what is old, but counts and adds up its whole life', () => {
      jest.useFakeTimers();
      const summary = new Summary({
        name: 'ss',
        help: '',
        quantiles: [0, 1],
        maxAgeSeconds: 60,
        ageBuckets: 3,
        registry: null,
      });
      for (let i = 0; i < 100; i++) {
        summary.observe(0);
        jest.advanceTimersByTime(10_000);
      }
      summary.observe(0);
      expect(summary.get()).toEqual({
        count: 101,
        sum: 0,
        quantiles: [
          { quantile: 0, value: 0 },
          { quantile: 1, value: 0 },
        ],
      });
      jest.advanceTimersByTime(60_000);
      expect(summary.get()).toEqual({
        count: 101,
        sum: 0,
        quantiles: [
          { quantile: 0, value: NaN },
          { quantile: 1, value: NaN },
        ],
      });
    });

    it('takes each observation once for them, however many age buckets there are', () => {
      jest.useFakeTimers();
      const summary = new Summary({ name: 'ss', help: '', quantiles: [0.5], ageBuckets: 50, registry: null });
      summary.observe(1);
      summary.observe(1);
      jest.advanceTimersByTime(60_000);
      summary.observe(0);
      summary.observe(0);
      summary.observe(0);
      // Of five, not of hundreds: the third is 0 and the fourth would be 1.
      expect(summary.get()).toEqual({ count: 5, sum: 2, quantiles: [{ quantile: 0.5, value: 0 }] });
    });

    it('keeps them apart for each series', () => {
      const summary = new Summary({ name: 'ss', help: '', labelNames: ['a'], quantiles: [0.5], registry: null });
      summary.observe({ a: 'x' }, 0);
      summary.labels('y');
      expect(summary.get({ a: 'x' }).quantiles).toEqual([{ quantile: 0.5, value: 0 }]);
      expect(summary.get({ a: 'y' }).quantiles).toEqual([{ quantile: 0.5, value: NaN }]);
    });

    it('keeps its list of them when the array that they came from changes, which it neither sorts nor freezes', () => {
      const quantiles = [0.9, 0.5];
      const summary = withQuantiles(quantiles);
      quantiles[0] = 2;
      quantiles.push(3);
      expect(summary.get().quantiles.map(({ quantile }) => quantile)).toEqual([0.5, 0.9]);
      expect(quantiles).toEqual([2, 0.5, 3]);
    });

    it('hands out copies', () => {
      const summary = withQuantiles([0.5]);
      summary.get().quantiles[0]!.quantile = 7;
      summary.get().quantiles.pop();
      expect(summary.get().quantiles).toEqual([{ quantile: 0.5, value: NaN }]);
    });

    it.each<[string, object, string]>([
      [
        'quantiles',
        { quantiles: [0.5, 2] },
        'The quantile list [0.5,2] of metric "ss" has 2 in it, which is no number from 0 to 1: give numbers from 0 to 1, each once, such as [0.5, 0.9, 0.99].',
      ],
      [
        'maxAgeSeconds',
        { quantiles: [0.5], maxAgeSeconds: 0 },
        'The maxAgeSeconds 0 of metric "ss" is not a number of seconds from 0.001: give one such as 600.',
      ],
      [
        'ageBuckets',
        { ageBuckets: 0.5 },
        'The ageBuckets 0.5 of metric "ss" is not an integer from 1: give one such as 5.',
      ],
    ])('refuses unusable %s', (_, options, message) => {
      expect(refusal(() => new Summary({ name: 'ss', help: '', ...options, registry: null }))).toEqual({
        code: 'INVALID_OPTION',
        message,
      });
    });
  });

  it('observes the time of work that fails, whose error passes through', async () => {
    jest.useFakeTimers();
    const summary = new Summary({ name: 'ss', help: '', registry: null });
    const error = new Error('no');
    expect(() =>
      summary.time(() => {
        jest.advanceTimersByTime(1000);
        throw error;
      }),
    ).toThrow(error);
    await expect(summary.labels().time(() => Promise.reject(error))).rejects.toBe(error);
    expect(summary.get()).toEqual({ count: 2, sum: 1, quantiles: [] });
  });

  it('knows since when it has counted', async () => {
    jest.useFakeTimers({ now: 1_000_500 });
    const registry = new Registry();
    new Summary({ name: 'ss', help: 'S', registry });
    jest.advanceTimersByTime(1000);
    expect(await registry.metrics({ created: true })).toBe(
      '# HELP ss S\n# TYPE ss summary\nss_sum 0\nss_count 0\n' +
        '# HELP ss_created S\n# TYPE ss_created gauge\nss_created 1000.5\n',
    );
  });
});
