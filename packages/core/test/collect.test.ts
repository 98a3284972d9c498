import { Counter, Gauge, Histogram, Registry } from '../src/index.ts';

describe('At a scrape', () => {
  let warnings: jest.SpyInstance;
  beforeEach(() => (warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => {})));
  afterEach(() => jest.restoreAllMocks());

  it('an asynchronous collect is waited for', async () => {
    const registry = new Registry();
    new Gauge({
      name: 'gg',
      help: 'A gauge',
      registry,
      async collect() {
        await new Promise((resolve) => setTimeout(resolve, 10));
        this.set(7);
      },
    });
    expect(await registry.metrics()).toBe('# HELP gg A gauge\n# TYPE gg gauge\ngg 7\n');
  });

  it('a thenable that collect returns is waited for', async () => {
    const registry = new Registry();
    const gauge = new Gauge({
      name: 'gg',
      help: 'A gauge',
      registry,
      collect: () =>
        ({
          then(resolve: () => void) {
            gauge.set(7);
            resolve();
          },
        }) as unknown as Promise<void>,
    });
    expect(await registry.metrics()).toBe('# HELP gg A gauge\n# TYPE gg gauge\ngg 7\n');
  });

  it('whatever else collect returns is ignored', async () => {
    const registry = new Registry();
    new Gauge({ name: 'gg', help: 'A gauge', registry, collect: (() => 5) as never });
    new Gauge({ name: 'hh', help: 'A gauge', registry, collect: (() => null) as never });
    expect(await registry.metrics()).toBe(
      '# HELP gg A gauge\n# TYPE gg gauge\ngg 0\n# HELP hh A gauge\n# TYPE hh gauge\nhh 0\n',
    );
  });

  it.each<[string, () => void | Promise<void>]>([
    [
      'throws',
      () => {
        throw new Error('no database');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no database'))],
    [
      'gives a thenable that rejects',
      () =>
        ({ then: (_: unknown, reject: (error: Error) => void) => reject(new Error('no database')) }) as Promise<void>,
    ],
  ])('a collect that %s costs its own metric only, is counted, and is warned of once', async (_, collect) => {
    const registry = new Registry();
    new Gauge({ name: 'before', help: 'B', registry });
    new Gauge({ name: 'broken', help: 'A gauge', registry, collect });
    new Gauge({ name: 'after', help: 'A', registry });

    const rest = '# HELP before B\n# TYPE before gauge\nbefore 0\n# HELP after A\n# TYPE after gauge\nafter 0\n';
    const errors = (count: number): string =>
      '# HELP prometer_collector_errors_total Times that a collector failed and its metrics were left out of a scrape.\n' +
      '# TYPE prometer_collector_errors_total counter\n' +
      `prometer_collector_errors_total{collector="broken"} ${count}\n`;
    expect(await registry.metrics()).toBe(rest + errors(1));
    expect(await registry.metrics()).toBe(rest + errors(2));
    expect(warnings.mock.calls).toEqual([
      [
        'The metrics of "broken" are left out of the scrape: their collect failed: "Error: no database".',
        { type: 'PrometerWarning', code: 'PROMETER_COLLECTOR_FAILED' },
      ],
    ]);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['an object without a prototype', Object.create(null)],
    ['a symbol', Symbol('s')],
    [
      'an object whose text throws',
      {
        toString: () => {
          throw new Error('twice');
        },
      },
    ],
  ])('a collect may throw %s', async (_, thrown) => {
    const registry = new Registry();
    new Gauge({ name: 'ok', help: 'A gauge', registry });
    new Gauge({
      name: 'broken',
      help: 'A gauge',
      registry,
      collect() {
        throw thrown;
      },
    });
    expect(await registry.metrics()).toMatch(/^# HELP ok A gauge\n# TYPE ok gauge\nok 0\n/);
    expect(registry.getSampleValue('prometer_collector_errors_total', { collector: 'broken' })).toBe(1);
    expect(warnings).toHaveBeenCalledTimes(1);
  });

  it('a failing collect costs no more where the name of the errors is taken', async () => {
    const registry = new Registry();
    new Gauge({ name: 'prometer_collector_errors_total', help: 'Mine', registry });
    new Gauge({
      name: 'broken',
      help: 'A gauge',
      registry,
      collect() {
        throw new Error('no');
      },
    });
    expect(await registry.metrics()).toBe(
      '# HELP prometer_collector_errors_total Mine\n' +
        '# TYPE prometer_collector_errors_total gauge\n' +
        'prometer_collector_errors_total 0\n',
    );
    expect(warnings).toHaveBeenCalledTimes(1);
  });

  it('a series that is removed while another collect is awaited is no longer shown', async () => {
    const registry = new Registry();
    const counter = new Counter({ name: 'cc', help: 'A counter', labelNames: ['a'], registry });
    counter.inc({ a: 'x' });
    counter.inc({ a: 'y' });
    let resume = (): void => {};
    new Gauge({ name: 'slow', help: 'S', registry, collect: () => new Promise<void>((resolve) => (resume = resolve)) });

    const scrape = registry.metrics();
    counter.remove('x');
    resume();
    expect(await scrape).toBe(
      '# HELP cc_total A counter\n# TYPE cc_total counter\ncc_total{a="y"} 1\n# HELP slow S\n# TYPE slow gauge\nslow 0\n',
    );
  });

  it('a histogram is read in one step, however long another collect takes', async () => {
    const registry = new Registry();
    const histogram = new Histogram({ name: 'hh', help: 'H', buckets: [1], registry });
    let resume = (): void => {};
    new Gauge({ name: 'slow', help: 'S', registry, collect: () => new Promise<void>((resolve) => (resume = resolve)) });

    const scrape = registry.metrics();
    histogram.observe(0.5);
    resume();
    expect(await scrape).toMatch(/hh_bucket\{le="1\.0"\} 1\nhh_bucket\{le="\+Inf"\} 1\nhh_sum 0\.5\nhh_count 1\n/);
  });

  it('a collect may clear the registry and make metrics', async () => {
    const registry = new Registry();
    new Gauge({
      name: 'gg',
      help: 'A gauge',
      registry,
      collect() {
        registry.clear();
        registry.counter({ name: 'made', help: 'Later' }).inc();
      },
    });
    expect(await registry.metrics()).toBe('# HELP gg A gauge\n# TYPE gg gauge\ngg 0\n');
    expect(await registry.metrics()).toBe('# HELP made_total Later\n# TYPE made_total counter\nmade_total 1\n');
  });

  it('a collect may read its own metric without being called again', async () => {
    const registry = new Registry();
    let calls = 0;
    new Gauge({
      name: 'gg',
      help: 'A gauge',
      registry,
      collect() {
        calls++;
        this.set((registry.getSampleValue('gg') ?? NaN) + 1);
      },
    });
    expect(await registry.metrics()).toBe('# HELP gg A gauge\n# TYPE gg gauge\ngg 1\n');
    expect(calls).toBe(1);
  });

  it('a collect that scrapes its own registry is not called again for that', async () => {
    const registry = new Registry();
    let inner: Promise<string> | undefined;
    new Gauge({
      name: 'gg',
      help: 'A gauge',
      registry,
      collect() {
        inner = registry.metrics();
      },
    });
    expect(await registry.metrics()).toBe('# HELP gg A gauge\n# TYPE gg gauge\ngg 0\n');
    expect(await inner).toBe('# HELP gg A gauge\n# TYPE gg gauge\ngg 0\n');
  });

  it('a collect that failed is called again the next time', async () => {
    const registry = new Registry();
    let failing = true;
    new Gauge({
      name: 'gg',
      help: 'A gauge',
      registry,
      collect() {
        if (failing) throw new Error('no');
        this.set(3);
      },
    });
    await registry.metrics();
    failing = false;
    await registry.metrics();
    expect(registry.getSampleValue('gg')).toBe(3);
  });

  it('each of two at once runs collect', async () => {
    const registry = new Registry();
    let calls = 0;
    new Gauge({
      name: 'gg',
      help: 'A gauge',
      registry,
      async collect() {
        this.set(++calls);
        await Promise.resolve();
      },
    });
    await Promise.all([registry.metrics(), registry.metrics()]);
    expect(calls).toBe(2);
  });
});
