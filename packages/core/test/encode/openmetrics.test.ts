import { openMetricsPieces } from './encoded.ts';
import { type OpenMetricsOptions } from '../../src/encode/openmetrics.ts';
import { Counter, Gauge, Histogram, Info, StateSet, Summary } from '../../src/index.ts';
import type { FamilyView } from '../../src/model.ts';
import { familyOf, withLabels } from './series-of.ts';

const registry = null;

function textOf(families: readonly object[], options?: OpenMetricsOptions): string {
  return Buffer.concat([...openMetricsPieces(families as FamilyView[], options)]).toString();
}

/** What is left out of a document, and why. */
function invalid(families: readonly object[], options?: OpenMetricsOptions): string[] {
  const reasons: string[] = [];
  const text = textOf(families, { ...options, onInvalid: ({ name }, reason) => reasons.push(`${name}: ${reason}`) });
  expect(text.match(/^# TYPE /gm) ?? []).toHaveLength(families.length - reasons.length);
  expect(textOf(families, options)).toBe(text);
  return reasons;
}

describe('OpenMetrics 1.0', () => {
  afterEach(() => jest.useRealTimers());

  it('ends in # EOF, and is nothing else without families', () => {
    expect(textOf([])).toBe('# EOF\n');
  });

  it('writes HELP and TYPE of a family that has no series', () => {
    const counter = new Counter({ name: 'cc', help: 'A counter', labelNames: ['a'], registry });
    expect(textOf([counter])).toBe('# HELP cc A counter\n# TYPE cc counter\n# EOF\n');
  });

  it('writes every type', () => {
    const counter = new Counter({ name: 'cc', help: 'C', unit: 'bytes', labelNames: ['a'], registry });
    counter.inc({ a: 'x' }, 42);
    const gauge = new Gauge({ name: 'gg', help: 'G', registry });
    gauge.set(-Infinity);
    const histogram = new Histogram({ name: 'hh', help: 'H', buckets: [1, 1e7], labelNames: ['a'], registry });
    histogram.observe({ a: 'x' }, 0.5);
    histogram.observe({ a: 'x' }, 1e6);
    const summary = new Summary({ name: 'ss', help: 'S', quantiles: [0, 0.5], registry });
    const info = new Info({ name: 'build', help: 'I', registry });
    info.set({ version: '1.2.3' });
    const states = new StateSet({ name: 'job', help: 'J', states: ['on', 'o"ff'], registry });
    states.set('on');
    expect(textOf([counter, gauge, histogram, summary, info, states, familyOf('unknown', { value: 1.5 })])).toBe(
      '# HELP cc_bytes C\n' +
        '# TYPE cc_bytes counter\n' +
        '# UNIT cc_bytes bytes\n' +
        'cc_bytes_total{a="x"} 42\n' +
        '# HELP gg G\n' +
        '# TYPE gg gauge\n' +
        'gg -Inf\n' +
        '# HELP hh H\n' +
        '# TYPE hh histogram\n' +
        'hh_bucket{a="x",le="1.0"} 1\n' +
        'hh_bucket{a="x",le="1e+07"} 2\n' +
        'hh_bucket{a="x",le="+Inf"} 2\n' +
        'hh_sum{a="x"} 1.0000005e+06\n' +
        'hh_count{a="x"} 2\n' +
        '# HELP ss S\n' +
        '# TYPE ss summary\n' +
        'ss{quantile="0.0"} NaN\n' +
        'ss{quantile="0.5"} NaN\n' +
        'ss_sum 0\n' +
        'ss_count 0\n' +
        '# HELP build I\n' +
        '# TYPE build info\n' +
        'build_info{version="1.2.3"} 1\n' +
        '# HELP job J\n' +
        '# TYPE job stateset\n' +
        'job{job="on"} 1\n' +
        'job{job="o\\"ff"} 0\n' +
        '# HELP x \n' +
        '# TYPE x unknown\n' +
        'x 1.5\n' +
        '# EOF\n',
    );
  });

  it('writes what is said of the target first', () => {
    const target = new Info({ name: 'target', help: 'T', registry });
    target.set({ env: 'prod' });
    const [a, b] = ['a', 'b'].map((name) => new Gauge({ name, help: '', registry }));
    const families = [a, target, b] as object[];
    expect(textOf(families)).toBe(
      '# HELP target T\n# TYPE target info\ntarget_info{env="prod"} 1\n' +
        '# HELP a \n# TYPE a gauge\na 0\n# HELP b \n# TYPE b gauge\nb 0\n# EOF\n',
    );
    expect(families[1]).toBe(target);
    expect(invalid(families)).toEqual([]);
  });

  it('leaves what only has the name of the target where it is', () => {
    const families = ['a', 'target'].map((name) => new Gauge({ name, help: '', registry }));
    expect(textOf(families)).toBe(
      '# HELP a \n# TYPE a gauge\na 0\n# HELP target \n# TYPE target gauge\ntarget 0\n# EOF\n',
    );
  });

  it('writes no UNIT of a family without one, though its name ends in an underscore', () => {
    const gauge = new Gauge({ name: 'x_', help: '', registry });
    expect(textOf([gauge])).toBe('# HELP x_ \n# TYPE x_ gauge\nx_ 0\n# EOF\n');
  });

  it('escapes backslash, line feed and double quote in the help and in a label value', () => {
    const gauge = new Gauge({ name: 'gg', help: 'C:\\dir\n"two"\t😱', labelNames: ['a'], registry });
    gauge.set({ a: '\\x\n"' }, 1);
    expect(textOf([gauge])).toBe(
      '# HELP gg C:\\\\dir\\n\\"two\\"\t😱\n# TYPE gg gauge\ngg{a="\\\\x\\n\\""} 1\n# EOF\n',
    );
  });

  it('writes neither sum nor count of a histogram with a negative bound', () => {
    const histogram = new Histogram({ name: 'hh', help: '', buckets: [-1, 1], registry });
    histogram.observe(-3);
    expect(textOf([histogram])).toBe(
      '# HELP hh \n# TYPE hh histogram\nhh_bucket{le="-1.0"} 1\nhh_bucket{le="1.0"} 1\nhh_bucket{le="+Inf"} 1\n# EOF\n',
    );
  });

  it.each([
    [5, [1], 'x_gsum 5\nx_gcount 2\n'],
    [0, [1], 'x_gsum 0\nx_gcount 2\n'],
    [-5, [-1], 'x_gsum -5\nx_gcount 2\n'],
    [-5, [1], ''],
    [-5, [], ''],
    [NaN, [-1], ''],
  ])('of a gauge histogram with the sum %p and the bounds %p has: %p', (sum, upperBounds, lines) => {
    const bucketCounts = [...upperBounds.map(() => 0), 2];
    const text = textOf([familyOf('gaugehistogram', { sum, upperBounds, bucketCounts })]);
    expect(text.slice(text.indexOf('{le="+Inf"}'))).toBe(`{le="+Inf"} 2\n${lines}# EOF\n`);
  });

  it('writes times in seconds, without an exponent after many decimals', () => {
    const at = (timestamp: number): string | undefined =>
      textOf([familyOf('gauge', { value: 1, timestamp })]).split('\n')[2];
    expect(at(1520879607789)).toBe('x 1 1520879607.789');
    expect(at(1520879600000)).toBe('x 1 1.5208796e+09');
    expect(at(1234567890)).toBe('x 1 1.23456789e+06');
    expect(at(123000)).toBe('x 1 123');
    expect(at(-0.5)).toBe('x 1 -0.0005');
  });

  it('ends each series with the time at which it began to count, if that is asked for', () => {
    jest.useFakeTimers({ now: 123_456 });
    const counter = new Counter({ name: 'cc', help: '', labelNames: ['a'], registry });
    counter.inc({ a: 'x' });
    counter.inc({ a: 'y' });
    const histogram = new Histogram({ name: 'hh', help: '', buckets: [], registry });
    const summary = new Summary({ name: 'ss', help: '', registry });
    const gauge = familyOf('gauge', { value: 1, created: 5 });
    const stamped = familyOf('counter', { value: 1, created: 5, timestamp: 7000 }, { name: 't.t' });
    const unknowing = familyOf('counter', { value: 1 }, { name: 'u' });
    const samples = (text: string): string => text.replace(/^# (HELP|TYPE) .*\n/gm, '');
    expect(samples(textOf([counter, histogram, summary, gauge, stamped, unknowing], { created: true }))).toBe(
      'cc_total{a="x"} 1\ncc_created{a="x"} 123.456\n' +
        'cc_total{a="y"} 1\ncc_created{a="y"} 123.456\n' +
        'hh_bucket{le="+Inf"} 0\nhh_sum 0\nhh_count 0\nhh_created 123.456\n' +
        'ss_sum 0\nss_count 0\nss_created 123.456\n' +
        'x 1\n' +
        't_t_total 1 7\nt_t_created 5 7\n' +
        'u_total 1\n' +
        '# EOF\n',
    );
    expect(textOf([counter, histogram, summary])).not.toContain('_created');
  });

  it('comes in pieces of some 64 KB that end with a whole series', () => {
    const summary = new Summary({ name: 'ss', help: '', labelNames: ['a'], registry });
    for (let i = 0; i < 5_000; i++) summary.observe({ a: `value ${i}` }, i);
    const all = Array.from(openMetricsPieces([summary as FamilyView]), (piece) => Buffer.from(piece).toString());
    expect(all.length).toBeGreaterThan(2);
    for (const piece of all.slice(0, -1)) {
      expect(piece).toMatch(/\nss_count\{a="value \d+"\} 1\n$/);
      expect(piece.length).toBeGreaterThanOrEqual(65536);
      expect(piece.length).toBeLessThan(65536 + 200);
    }
    expect(all.at(-1)).toMatch(/\n# EOF\n$/);
  });
});

describe('Exemplars in OpenMetrics', () => {
  it('stand on the lines of counters and buckets', () => {
    jest.useFakeTimers({ now: 1520879607789 });
    const counter = new Counter({ name: 'cc', help: '', registry });
    counter.inc(2, { trace_id: 'a"b' });
    const histogram = new Histogram({ name: 'hh', help: '', buckets: [1], registry });
    histogram.observe(0.5, { trace_id: 'x', 'span.id': 'y' });
    jest.useRealTimers();
    expect(textOf([counter, histogram])).toBe(
      '# HELP cc \n# TYPE cc counter\n' +
        'cc_total 2 # {trace_id="a\\"b"} 2 1520879607.789\n' +
        '# HELP hh \n# TYPE hh histogram\n' +
        'hh_bucket{le="1.0"} 1 # {trace_id="x",span_id="y"} 0.5 1520879607.789\n' +
        'hh_bucket{le="+Inf"} 1\nhh_sum 0.5\nhh_count 1\n# EOF\n',
    );
    expect(textOf([histogram], { escaping: 'allow-utf-8' })).toContain(' 1 # {trace_id="x","span.id"="y"} 0.5 ');
  });

  it.each([
    ['has no labels', {}, 1],
    ['has more than 128 characters', { a: 'é'.repeat(128) }, 1],
    ['has a NUL, which Prometheus can not read there', { a: '\0' }, 1],
    ['has two labels of one name', { 'a.b': 'x', a_b: 'y' }, 1],
    ['is above the bound of its bucket', { a: 'x' }, 1.5],
    ['is no number', { a: 'x' }, NaN],
  ])('are left away, with their sample kept, when one %s', (_, labels, value) => {
    const series = { sum: 1, upperBounds: [1], bucketCounts: [1, 0], exemplars: [{ labels, value }, undefined] };
    expect(textOf([familyOf('histogram', series)])).toContain('\nx_bucket{le="1.0"} 1\n');
  });

  it('may be as high as the bound of their bucket', () => {
    const exemplars = [{ labels: { a: 'x' }, value: 1 }, undefined];
    const series = { sum: 1, upperBounds: [1], bucketCounts: [1, 0], exemplars };
    expect(textOf([familyOf('histogram', series)])).toContain('\nx_bucket{le="1.0"} 1 # {a="x"} 1\n');
  });

  it('may have 128 characters, whatever number of bytes that is', () => {
    const a = '😱'.repeat(127);
    expect(textOf([familyOf('counter', { value: 1, exemplar: { labels: { a }, value: 1 } })])).toContain(
      `\nx_total 1 # {a="${a}"} 1\n`,
    );
  });
});

describe('Names in OpenMetrics', () => {
  const histogram = new Histogram({
    name: 'rpc.time',
    help: 'H',
    unit: 'seconds',
    labelNames: ['http.route'],
    buckets: [],
    registry,
  });
  histogram.observe({ 'http.route': '/' }, 1);

  it.each([
    ['underscores', 'rpc_time_seconds', 'rpc_time_seconds_', 'http_route'],
    ['dots', 'rpc_dot_time__seconds', 'rpc_dot_time__seconds__', 'http_dot_route'],
    ['values', 'U__rpc_2e_time__seconds', 'U__rpc_2e_time__seconds__', 'U__http_2e_route'],
  ] as const)('are escaped by %s, in metadata and samples alike', (escaping, family, sample, label) => {
    expect(textOf([histogram], { escaping })).toBe(
      `# HELP ${family} H\n# TYPE ${family} histogram\n# UNIT ${family} seconds\n` +
        `${sample}bucket{${label}="/",le="+Inf"} 1\n${sample}sum{${label}="/"} 1\n${sample}count{${label}="/"} 1\n# EOF\n`,
    );
  });

  it.each([
    ['underscores', 'job_state{job_state="on"} 1'],
    ['dots', 'job_dot_state{job_dot_state="on"} 1'],
    ['values', 'U__job_2e_state{U__job_2e_state="on"} 1'],
    ['allow-utf-8', '{"job.state","job.state"="on"} 1'],
  ] as const)('are, escaped by %s, the same for a state set and the label of its states', (escaping, line) => {
    const text = textOf([familyOf('stateset', { states: { on: true } }, { name: 'job.state' })], { escaping });
    expect(text.split('\n')[2]).toBe(line);
  });

  it('are in quotes where they need them and that is allowed', () => {
    const plain = new Gauge({ name: 'a:b', help: '', labelNames: ['c'], registry });
    plain.set({ c: 'd' }, 1);
    expect(textOf([histogram, plain], { escaping: 'allow-utf-8' })).toBe(
      '# HELP "rpc.time_seconds" H\n# TYPE "rpc.time_seconds" histogram\n# UNIT "rpc.time_seconds" seconds\n' +
        '{"rpc.time_seconds_bucket","http.route"="/",le="+Inf"} 1\n' +
        '{"rpc.time_seconds_sum","http.route"="/"} 1\n' +
        '{"rpc.time_seconds_count","http.route"="/"} 1\n' +
        '# HELP a:b \n# TYPE a:b gauge\na:b{c="d"} 1\n# EOF\n',
    );
  });

  it('have no UNIT where escaping changed what they end in', () => {
    const gauge = new Gauge({ name: 'speed', help: '', unit: 'meters_per_second', registry });
    expect(textOf([gauge])).toContain('# UNIT speed_meters_per_second meters_per_second\n');
    expect(textOf([gauge], { escaping: 'dots' })).not.toContain('UNIT');
  });
});

describe('A family that would make the whole document invalid', () => {
  it.each<[string, FamilyView]>([
    ['it has no name', familyOf('gauge', { value: 1 }, { name: '' })],
    ['its name does not end in its unit, "seconds"', familyOf('gauge', { value: 1 }, { unit: 'seconds' })],
    ['its type, info, has no unit, but it has "s"', familyOf('info', { value: 1 }, { name: 'x_s', unit: 's' })],
    [
      'its type, stateset, has no unit, but it has "s"',
      familyOf('stateset', { states: {} }, { name: 'x_s', unit: 's' }),
    ],
    ['a counter is NaN', familyOf('counter', { value: NaN })],
    ['a counter is -1', familyOf('counter', { value: -1 })],
    ['a counter is undefined', familyOf('counter', {})],
    ['its value is undefined', familyOf('unknown', {})],
    ['an info is 2, not 1', familyOf('info', { value: 2 })],
    ['a bucket counts what is no integer from 0 on', familyOf('histogram', { sum: 1, bucketCounts: [0.5] })],
    ['a bucket counts what is no integer from 0 on', familyOf('gaugehistogram', { sum: 1, bucketCounts: [-1] })],
    [
      'a bucket counts what is no integer from 0 on',
      familyOf('histogram', { sum: 1, upperBounds: [1], bucketCounts: [1, 0.5] }),
    ],
    [
      'the bounds of its buckets do not ascend',
      familyOf('histogram', { sum: 1, upperBounds: [1, 1], bucketCounts: [1, 1, 1] }),
    ],
    ['a summary counts 0.5', familyOf('summary', { sum: 1, count: 0.5 })],
    [
      'a quantile is not between 0 and 1',
      familyOf('summary', { sum: 1, count: 1, quantiles: [{ quantile: 1.1, value: 1 }] }),
    ],
    [
      'a quantile is not between 0 and 1',
      familyOf('summary', { sum: 1, count: 1, quantiles: [{ quantile: -0.1, value: 1 }] }),
    ],
    [
      'a counter is NaN',
      familyOf('counter', {}, { series: [1, NaN].map((value) => ({ ...withLabels({ a: `${value}` }), value })) }),
    ],
    ['a series has a time that is none', familyOf('gauge', { value: 1, timestamp: NaN })],
    ['a series has a time that is none', familyOf('counter', { value: 1, created: Infinity })],
    [
      'a series has the label le twice',
      familyOf('histogram', { ...withLabels({ le: '1' }), sum: 1, bucketCounts: [1] }),
    ],
    ['a series has the label x twice', familyOf('stateset', { ...withLabels({ x: '1' }), states: {} })],
    ['its name is no name for the label of its states', familyOf('stateset', { states: {} }, { name: 'a:b' })],
  ])('is left out: %s', (reason, family) => {
    const other = familyOf('gauge', { value: 1 }, { name: 'other' });
    expect(invalid([family, other])).toEqual([`${family.name}: ${reason}`]);
  });

  it.each<[string, FamilyView]>([
    ['a counter of 0', familyOf('counter', { value: 0 })],
    [
      'a summary that counts 0, with quantiles from 0 to 1',
      familyOf('summary', { sum: 0, count: 0, quantiles: [0, 1].map((quantile) => ({ quantile, value: NaN })) }),
    ],
  ])('is not %s', (_, family) => {
    expect(invalid([family])).toEqual([]);
  });

  it('is left out for labels that escaping makes one', () => {
    const labelNames = ['a.b', 'U__a_2e_b'] as const;
    const gauge = new Gauge({ name: 'gg', help: '', labelNames, registry });
    expect(invalid([gauge], { escaping: 'values' })).toEqual(['gg: a series has the label U__a_2e_b twice']);
    expect(invalid([gauge])).toEqual([]);
    const info = new Info({ name: 'ii', help: '', registry });
    info.set({ 'a.b': '', U__a_2e_b: '' });
    expect(invalid([info], { escaping: 'values' })).toEqual(['ii: a series has the label U__a_2e_b twice']);
    expect(invalid([info], { escaping: 'allow-utf-8' })).toEqual([]);
  });

  it('is the later one of two that expose one name, if escaped only', () => {
    const [first, second] = ['a.b', 'a_b'].map((name) => new Gauge({ name, help: '', registry })) as [Gauge, Gauge];
    expect(invalid([first, second])).toEqual(['a_b: another family is exposed as a_b']);
    expect(invalid([first, second], { escaping: 'allow-utf-8' })).toEqual([]);
    const counter = new Counter({ name: 'a', help: '', registry });
    const created = new Gauge({ name: 'a_created', help: '', registry });
    expect(invalid([created, counter])).toEqual(['a: another family is exposed as a_created']);
  });

  it('keeps its names free for another one', () => {
    const bad = familyOf('counter', { value: NaN });
    expect(invalid([bad, familyOf('gauge', { value: 1 })])).toEqual(['x: a counter is NaN']);
  });

  it('is not looked for among the series of a metric, which cannot break a rule', () => {
    const counter = new Counter({ name: 'cc', help: '', labelNames: ['a'], registry });
    for (const a of ['x', 'y', 'z']) counter.inc({ a });
    const series = jest.spyOn(counter, 'series', 'get');
    textOf([counter]);
    expect(series).toHaveBeenCalledTimes(1);
  });
});
