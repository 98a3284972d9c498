import {
  Counter,
  defaultRegistry,
  Gauge,
  Histogram,
  Info,
  Registry,
  StateSet,
  Summary,
  type FamilyDescription,
} from '../src/index.ts';
import { refusal } from './refusal.ts';

describe('A registry', () => {
  it('exposes nothing while it is empty', async () => {
    expect(await new Registry().metrics()).toBe('');
  });

  it('exposes its metrics in the order of their registration', async () => {
    const registry = new Registry();
    new Gauge({ name: 'b', help: 'B', registry });
    new Gauge({ name: 'a', help: 'A', registry });
    expect(await registry.metrics()).toBe('# HELP b B\n# TYPE b gauge\nb 0\n# HELP a A\n# TYPE a gauge\na 0\n');
  });

  it('is the default one unless another or none is given', () => {
    const counter = new Counter({ name: 'cc', help: 'A counter' });
    new Counter({ name: 'elsewhere', help: 'A counter', registry: new Registry() });
    new Counter({ name: 'nowhere', help: 'A counter', registry: null });

    expect(defaultRegistry.get('cc')).toBe(counter);
    expect(defaultRegistry.get('elsewhere')).toBe(undefined);
    expect(defaultRegistry.get('nowhere')).toBe(undefined);
    defaultRegistry.clear();
  });

  it('is given a metric that is in none, and gives it back', async () => {
    const registry = new Registry();
    const gauge = new Gauge({ name: 'gg', help: 'A gauge', registry: null });
    expect(registry.register(gauge)).toBe(gauge);
    expect(await registry.metrics()).toBe('# HELP gg A gauge\n# TYPE gg gauge\ngg 0\n');
  });

  it('shows a metric once that is registered twice', async () => {
    const registry = new Registry();
    const gauge = new Gauge({ name: 'gg', help: 'A gauge', registry });
    registry.register(gauge);
    expect(await registry.metrics()).toBe('# HELP gg A gauge\n# TYPE gg gauge\ngg 0\n');
  });

  it('shares a metric with another one', async () => {
    const [one, two] = [new Registry(), new Registry()];
    const gauge = new Gauge({ name: 'gg', help: 'A gauge', registry: one });
    two.register(gauge).set(5);
    expect(await one.metrics()).toBe(await two.metrics());
    expect(one.getSampleValue('gg')).toBe(5);
  });

  it.each(['requests', 'requests_total', 'requests_created'])('finds a counter by %p', (name) => {
    const registry = new Registry();
    const counter = new Counter({ name: 'requests', help: 'Requests', registry });
    expect(registry.get(name)).toBe(counter);
  });

  it.each(['missing', '', '__proto__', 'constructor'])('finds nothing by %p', (name) => {
    expect(new Registry().get(name)).toBe(undefined);
  });

  it.each(['requests', 'requests_total'])('takes a metric out by %p', async (name) => {
    const registry = new Registry();
    new Counter({ name: 'requests', help: 'Requests', registry });

    expect(registry.unregister(name)).toBe(true);
    expect(registry.unregister(name)).toBe(false);
    expect(await registry.metrics()).toBe('');
  });

  it('takes a metric out by itself, which goes on counting and can be registered again', () => {
    const registry = new Registry();
    const counter = new Counter({ name: 'requests', help: 'Requests', registry });
    const stranger = new Counter({ name: 'requests', help: 'Requests', registry: null });

    expect(registry.unregister(stranger)).toBe(false);
    expect(registry.unregister(counter)).toBe(true);
    counter.inc();
    registry.register(counter);
    expect(registry.getSampleValue('requests_total')).toBe(1);
  });

  it('frees every name of a metric that it takes out', () => {
    const registry = new Registry();
    new Histogram({ name: 'h', help: 'H', registry });
    registry.unregister('h');
    for (const name of ['h', 'h_bucket', 'h_sum', 'h_count', 'h_created']) new Gauge({ name, help: '', registry });
    expect(registry.get('h_count')?.type).toBe('gauge');
  });

  it('keeps the names of the others when it takes one out', () => {
    const registry = new Registry();
    const counter = new Counter({ name: 'requests', help: '', registry });
    new Gauge({ name: 'other', help: '', registry });
    registry.unregister('other');

    expect(registry.get('requests_total')).toBe(counter);
    expect(refusal(() => new Gauge({ name: 'requests_total', help: '', registry })).code).toBe('DUPLICATE_NAME');
  });

  it('asks a collector only once what it has, though it is registered twice', () => {
    const registry = new Registry();
    const describe = jest.fn(() => [{ name: 'g', type: 'gauge' as const }]);
    const collector = { describe, collect: () => [] };
    registry.register(collector);

    expect(registry.register(collector)).toBe(collector);
    expect(describe).toHaveBeenCalledTimes(1);
  });

  it('says what can not be registered, and what can', () => {
    expect(refusal(() => new Registry().register({} as never))).toEqual({
      code: 'INVALID_OPTION',
      message: "{} can't be registered: give a metric, or an object with a method collect.",
    });
  });

  it('says what can not be merged, and what can', () => {
    expect(refusal(() => Registry.merge([new Registry(), 5 as never]))).toEqual({
      code: 'INVALID_OPTION',
      message: "[{},5] can't be merged: give an array of registries.",
    });
  });

  it('reads a sample of a merged one though another of its parts fails, and else tells why that has failed', () => {
    const [a, b] = [new Registry(), new Registry()];
    a.register({
      collect: () => {
        throw new Error('no database');
      },
    });
    new Gauge({ name: 'g', help: '', registry: b }).set(5);
    const merged = Registry.merge([a, b]);

    expect(merged.getSampleValue('g')).toBe(5);
    expect(() => merged.getSampleValue('other')).toThrow('no database');
  });

  it('asks no collector for a sample which says that it has others', () => {
    const registry = new Registry();
    const collect = jest.fn(() => []);
    registry.register({ describe: () => [{ name: 'g', type: 'gauge' }], collect });

    expect(registry.getSampleValue('other')).toBe(undefined);
    expect(collect).not.toHaveBeenCalled();
  });

  it('takes custom collectors out by clear too, and tells those that want to know', async () => {
    const registry = new Registry();
    const detach = jest.fn();
    registry.register({ collect: () => [] });
    registry.register({ collect: () => [{ name: 'g', help: '', type: 'gauge', series: [] }], detach });
    registry.clear();

    expect(await registry.metrics()).toBe('');
    expect(detach.mock.calls).toEqual([[registry]]);
  });

  it('is empty after clear, its names free', async () => {
    const registry = new Registry();
    new Counter({ name: 'requests', help: 'Requests', registry });
    registry.clear();
    expect(await registry.metrics()).toBe('');
    expect(registry.get('requests')).toBe(undefined);
    new Counter({ name: 'requests', help: 'Requests', registry }).inc();
    expect(registry.getSampleValue('requests_total')).toBe(1);
  });

  describe('refuses names that clash', () => {
    const makers = {
      counter: (name: string, registry: Registry) => new Counter({ name, help: '', registry }),
      gauge: (name: string, registry: Registry) => new Gauge({ name, help: '', registry }),
      histogram: (name: string, registry: Registry) => new Histogram({ name, help: '', registry }),
      summary: (name: string, registry: Registry) => new Summary({ name, help: '', registry }),
      info: (name: string, registry: Registry) => new Info({ name, help: '', registry }),
      stateSet: (name: string, registry: Registry) => new StateSet({ name, help: '', states: ['on'], registry }),
    };

    it.each<[keyof typeof makers, string, keyof typeof makers, string, string]>([
      ['counter', 'a', 'counter', 'a', 'a'],
      ['counter', 'a', 'counter', 'a_total', 'a'],
      ['counter', 'a', 'gauge', 'a', 'a'],
      ['counter', 'a', 'gauge', 'a_total', 'a_total'],
      ['counter', 'a', 'gauge', 'a_created', 'a_created'],
      ['gauge', 'a_total', 'counter', 'a', 'a_total'],
      ['histogram', 'h', 'counter', 'h_count', 'h_count'],
      ['counter', 'h_count', 'histogram', 'h', 'h_count'],
      ['histogram', 'h', 'gauge', 'h_bucket', 'h_bucket'],
      ['gauge', 's_sum', 'summary', 's', 's_sum'],
      ['summary', 's', 'histogram', 's', 's'],
      ['gauge', 'a.b', 'gauge', 'a_b', 'a_b'],
      ['gauge', 'a_b', 'gauge', 'a.b', 'a_b'],
      ['counter', 'a.b', 'gauge', 'a b_total', 'a_b_total'],
      ['histogram', 'h', 'gauge', 'h_created', 'h_created'],
      ['histogram', 'h', 'gauge', 'h_sum', 'h_sum'],
      ['summary', 's', 'gauge', 's_created', 's_created'],
      ['summary', 's', 'counter', 's_count', 's_count'],
      ['info', 'i', 'gauge', 'i_info', 'i_info'],
      ['gauge', 'i_info', 'info', 'i', 'i_info'],
      ['info', 'i', 'gauge', 'i', 'i'],
      ['info', 'i', 'info', 'i_info', 'i'],
      ['stateSet', 'e', 'gauge', 'e', 'e'],
      ['gauge', 'e', 'stateSet', 'e', 'e'],
    ])('%s %p and %s %p', async (first, firstName, second, secondName, name) => {
      const registry = new Registry();
      const holder = makers[first](firstName, registry);
      const before = await registry.metrics();

      const { name: rejected } = makers[second](secondName, new Registry());
      expect(refusal(() => makers[second](secondName, registry))).toEqual({
        code: 'DUPLICATE_NAME',
        message: `The metric "${rejected}" can't be registered: the name "${name}" is taken by "${holder.name}". Choose another name, or get the one that exists from registry.get or registry.counter and its siblings.`,
      });
      expect(await registry.metrics()).toBe(before);
    });

    it.each<[string, [FamilyDescription, FamilyDescription], string, string]>([
      [
        'a sample of the other',
        [
          { name: 'h', type: 'histogram' },
          { name: 'h_count', type: 'counter' },
        ],
        'h_count',
        'h',
      ],
      [
        'a name that is exposed alike',
        [
          { name: 'a.b', type: 'gauge' },
          { name: 'a_b', type: 'gauge' },
        ],
        'a_b',
        'a.b',
      ],
      [
        'the same name, but another type',
        [
          { name: 'x', type: 'gauge' },
          { name: 'x', type: 'unknown' },
        ],
        'x',
        'x',
      ],
    ])('of two families of one collector, of which the second has %s', (_, families, name, holder) => {
      const collector = { describe: () => families, collect: () => [] };
      expect(refusal(() => new Registry().register(collector))).toEqual({
        code: 'DUPLICATE_NAME',
        message: `The metric "${families[1].name}" can't be registered: the name "${name}" is taken by "${holder}". Choose another name, or get the one that exists from registry.get or registry.counter and its siblings.`,
      });
    });

    it('but not those of one family that a collector describes twice', () => {
      const registry = new Registry();
      const family = { name: 'x', type: 'gauge' } as const;
      const collector = registry.register({ describe: () => [family, { ...family }], collect: () => [] });
      expect(registry.get('x')).toBe(collector);
    });

    it('but not those of metrics whose samples differ', () => {
      const registry = new Registry();
      new Gauge({ name: 'a', help: '', registry });
      new Gauge({ name: 'a_sum', help: '', registry });
      new Counter({ name: 'a_count', help: '', registry });
      expect(registry.get('a_count_total')?.name).toBe('a_count');
    });
  });

  describe('makes a metric, or gives the one that is defined alike:', () => {
    it('counters', () => {
      const registry = new Registry();
      const counter = registry.counter({ name: 'cc', help: 'A counter', labelNames: ['a'] });
      counter.inc({ a: 'x' });

      expect(registry.counter({ name: 'cc_total', help: 'Other words', labelNames: ['a'] })).toBe(counter);
      expect(registry.getSampleValue('cc_total', { a: 'x' })).toBe(1);
    });

    it('gauges', () => {
      const registry = new Registry();
      const gauge = registry.gauge({ name: 'gg', help: '', unit: 'bytes' });
      expect(registry.gauge({ name: 'gg_bytes', help: '', unit: 'bytes' })).toBe(gauge);
      expect(registry.get('gg_bytes')).toBe(gauge);
    });

    it('histograms', () => {
      const registry = new Registry();
      const histogram = registry.histogram({ name: 'hh', help: '', buckets: [1, 2] });
      expect(registry.histogram({ name: 'hh', help: '', buckets: [1, 2, Infinity] })).toBe(histogram);
      expect(registry.get('hh')).toBe(histogram);
    });

    it('summaries', () => {
      const registry = new Registry();
      const summary = registry.summary({ name: 'ss', help: '' });
      expect(registry.summary({ name: 'ss', help: '' })).toBe(summary);
      expect(registry.get('ss')).toBe(summary);
    });

    it('infos', () => {
      const registry = new Registry();
      const info = registry.info({ name: 'ii', help: '' });
      info.set({ version: '1' });
      expect(registry.info({ name: 'ii_info', help: '' })).toBe(info);
      expect(registry.getSampleValue('ii_info', { version: '1' })).toBe(1);
    });

    it('state sets', () => {
      const registry = new Registry();
      const states = registry.stateSet({ name: 'ee', help: '', states: ['on', 'off'] });
      expect(registry.stateSet({ name: 'ee', help: '', states: ['on', 'off'] })).toBe(states);
      expect(registry.get('ee')).toBe(states);
    });

    it.each<[string, (registry: Registry) => unknown, (registry: Registry) => unknown]>([
      [
        'states',
        (registry) => registry.stateSet({ name: 'x', help: '', states: ['on', 'off'] }),
        (registry) => registry.stateSet({ name: 'x', help: '', states: ['off', 'on'] }),
      ],
      [
        'quantiles',
        (registry) => registry.summary({ name: 'x', help: '' }),
        (registry) => registry.summary({ name: 'x', help: '', quantiles: [0.5] }),
      ],
      [
        'native buckets',
        (registry) => registry.histogram({ name: 'x', help: '' }),
        (registry) => registry.histogram({ name: 'x', help: '', native: true }),
      ],
      [
        'resolution',
        (registry) => registry.histogram({ name: 'x', help: '', native: true }),
        (registry) => registry.histogram({ name: 'x', help: '', native: { factor: 2 } }),
      ],
      [
        'order of labels',
        (registry) => registry.gauge({ name: 'x', help: '', labelNames: ['a', 'b'] }),
        (registry) => registry.gauge({ name: 'x', help: '', labelNames: ['b', 'a'] }),
      ],
    ])('not one of other %s', (_, first, second) => {
      const registry = new Registry();
      first(registry);
      expect(refusal(() => second(registry)).code).toBe('DIFFERENT_DEFINITION');
    });

    it.each<[string, unknown, string]>([
      ['nothing', undefined, 'INVALID_NAME'],
      ['no name', { help: '' }, 'INVALID_NAME'],
      ['no help', { name: 'x' }, 'INVALID_HELP'],
    ])('but not from %s', (_, definition, code) => {
      expect(refusal(() => new Registry().gauge(definition as never)).code).toBe(code);
    });

    it.each<[string, (registry: Registry) => unknown, string]>([
      [
        'type',
        (registry) => registry.gauge({ name: 'hh', help: '' }),
        `The metric "hh" exists already, as {"type":"histogram","labelNames":["a"],"upperBounds":[1]}, not as {"type":"gauge","labelNames":[]}: define it alike in both places or choose another name.`,
      ],
      [
        'labels',
        (registry) => registry.histogram({ name: 'hh', help: '', labelNames: ['b'], buckets: [1] }),
        `The metric "hh" exists already, as {"type":"histogram","labelNames":["a"],"upperBounds":[1]}, not as {"type":"histogram","labelNames":["b"],"upperBounds":[1]}: define it alike in both places or choose another name.`,
      ],
      [
        'buckets',
        (registry) => registry.histogram({ name: 'hh', help: '', labelNames: ['a'], buckets: [2] }),
        `The metric "hh" exists already, as {"type":"histogram","labelNames":["a"],"upperBounds":[1]}, not as {"type":"histogram","labelNames":["a"],"upperBounds":[2]}: define it alike in both places or choose another name.`,
      ],
    ])('not one of another %s', (_, make, message) => {
      const registry = new Registry();
      registry.histogram({ name: 'hh', help: '', labelNames: ['a'], buckets: [1] });
      expect(refusal(() => make(registry))).toEqual({ code: 'DIFFERENT_DEFINITION', message });
    });

    it('also under the name by which collectors without one are called', () => {
      const registry = new Registry();
      registry.register({ collect: () => [] });
      const gauge = registry.gauge({ name: 'collector', help: '' });
      expect(registry.gauge({ name: 'collector', help: '' })).toBe(gauge);
    });

    it('not one whose name has another unit in it', () => {
      const registry = new Registry();
      registry.gauge({ name: 'age_seconds', help: '' });
      expect(refusal(() => registry.gauge({ name: 'age', help: '', unit: 'seconds' })).code).toBe(
        'DIFFERENT_DEFINITION',
      );
    });

    it.each<[string, (registry: Registry) => unknown]>([
      ['a counter named as the sample of another', (registry) => registry.counter({ name: 'cc_created', help: '' })],
      ['a histogram named as the sample of another', (registry) => registry.histogram({ name: 'hh_count', help: '' })],
      ['a summary named as the sample of another', (registry) => registry.summary({ name: 'ss_sum', help: '' })],
      ['a gauge that would be exposed as another', (registry) => registry.gauge({ name: 'g.g', help: '' })],
    ])('not %s', (_, make) => {
      const registry = new Registry();
      registry.counter({ name: 'cc', help: '' });
      registry.histogram({ name: 'hh', help: '' });
      registry.summary({ name: 'ss', help: '' });
      registry.gauge({ name: 'g_g', help: '' });
      expect(refusal(() => make(registry)).code).toBe('DUPLICATE_NAME');
    });
  });
});

