import { Registry, lint as lintRegistry, type MetricFamily } from '../src/index.ts';
import { lintFamilies, type LintedFamily } from '../src/lint.ts';

type Labels = Record<string, string>;

function family(name: string, type: LintedFamily['type'], ...series: Labels[]): LintedFamily {
  return { name, help: 'Help', type, series: series.map(seriesOf) };
}

function seriesOf(labels: Labels): { labelNames: string[]; labelValues: string[] } {
  return { labelNames: Object.keys(labels), labelValues: Object.values(labels) };
}

/** The texts about the one family given. */
function lint(...given: Parameters<typeof family>): string[] {
  return lintFamilies([family(...given)]).map(({ text }) => text);
}

describe('Linting', () => {
  it('finds nothing in families as they should be', () => {
    expect(
      lintFamilies([
        family('requests_total', 'counter', { method: 'get' }, { method: 'post' }),
        family('request_duration_seconds', 'histogram', {}),
        family('queue_size_bytes', 'gaugehistogram', {}),
        family('request_size_bytes', 'summary', {}),
        family('temperature_celsius', 'gauge', {}),
        family('build_info', 'info', { version: '1.2.3' }),
        family('job', 'stateset', {}),
        family('anything', 'unknown', {}),
      ]),
    ).toEqual([]);
  });

  it('names the metric, and sorts by metric and then by text', () => {
    expect(
      lintFamilies([
        family('z_ms', 'gauge'),
        { ...family('b:requests_counter', 'counter'), help: undefined },
        family('a:b', 'gauge'),
      ]),
    ).toEqual([
      { metric: 'a:b', text: "metric names should not contain ':'" },
      { metric: 'b:requests_counter', text: 'counter metrics should have "_total" suffix' },
      { metric: 'b:requests_counter', text: "metric name should not include type 'counter'" },
      { metric: 'b:requests_counter', text: "metric names should not contain ':'" },
      { metric: 'b:requests_counter', text: 'no help text' },
      { metric: 'z_ms', text: 'metric names should not contain abbreviated units' },
    ]);
  });

  it.each([undefined, ''])('finds no help text in %j', (help) => {
    expect(lintFamilies([{ ...family('x', 'gauge'), help }])).toEqual([{ metric: 'x', text: 'no help text' }]);
  });

  it.each<[name: string, type: LintedFamily['type'], text: string]>([
    ['requests', 'counter', 'counter metrics should have "_total" suffix'],
    ['requests_total', 'gauge', 'non-counter metrics should not have "_total" suffix'],
    ['requests_total', 'info', 'non-counter metrics should not have "_total" suffix'],
    ['requests_bucket', 'gauge', 'non-histogram metrics should not have "_bucket" suffix'],
    ['requests_bucket', 'summary', 'non-histogram metrics should not have "_bucket" suffix'],
    ['requests_count', 'gauge', 'non-histogram and non-summary metrics should not have "_count" suffix'],
    ['requests_sum', 'stateset', 'non-histogram and non-summary metrics should not have "_sum" suffix'],
    ['gauge_of_counter_total', 'counter', "metric name should not include type 'counter'"],
    ['size_Gauge', 'gauge', "metric name should not include type 'gauge'"],
    ['size_gauge_info', 'info', "metric name should not include type 'gauge'"],
    ['size_summary', 'summary', "metric name should not include type 'summary'"],
    ['size_histogram', 'gaugehistogram', "metric name should not include type 'histogram'"],
    ['a:b', 'unknown', "metric names should not contain ':'"],
    ['queueSize', 'unknown', "metric names should be written in 'snake_case' not 'camelCase'"],
    ['wait_ms_total', 'counter', 'metric names should not contain abbreviated units'],
    ['size_MB', 'gauge', 'metric names should not contain abbreviated units'],
    ['wait_milliseconds_total', 'counter', 'use base unit "seconds" instead of "milliseconds"'],
    ['wait_weeks', 'gauge', 'use base unit "seconds" instead of "weeks"'],
    ['road_kilometres', 'gauge', 'use base unit "metres" instead of "kilometres"'],
    ['size_mebibytes', 'gauge', 'use base unit "bytes" instead of "mebibytes"'],
    ['energy_kilocalories', 'gauge', 'use base unit "joules" instead of "kilocalories"'],
    ['wait_hours_in_seconds', 'gauge', 'use base unit "seconds" instead of "hours"'],
  ])('of %s, a %s: %s', (name, type, text) => {
    expect(lint(name, type)).toEqual([text]);
  });

  it.each<[base: string, others: string[]]>([
    ['amperes', ['milliamperes']],
    ['bytes', ['bits', 'gibibytes']],
    ['celsius', ['fahrenheit', 'rankine', 'decicelsius']],
    ['grams', ['pounds', 'ounces', 'megagrams']],
    ['joules', ['calories', 'terajoules']],
    ['kelvin', ['kelvins', 'microkelvin']],
    ['meters', ['inches', 'yards', 'miles', 'centimeters']],
    ['metres', ['hectometres']],
    ['seconds', ['minutes', 'hours', 'days', 'weeks', 'nanoseconds']],
    ['volts', ['gigavolts']],
  ])('takes %s for a base unit, and no other one of its kind', (base, others) => {
    expect(lint(`x_${base}`, 'gauge')).toEqual([]);
    expect(others.flatMap((unit) => lint(`x_${unit}`, 'gauge'))).toEqual(
      others.map((unit) => `use base unit "${base}" instead of "${unit}"`),
    );
  });

  it.each<[name: string, type: LintedFamily['type']]>([
    ['requests_total', 'unknown'],
    ['requests_sum', 'unknown'],
    ['size_unknown', 'unknown'],
    ['size_untyped', 'unknown'],
    ['requests_sum', 'summary'],
    ['requests_count', 'histogram'],
    ['requests_bucket', 'gaugehistogram'],
    ['size_gauge', 'histogram'],
    ['gauge', 'gauge'],
    ['gauged', 'gauge'],
    ['ms', 'gauge'],
    ['forms', 'gauge'],
    ['wait_Milliseconds', 'gauge'],
    ['size_byteskilo', 'gauge'],
    ['wait_seconds_per_hours', 'gauge'],
    ['__proto___constructor', 'gauge'],
  ])('has nothing against %s as a %s', (name, type) => {
    expect(lint(name, type)).toEqual([]);
  });

  it.each<[type: LintedFamily['type'], labels: Labels, texts: string[]]>([
    ['gauge', { httpService: 'x' }, ["label names should be written in 'snake_case' not 'camelCase'"]],
    ['unknown', { httpService: 'x' }, ["label names should be written in 'snake_case' not 'camelCase'"]],
    ['gauge', { le: '1' }, ['non-histogram metrics should not have "le" label']],
    ['summary', { le: '1' }, ['non-histogram metrics should not have "le" label']],
    ['histogram', { quantile: '1' }, ['non-summary metrics should not have "quantile" label']],
    ['histogram', { le: '1' }, []],
    ['gaugehistogram', { le: '1' }, []],
    ['summary', { quantile: '1' }, []],
    ['unknown', { le: '1', quantile: '1' }, []],
  ])('of labels of a %s: %j', (type, labels, texts) => {
    expect(lint('x', type, labels)).toEqual(texts);
  });

  it('finds series with the same labels, in whichever order', () => {
    expect(lint('x', 'gauge', { a: '1', b: '2' }, { b: '2', a: '1' })).toEqual(['metric not unique']);
    expect(lint('x', 'summary', {}, {})).toEqual(['metric not unique']);
  });

  it('takes series whose labels only look alike for different ones', () => {
    const series = [{}, { a: '' }, { a: 'b', c: 'd' }, { a: 'b,c=d' }, { a: 'b","c' }, { a: 'd', c: 'b' }, { b: 'a' }];
    expect(lint('x', 'gauge', ...series)).toEqual([]);
  });

  it('says once what holds for many series', () => {
    const series = ['1', '2', '2', '2'].map((tenantId) => ({ tenantId, userId: '1' }));
    expect(lint('x', 'gauge', ...series)).toEqual([
      "label names should be written in 'snake_case' not 'camelCase'",
      'metric not unique',
    ]);
  });
});

