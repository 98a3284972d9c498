import { Histogram, MetricError, Registry } from '../src/index.ts';
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
});