describe('What a registry counts of itself', () => {
  const ERRORS = 'prometer_collector_errors';
  const fail = (): never => {
    throw new Error('no');
  };
  let warnings: jest.SpyInstance;
  beforeEach(() => (warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => {})));
  afterEach(() => jest.restoreAllMocks());

  it('goes to the counter that the program has made alike itself', async () => {
    const registry = new Registry();
    const counter = new Counter({ name: ERRORS, help: 'Mine', labelNames: ['collector'], registry });
    new Gauge({ name: 'broken', help: '', registry, collect: fail });
    await registry.metrics();
    expect(counter.get({ collector: 'broken' })).toBe(1);
  });

  it.each<[string, (registry: Registry) => Counter<any> | Gauge<any>]>([
    ['a gauge', (registry) => new Gauge({ name: ERRORS, help: 'Mine', labelNames: ['collector'], registry })],
    ['a counter of another label', (registry) => new Counter({ name: ERRORS, help: '', labelNames: ['a'], registry })],
  ])('leaves %s of that name alone', async (_, make) => {
    const registry = new Registry();
    const metric = make(registry);
    new Gauge({ name: 'broken', help: '', registry, collect: fail });
    await registry.metrics();

    expect([...metric.series]).toEqual([]);
    expect(warnings).toHaveBeenCalledTimes(1);
  });

  it('is only warned of where the label that it needs is one that the registry adds itself', async () => {
    const registry = new Registry({ labels: { collector: 'a' } });
    new Gauge({ name: 'ok', help: '', registry });
    new Gauge({ name: 'broken', help: '', registry, collect: fail });

    expect(await registry.metrics()).toBe('# HELP ok \n# TYPE ok gauge\nok{collector="a"} 0\n');
    expect(warnings).toHaveBeenCalledTimes(1);
  });
});
