import { Counter, Gauge, Histogram, Info, Registry, StateSet, Summary, type MetricFamily } from '../../src/index.ts';
import { refusal } from '../refusal.ts';

const ACCEPTS = [
  'text/plain;version=0.0.4',
  'text/plain;version=1.0.0;escaping=allow-utf-8',
  'application/openmetrics-text;version=1.0.0;escaping=values',
  'application/openmetrics-text;version=2.0.0;escaping=allow-utf-8',
  'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited',
];

describe('The constant labels of a registry', () => {
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  it('come first in every series, of every kind', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(1500);
    const registry = new Registry({ labels: { service: 'a"b', zone: 1 } });
    new Counter({ name: 'c', help: '', labelNames: ['x'], registry }).inc({ x: '1' });
    new Gauge({ name: 'g', help: '', registry }).set(2);
    new Histogram({ name: 'h', help: '', buckets: [], registry }).observe(3);
    const summary = new Summary({ name: 's', help: '', quantiles: [0], registry });
    summary.observe(4);
    new Info({ name: 'i', help: '', registry }).set({ v: '5' });
    new StateSet({ name: 'e', help: '', states: ['on'], registry }).set('on');
    const own = 'service="a\\"b",zone="1"';
    expect(await registry.metrics({ created: true })).toBe(
      `# HELP c_total \n# TYPE c_total counter\nc_total{${own},x="1"} 1\n` +
        `# HELP c_created \n# TYPE c_created gauge\nc_created{${own},x="1"} 1.5\n` +
        `# HELP g \n# TYPE g gauge\ng{${own}} 2\n` +
        `# HELP h \n# TYPE h histogram\nh_bucket{${own},le="+Inf"} 1\nh_sum{${own}} 3\nh_count{${own}} 1\n` +
        `# HELP h_created \n# TYPE h_created gauge\nh_created{${own}} 1.5\n` +
        `# HELP s \n# TYPE s summary\ns{${own},quantile="0.0"} ${summary.get().quantiles[0]?.value}\ns_sum{${own}} 4\ns_count{${own}} 1\n` +
        `# HELP s_created \n# TYPE s_created gauge\ns_created{${own}} 1.5\n` +
        `# HELP i_info \n# TYPE i_info gauge\ni_info{${own},v="5"} 1\n` +
        `# HELP e \n# TYPE e gauge\ne{${own},e="on"} 1\n`,
    );
  });

  it.each(ACCEPTS)('are in each series as if it had them itself, for the header "%s"', async (accept) => {
    jest.useFakeTimers({ now: 1_500_000 });
    const registry = new Registry({ labels: { 'zone.id': 'größer"', b: '' } });
    const all = { help: 'H', registry, labelNames: ['x', 'y.z'] } as const;
    const counter = new Counter({ name: 'c', ...all });
    const gauge = new Gauge({ name: 'g.g', ...all });
    const histogram = new Histogram({ name: 'h', buckets: [1], native: true, ...all });
    const summary = new Summary({ name: 's', quantiles: [0.5], ...all });
    new Gauge({ name: 'sole', help: '', registry }).set(0.5);
    const info = new Info({ name: 'i', help: '', registry });
    new StateSet({ name: 'e', help: '', states: ['on', 'off'], labelNames: ['x'], registry }).labels('1').set('on');
    for (let i = 0; i < 30; i++) {
      const labels = { x: `${i % 3}`, 'y.z': `é${i}` };
      counter.inc(labels, i, i === 7 ? { id: 'x' } : undefined);
      gauge.set(labels, i);
      histogram.observe(labels, i);
      summary.observe(labels, i);
    }
    for (const version of ['1', '2', '3']) {
      info.set({ version, [`only${version}`]: 'x' });
      const plain = new Registry();
      const families = await registry.gather();
      plain.register({ collect: () => families });
      const options = { openMetrics2: true, created: version === '2' };
      const [{ body }, expected] = [await registry.expose(accept, options), await plain.expose(accept, options)];
      expect(Buffer.from(body).toString('latin1')).toBe(Buffer.from(expected.body).toString('latin1'));
      expect(await registry.metrics(options)).toBe(await plain.metrics(options));
    }
  });

  it('are in what a custom collector gives, and in what the registry says of itself', async () => {
    jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const registry = new Registry({ labels: { service: 'a' } });
    const family: MetricFamily = { name: 'g', help: '', type: 'gauge', series: [{ labels: { x: '1' }, value: 2 }] };
    registry.register({ collect: () => [family, null as never] });
    expect(await registry.metrics()).toBe(
      '# HELP g \n# TYPE g gauge\ng{service="a",x="1"} 2\n' +
        '# HELP prometer_collector_errors_total Times that a collector failed and its metrics were left out of a scrape.\n' +
        '# TYPE prometer_collector_errors_total counter\n' +
        'prometer_collector_errors_total{service="a",collector="collector"} 1\n',
    );
    expect(family.series).toEqual([{ labels: { x: '1' }, value: 2 }]);
  });

  it('are in what gather and getSampleValue give', async () => {
    const registry = new Registry({ labels: { service: 'a' } });
    new Gauge({ name: 'g', help: '', registry }).set(2);
    expect(await registry.gather()).toEqual([
      { name: 'g', help: '', type: 'gauge', series: [{ labels: { service: 'a' }, value: 2 }] },
    ]);
    expect(registry.getSampleValue('g', { service: 'a' })).toBe(2);
    expect(registry.getSampleValue('g')).toBe(undefined);
  });

  it('are not in what another registry shows of the same metric', async () => {
    const gauge = new Gauge({ name: 'g', help: '', registry: new Registry({ labels: { service: 'a' } }) });
    const other = new Registry();
    other.register(gauge);
    expect(await other.metrics()).toBe('# HELP g \n# TYPE g gauge\ng 0\n');
  });

  it('leave everything else of a series as it was given', async () => {
    const exemplar = { labels: { id: '1' }, value: 0.5, timestamp: 7 };
    const native = {
      schema: 0,
      zeroThreshold: 0,
      zeroCount: 2,
      positiveSpans: [],
      positiveDeltas: [],
      negativeSpans: [],
      negativeDeltas: [],
      exemplars: [exemplar],
    };
    const times = { created: 3, timestamp: 5000 };
    const families = (labels: Record<string, string>): MetricFamily[] => [
      { name: 'c', help: '', type: 'counter', series: [{ labels, ...times, value: 2, exemplar }] },
      {
        name: 'h',
        help: '',
        type: 'histogram',
        series: [
          {
            labels,
            ...times,
            count: 2,
            sum: 1,
            buckets: [
              { upperBound: 1, count: 2, exemplar },
              { upperBound: Infinity, count: 2 },
            ],
            native,
          },
        ],
      },
      { name: 'g', help: '', type: 'gauge', unit: 'bytes', series: [{ labels, value: 2 }] },
    ];
    const registry = new Registry({ labels: { s: 'a' } });
    registry.register({ collect: () => families({ b: 'c' }) });
    const expected = families({ s: 'a', b: 'c' });

    expect(await registry.gather()).toEqual([...expected.slice(0, 2), { ...expected[2], name: 'g_bytes' }]);
  });

  it('come first in each series where the names of labels change from one to the next', async () => {
    const registry = new Registry({ labels: { s: 'a' } });
    const series = [{ b: '1' }, {}, { c: '2', d: '3' }, { b: '4' }].map((labels) => ({ labels, value: 1 }));
    registry.register({ collect: (): MetricFamily[] => [{ name: 'g', help: '', type: 'gauge', series }] });
    expect(await registry.metrics()).toBe(
      '# HELP g \n# TYPE g gauge\ng{s="a",b="1"} 1\ng{s="a"} 1\ng{s="a",c="2",d="3"} 1\ng{s="a",b="4"} 1\n',
    );
  });

  it('come before the labels of each series of a metric, however many values these have', async () => {
    const registry = new Registry({ labels: { s: 'a', t: 'b' } });
    const gauge = new Gauge({ name: 'g', help: '', labelNames: ['x', 'y'], registry });
    for (const [x, y] of [
      ['1', '1'],
      ['1', '2'],
      ['2', '1'],
    ] as const)
      gauge.set({ x, y }, 1);
    expect(await registry.metrics()).toBe(
      '# HELP g \n# TYPE g gauge\n' +
        'g{s="a",t="b",x="1",y="1"} 1\ng{s="a",t="b",x="1",y="2"} 1\ng{s="a",t="b",x="2",y="1"} 1\n',
    );
  });

  it('cost a metric, in OpenMetrics, that has a label which escaping makes one of them', async () => {
    jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const registry = new Registry({ labels: { 'a.b': '1' } });
    new Gauge({ name: 'g', help: '', labelNames: ['U__a_2e_b'], registry }).labels('2').set(1);
    new Gauge({ name: 'ok', help: '', registry });
    const { body } = await registry.expose('application/openmetrics-text;version=1.0.0;escaping=values');
    expect(Buffer.from(body).toString()).toBe('# HELP ok \n# TYPE ok gauge\nok{U__a_2e_b="1"} 0\n# EOF\n');
  });

  it('are a copy of what was given', async () => {
    const labels = { service: 'a' };
    const registry = new Registry({ labels });
    labels.service = 'b';
    new Gauge({ name: 'g', help: '', registry });
    expect(registry.getSampleValue('g', { service: 'a' })).toBe(0);
  });

  it.each<[string, Record<string, string>, (registry: Registry) => unknown]>([
    ['the same', { a: '1' }, (registry) => new Gauge({ name: 'g', help: '', labelNames: ['a'], registry })],
    ['exposed alike', { 'a.b': '1' }, (registry) => new Gauge({ name: 'g', help: '', labelNames: ['a_b'], registry })],
    ['of its buckets', { le: '1' }, (registry) => new Histogram({ name: 'h', help: '', registry })],
    ['of its quantiles', { quantile: '1' }, (registry) => new Summary({ name: 's', help: '', registry })],
    ['of its states', { e: '1' }, (registry) => new StateSet({ name: 'e', help: '', states: ['on'], registry })],
    [
      'that a collector describes as of its states',
      { e_e: '1' },
      (registry) => registry.register({ describe: () => [{ name: 'e.e', type: 'stateset' }], collect: () => [] }),
    ],
  ])('refuse a metric with a label that is %s', async (_, labels, make) => {
    const registry = new Registry({ labels });
    expect(refusal(() => make(registry)).code).toBe('INVALID_LABEL_NAME');
    expect(await registry.metrics()).toBe('');
    expect(registry.get('g')).toBe(undefined);
  });

  it('say what is wrong with such a metric', () => {
    const registry = new Registry({ labels: { a: '1' } });
    expect(refusal(() => new Gauge({ name: 'g', help: '', labelNames: ['a'], registry })).message).toBe(
      'Metric "g" has the label "a", which its registry adds to every series: choose another name.',
    );
  });

  it.each<[string, MetricFamily]>([
    ['the same', { name: 'x', help: '', type: 'gauge', series: [{ labels: { le: '1' }, value: 1 }] }],
    ['one of its buckets', { name: 'x', help: '', type: 'histogram', series: [] }],
  ])('cost a family of a custom collector that has %s', async (_, family) => {
    jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const registry = new Registry({ labels: { le: 'x' } });
    new Gauge({ name: 'g', help: '', registry });
    registry.register({ collect: () => [family] });
    expect((await registry.gather()).map(({ name }) => name)).toEqual(['g', 'prometer_collector_errors']);
  });

  it('cost an info that says the same', async () => {
    jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const registry = new Registry({ labels: { version: '1' } });
    new Gauge({ name: 'g', help: '', registry });
    new Info({ name: 'i', help: '', registry }).set({ version: '2' });
    expect((await registry.gather()).map(({ name }) => name)).toEqual(['g', 'prometer_collector_errors']);
    expect(registry.getSampleValue('prometer_collector_errors_total', { version: '1', collector: 'i' })).toBe(1);
  });

  it('cost an info that says the same later', async () => {
    jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const registry = new Registry({ labels: { service: 'a' } });
    const info = new Info({ name: 'i', help: '', registry });
    const shown = '# HELP i_info \n# TYPE i_info gauge\n';
    info.set({ version: '1' });
    for (let i = 0; i < 2; i++)
      expect(await registry.metrics({ names: ['i'] })).toBe(`${shown}i_info{service="a",version="1"} 1\n`);
    info.set({ service: 'b' });
    for (let i = 0; i < 2; i++) expect(await registry.metrics({ names: ['i'] })).toBe('');
    info.set({ version: '2' });
    expect(await registry.metrics({ names: ['i'] })).toBe(`${shown}i_info{service="a",version="2"} 1\n`);
  });

  it('say what is wrong with them where they are none', () => {
    expect(refusal(() => new Registry({ labels: ['a'] as never })).message).toBe(
      `The option "labels" of a registry is ["a"]: give an object such as { service: 'api' }, or leave it out.`,
    );
  });

  it.each<[string, unknown, string]>([
    ['null', null, 'INVALID_OPTION'],
    ['a text', 'service', 'INVALID_OPTION'],
    ['an array', ['a'], 'INVALID_OPTION'],
    ['an empty name', { '': 'x' }, 'INVALID_LABEL_NAME'],
    ['a reserved name', { __a: 'x' }, 'INVALID_LABEL_NAME'],
    ['names that are exposed alike', { 'a.b': 'x', a_b: 'y' }, 'INVALID_LABEL_NAME'],
    ['a value that has no text', { a: {} }, 'INVALID_LABEL_VALUE'],
  ])('can not be %s', (_, labels, code) => {
    expect(refusal(() => new Registry({ labels: labels as never })).code).toBe(code);
  });
});
