import { Counter, Gauge, Histogram, Registry, type MetricFamily } from '../src/index.ts';
import type * as Core from '../src/index.ts';
import { refusal } from './refusal.ts';

function pair(): [Registry, Registry] {
  return [new Registry(), new Registry()];
}

function loadAgain(): typeof Core {
  let copy: typeof Core | undefined;
  jest.isolateModules(() => {
    copy = jest.requireActual<typeof Core>('../src/index.ts');
  });
  return copy as typeof Core;
}

describe('Registry.merge', () => {
  let warnings: jest.SpyInstance;
  beforeEach(() => (warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => {})));
  afterEach(() => jest.restoreAllMocks());

  it('shows what several registries have, in their order', async () => {
    const [a, b] = pair();
    new Gauge({ name: 'y', help: 'Y', registry: a }).set(1);
    new Gauge({ name: 'x', help: 'X', registry: b }).set(2);
    expect(await Registry.merge([a, b]).metrics()).toBe(
      '# HELP y Y\n# TYPE y gauge\ny 1\n# HELP x X\n# TYPE x gauge\nx 2\n',
    );
  });

  it('finds the metrics of its parts, the first of one name, and its own before theirs', () => {
    const [a, b] = pair();
    const merged = Registry.merge([a, b]);
    const first = new Counter({ name: 'c', help: '', registry: a });
    new Counter({ name: 'c', help: '', registry: b });
    const second = new Gauge({ name: 'g', help: '', registry: b });

    expect([merged.get('c_total'), merged.get('g'), merged.get('none')]).toEqual([first, second, undefined]);
    const own = new Gauge({ name: 'g', help: '', registry: merged });
    expect(merged.get('g')).toBe(own);
  });

  it('shows what is registered later, and what they have at the time', async () => {
    const [a, b] = pair();
    const merged = Registry.merge([a, b]);
    expect(await merged.metrics()).toBe('');
    const gauge = new Gauge({ name: 'g', help: '', registry: b });
    gauge.set(7);
    expect(await merged.metrics()).toBe('# HELP g \n# TYPE g gauge\ng 7\n');
  });

  it('puts families of one name together, of equal label sets the first', async () => {
    const [a, b] = pair();
    const [first, second] = [a, b].map(
      (registry, i) => new Counter({ name: 'c', help: `C ${i}`, labelNames: ['x', 'y'], registry }),
    ) as [Counter<['x', 'y']>, Counter<['x', 'y']>];
    first.inc({ x: '1', y: '1' }, 1);
    second.inc({ x: '1', y: '1' }, 2);
    second.inc({ x: '1', y: '2' }, 3);
    expect(await Registry.merge([a, b]).metrics()).toBe(
      '# HELP c_total C 0\n# TYPE c_total counter\nc_total{x="1",y="1"} 1\nc_total{x="1",y="2"} 3\n',
    );
  });

  it('takes labels in another order for the same', async () => {
    const [a, b] = pair();
    new Gauge({ name: 'g', help: '', labelNames: ['x', 'y'], registry: a }).set({ x: '1', y: '2' }, 1);
    new Gauge({ name: 'g', help: '', labelNames: ['y', 'x'], registry: b }).set({ x: '1', y: '2' }, 2);
    expect(await Registry.merge([a, b]).metrics()).toBe('# HELP g \n# TYPE g gauge\ng{x="1",y="2"} 1\n');
  });

  it('puts histograms of different buckets together', async () => {
    const [a, b] = pair();
    new Histogram({ name: 'h', help: '', labelNames: ['x'], buckets: [1], registry: a }).observe({ x: '1' }, 0.5);
    new Histogram({ name: 'h', help: '', labelNames: ['x'], buckets: [2], registry: b }).observe({ x: '2' }, 0.5);
    expect(await Registry.merge([a, b]).metrics()).toBe(
      '# HELP h \n# TYPE h histogram\n' +
        'h_bucket{x="1",le="1.0"} 1\nh_bucket{x="1",le="+Inf"} 1\nh_sum{x="1"} 0.5\nh_count{x="1"} 1\n' +
        'h_bucket{x="2",le="2.0"} 1\nh_bucket{x="2",le="+Inf"} 1\nh_sum{x="2"} 0.5\nh_count{x="2"} 1\n',
    );
  });

  it('keeps the constant labels of each', async () => {
    const registries = ['a', 'b'].map((service) => new Registry({ labels: { service } }));
    for (const registry of registries) new Gauge({ name: 'g', help: '', registry });
    expect(await Registry.merge(registries).metrics()).toBe(
      '# HELP g \n# TYPE g gauge\ng{service="a"} 0\ng{service="b"} 0\n',
    );
  });

  it('leaves the name of a family as it is', async () => {
    const [a] = pair();
    new Counter({ name: 'a_total_total', help: '', registry: a });
    expect(await Registry.merge([a]).metrics()).toBe(
      '# HELP a_total_total \n# TYPE a_total_total counter\na_total_total 0\n',
    );
  });

  it.each<[string, MetricFamily['type'], string]>([
    ['another type', 'unknown', 'g'],
    ['a sample of the same name', 'counter', 'g'],
    ['a name that is exposed alike', 'gauge', 'g.'],
  ])('leaves a family out that has %s, counts that and says it once', async (_, type, name) => {
    const [a, b] = pair();
    new Gauge({ name: type === 'counter' ? 'g_total' : name.replace('.', '_'), help: '', registry: a });
    b.register({ collect: () => [{ name, help: '', type, series: [{ labels: {}, value: 1 }] }] });
    new Gauge({ name: 'ok', help: '', registry: b });
    const merged = Registry.merge([a, b]);
    const shown = (await a.metrics()) + '# HELP ok \n# TYPE ok gauge\nok 0\n';
    const errors =
      '# HELP prometer_collector_errors_total Times that a collector failed and its metrics were left out of a scrape.\n' +
      '# TYPE prometer_collector_errors_total counter\n';
    expect(await merged.metrics()).toBe(`${shown}${errors}prometer_collector_errors_total{collector="Registry"} 1\n`);
    expect(await merged.metrics()).toBe(`${shown}${errors}prometer_collector_errors_total{collector="Registry"} 2\n`);
    expect(warnings).toHaveBeenCalledTimes(1);
    expect(warnings.mock.calls[0]?.[0]).toContain(`The metric "${name}" can't be registered`);
  });

  it('shows the failures in each registry together with its own', async () => {
    const [a, b] = pair();
    for (const [i, registry] of [a, b].entries()) {
      registry.gauge({
        name: `broken${i}`,
        help: '',
        collect() {
          throw new Error('no');
        },
      });
    }
    new Gauge({ name: 'g', help: '', registry: a });
    new Counter({ name: 'g', help: '', registry: b });
    const merged = Registry.merge([a, b]);
    await merged.metrics();
    expect(await merged.metrics()).toBe(
      '# HELP g \n# TYPE g gauge\ng 0\n' +
        '# HELP prometer_collector_errors_total Times that a collector failed and its metrics were left out of a scrape.\n' +
        '# TYPE prometer_collector_errors_total counter\n' +
        'prometer_collector_errors_total{collector="broken0"} 2\n' +
        'prometer_collector_errors_total{collector="broken1"} 2\n' +
        'prometer_collector_errors_total{collector="Registry"} 2\n',
    );
  });

  it('still gathers where a registry has another metric under the name of the failures', async () => {
    const [a, b] = pair();
    new Gauge({ name: 'prometer_collector_errors', help: '', registry: a });
    new Counter({ name: 'prometer_collector_errors', help: '', registry: b });
    expect(await Registry.merge([a, b]).metrics()).toBe(await a.metrics());
  });

  it('loses only the metric that is too slow in one of them', async () => {
    const [a, b] = pair();
    new Gauge({ name: 'slow', help: '', registry: a, collect: () => new Promise<void>(() => {}) });
    new Gauge({ name: 'fast', help: '', registry: a });
    new Gauge({ name: 'other', help: '', registry: b });
    const families = await Registry.merge([a, b]).gather({ timeoutSeconds: 0.01 });
    expect(families.map(({ name }) => name)).toEqual(['fast', 'prometer_collector_errors', 'other']);
    expect(a.getSampleValue('prometer_collector_errors_total', { collector: 'slow' })).toBe(1);
  });

  it('asks in them only for what is asked for', async () => {
    const [a, b] = pair();
    const collect = jest.fn();
    new Gauge({ name: 'x', help: '', registry: a, collect });
    new Gauge({ name: 'y', help: '', registry: b });
    expect(await Registry.merge([a, b]).metrics({ names: ['y'] })).toBe('# HELP y \n# TYPE y gauge\ny 0\n');
    expect(collect).not.toHaveBeenCalled();
  });

  it('merges merged registries, and may be given metrics of its own', async () => {
    const [a, b] = pair();
    new Gauge({ name: 'g', help: '', labelNames: ['x'], registry: a }).set({ x: 'a' }, 1);
    new Gauge({ name: 'g', help: '', labelNames: ['x'], registry: b }).set({ x: 'b' }, 2);
    const merged = Registry.merge([Registry.merge([a]), Registry.merge([b, a])]);
    merged.gauge({ name: 'g', help: 'Mine', labelNames: ['x'] }).set({ x: 'c' }, 3);
    expect(await merged.metrics()).toBe('# HELP g \n# TYPE g gauge\ng{x="a"} 1\ng{x="b"} 2\ng{x="c"} 3\n');
    expect(warnings).not.toHaveBeenCalled();
  });

  it('shows a registry once that is given twice', async () => {
    const [a] = pair();
    new Gauge({ name: 'g', help: '', registry: a });
    expect(await Registry.merge([a, a]).metrics()).toBe('# HELP g \n# TYPE g gauge\ng 0\n');
  });

  it('merges registries of other copies of the package', async () => {
    const other = loadAgain();
    const [a, b] = [new Registry(), new other.Registry()];
    expect(other.Registry).not.toBe(Registry);
    new Gauge({ name: 'g', help: '', labelNames: ['x'], registry: a }).set({ x: 'a' }, 1);
    new other.Gauge({ name: 'g', help: '', labelNames: ['x'], registry: b }).set({ x: 'b' }, 2);
    const text = '# HELP g \n# TYPE g gauge\ng{x="a"} 1\ng{x="b"} 2\n';
    expect(await Registry.merge([a, b as unknown as Registry]).metrics()).toBe(text);
    expect(await other.Registry.merge([a as never, b]).metrics()).toBe(text);
  });

  it('reads single samples, the first of equal ones', () => {
    const [a, b] = pair();
    new Gauge({ name: 'g', help: '', labelNames: ['x'], registry: a }).set({ x: 'a' }, 1);
    const second = new Gauge({ name: 'g', help: '', labelNames: ['x'], registry: b });
    second.set({ x: 'a' }, 2);
    second.set({ x: 'b' }, 3);
    const merged = Registry.merge([a, b]);
    expect(merged.getSampleValue('g', { x: 'a' })).toBe(1);
    expect(merged.getSampleValue('g', { x: 'b' })).toBe(3);
    expect(merged.getSampleValue('g', { x: 'c' })).toBe(undefined);
  });

  it('is empty after clear', async () => {
    const [a] = pair();
    new Gauge({ name: 'g', help: '', registry: a });
    const merged = Registry.merge([a]);
    merged.clear();
    expect(await merged.metrics()).toBe('');
  });

  it.each([undefined, null, 'ab', {}, [undefined], [null], [{}], [5]])('refuses %p', (garbage) => {
    expect(refusal(() => Registry.merge(garbage as never)).code).toBe('INVALID_OPTION');
  });
});
