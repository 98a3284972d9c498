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
});
