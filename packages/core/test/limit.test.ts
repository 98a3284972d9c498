import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Counter, Gauge, Histogram, Registry } from '../src/index.ts';
import { mostDistinct } from '../src/limit.ts';
import type { SeriesView } from '../src/model.ts';
import { labelTextOf } from './label-text-of.ts';

function textOf(series: Iterable<SeriesView>): string[] {
  return Array.from(series, labelTextOf);
}

describe('mostDistinct', () => {
  const view = (...labelValues: string[]) => ({ labelNames: ['a', 'b'], labelValues });

  it('is the label that has the most different values', () => {
    expect(mostDistinct([view('x', '1'), view('x', '2'), view('y', '3')], ['a', 'b'])).toEqual(['b', 3]);
  });

  it('is the first one of those that have as many', () => {
    expect(mostDistinct([view('x', '1'), view('y', '2')], ['a', 'b'])).toEqual(['a', 2]);
  });
});

describe('Past its limit', () => {
  let warnings: jest.SpyInstance;
  beforeEach(() => (warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => {})));
  afterEach(() => jest.restoreAllMocks());

  function limited(maxSeries: number, registry: Registry | null = null): Counter<readonly ['a', 'b']> {
    return new Counter({ name: 'cc', help: 'A counter', labelNames: ['a', 'b'], maxSeries, registry });
  }

  it('a metric counts every new label set in one series, and the known ones on their own', async () => {
    const registry = new Registry();
    const counter = limited(2, registry);
    counter.inc({ a: 'x', b: '1' });
    counter.inc({ a: 'x', b: '2' });
    counter.inc({ a: 'x', b: '3' }, 10);
    counter.labels('y', '4').inc(20);
    counter.inc({ a: 'x', b: '2' }, 5);

    expect(await registry.metrics()).toBe(
      '# HELP cc_total A counter\n' +
        '# TYPE cc_total counter\n' +
        'cc_total{a="x",b="1"} 1\n' +
        'cc_total{a="x",b="2"} 6\n' +
        'cc_total{a="_overflow",b="_overflow"} 30\n' +
        '# HELP prometer_series_overflow_total Calls with new labels, past the limit of series, that ended in the overflow series.\n' +
        '# TYPE prometer_series_overflow_total counter\n' +
        'prometer_series_overflow_total{metric="cc"} 2\n',
    );
  });

  it('a metric warns once, of itself and of the label that has the most values', () => {
    const counter = limited(3);
    for (const [a, b] of ['x1', 'x2', 'y3', 'z4', 'z5'] as unknown as [string, string][]) counter.inc({ a, b });

    expect(warnings.mock.calls).toEqual([
      [
        'Metric "cc" has reached its limit of 3 series: what has new labels is counted together from now on, under _overflow. Most of all, label "b" has 3 values: let it have fewer, or raise maxSeries.',
        { type: 'PrometerWarning', code: 'PROMETER_SERIES_OVERFLOW' },
      ],
    ]);
  });

  it('a metric says nothing while it is only at its limit', async () => {
    const registry = new Registry();
    const counter = limited(2, registry);
    counter.inc({ a: 'x', b: '1' });
    counter.inc({ a: 'x', b: '2' });
    counter.inc({ a: 'x', b: '2' });

    expect(warnings).not.toHaveBeenCalled();
    expect(await registry.metrics()).not.toContain('prometer_');
  });

  it('the limit is 10,000 unless it is told', () => {
    const counter = new Counter({ name: 'cc', help: '', labelNames: ['a'], registry: null });
    for (let i = 0; i < 10_002; i++) counter.inc({ a: i });
    expect([...counter.series]).toHaveLength(10_001);
    expect(counter.get({ a: '_overflow' })).toBe(2);
  });

  it('there is no limit where it is Infinity', () => {
    const counter = new Counter({ name: 'cc', help: '', labelNames: ['a'], maxSeries: Infinity, registry: null });
    for (let i = 0; i < 10_002; i++) counter.inc({ a: i });
    expect([...counter.series]).toHaveLength(10_002);
    expect(warnings).not.toHaveBeenCalled();
  });

  it.each<[string, (registry: Registry) => void]>([
    ['gauge', (registry) => registry.gauge({ name: 'mm', help: '', labelNames: ['a'] }).set({ a: 'new' }, 1)],
    [
      'histogram',
      (registry) => registry.histogram({ name: 'mm', help: '', labelNames: ['a'] }).observe({ a: 'new' }, 1),
    ],
    ['summary', (registry) => registry.summary({ name: 'mm', help: '', labelNames: ['a'] }).startTimer({ a: 'new' })()],
    [
      'info',
      (registry) =>
        registry
          .info({ name: 'mm', help: '', labelNames: ['a'] })
          .labels('new')
          .set({ v: 1 }),
    ],
    [
      'stateSet',
      (registry) =>
        registry
          .stateSet({ name: 'mm', help: '', labelNames: ['a'], states: ['s'] })
          .labels('new')
          .set('s'),
    ],
  ])('a %s counts each call once', (kind, use) => {
    const registry = new Registry();
    const definition = {
      name: 'mm',
      help: '',
      labelNames: ['a'],
      maxSeries: 1,
      ...(kind === 'stateSet' && { states: ['s'] }),
    };
    const metric = registry[kind as 'gauge'](definition);
    metric.labels('known');
    use(registry);
    use(registry);
    expect(registry.getSampleValue('prometer_series_overflow_total', { metric: 'mm' })).toBe(2);
    expect(labelTextOf(metric.labels('_overflow'))).toMatch(/^a="_overflow"/);
  });

  it.each<[string, (counter: Counter<readonly ['a', 'b']>) => unknown]>([
    ['get', (counter) => counter.get({ a: 'x', b: 'new' })],
    ['remove', (counter) => counter.remove('x', 'new')],
    ['removeMatching', (counter) => counter.removeMatching({ b: 'new' })],
    ['a refused increment', (counter) => expect(() => counter.inc({ a: 'x', b: 'new' }, -1)).toThrow('-1')],
    ['a refused label', (counter) => expect(() => counter.labels('x', {} as never)).toThrow('{}')],
  ])('%s is no call that ends in the overflow series', (_, call) => {
    const registry = new Registry();
    const counter = limited(1, registry);
    counter.inc({ a: 'x', b: '1' });
    call(counter);
    expect(textOf(counter.series)).toEqual(['a="x",b="1"']);
    expect(registry.get('prometer_series_overflow')).toBe(undefined);
  });

  it('reading labels that have no series of their own gives zero, not what overflowed', () => {
    const counter = limited(1);
    counter.inc({ a: 'x', b: '1' });
    counter.inc({ a: 'x', b: '2' });
    expect(counter.get({ a: 'x', b: '2' })).toBe(0);
    expect(counter.get({ a: '_overflow', b: '_overflow' })).toBe(1);
  });

  it('a metric that is in no registry warns all the same', () => {
    const counter = limited(1, null);
    counter.inc({ a: 'x', b: '1' });
    counter.inc({ a: 'x', b: '2' });
    counter.inc({ a: 'x', b: '3' });
    expect(counter.get({ a: '_overflow', b: '_overflow' })).toBe(2);
    expect(warnings).toHaveBeenCalledTimes(1);
  });

  it('a metric that is in two registries counts in both', () => {
    const [first, second] = [new Registry(), new Registry()];
    const counter = second.register(limited(1, first));
    first.register(counter);
    counter.inc({ a: 'x', b: '1' });
    counter.inc({ a: 'x', b: '2' });
    for (const registry of [first, second])
      expect(registry.getSampleValue('prometer_series_overflow_total', { metric: 'cc' })).toBe(1);
  });

  it.each<[string, (registry: Registry) => unknown]>([
    ['by its name', (registry) => registry.unregister('cc')],
    ['with all others', (registry) => registry.clear()],
  ])('a metric that was taken out of a registry %s counts there no more', (_, takeOut) => {
    const [left, stays] = [new Registry(), new Registry()];
    const counter = stays.register(limited(1, left));
    takeOut(left);
    counter.inc({ a: 'x', b: '1' });
    counter.inc({ a: 'x', b: '2' });
    expect(left.get('prometer_series_overflow')).toBe(undefined);
    expect(stays.getSampleValue('prometer_series_overflow_total', { metric: 'cc' })).toBe(1);
  });

  it('a metric goes on where the name of the count is taken', () => {
    const registry = new Registry();
    new Gauge({ name: 'prometer_series_overflow_total', help: '', registry });
    const counter = limited(1, registry);
    counter.inc({ a: 'x', b: '1' });
    counter.inc({ a: 'x', b: '2' });
    expect(counter.get({ a: '_overflow', b: '_overflow' })).toBe(1);
  });

  it('there is room again for as many as were removed', () => {
    const counter = limited(2);
    for (const b of ['1', '2', '3']) counter.inc({ a: 'x', b });
    counter.remove('x', '1');
    counter.inc({ a: 'x', b: '4' });
    counter.inc({ a: 'x', b: '5' });
    expect(textOf(counter.series)).toEqual(['a="x",b="2"', 'a="_overflow",b="_overflow"', 'a="x",b="4"']);
    expect(counter.get({ a: '_overflow', b: '_overflow' })).toBe(2);
  });

  it('the overflow series comes on top of it also where the program has made that series itself', () => {
    const counter = limited(2);
    counter.labels('_overflow', '_overflow');
    for (const b of ['1', '2', '3', '4']) counter.inc({ a: 'x', b });

    expect(textOf(counter.series)).toEqual(['a="_overflow",b="_overflow"', 'a="x",b="1"', 'a="x",b="2"']);
    expect(counter.get({ a: '_overflow', b: '_overflow' })).toBe(2);
  });

  it('the overflow series can be removed, and comes again from zero', () => {
    const counter = limited(1);
    counter.inc({ a: 'x', b: '1' });
    counter.inc({ a: 'x', b: '2' }, 7);
    expect(counter.remove('_overflow', '_overflow')).toBe(true);
    counter.inc({ a: 'x', b: '3' });
    expect(counter.get({ a: '_overflow', b: '_overflow' })).toBe(1);
  });

  it('a metric that is cleared begins anew', () => {
    const counter = limited(1);
    counter.inc({ a: 'x', b: '1' });
    counter.inc({ a: 'x', b: '2' });
    counter.clear();
    counter.inc({ a: 'x', b: '3' });
    expect(textOf(counter.series)).toEqual(['a="x",b="3"']);
  });

  it('a metric without labels has its one series whatever the limit is', () => {
    const gauge = new Gauge({ name: 'gg', help: '', maxSeries: 1, registry: null });
    gauge.set(5);
    gauge.clear();
    gauge.set(6);
    expect(gauge.get()).toBe(6);
    expect(warnings).not.toHaveBeenCalled();
  });

  it('a million hostile label values leave the memory bounded, and none uncounted', () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const counter = new Counter({
      name: 'cc',
      help: '',
      labelNames: ['path', 'agent'],
      maxSeries: 1000,
      registry: null,
    });
    const heap = (): number => {
      collectGarbage();
      return process.memoryUsage().heapUsed / 2 ** 20;
    };
    const before = heap();
    // Some 100 bytes each: kept, they would take more than 100 MB.
    for (let i = 0; i < 1_000_000; i++) counter.inc({ path: `/${i}${'x'.repeat(90)}`, agent: i % 7 });

    expect(heap() - before).toBeLessThan(20);
    expect([...counter.series]).toHaveLength(1001);
    expect(counter.get({ path: '_overflow', agent: '_overflow' })).toBe(999_000);
  });

  it('each hostile call is counted by the registry', () => {
    const registry = new Registry();
    const counter = limited(10, registry);
    for (let i = 0; i < 1010; i++) counter.inc({ a: `\n"\\${i}`, b: i });
    expect(registry.getSampleValue('prometer_series_overflow_total', { metric: 'cc' })).toBe(1000);
  });

  it('counts the overflows of more metrics than another metric may have series', () => {
    const registry = new Registry();
    for (let i = 0; i < 10_002; i++) {
      const counter = new Counter({ name: `c${i}`, help: '', labelNames: ['a'], maxSeries: 1, registry });
      counter.inc({ a: 'x' });
      counter.inc({ a: 'y' });
    }
    expect(registry.getSampleValue('prometer_series_overflow_total', { metric: 'c10001' })).toBe(1);
    expect(registry.getSampleValue('prometer_series_overflow_total', { metric: '_overflow' })).toBe(undefined);
  });

  it('a labelled work or timer ends in the overflow series once', () => {
    const registry = new Registry();
    const histogram = new Histogram({ name: 'hh', help: '', labelNames: ['a'], maxSeries: 1, registry });
    histogram.labels('x');
    histogram.time(() => 1, { a: 'y' });
    histogram.startTimer({ a: 'z' })();
    expect(histogram.get({ a: '_overflow' }).count).toBe(2);
    expect(registry.getSampleValue('prometer_series_overflow_total', { metric: 'hh' })).toBe(2);
  });
});
