import { Counter, Gauge, Registry, StateSet, type Collector, type MetricFamily } from '../src/index.ts';
import { refusal } from './refusal.ts';

const FAILED = { type: 'PrometerWarning', code: 'PROMETER_COLLECTOR_FAILED' };

function gauge(name: string, ...values: number[]): MetricFamily {
  return { name, help: '', type: 'gauge', series: values.map((value) => ({ labels: {}, value })) };
}

function textOf(name: string, value: number): string {
  return `# HELP ${name} \n# TYPE ${name} gauge\n${name} ${value}\n`;
}

function errors(collector: string, count = 1): string {
  return (
    '# HELP prometer_collector_errors_total Times that a collector failed and its metrics were left out of a scrape.\n' +
    '# TYPE prometer_collector_errors_total counter\n' +
    `prometer_collector_errors_total{collector="${collector}"} ${count}\n`
  );
}

/** A registry with a metric before and one after what is registered by `add`. */
function around(add: (registry: Registry) => void): Registry {
  const registry = new Registry();
  new Gauge({ name: 'before', help: '', registry });
  add(registry);
  new Gauge({ name: 'after', help: '', registry });
  return registry;
}

const NATIVE = {
  schema: 0,
  zeroThreshold: 0,
  zeroCount: 1,
  positiveSpans: [{ offset: 0, length: 1 }],
  positiveDeltas: [1],
  negativeSpans: [],
  negativeDeltas: [],
  exemplars: [],
};

