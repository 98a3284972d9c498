import { promtool, whatIsWrongWithQuery, whatIsWrongWithYaml, withProgram } from './configuration.ts';
import { all, blocksIn, read, sectionOf } from './documents.ts';
import { samplesOfAll } from './samples.ts';

describe('The configuration', () => {
  const files = [...all('yaml'), ['examples/prometheus.yml', { text: read('examples/prometheus.yml') }] as const];

  it.each(files)('in %s is one', (_, { text }) => {
    expect(whatIsWrongWithYaml(text)).toBeUndefined();
  });

  withProgram('promtool', () => {
    it.each(files)('in %s is one to promtool', (_, { text }) => {
      expect(promtool(['check', 'config', '--syntax-only', 'prometheus.yml'], { 'prometheus.yml': text })).toBe('');
    });
  });

  it.each([
    ['scrape_config:\n  - job_name: a\n', 'scrape_config in "": scrape_config:'],
    ['scrape_configs:\n  - name: a\n', 'name in "scrape_configs":   - name: a'],
    ['scrape_configs:\n\t- job_name: a\n', 'not understood: \t- job_name: a'],
    [
      "scrape_configs:\n  - static_configs:\n      - targets: ['localhost']\n",
      "no target:       - targets: ['localhost']",
    ],
  ])('%j is not', (text, wrong) => {
    expect(whatIsWrongWithYaml(text)).toBe(wrong);
  });
});

describe('The query', () => {
  const queries = all('promql').map(([at, { text }]): [string, string] => [at, text.trim()]);
  let samples: Map<string, readonly string[]>;

  beforeAll(async () => {
    samples = await samplesOfAll();
  });

  it.each(queries)('in %s asks for metrics and labels that there are', (_, query) => {
    expect(whatIsWrongWithQuery(query, samples)).toBeUndefined();
  });

  it.each([
    ['sum(rate(http_requests[5m]))', 'no metric: http_requests'],
    ['sum by (path) (rate(http_requests_total[5m]))', 'no label: path'],
    ['sum(rate(http_requests_total{code=~"5.."}[5m]))', 'no label: code'],
    ['sum(rate(http_requests_total[5m])', '( without )'],
    ['total(rate(http_requests_total[5m]))', 'no function that is known: total'],
  ])('%j does not', (query, wrong) => {
    expect(whatIsWrongWithQuery(query, samples)).toBe(wrong);
  });

  withProgram('promtool', () => {
    const [perSecond, errors, percentile] = blocksIn(sectionOf('README.md', 'Ask Prometheus'), 'promql').map(
      ({ text }) => text.trim(),
    );

    it('is one to promtool, each of them', () => {
      const rules = queries.map(([, query], i) => ({ record: `query_${i}`, expr: query }));
      const text = JSON.stringify({ groups: [{ name: 'queries', rules }] });

      expect(queries.length).toBeGreaterThan(3);
      expect(promtool(['check', 'rules', 'rules.yml'], { 'rules.yml': text })).toBe('');
    });

    // Ten minutes in which each minute brings 60 requests to /fast, 6 of them failing, and 12 to /slow.
    it('in the README tells requests per second, the share of errors and the 90th percentile', () => {
      const series = (name: string, labels: string, perMinute: number): { series: string; values: string } => ({
        series: `${name}{${labels}}`,
        values: `0+${perMinute}x10`,
      });
      const bucket = (le: string, perMinute: number): { series: string; values: string } =>
        series('http_request_duration_seconds_bucket', `route="/fast",le="${le}"`, perMinute);
      const expected = (expr: string | undefined, samples: [string, number][]): object => ({
        expr: `round(${expr}, 0.001)`,
        eval_time: '10m',
        exp_samples: samples.map(([labels, value]) => ({ labels, value })),
      });
      const test = {
        interval: '1m',
        input_series: [
          series('http_requests_total', 'route="/fast",status_code="200"', 54),
          series('http_requests_total', 'route="/fast",status_code="500"', 6),
          series('http_requests_total', 'route="/slow",status_code="200"', 12),
          bucket('0.1', 30),
          bucket('0.5', 60),
          bucket('+Inf', 60),
        ],
        promql_expr_test: [
          expected(perSecond, [
            ['{route="/fast"}', 1],
            ['{route="/slow"}', 0.2],
          ]),
          expected(errors, [['{}', 0.083]]),
          // The 54th of 60: four fifths of the way from 0.1 to 0.5.
          expected(percentile, [['{route="/fast"}', 0.42]]),
        ],
      };

      expect(promtool(['test', 'rules', 'test.yml'], { 'test.yml': JSON.stringify({ tests: [test] }) })).toBe('');
    });

    it('in the README for the share of errors tells 0 where none has failed yet', () => {
      const test = {
        interval: '1m',
        input_series: [{ series: 'http_requests_total{route="/fast",status_code="200"}', values: '0+60x10' }],
        promql_expr_test: [{ expr: errors, eval_time: '10m', exp_samples: [{ labels: '{}', value: 0 }] }],
      };

      expect(promtool(['test', 'rules', 'test.yml'], { 'test.yml': JSON.stringify({ tests: [test] }) })).toBe('');
    });

    // One collector fails once, after 20 minutes, so that its series begins with 1; another has failed long ago, and again
    // after 50 minutes.
    it('of the page of errors alerts for 15 minutes at each failure, also at the first one', () => {
      const [alert] = blocksIn(sectionOf('docs/errors-and-warnings.md', 'Alert on what is left out'), 'promql');
      const alerts = {
        '17m': [],
        '21m': ['once'],
        '33m': ['once'],
        '36m': [],
        '49m': [],
        '51m': ['again'],
        '63m': ['again'],
        '66m': [],
      };
      const test = {
        interval: '1m',
        input_series: [
          { series: 'prometer_collector_errors_total{collector="once"}', values: '_x19 1x60' },
          { series: 'prometer_collector_errors_total{collector="again"}', values: '3x50 4x30' },
        ],
        promql_expr_test: Object.entries(alerts).map(([time, collectors]) => ({
          expr: `group by (collector) (${alert?.text.trim()})`,
          eval_time: time,
          exp_samples: collectors.map((collector) => ({ labels: `{collector="${collector}"}`, value: 1 })),
        })),
      };

      expect(promtool(['test', 'rules', 'test.yml'], { 'test.yml': JSON.stringify({ tests: [test] }) })).toBe('');
    });
  });
});
