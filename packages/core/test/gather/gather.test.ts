import {
  Counter,
  Gauge,
  Histogram,
  Info,
  Registry,
  StateSet,
  Summary,
  type GatherOptions,
  type MetricFamily,
} from '../../src/index.ts';
import { MetricError } from '../../src/index.ts';

function gauge(name: string, value: number): MetricFamily {
  return { name, help: '', type: 'gauge', series: [{ labels: {}, value }] };
}

async function namesOf(registry: Registry, options?: GatherOptions): Promise<string[]> {
  return (await registry.gather(options)).map(({ name }) => name);
}

/** A promise, and what settles it. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe('A gather', () => {
  let warnings: jest.SpyInstance;
  beforeEach(() => (warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => {})));
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  describe('gives plain data', () => {
    it('of every kind of metric', async () => {
      jest.spyOn(Date, 'now').mockReturnValue(1500);
      const registry = new Registry();
      new Counter({ name: 'c', help: 'C', unit: 'bytes', registry }).inc(1, { trace_id: 'abc' });
      new Gauge({ name: 'g', help: 'G', labelNames: ['a'], registry }).set({ a: 'x' }, 2);
      new Histogram({ name: 'h', help: 'H', buckets: [1], registry }).observe(0.5, { t: '1' });
      new Summary({ name: 's', help: 'S', quantiles: [0.5], registry });
      new Info({ name: 'i', help: 'I', registry }).set({ v: '1' });
      new StateSet({ name: 'e', help: 'E', states: ['on', 'off'], registry }).set('on');
      expect(await registry.gather()).toEqual([
        {
          name: 'c_bytes',
          help: 'C',
          type: 'counter',
          unit: 'bytes',
          series: [
            { labels: {}, created: 1.5, value: 1, exemplar: { labels: { trace_id: 'abc' }, value: 1, timestamp: 1.5 } },
          ],
        },
        { name: 'g', help: 'G', type: 'gauge', series: [{ labels: { a: 'x' }, value: 2 }] },
        {
          name: 'h',
          help: 'H',
          type: 'histogram',
          series: [
            {
              labels: {},
              created: 1.5,
              count: 1,
              sum: 0.5,
              buckets: [
                { upperBound: 1, count: 1, exemplar: { labels: { t: '1' }, value: 0.5, timestamp: 1.5 } },
                { upperBound: Infinity, count: 1 },
              ],
            },
          ],
        },
        {
          name: 's',
          help: 'S',
          type: 'summary',
          series: [{ labels: {}, created: 1.5, count: 0, sum: 0, quantiles: [{ quantile: 0.5, value: NaN }] }],
        },
        { name: 'i', help: 'I', type: 'info', series: [{ labels: { v: '1' }, value: 1 }] },
        { name: 'e', help: 'E', type: 'stateset', series: [{ labels: {}, states: { on: true, off: false } }] },
      ]);
    });

    it('that later updates leave as it is', async () => {
      const registry = new Registry();
      const counter = new Counter({ name: 'c', help: '', labelNames: ['a'], registry });
      counter.inc({ a: 'x' });
      const histogram = new Histogram({ name: 'h', help: '', native: true, registry });
      histogram.observe(1, { t: '1' });
      const states = new StateSet({ name: 'e', help: '', states: ['on'], registry });
      const families = await registry.gather();
      const before = structuredClone(families);
      counter.inc({ a: 'x' });
      counter.inc({ a: 'y' });
      histogram.observe(2, { t: '2' });
      states.set('on');
      expect(families).toEqual(before);
    });

    it('that the caller may change', async () => {
      const registry = new Registry();
      new Counter({ name: 'c', help: '', labelNames: ['a'], registry }).inc({ a: 'x' }, 1, { t: '1' });
      new Histogram({ name: 'h', help: '', native: true, buckets: [1], registry }).observe(1, { t: '1' });
      new Summary({ name: 's', help: '', quantiles: [0.5], registry });
      new StateSet({ name: 'e', help: '', states: ['on'], registry });
      const before = structuredClone(await registry.gather());
      destroy(await registry.gather());
      expect(await registry.gather()).toEqual(before);
    });

    it('that does not touch what a custom collector gave', async () => {
      const registry = new Registry();
      const native = {
        schema: 0,
        zeroThreshold: 0,
        zeroCount: 0,
        positiveSpans: [{ offset: 0, length: 1 }],
        positiveDeltas: [1],
        negativeSpans: [],
        negativeDeltas: [],
        exemplars: [{ labels: { t: '1' }, value: 1, timestamp: 2 }],
      };
      const families: MetricFamily[] = [
        { name: 'h', help: '', type: 'histogram', series: [{ labels: {}, count: 1, sum: 1, buckets: [], native }] },
        { name: 'e', help: '', type: 'stateset', series: [{ labels: {}, states: { on: true } }] },
      ];
      const before = structuredClone(families);
      registry.register({ collect: () => families });
      destroy(await registry.gather());
      expect(families).toEqual(before);
    });

    it('that a registry takes back and gives again', async () => {
      const registry = new Registry();
      new Counter({ name: 'c', help: 'C', unit: 'bytes', registry }).inc(1, { trace_id: 'abc' });
      new Histogram({ name: 'h', help: 'H', native: true, registry }).observe(0.5, { t: '1' });
      new Summary({ name: 's', help: 'S', quantiles: [0.5], registry });
      new Info({ name: 'i', help: 'I', registry }).set({ v: '1' });
      new StateSet({ name: 'e', help: 'E', states: ['__proto__', 'off'], registry });
      const copy = new Registry();
      copy.register({ collect: () => registry.gather() });
      expect(await copy.gather()).toEqual(await registry.gather());
      expect(await copy.metrics({ created: true })).toBe(await registry.metrics({ created: true }));
      expect(warnings).not.toHaveBeenCalled();
    });
  });

  describe('with a time limit', () => {
    it('leaves out what is too slow, counts it and says it once', async () => {
      const registry = new Registry();
      new Gauge({ name: 'slow', help: '', registry, collect: () => new Promise<void>(() => {}) });
      new Gauge({ name: 'fast', help: '', registry, collect: async () => {} });
      registry.register({ collect: () => new Promise<never>(() => {}) });
      expect(await namesOf(registry, { timeoutSeconds: 0.01 })).toEqual(['fast', 'prometer_collector_errors']);
      await registry.gather({ timeoutSeconds: 0.01 });
      expect(registry.getSampleValue('prometer_collector_errors_total', { collector: 'slow' })).toBe(2);
      expect(registry.getSampleValue('prometer_collector_errors_total', { collector: 'collector' })).toBe(2);
      expect(warnings.mock.calls).toEqual(
        ['slow', 'collector'].map((name) => [
          `The metrics of "${name}" are left out of the scrape: their collect failed: it took longer than the 0.01 s that a scrape has; make it faster, read its numbers beforehand by a timer, or give scrapes more time.`,
          { type: 'PrometerWarning', code: 'PROMETER_COLLECTOR_FAILED' },
        ]),
      );
    });

    it('survives that what was too slow fails later', async () => {
      const registry = new Registry();
      let fail = (_: Error): void => {};
      registry.register({ collect: () => new Promise<never>((_, reject) => (fail = reject)) });
      await registry.gather({ timeoutSeconds: 0.001 });
      fail(new Error('late'));
      // An unhandled rejection would fail the test here.
      await new Promise((resolve) => setImmediate(resolve));
      expect(registry.getSampleValue('prometer_collector_errors_total', { collector: 'collector' })).toBe(1);
    });

    it('asks what was too slow again the next time', async () => {
      const registry = new Registry();
      const { opened, open } = gate();
      new Gauge({ name: 'g', help: '', registry, collect: () => opened });
      await registry.gather({ timeoutSeconds: 0.001 });
      open();
      expect(await namesOf(registry, { timeoutSeconds: 5 })).toEqual(['g', 'prometer_collector_errors']);
      expect(registry.getSampleValue('prometer_collector_errors_total', { collector: 'g' })).toBe(1);
    });

    it('leaves no timer behind', async () => {
      jest.useFakeTimers();
      const registry = new Registry();
      new Gauge({ name: 'g', help: '', registry });
      await registry.gather({ timeoutSeconds: 1000 });
      expect(jest.getTimerCount()).toBe(0);
    });

    it('leaves no timer behind once all that was waited for has come', async () => {
      jest.useFakeTimers();
      const registry = new Registry();
      new Gauge({ name: 'g', help: '', registry, collect: async () => {} });
      await registry.gather({ timeoutSeconds: 1000 });
      expect(jest.getTimerCount()).toBe(0);
    });

    it.each([10, 1e7, Number.MAX_VALUE, Infinity, undefined])(
      'of %p s waits for what comes',
      async (timeoutSeconds) => {
        const registry = new Registry();
        new Gauge({
          name: 'g',
          help: '',
          registry,
          collect: () => new Promise((resolve) => setTimeout(resolve, 20)),
        });
        expect(await namesOf(registry, { timeoutSeconds })).toEqual(['g']);
      },
    );

    it.each([NaN, -1, '5', null, {}])('of %p s is refused', async (timeoutSeconds) => {
      const registry = new Registry();
      await expect(registry.gather({ timeoutSeconds: timeoutSeconds as never })).rejects.toMatchObject({
        code: 'INVALID_OPTION',
      });
      await expect(registry.metrics({ timeoutSeconds: timeoutSeconds as never })).rejects.toThrow(MetricError);
    });
  });

  it.each<[GatherOptions, string]>([
    [
      { timeoutSeconds: -1 },
      'The option "timeoutSeconds" of a gather is -1: give a number of seconds, or leave it out for no limit.',
    ],
    [
      { names: ['a', 5 as never] },
      'The option "names" of a gather is ["a",5]: give an array of texts, or leave it out for all.',
    ],
  ])('says what is wrong with %j', async (options, message) => {
    await expect(new Registry().gather(options)).rejects.toThrow(message);
  });

  describe('for names', () => {
    const registry = new Registry();
    new Counter({ name: 'c', help: '', registry });
    new Histogram({ name: 'h', help: '', registry });
    new Summary({ name: 's', help: '', registry });
    new Info({ name: 'i', help: '', registry });
    new StateSet({ name: 'e', help: '', states: ['on'], registry });
    new Gauge({ name: 'http.active', help: '', registry });
    registry.register({
      collect: () => [gauge('custom', 1), { name: 'gh', help: '', type: 'gaugehistogram', series: [] }],
    });

    it.each<[string[], string[]]>([
      [['c'], ['c']],
      [['c_total'], ['c']],
      [['c_created'], ['c']],
      [['h_bucket'], ['h']],
      [['h_sum', 'h_count'], ['h']],
      [['s_sum'], ['s']],
      [['s_bucket'], []],
      [['i'], ['i']],
      [['i_info'], ['i']],
      [['e'], ['e']],
      [['http.active'], ['http.active']],
      [['http_active'], ['http.active']],
      [['U__http_2e_active'], ['http.active']],
      [['http_dot_active'], ['http.active']],
      [['custom'], ['custom']],
      [['gh_gcount'], ['gh']],
      [['gh_count'], ['gh']],
      [
        ['custom', 'c_total', 'c', 'nope'],
        ['c', 'custom'],
      ],
      [['nope'], []],
      [['C'], []],
      [['c_'], []],
      [[''], []],
      [[], []],
      [['__proto__', 'constructor'], []],
    ])('%j gives %j', async (names, families) => {
      expect(await namesOf(registry, { names })).toEqual(families);
    });

    it('shows a family whole', async () => {
      const own = new Registry();
      new Summary({ name: 's', help: '', registry: own }).observe(1);
      expect(await own.metrics({ names: ['s_sum'] })).toBe('# HELP s \n# TYPE s summary\ns_sum 1\ns_count 1\n');
      expect(Buffer.from((await own.expose('', { names: ['nope'] })).body).toString()).toBe('');
    });

    it('runs only the collects of those', async () => {
      const own = new Registry();
      const collect = jest.fn();
      new Gauge({ name: 'other', help: '', registry: own, collect });
      new Gauge({ name: 'g', help: '', registry: own });
      await own.metrics({ names: ['g'] });
      expect(collect).not.toHaveBeenCalled();
    });

    it('shows what a collector has of those that it describes', async () => {
      const own = new Registry();
      own.register({
        describe: () => [
          { name: 'a', type: 'gauge' },
          { name: 'b', type: 'gauge' },
        ],
        collect: () => [gauge('a', 1), gauge('b', 2)],
      });
      expect(await own.metrics({ names: ['b'] })).toBe('# HELP b \n# TYPE b gauge\nb 2\n');
    });

    it('shows failures only when they are asked for', async () => {
      const own = new Registry();
      new Gauge({
        name: 'broken',
        help: '',
        registry: own,
        collect() {
          throw new Error('no');
        },
      });
      expect(await namesOf(own, { names: ['broken'] })).toEqual([]);
      expect(await namesOf(own, { names: ['broken', 'prometer_collector_errors_total'] })).toEqual([
        'prometer_collector_errors',
      ]);
    });

    it.each(['c', '', null, 5, [5], [undefined], { 0: 'c' }])('that are %j is refused', async (names) => {
      await expect(registry.gather({ names: names as never })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    });
  });

  describe('that runs', () => {
    it('does not disturb another one', async () => {
      const registry = new Registry();
      const [first, second] = [gate(), gate()];
      const gates = [first, second];
      let calls = 0;
      registry.register({
        collect: async () => {
          const call = calls++;
          await gates[call]?.opened;
          return [gauge('g', call)];
        },
      });
      new Gauge({ name: 'other', help: '', registry });
      const [one, two, three] = [
        registry.metrics(),
        registry.metrics({ names: ['g'] }),
        registry.metrics({ names: [] }),
      ];
      second.open();
      expect(await two).toBe('# HELP g \n# TYPE g gauge\ng 1\n');
      expect(await three).toBe('');
      first.open();
      expect(await one).toBe('# HELP g \n# TYPE g gauge\ng 0\n# HELP other \n# TYPE other gauge\nother 0\n');
      expect(warnings).not.toHaveBeenCalled();
    });

    it('shows a metric only the next time that is registered meanwhile', async () => {
      const registry = new Registry();
      const { opened, open } = gate();
      new Gauge({ name: 'slow', help: '', registry, collect: () => opened });
      const running = namesOf(registry);
      new Gauge({ name: 'late', help: '', registry });
      registry.register({ collect: () => [gauge('custom', 1)] });
      open();
      expect(await running).toEqual(['slow']);
      expect(await namesOf(registry)).toEqual(['slow', 'late', 'custom']);
    });

    it('shows a metric still that is taken out meanwhile', async () => {
      const registry = new Registry();
      const { opened, open } = gate();
      new Gauge({ name: 'slow', help: '', registry, collect: () => opened });
      new Gauge({ name: 'gone', help: '', registry });
      const running = namesOf(registry);
      registry.unregister('gone');
      open();
      expect(await running).toEqual(['slow', 'gone']);
      expect(await namesOf(registry)).toEqual(['slow']);
    });

    it('counts no failure when a metric is replaced meanwhile', async () => {
      const registry = new Registry();
      const { opened, open } = gate();
      new Gauge({ name: 'slow', help: '', registry, collect: () => opened });
      new Gauge({ name: 'g', help: '', registry }).set(1);
      const running = registry.metrics({ names: ['slow', 'g'] });
      registry.unregister('g');
      new Gauge({ name: 'g', help: '', registry }).set(2);
      open();
      expect(await running).toBe('# HELP slow \n# TYPE slow gauge\nslow 0\n# HELP g \n# TYPE g gauge\ng 1\n');
      expect(await namesOf(registry)).toEqual(['slow', 'g']);
      expect(warnings).not.toHaveBeenCalled();
    });
  });

  it.each<[string, () => unknown]>([
    ['gives its families at once', () => []],
    ['is waited for', async () => []],
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
  ])('runs a collector that %s, however often it did so before', async (_, give) => {
    const registry = new Registry();
    const collect = jest.fn(give);
    registry.register({ collect } as never);
    for (let i = 0; i < 120; i++) await registry.gather();
    expect(collect).toHaveBeenCalledTimes(120);
  });

  it('shows a metric as it is, without running its collect, while that is under way a hundred times', async () => {
    const registry = new Registry();
    const { opened, open } = gate();
    const collect = jest.fn(() => opened);
    new Gauge({ name: 'g', help: '', registry, collect });
    const waiting = Array.from({ length: 100 }, () => registry.metrics());

    expect(await registry.metrics()).toBe('# HELP g \n# TYPE g gauge\ng 0\n');
    expect(collect).toHaveBeenCalledTimes(100);
    open();
    await Promise.all(waiting);
    expect(warnings).not.toHaveBeenCalled();
  });

  it('shows what a collector gives though it has described nothing', async () => {
    const own = new Registry();
    own.register({ describe: () => [], collect: () => [gauge('a', 1)] });
    expect(await own.metrics()).toBe('# HELP a \n# TYPE a gauge\na 1\n');
  });

  it('checks a collector that gives itself like every family', async () => {
    const registry = new Registry();
    const collector = {
      ...gauge('g', 1),
      collect(): MetricFamily[] {
        return [this as unknown as MetricFamily];
      },
    };
    registry.register(collector);
    expect(await namesOf(registry)).toEqual(['g']);

    collector.series = [{ labels: {}, value: '1' as never }];
    expect(await namesOf(registry)).toEqual(['prometer_collector_errors']);
  });

  it('comes to its end though an asynchronous collect gathers its own registry', async () => {
    const registry = new Registry();
    const gauge = registry.gauge({
      name: 'length',
      help: '',
      async collect() {
        await Promise.resolve();
        this.set((await registry.metrics()).length);
      },
    });
    await registry.metrics();

    expect(gauge.get()).toBeGreaterThan(30);
  });

  it('comes to its end though a custom collector gathers its own registry, which is counted', async () => {
    const warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const registry = new Registry();
    let calls = 0;
    registry.register({
      async collect() {
        calls++;
        await registry.metrics();
        return [];
      },
    });
    await registry.metrics();
    const said = warnings.mock.calls.map(([message]) => message);
    warnings.mockRestore();

    expect(calls).toBe(100);
    expect(said).toEqual([
      'The metrics of "collector" are left out of the scrape: their collect failed: it is under way 100 times already: let it not gather its own registry, and end at some time.',
    ]);
  });
});

/** Sets every number to -5, every text to `x`, every truth to false, and empties every array, however deep it lies. */
function destroy(given: unknown): void {
  if (typeof given !== 'object' || given === null) return;
  const object = given as Record<string, unknown>;
  for (const [key, value] of Object.entries(object)) {
    destroy(value);
    if (typeof value === 'object') continue;
    object[key] = typeof value === 'number' ? -5 : typeof value === 'boolean' ? !value : 'x';
  }
  if (Array.isArray(given)) given.length = 0;
}