describe('lint', () => {
  it('finds nothing in a registry that is empty, or as it should be', async () => {
    const registry = new Registry({ labels: { service: 'api' } });
    expect(await lintRegistry(registry)).toEqual([]);
    registry.counter({ name: 'requests', help: 'Requests', labelNames: ['method'] }).inc({ method: 'get' });
    registry.histogram({ name: 'request_duration', unit: 'seconds', help: 'Duration' });
    registry.info({ name: 'build', help: 'Build' }).set({ version: '1' });
    registry.stateSet({ name: 'job', help: 'Job', states: ['on'] });
    registry.summary({ name: 'batch_size', help: 'Sizes', quantiles: [0.5] }).observe(1);
    expect(await lintRegistry(registry)).toEqual([]);
  });

  it('finds what is unusual, by the names that are exposed', async () => {
    const registry = new Registry({ labels: { serviceName: 'api' } });
    registry.gauge({ name: 'requests.total', help: 'Requests' });
    registry.counter({ name: 'job_ms', help: '' });
    const family: MetricFamily = { name: 'x', help: 'X', type: 'gauge', series: [{ labels: { le: '1' }, value: 1 }] };
    registry.register({ collect: () => [family] });
    const camelCase = "label names should be written in 'snake_case' not 'camelCase'";
    expect(await lintRegistry(registry)).toEqual([
      { metric: 'job_ms_total', text: camelCase },
      { metric: 'job_ms_total', text: 'metric names should not contain abbreviated units' },
      { metric: 'job_ms_total', text: 'no help text' },
      { metric: 'requests_total', text: camelCase },
      { metric: 'requests_total', text: 'non-counter metrics should not have "_total" suffix' },
      { metric: 'x', text: camelCase },
      { metric: 'x', text: 'non-histogram metrics should not have "le" label' },
    ]);
  });

  it('reads what collect sets', async () => {
    const registry = new Registry();
    registry.gauge({
      name: 'g',
      help: 'G',
      labelNames: ['userId'],
      collect() {
        this.set({ userId: '1' }, 1);
      },
    });
    expect(await lintRegistry(registry)).toEqual([
      { metric: 'g', text: "label names should be written in 'snake_case' not 'camelCase'" },
    ]);
  });
});