describe('A custom collector', () => {
  let warnings: jest.SpyInstance;
  beforeEach(() => (warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => {})));
  afterEach(() => jest.restoreAllMocks());

  it.each<[string, () => ReturnType<Collector['collect']>]>([
    ['an array', () => [gauge('a', 1), gauge('b', 2)]],
    ['a promise of an array', async () => [gauge('a', 1), gauge('b', 2)]],
    ['a set', () => new Set([gauge('a', 1), gauge('b', 2)])],
    [
      'a generator',
      function* () {
        yield gauge('a', 1);
        yield gauge('b', 2);
      },
    ],
    [
      'a thenable',
      () => ({ then: (done: (all: MetricFamily[]) => void) => done([gauge('a', 1), gauge('b', 2)]) }) as never,
    ],
  ])('gives its families as %s', async (_, collect) => {
    const registry = around((it) => it.register({ collect }));
    expect(await registry.metrics()).toBe(textOf('before', 0) + textOf('a', 1) + textOf('b', 2) + textOf('after', 0));
    expect(warnings).not.toHaveBeenCalled();
  });

  it('may describe itself by the metric that it hands on', () => {
    const registry = new Registry();
    const metric = new Counter({ name: 'handed_on', help: '', registry: null });
    registry.register({ collect: () => metric.collect(), describe: () => metric.describe() });
    metric.inc(2);

    expect(() => new Gauge({ name: 'handed_on_total', help: '', registry })).toThrow(
      expect.objectContaining({ code: 'DUPLICATE_NAME' }),
    );
    expect(registry.getSampleValue('handed_on_total')).toBe(2);
  });

  it('gives every type of family', async () => {
    const registry = new Registry();
    registry.register({
      collect: (): MetricFamily[] => [
        { name: 'c', help: 'C', type: 'counter', series: [{ labels: { a: 'x' }, value: 1 }] },
        {
          name: 'u',
          help: 'U',
          type: 'unknown',
          unit: 'bytes',
          series: [{ labels: {}, value: -1, timestamp: 1500.7 }],
        },
        { name: 'i', help: 'I', type: 'info', series: [{ labels: { version: '1' }, value: 1 }] },
        { name: 's', help: 'S', type: 'stateset', series: [{ labels: {}, states: { on: true, off: false } }] },
        {
          name: 'h',
          help: 'H',
          type: 'histogram',
          series: [{ labels: {}, count: 3, sum: 4, buckets: [{ upperBound: 1, count: 2 }] }],
        },
        {
          name: 'gh',
          help: 'GH',
          type: 'gaugehistogram',
          series: [
            {
              labels: { a: 'x' },
              count: 2,
              sum: -4,
              timestamp: -5,
              buckets: [
                { upperBound: -1, count: 0 },
                { upperBound: Infinity, count: 2 },
              ],
            },
          ],
        },
        {
          name: 'q',
          help: 'Q',
          type: 'summary',
          series: [{ labels: {}, count: 2, sum: 3, quantiles: [{ quantile: 0.5, value: NaN }], timestamp: 0 }],
        },
      ],
    });
    expect(await registry.metrics()).toBe(
      '# HELP c_total C\n# TYPE c_total counter\nc_total{a="x"} 1\n' +
        '# HELP u_bytes U\n# TYPE u_bytes untyped\nu_bytes -1 1500\n' +
        '# HELP i_info I\n# TYPE i_info gauge\ni_info{version="1"} 1\n' +
        '# HELP s S\n# TYPE s gauge\ns{s="on"} 1\ns{s="off"} 0\n' +
        '# HELP h H\n# TYPE h histogram\nh_bucket{le="1.0"} 2\nh_bucket{le="+Inf"} 3\nh_sum 4\nh_count 3\n' +
        '# HELP gh GH\n# TYPE gh histogram\n' +
        'gh_bucket{a="x",le="-1.0"} 0 -5\ngh_bucket{a="x",le="+Inf"} 2 -5\ngh_sum{a="x"} -4 -5\ngh_count{a="x"} 2 -5\n' +
        '# HELP q Q\n# TYPE q summary\nq{quantile="0.5"} NaN 0\nq_sum 3 0\nq_count 2 0\n',
    );
  });

  it('is called with itself as this', async () => {
    class Load implements Collector {
      readonly #load = 0.5;
      collect(): MetricFamily[] {
        return [gauge('load', this.#load)];
      }
    }
    const registry = new Registry();
    registry.register(new Load());
    expect(await registry.metrics()).toBe(textOf('load', 0.5));
  });

  it('may give a live metric that is in no registry', async () => {
    const registry = new Registry();
    const counter = new Counter({ name: 'c', help: '', registry: null });
    counter.inc(2);
    registry.register({ collect: () => counter.collect() });
    expect(await registry.metrics()).toBe('# HELP c_total \n# TYPE c_total counter\nc_total 2\n');
  });

  describe('costs its own families only, is counted and warned of once, when it', () => {
    it.each<[string, () => unknown, string]>([
      [
        'throws',
        () => {
          throw new Error('no database');
        },
        '"Error: no database"',
      ],
      ['rejects', () => Promise.reject(new Error('no database')), '"Error: no database"'],
      [
        'throws while it is read',
        function* () {
          yield* [];
          throw new Error('no database');
        },
        '"Error: no database"',
      ],
      ['gives null', () => null, 'A collector gave null: give an array of families.'],
      ['gives nothing', () => undefined, 'A collector gave undefined: give an array of families.'],
      ['gives a number', () => Promise.resolve(5), 'A collector gave 5: give an array of families.'],
      ['gives a text', () => 'abc', 'A collector gave "abc": give an array of families.'],
      ['gives one family', () => gauge('x', 1), undefined as never],
    ])('%s', async (_, collect, reason) => {
      const registry = around((it) => it.register({ collect: collect as Collector['collect'] }));
      const rest = textOf('before', 0) + textOf('after', 0);
      expect(await registry.metrics()).toBe(rest + errors('collector', 1));
      expect(await registry.metrics()).toBe(rest + errors('collector', 2));
      const message = `The metrics of "collector" are left out of the scrape: their collect failed: ${reason ?? ''}`;
      expect(warnings).toHaveBeenCalledTimes(1);
      expect(warnings).toHaveBeenCalledWith(expect.stringContaining(message), FAILED);
    });

    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    const series = (type: string, ...given: unknown[]): unknown => ({ name: 'x', help: '', type, series: given });
    const histogram = (buckets: unknown, count: unknown = 3, sum: unknown = 0): unknown =>
      series('histogram', { labels: {}, count, sum, buckets });
    const summary = (quantiles: unknown, count: unknown = 3, sum: unknown = 0): unknown =>
      series('summary', { labels: {}, count, sum, quantiles });
    const value = (given: unknown, type = 'gauge'): unknown => series(type, { labels: {}, value: given });
    const one = { labels: {}, value: 1 };

    it.each<[string, unknown]>([
      ['null', null],
      ['a text', 'family'],
      ['a number', 5],
      ['a function', () => {}],
      ['an array', []],
      ['an empty object', {}],
      ['itself', cyclic],
      ['an object that contains itself', Object.assign(cyclic.slice(0, 0), { series: cyclic, name: cyclic })],
      ['a family without a name', { ...gauge('', 1), name: undefined }],
      ['a family of an empty name', gauge('', 1)],
      ['a family whose name is no text', { ...gauge('x', 1), name: 5 }],
      ['a family whose name is half a character', gauge('\ud800', 1)],
      ['a family without help', { ...gauge('x', 1), help: undefined }],
      ['a family without a type', { ...gauge('x', 1), type: undefined }],
      ['a family of another type', { ...gauge('x', 1), type: 'meter' }],
      ['a family of a type that every object has', { ...gauge('x', 1), type: 'constructor' }],
      ['a family without series', { ...gauge('x', 1), series: undefined }],
      ['a family whose series are a text', { ...gauge('x', 1), series: 'abc' }],
      ['a family with a unit that it can not have', { ...(value(1, 'info') as MetricFamily), unit: 'bytes' }],
      ['a family with a unit that is no text', { ...gauge('x', 1), unit: 5 }],
      ['a family with label names, as if it were live', { ...gauge('x', 1), labelNames: ['a'], series: [{}] }],
      ['a series that is null', series('gauge', null)],
      ['a series that is a text', series('gauge', 'abc')],
      ['a series without labels', series('gauge', { value: 1 })],
      ['labels that are null', series('gauge', { labels: null, value: 1 })],
      ['labels that are a text', series('gauge', { labels: 'ab', value: 1 })],
      ['labels that are a list', series('gauge', { labels: ['x'], value: 1 })],
      ['a label value that is an object', series('gauge', { labels: { a: {} }, value: 1 })],
      ['a reserved label', series('gauge', { labels: { __a: 'x' }, value: 1 })],
      ['labels that are exposed alike', series('gauge', { labels: { 'a.b': 'x', a_b: 'y' }, value: 1 })],
      [
        'label values in columns, as if it were live',
        series('gauge', { labelNames: [], labelValues: [], columns: [], value: 1 }),
      ],
      ['a value that is a text', value('5')],
      ['a value that is missing', value(undefined)],
      ['a value that is a bigint', value(5n)],
      ['a value that throws', series('gauge', Object.defineProperty({ labels: {} }, 'value', { get: fail }))],
      ['a counter below 0', value(-1, 'counter')],
      ['a counter of NaN', value(NaN, 'counter')],
      ['an info that is not 1', value(2, 'info')],
      ['the same series twice', series('gauge', one, one)],
      ['the same labels in another order', series('gauge', labelled('a', 'b'), labelled('b', 'a'))],
      [
        'labels that are the same without those of no value',
        series('gauge', labelled(), { ...one, labels: { c: '' } }),
      ],
      ['a time of creation that is a text', series('counter', { ...one, created: 'today' })],
      ['a time of creation that is NaN', series('counter', { ...one, created: NaN })],
      ['a timestamp that is a text', series('gauge', { ...one, timestamp: '5' })],
      ['a timestamp that is NaN', series('gauge', { ...one, timestamp: NaN })],
      ['a timestamp that is infinite', series('gauge', { ...one, timestamp: Infinity })],
      ['a timestamp that no integer can hold', series('gauge', { ...one, timestamp: 1e300 })],
      ['an exemplar that is a text', series('counter', { ...one, exemplar: 'abc' })],
      [
        'an exemplar that throws',
        series('counter', { ...one, exemplar: Object.defineProperty({}, 'labels', { get: fail }) }),
      ],
      ['an exemplar without a value', series('counter', { ...one, exemplar: { labels: {} } })],
      [
        'an exemplar whose labels have no text',
        series('counter', { ...one, exemplar: { labels: { a: {} }, value: 1 } }),
      ],
      ['an exemplar at no time', series('counter', { ...one, exemplar: { labels: {}, value: 1, timestamp: 'x' } })],
      ['no buckets', histogram(undefined)],
      ['a bucket that is null', histogram([null])],
      ['unsorted buckets', histogram([bucket(2, 1), bucket(1, 2)])],
      ['a bucket twice', histogram([bucket(1, 1), bucket(1, 2)])],
      ['buckets that fall', histogram([bucket(1, 2), bucket(2, 1)])],
      ['buckets above the count', histogram([bucket(1, 4)])],
      ['a bucket up to NaN', histogram([bucket(NaN, 1)])],
      ['a bucket up to -Infinity', histogram([bucket(-Infinity, 1)])],
      ['a bucket of NaN', histogram([bucket(1, NaN)])],
      ['a bucket below 0', histogram([bucket(1, -1)])],
      ['a last bucket that is not the count', histogram([bucket(1, 1), bucket(Infinity, 2)])],
      ['a last bucket that comes first', histogram([bucket(Infinity, 3), bucket(1, 1)])],
      ['a count that is missing', series('histogram', { labels: {}, sum: 0, buckets: [] })],
      ['a count that is infinite', histogram([], Infinity)],
      ['a sum that is a text', histogram([], 3, '0')],
      ['native buckets that are none', series('histogram', { labels: {}, count: 0, sum: 0, buckets: [], native: 5 })],
      ...[
        { schema: 99 },
        { zeroThreshold: NaN },
        { zeroCount: -1 },
        { zeroCount: 2 },
        { zeroCount: 0.5 },
        { positiveDeltas: [1.5] },
        { positiveDeltas: [-1] },
        { positiveSpans: [{ offset: 0, length: 2 }] },
        { positiveSpans: [{ offset: 0.5, length: 1 }] },
        { positiveSpans: [{ offset: 2 ** 31, length: 1 }] },
        { positiveSpans: [{ offset: -(2 ** 31), length: 1 }] },
      ].map((wrong): [string, unknown] => [
        `native buckets with ${JSON.stringify(wrong)}`,
        series('histogram', {
          labels: {},
          count: 2,
          sum: 0,
          buckets: [],
          native: { ...NATIVE, ...wrong },
        }),
      ]),
      [
        'native buckets beside a count of parts',
        series('histogram', { labels: {}, count: 2.5, sum: 0, buckets: [], native: NATIVE }),
      ],
      ['no quantiles', summary(undefined)],
      ['a quantile that is null', summary([null])],
      ['a quantile above 1', summary([{ quantile: 1.5, value: 1 }])],
      ['a quantile of NaN', summary([{ quantile: NaN, value: 1 }])],
      ['a quantile twice', summary([quantile(0.5), quantile(0.5)])],
      ['unsorted quantiles', summary([quantile(0.9), quantile(0.5)])],
      ['a quantile whose value is a text', summary([{ quantile: 0.5, value: '1' }])],
      ['a summary of a count below 0', summary([], -1)],
      ['no states', series('stateset', { labels: {} })],
      ['states that are a list', series('stateset', { labels: {}, states: ['on'] })],
      ['a state that is a text', series('stateset', { labels: {}, states: { on: 'yes' } })],
      ['a state of no name', series('stateset', { labels: {}, states: { '': true } })],
      [
        'a state that throws',
        series('stateset', { labels: {}, states: Object.defineProperty({}, 'on', { get: fail, enumerable: true }) }),
      ],
      ['a state set with the label that it writes itself', series('stateset', { labels: { x: 'on' }, states: {} })],
      [
        'a state set with a label that is exposed as the one that it writes itself',
        { ...(series('stateset', { labels: { a_b: 'on' }, states: {} }) as object), name: 'a.b' },
      ],
    ])('gives %s', async (_, garbage) => {
      const registry = around((it) =>
        it.register({ collect: () => [gauge('good', 1), garbage, gauge('fine', 2)] as never }),
      );
      const rest = textOf('before', 0) + textOf('good', 1) + textOf('fine', 2) + textOf('after', 0);
      expect(await registry.metrics({ created: true, names: ['before', 'good', 'fine', 'after'] })).toBe(rest);
      expect((await registry.gather()).map(({ name }) => name)).toEqual([
        'before',
        'good',
        'fine',
        'after',
        'prometer_collector_errors',
      ]);
      expect(registry.getSampleValue('prometer_collector_errors_total', { collector: 'collector' })).toBe(2);
      expect(warnings).toHaveBeenCalledTimes(1);
    });

    it('has a name that is taken', async () => {
      const registry = around((it) => it.register({ collect: () => [gauge('before', 5), gauge('other', 1)] }));
      expect(await registry.metrics()).toBe(
        textOf('before', 0) + textOf('other', 1) + textOf('after', 0) + errors('collector'),
      );
    });

    it.each([
      ['a sample of a registered metric', 'c_total'],
      ['what a registered metric is exposed as', 'g.g'],
    ])('has the name of %s', async (_, name) => {
      const registry = new Registry();
      registry.counter({ name: 'c', help: '' });
      registry.gauge({ name: 'g_g', help: '' });
      registry.register({ collect: () => [gauge(name, 5)] });
      expect(await registry.metrics()).toBe(
        '# HELP c_total \n# TYPE c_total counter\nc_total 0\n' + textOf('g_g', 0) + errors('collector'),
      );
    });

    it('comes before the metric whose name it has', async () => {
      const registry = new Registry();
      registry.register({ collect: () => [gauge('g', 5)] });
      new Gauge({ name: 'g', help: '', registry });
      expect(await registry.metrics()).toBe(textOf('g', 0) + errors('collector'));
    });

    it('has families whose samples clash with each other', async () => {
      const registry = new Registry();
      registry.register({
        collect: (): MetricFamily[] => [
          { name: 'h', help: '', type: 'histogram', series: [] },
          { name: 'h_count', help: '', type: 'counter', series: [] },
        ],
      });
      expect(await registry.metrics()).toBe('# HELP h \n# TYPE h histogram\n' + errors('collector'));
    });

    it('has a family under the type of another collector that is the first', async () => {
      const registry = new Registry();
      class First {
        collect = () => [gauge('x', 1)];
      }
      class Second {
        collect = (): MetricFamily[] => [{ ...gauge('x', 2), type: 'unknown' }];
      }
      registry.register(new First());
      registry.register(new Second());
      expect(await registry.metrics()).toBe(textOf('x', 1) + errors('Second'));
    });

    it('gives several broken families, which count as one failure', async () => {
      const registry = new Registry();
      registry.register({ collect: () => [null, 5, gauge('good', 1), 'x'] as never });
      expect(await registry.metrics()).toBe(textOf('good', 1) + errors('collector'));
    });
  });

  it('has families put together that two collectors give alike, the first one of equal label sets', async () => {
    const family = (...rows: [labels: Record<string, string>, value: number][]): MetricFamily => ({
      ...gauge('g'),
      series: rows.map(([labels, value]) => ({ labels, value })),
    });
    const registry = new Registry();
    registry.register({ collect: () => [family([{ a: '1', b: '2' }, 1], [{ a: 'x' }, 2])] });
    registry.register({ collect: () => [family([{ b: '2', a: '1' }, 3], [{ a: 'x', b: '' }, 4], [{ b: 'y' }, 5])] });
    expect(await registry.metrics()).toBe('# HELP g \n# TYPE g gauge\ng{a="1",b="2"} 1\ng{a="x"} 2\ng{b="y"} 5\n');
    expect(warnings).not.toHaveBeenCalled();
  });

  describe('is called', () => {
    it.each<[string, Collector, string]>([
      ['collector, when it is a plain object', { collect: fail }, 'collector'],
      ['collector, when it has no prototype', Object.assign(Object.create(null), { collect: fail }), 'collector'],
      ['collector, when its constructor is nothing', { constructor: null, collect: fail } as never, 'collector'],
      [
        'collector, when its class has no name',
        new (class {
          collect = fail;
        })(),
        'collector',
      ],
      [
        'as its class',
        new (class Disks {
          collect = fail;
        })(),
        'Disks',
      ],
      [
        'as the first family that it describes',
        { collect: fail, describe: () => [{ name: 'disk', type: 'gauge' }] },
        'disk',
      ],
    ])('%s', async (_, collector, name) => {
      const registry = new Registry();
      registry.register(collector);
      expect(await registry.metrics()).toBe(errors(name));
    });
  });

  describe('that describes its families', () => {
    const described = (name: string, type: MetricFamily['type'] = 'gauge'): Collector => ({
      describe: () => [{ name, type }],
      collect: () => [{ ...gauge(name, 1), type }],
    });

    it('holds their names', () => {
      const registry = new Registry();
      const collector = registry.register(described('requests_total', 'counter'));
      expect(registry.get('requests')).toBe(collector);
      expect(refusal(() => registry.gauge({ name: 'requests_created', help: '' })).code).toBe('DUPLICATE_NAME');
      const { code, message } = refusal(() => registry.counter({ name: 'requests', help: '' }));
      expect(code).toBe('DIFFERENT_DEFINITION');
      expect(message).toMatch(/^The metric "requests" exists already, as what a custom collector gives, not as \{/);
      registry.unregister('requests_total');
      expect(registry.gauge({ name: 'requests_created', help: '' }).name).toBe('requests_created');
    });

    it('is refused where a name is taken, and nothing of it stays', async () => {
      const registry = new Registry();
      registry.gauge({ name: 'b_count', help: '' });
      const collector: Collector = {
        describe: () => [
          { name: 'a', type: 'gauge' },
          { name: 'b', type: 'summary' },
        ],
        collect: () => [gauge('a', 1)],
      };
      expect(refusal(() => registry.register(collector))).toEqual({
        code: 'DUPLICATE_NAME',
        message:
          'The metric "b" can\'t be registered: the name "b_count" is taken by "b_count". Choose another name, or get the one that exists from registry.get or registry.counter and its siblings.',
      });
      expect(registry.get('a')).toBe(undefined);
      expect(await registry.metrics()).toBe(textOf('b_count', 0));
    });

    it('is refused when they clash with each other', () => {
      const collector: Collector = {
        describe: () => [
          { name: 'h', type: 'histogram' },
          { name: 'h_count', type: 'counter' },
        ],
        collect: () => [],
      };
      expect(refusal(() => new Registry().register(collector)).code).toBe('DUPLICATE_NAME');
    });

    it.each<[string, unknown, string]>([
      ['nothing', () => undefined, 'INVALID_OPTION'],
      ['null families', () => [null], 'INVALID_OPTION'],
      ['a family without a type', () => [{ name: 'x' }], 'INVALID_OPTION'],
      ['a family without a name', () => [{ type: 'gauge' }], 'INVALID_NAME'],
      ['not by a method', [{ name: 'x', type: 'gauge' }], 'INVALID_OPTION'],
    ])('is refused when it describes %s', (_, describe, code) => {
      expect(refusal(() => new Registry().register({ describe, collect: () => [] } as never)).code).toBe(code);
    });

    it('is asked for them once, when it is registered', async () => {
      const registry = new Registry();
      const describe = jest.fn(() => [{ name: 'g', type: 'gauge' as const }]);
      registry.register({ describe, collect: () => [gauge('g', 1)] });
      describe.mockImplementation(fail);
      expect(await registry.metrics({ names: ['g'] })).toBe(textOf('g', 1));
      expect(registry.getSampleValue('g')).toBe(1);
      expect(describe).toHaveBeenCalledTimes(1);
    });

    it('is not called when none of them is asked for', async () => {
      const registry = new Registry();
      const collect = jest.fn(() => [gauge('g', 1)]);
      registry.register({ describe: () => [{ name: 'g', type: 'gauge' }], collect });
      expect(await registry.metrics({ names: ['other'] })).toBe('');
      expect(collect).not.toHaveBeenCalled();
    });

    it('may have the name of the errors', async () => {
      const registry = new Registry();
      registry.register(described('prometer_collector_errors', 'counter'));
      registry.gauge({ name: 'g', help: '', collect: fail });
      registry.gauge({ name: 'ok', help: '' });
      expect(await registry.metrics({ names: ['g', 'ok'] })).toBe(textOf('ok', 0));
    });
  });

  it.each([undefined, null, 5, 'x', {}, [], () => {}, { collect: 5 }, new Registry()])('can not be %p', (garbage) => {
    const registry = new Registry();
    expect(refusal(() => registry.register(garbage as never)).code).toBe('INVALID_OPTION');
  });

  it('that is taken out gives nothing any more', async () => {
    const registry = new Registry();
    const collector = registry.register({ collect: () => [gauge('g', 1)] });
    expect(registry.unregister(collector)).toBe(true);
    expect(registry.unregister(collector)).toBe(false);
    expect(await registry.metrics()).toBe('');
  });

  it('that is registered twice gives its families once', async () => {
    const registry = new Registry();
    const collector = { collect: () => [gauge('g', 1)] };
    registry.register(collector);
    registry.register(collector);
    expect(await registry.metrics()).toBe(textOf('g', 1));
  });

  it('may write a state set whose name has a colon', async () => {
    const registry = new Registry();
    new StateSet({ name: 'a:b', help: '', states: ['on'], registry });
    expect(await registry.metrics()).toBe('# HELP a:b \n# TYPE a:b gauge\na:b{a_b="on"} 0\n');
  });

  it('may give one family in thousands of parts', async () => {
    const registry = new Registry();
    const part = (i: number): MetricFamily => ({
      name: 'x',
      help: '',
      type: 'gauge',
      series: [{ labels: { i: `${i % 4999}` }, value: i }],
    });
    registry.register({ collect: () => Array.from({ length: 5000 }, (_, i) => part(i)) });
    const text = await registry.metrics();

    expect(text.split('\n')).toHaveLength(2 + 4999 + 1);
    expect(text).toContain('x{i="0"} 0\n');
  });

  it.each<[string, () => unknown]>([
    ['has the properties of a metric', () => ({ labelNames: ['a'], collect: () => [gauge('x', 1)] })],
    [
      'has the properties of a metric, and a name',
      () => ({ name: 'db', labelNames: ['a'], collect: () => [gauge('x', 1)] }),
    ],
  ])('is one, not a metric, if it %s', async (_what, make) => {
    const registry = new Registry();
    registry.register(make() as Collector);

    expect(await registry.metrics()).toBe('# HELP x \n# TYPE x gauge\nx 1\n');
  });

  it('may give families that have more properties than a family needs', async () => {
    const registry = new Registry();
    const family = { ...gauge('x', 1), labelNames: ['a'], collect() {} };
    registry.register({ collect: () => [family] });

    expect(await registry.metrics()).toBe('# HELP x \n# TYPE x gauge\nx 1\n');
  });

  const throwing = new Proxy(
    {},
    {
      get: () => {
        throw new Error('no');
      },
      getPrototypeOf: () => {
        throw new Error('no');
      },
      has: () => {
        throw new Error('no');
      },
    },
  );
  it.each<[string, () => unknown]>([
    [
      'gives what can not be asked whether it is a promise',
      () => ({
        collect: () => ({
          get then() {
            throw new Error('no');
          },
        }),
      }),
    ],
    ['gives what can not be asked anything', () => ({ collect: () => throwing })],
    [
      'throws what can not be asked anything',
      () => ({
        collect: () => {
          throw throwing;
        },
      }),
    ],
    [
      'has a class whose name is none',
      () =>
        new (Object.defineProperty(
          class {
            collect(): never {
              throw new Error('no');
            }
          },
          'name',
          { value: () => 'x' },
        ))(),
    ],
    [
      'has a class that can not be asked',
      () => ({
        get constructor() {
          throw new Error('no');
        },
        collect: () => {
          throw new Error('no');
        },
      }),
    ],
  ])('costs only its own families if it %s', async (_what, make) => {
    const registry = new Registry();
    registry.register(make() as Collector);
    new Gauge({ name: 'good', help: '', registry });

    for (const format of ['text', 'openmetrics'] as const) {
      expect(await registry.metrics({ format })).toMatch(
        /^good 0$[^]*^prometer_collector_errors_total\{collector="\w+"\}/m,
      );
    }
  });

  it('leaves bounded traces, however many families it gives that no format can carry', async () => {
    const registry = new Registry();
    const odd = Array.from({ length: 1200 }, (_, i) => [gauge(`a.${i}`, 1), gauge(`a_${i}`, 1)]).flat();
    registry.register({ collect: () => odd });
    await registry.metrics();

    expect(warnings.mock.calls.length).toBeLessThan(1100);
  });
});

function fail(): never {
  throw new Error('no');
}

function labelled(...names: string[]): object {
  return { labels: Object.fromEntries(names.map((name) => [name, name])), value: 1 };
}

function bucket(upperBound: number, count: number): object {
  return { upperBound, count };
}

function quantile(which: number): object {
  return { quantile: which, value: 1 };
}
