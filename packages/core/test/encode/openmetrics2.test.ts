import * as fc from 'fast-check';
import { openMetrics2Pieces } from './encoded.ts';
import { type OpenMetrics2Options } from '../../src/encode/openmetrics2.ts';
import type { EscapingScheme } from '../../src/escaping.ts';
import { Counter, Gauge, Histogram, Info, StateSet, Summary } from '../../src/index.ts';
import type { FamilyView, MetricFamily, MetricType, NativeHistogram, Series } from '../../src/model.ts';
import { viewOf } from '../../src/gather/plain.ts';
import { writtenLabels } from '../../src/encode/label-text.ts';
import { familyOf, withLabels } from './series-of.ts';

const registry = null;

function textOf(families: readonly object[], options?: OpenMetrics2Options): string {
  return Buffer.concat([...openMetrics2Pieces(families as FamilyView[], options)]).toString();
}

/** The lines of samples. */
function samplesOf(families: readonly object[], options?: OpenMetrics2Options): string {
  return textOf(families, options).replace(/^# .*\n/gm, '');
}

/** What is left out of a document, and why. */
function invalid(families: readonly object[], options?: OpenMetrics2Options): string[] {
  const reasons: string[] = [];
  const text = textOf(families, { ...options, onInvalid: ({ name }, reason) => reasons.push(`${name}: ${reason}`) });
  expect(text.match(/^# TYPE /gm) ?? []).toHaveLength(families.length - reasons.length);
  expect(textOf(families, options)).toBe(text);
  return reasons;
}

const NATIVE: NativeHistogram = {
  schema: 3,
  zeroThreshold: 0,
  zeroCount: 0,
  positiveSpans: [],
  positiveDeltas: [],
  negativeSpans: [],
  negativeDeltas: [],
  exemplars: [],
};

describe('OpenMetrics 2.0', () => {
  afterEach(() => jest.useRealTimers());

  it('ends in # EOF, and is nothing else without families', () => {
    expect(textOf([])).toBe('# EOF\n');
  });

  it('has a line for each series of every type, under the name of its family', () => {
    jest.useFakeTimers({ now: 1520430000123 });
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
      '# HELP cc_bytes_total C\n' +
        '# TYPE cc_bytes_total counter\n' +
        '# UNIT cc_bytes_total bytes\n' +
        'cc_bytes_total{a="x"} 42 st@1520430000.123\n' +
        '# HELP gg G\n' +
        '# TYPE gg gauge\n' +
        'gg -Inf\n' +
        '# HELP hh H\n' +
        '# TYPE hh histogram\n' +
        'hh{a="x"} {count:2,sum:1.0000005e+06,bucket:[1.0:1,1e+07:2,+Inf:2]} st@1520430000.123\n' +
        '# HELP ss S\n' +
        '# TYPE ss summary\n' +
        'ss {count:0,sum:0,quantile:[0.0:NaN,0.5:NaN]} st@1520430000.123\n' +
        '# HELP build_info I\n' +
        '# TYPE build_info info\n' +
        'build_info{version="1.2.3"} 1\n' +
        '# HELP job J\n' +
        '# TYPE job stateset\n' +
        'job{job="on"} 1\n' +
        'job{job="o\\"ff"} 0\n' +
        '# TYPE x unknown\n' +
        'x 1.5\n' +
        '# EOF\n',
    );
  });

  it('writes what is said of the target first', () => {
    const target = new Info({ name: 'target', help: 'T', registry });
    target.set({ env: 'prod' });
    const families = [new Gauge({ name: 'a', help: '', registry }), target];
    expect(textOf(families)).toBe(
      '# HELP target_info T\n# TYPE target_info info\ntarget_info{env="prod"} 1\n# TYPE a gauge\na 0\n# EOF\n',
    );
  });

  it('escapes backslash, line feed and double quote in the help, and leaves out an empty one', () => {
    const gauge = new Gauge({ name: 'gg', help: 'C:\\dir\n"two"\t😱', labelNames: ['a'], registry });
    gauge.set({ a: '\\x\n"' }, 1);
    expect(textOf([gauge, familyOf('gauge', { value: 1 })])).toBe(
      '# HELP gg C:\\\\dir\\n\\"two\\"\t😱\n# TYPE gg gauge\ngg{a="\\\\x\\n\\""} 1\n# TYPE x gauge\nx 1\n# EOF\n',
    );
  });

  it('ends no line in a carriage return', () => {
    const families = ['a\rb\r\r', '\r'].map((help, i) => familyOf('gauge', { value: 1 }, { name: `x${i}`, help }));
    expect(textOf(families)).toBe('# HELP x0 a\rb\n# TYPE x0 gauge\nx0 1\n# TYPE x1 gauge\nx1 1\n# EOF\n');
  });

  it('writes times in seconds, all digits of them', () => {
    const at = (timestamp: number, created?: number): string =>
      samplesOf([familyOf('counter', { value: 1, timestamp, created })]);
    expect(at(1520879607789)).toBe('x_total 1 1520879607.789\n');
    expect(at(1520879600000)).toBe('x_total 1 1520879600\n');
    expect(at(-0.5, 1234567890.5)).toBe('x_total 1 -0.0005 st@1234567890.5\n');
    expect(at(7000, 0)).toBe('x_total 1 7 st@0\n');
  });

  it('tells when a series began to count where its type has that, whatever is given', () => {
    const types: MetricType[] = ['counter', 'gauge', 'unknown', 'summary', 'histogram', 'gaugehistogram'];
    const series = { value: 1, count: 1, sum: 1, quantiles: [], upperBounds: [], bucketCounts: [1], created: 5 };
    const begun = types.filter((type) => samplesOf([familyOf(type, series)]).endsWith(' st@5\n'));
    expect(begun).toEqual(['counter', 'summary', 'histogram']);
    expect(samplesOf([familyOf('info', { value: 1, created: 5 })])).toBe('x_info 1\n');
    expect(samplesOf([familyOf('stateset', { states: { on: true }, created: 5 })])).toBe('x{x="on"} 1\n');
  });

  it('writes a unit that is not in the name', () => {
    expect(textOf([familyOf('gauge', { value: 1 }, { unit: 'seconds' })])).toBe(
      '# TYPE x gauge\n# UNIT x seconds\nx 1\n# EOF\n',
    );
  });

  it('comes in pieces of some 64 KB that end with a whole series', () => {
    const summary = new Summary({ name: 'ss', help: '', labelNames: ['a'], registry });
    for (let i = 0; i < 5_000; i++) summary.observe({ a: `value ${i}` }, i);
    const all = Array.from(openMetrics2Pieces([summary as FamilyView]), (piece) => Buffer.from(piece).toString());
    expect(all.length).toBeGreaterThan(2);
    for (const piece of all.slice(0, -1)) {
      expect(piece).toMatch(/\nss\{a="value \d+"\} \{count:1,sum:\d+,quantile:\[\]\} st@[\d.]+\n$/);
      expect(piece.length).toBeGreaterThanOrEqual(65536);
      expect(piece.length).toBeLessThan(65536 + 200);
    }
    expect(all.at(-1)).toMatch(/\n# EOF\n$/);
  });
});

describe('A histogram in OpenMetrics 2.0', () => {
  it('has its sum also with negative bounds', () => {
    const histogram = familyOf('histogram', { sum: -3, upperBounds: [-1, 1], bucketCounts: [1, 0, 0] });
    expect(samplesOf([histogram])).toBe('x {count:1,sum:-3,bucket:[-1.0:1,1.0:1,+Inf:1]}\n');
  });

  it('has gcount and gsum if it is one of a gauge, and any counts', () => {
    const series = { sum: NaN, upperBounds: [1], bucketCounts: [-2, 0.5], created: 5, timestamp: 7000 };
    expect(samplesOf([familyOf('gaugehistogram', series)])).toBe(
      'x {gcount:-1.5,gsum:NaN,bucket:[1.0:-2,+Inf:-1.5]} 7\n',
    );
  });

  it('counts in integers, however great they are', () => {
    const series = { sum: 1e6, upperBounds: [1], bucketCounts: [1234567, 2 ** 53] };
    expect(samplesOf([familyOf('histogram', series)])).toBe(
      'x {count:9007199255975560,sum:1e+06,bucket:[1.0:1234567,+Inf:9007199255975560]}\n',
    );
    expect(samplesOf([familyOf('summary', { sum: 0, count: 1e6, quantiles: [] })])).toContain('{count:1000000,');
    expect(samplesOf([familyOf('histogram', { sum: 0, upperBounds: [], bucketCounts: [0.25] })])).toBe(
      'x {count:0.25,sum:0,bucket:[+Inf:0.25]}\n',
    );
  });

  it('counts parts as every other number is written, however great they are', () => {
    const series = { sum: 1, upperBounds: [], bucketCounts: [1234567.5] };
    expect(samplesOf([familyOf('gaugehistogram', series)])).toBe(
      'x {gcount:1.2345675e+06,gsum:1,bucket:[+Inf:1.2345675e+06]}\n',
    );
  });

  it('has native buckets with counts of their own, before the classic ones', () => {
    const histogram = new Histogram({ name: 'hh', help: '', buckets: [1], native: { factor: 2 }, registry });
    for (const value of [0, 3, 3, 3, 5, 1000, -2, NaN]) histogram.observe(value);
    expect(samplesOf([histogram])).toMatch(
      /^hh \{count:8,sum:NaN,schema:0,zero_threshold:2\.938735877055719e-39,zero_count:1,negative_spans:\[1:1\],negative_buckets:\[1\],positive_spans:\[2:2,6:1\],positive_buckets:\[3,1,1\],bucket:\[1\.0:2,\+Inf:8\]\} st@[\d.]+\n$/,
    );
  });

  it('has native buckets alone where there are no bounds', () => {
    const histogram = new Histogram({ name: 'hh', help: '', buckets: [], native: { factor: 2 }, registry });
    histogram.observe(3);
    expect(samplesOf([histogram])).toMatch(
      /^hh \{count:1,sum:3,schema:0,zero_threshold:\S+,zero_count:0,positive_spans:\[2:1\],positive_buckets:\[1\]\} st@/,
    );
  });

  it('has no fields for a side without native buckets, though a span was given to tell it from a classic one', () => {
    const native = { ...NATIVE, positiveSpans: [{ offset: 0, length: 0 }] };
    expect(samplesOf([familyOf('histogram', { sum: 0, upperBounds: [], bucketCounts: [0], native })])).toBe(
      'x {count:0,sum:0,schema:3,zero_threshold:0,zero_count:0}\n',
    );
  });

  it('has offsets and lengths in integers', () => {
    const native = { ...NATIVE, schema: -4, positiveSpans: [{ offset: -1e6, length: 1 }], positiveDeltas: [2e6] };
    expect(samplesOf([familyOf('gaugehistogram', { sum: 0, upperBounds: [], bucketCounts: [2e6], native })])).toBe(
      'x {gcount:2000000,gsum:0,schema:-4,zero_threshold:0,zero_count:0,positive_spans:[-1000000:1],positive_buckets:[2000000]}\n',
    );
  });

  it('has the bounds of each series', () => {
    const all = [
      { ...withLabels({ a: 'x' }), sum: 3, upperBounds: [1], bucketCounts: [1, 2] },
      { ...withLabels({ a: 'y' }), sum: 3, upperBounds: [], bucketCounts: [1] },
    ];
    expect(samplesOf([familyOf('histogram', {}, { series: all })])).toBe(
      'x{a="x"} {count:3,sum:3,bucket:[1.0:1,+Inf:3]}\nx{a="y"} {count:1,sum:3,bucket:[+Inf:1]}\n',
    );
  });
});

describe('Exemplars in OpenMetrics 2.0', () => {
  const timestamp = 1520879607.789;
  const one = { labels: { trace_id: 'a' }, value: 0.5, timestamp };
  const other = { labels: { trace_id: 'b' }, value: 7, timestamp };

  it('stand after all times, those of all buckets in one line', () => {
    jest.useFakeTimers({ now: 1520879607789 });
    const counter = new Counter({ name: 'cc', help: '', registry });
    counter.inc(2, { trace_id: 'a"b' });
    const histogram = new Histogram({ name: 'hh', help: '', buckets: [1], registry });
    histogram.observe(0.5, { trace_id: 'x', 'span.id': 'y' });
    histogram.observe(3, { trace_id: 'z' });
    jest.useRealTimers();
    expect(samplesOf([counter, histogram])).toBe(
      'cc_total 2 st@1520879607.789 # {trace_id="a\\"b"} 2 1520879607.789\n' +
        'hh {count:2,sum:3.5,bucket:[1.0:1,+Inf:2]} st@1520879607.789' +
        ' # {trace_id="x",span_id="y"} 0.5 1520879607.789 # {trace_id="z"} 3 1520879607.789\n',
    );
    expect(samplesOf([histogram], { escaping: 'allow-utf-8' })).toContain(' # {trace_id="x","span.id"="y"} 0.5 ');
    const stamped = familyOf('counter', { value: 1, timestamp: 7000, created: 5, exemplar: one });
    expect(samplesOf([stamped])).toBe('x_total 1 7 st@5 # {trace_id="a"} 0.5 1520879607.789\n');
  });

  it('are those of classic and of native buckets, each once', () => {
    const series = {
      sum: 7.5,
      upperBounds: [1],
      bucketCounts: [1, 1],
      exemplars: [one, undefined],
      native: { ...NATIVE, zeroCount: 2, exemplars: [{ ...one, labels: { ...one.labels } }, other] },
    };
    const shown = ' # {trace_id="a"} 0.5 1520879607.789 # {trace_id="b"} 7 1520879607.789\n';
    expect(samplesOf([familyOf('histogram', series)])).toMatch(
      new RegExp(`^[^#]*\\}${shown.replace(/[{}.]/g, '\\$&')}$`),
    );
    expect(samplesOf([familyOf('gaugehistogram', { ...series, exemplars: undefined })])).toContain(`}${shown}`);
  });

  it('of a live histogram with native buckets are not told twice', () => {
    const histogram = new Histogram({ name: 'hh', help: '', buckets: [1], native: true, registry });
    histogram.observe(0.5, { trace_id: 'x' });
    expect(samplesOf([histogram]).match(/ # /g)).toHaveLength(1);
  });

  it.each([
    ['more than 128 characters', { a: 'é'.repeat(200) }, 1],
    ['no labels', {}, 1],
    ['a value above the bound of the bucket', { a: 'x' }, 1.5],
    ['NaN for a value', { a: 'x' }, NaN],
  ])('may have %s', (_, labels, value) => {
    const series = { sum: 1, upperBounds: [1], bucketCounts: [1, 0], exemplars: [{ labels, value, timestamp: 3 }] };
    const text = samplesOf([familyOf('histogram', series)]);
    expect(text).toBe(
      `x {count:1,sum:1,bucket:[1.0:1,+Inf:1]} # {${writtenLabels(Object.keys(labels), Object.values(labels), 'underscores')}} ${value} 3\n`,
    );
  });

  it.each([
    ['no time', { labels: { a: 'x' }, value: 1 }],
    ['a time that is none', { labels: { a: 'x' }, value: 1, timestamp: Infinity }],
    ['two labels of one name', { labels: { 'a.b': 'x', a_b: 'y' }, value: 1, timestamp: 3 }],
  ])('are left away, with their sample kept, when one has %s', (_, exemplar) => {
    expect(samplesOf([familyOf('counter', { value: 1, exemplar })])).toBe('x_total 1\n');
    const series = { sum: 1, upperBounds: [], bucketCounts: [1], exemplars: [exemplar] };
    expect(samplesOf([familyOf('histogram', series)])).toBe('x {count:1,sum:1,bucket:[+Inf:1]}\n');
  });
});

describe('Names in OpenMetrics 2.0', () => {
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
    ['underscores', 'rpc_time_seconds', 'rpc_time_seconds{http_route="/"}'],
    ['dots', 'rpc_dot_time__seconds', 'rpc_dot_time__seconds{http_dot_route="/"}'],
    ['values', 'U__rpc_2e_time__seconds', 'U__rpc_2e_time__seconds{U__http_2e_route="/"}'],
    ['allow-utf-8', '"rpc.time_seconds"', '{"rpc.time_seconds","http.route"="/"}'],
  ] as const)('are escaped by %s, in metadata and samples alike', (escaping, family, sample) => {
    const [text] = textOf([histogram], { escaping }).split(' st@');
    expect(text).toBe(
      `# HELP ${family} H\n# TYPE ${family} histogram\n# UNIT ${family} seconds\n` +
        `${sample} {count:1,sum:1,bucket:[+Inf:1]}`,
    );
  });

  it('of counters and infos end in what belongs to them, inside the quotes too', () => {
    const counter = familyOf('counter', { value: 1 }, { name: 'a.b' });
    const info = familyOf('info', { value: 1 }, { name: 'c.d' });
    expect(textOf([counter, info], { escaping: 'allow-utf-8' })).toBe(
      '# TYPE "a.b_total" counter\n{"a.b_total"} 1\n# TYPE "c.d_info" info\n{"c.d_info"} 1\n# EOF\n',
    );
  });
});

describe('A family that OpenMetrics 2.0 cannot carry', () => {
  it.each<[string, FamilyView]>([
    ['it has no name', familyOf('gauge', { value: 1 }, { name: '' })],
    [
      'its unit, "m/s", has more in it than letters, digits, _ and :',
      familyOf('gauge', { value: 1 }, { name: 'x_m/s', unit: 'm/s' }),
    ],
    ['its type, info, has no unit, but it has "s"', familyOf('info', { value: 1 }, { name: 'x_s', unit: 's' })],
    ['a counter is NaN', familyOf('counter', { value: NaN })],
    ['an info is 2, not 1', familyOf('info', { value: 2 })],
    ['a bucket counts what is no number from 0 on', familyOf('histogram', { sum: 1, bucketCounts: [-1] })],
    ['a bucket counts what is no number from 0 on', familyOf('histogram', { sum: 1, bucketCounts: [NaN] })],
    [
      'a bucket counts what is no number from 0 on',
      familyOf('histogram', { sum: 1, upperBounds: [1], bucketCounts: [1, -1] }),
    ],
    [
      'the bounds of its buckets do not ascend',
      familyOf('histogram', { sum: 1, upperBounds: [1, 1], bucketCounts: [1, 1, 1] }),
    ],
    [
      'its native buckets count 3, its others 4',
      familyOf('histogram', {
        sum: 1,
        upperBounds: [1],
        bucketCounts: [3, 1],
        native: { ...NATIVE, positiveSpans: [{ offset: 0, length: 2 }], positiveDeltas: [2, -1] },
      }),
    ],
    ['a summary counts 0.5', familyOf('summary', { sum: 1, count: 0.5 })],
    ['a series has a time that is none', familyOf('counter', { value: 1, created: Infinity })],
    [
      'a series has the label le twice',
      familyOf('histogram', { ...withLabels({ le: '1' }), sum: 1, bucketCounts: [1] }),
    ],
    ['its name is no name for the label of its states', familyOf('stateset', { states: {} }, { name: 'a:b' })],
  ])('is left out, and no other one: %s', (reason, family) => {
    const other = familyOf('gauge', { value: 1 }, { name: 'other' });
    expect(invalid([family, other])).toEqual([`${family.name}: ${reason}`]);
  });

  it('is none with fewer values in native buckets where NaN was among them, or parts are counted', () => {
    const native = { ...NATIVE, zeroCount: 3 };
    const counted = { upperBounds: [1], native };
    expect(invalid([familyOf('histogram', { ...counted, sum: NaN, bucketCounts: [3, 1] })])).toEqual([]);
    expect(invalid([familyOf('gaugehistogram', { ...counted, sum: 1, bucketCounts: [3, 0.1] })])).toEqual([]);
  });

  it('is the later one of two that expose one name, if escaped or in another format only', () => {
    const [first, second] = ['a.b', 'a_b'].map((name) => new Gauge({ name, help: '', registry })) as [Gauge, Gauge];
    expect(invalid([first, second])).toEqual(['a_b: another family is exposed as a_b']);
    expect(invalid([first, second], { escaping: 'allow-utf-8' })).toEqual([]);
    const histogram = new Histogram({ name: 'a', help: '', registry });
    const bucket = new Gauge({ name: 'a_bucket', help: '', registry });
    expect(invalid([histogram, bucket])).toEqual(['a_bucket: another family is exposed as a_bucket']);
  });
});

// The grammar of the specification ("ABNF"), each rule by its name there.
const rule = (strings: TemplateStringsArray, ...rules: string[]): string => `(?:${String.raw(strings, ...rules)})`;
const list = (item: string): string => rule`${item}(?:,${item})*`;
const realnumber = rule`[-+]?(?:\d+(?:\.\d*)?|\d*\.\d+)(?:e[-+]?\d+)?`;
const number = rule`${realnumber}|[-+]?[Ii]nf|NaN`;
const integer = rule`[-+]?\d+`;
const quoted = rule`"(?:[^"\\\n]|\\[n"\\])*"`;
const metricname = rule`[a-zA-Z_:][a-zA-Z0-9_:]*`;
const label = rule`(?:[a-zA-Z_][a-zA-Z0-9_]*|(?!"")${quoted})=${quoted}`;
const labelsInBraces = rule`\{(?:${list(label)})?\}`;
const pairs = (key: string, value: string): string => rule`\[(?:${list(`${key}:${value}`)})?\]`;
const side = (name: string): string =>
  rule`${name}_spans:${pairs(integer, integer)},${name}_buckets:\[${list(number)}\]`;
const native = rule`schema:${integer},zero_threshold:${realnumber},zero_count:${number}(?:,${side('negative')})?(?:,${side('positive')})?`;
const classic = rule`bucket:\[(?:${realnumber}:${number},)*\+Inf:${number}\]`;
const buckets = rule`${classic}|${native}(?:,${classic})?`;
const histogramValue = rule`\{count:${number},sum:${number},${buckets}\}`;
const gaugeHistogramValue = rule`\{gcount:${number},gsum:${number},${buckets}\}`;
const summaryValue = rule`\{count:${integer},sum:${number},quantile:${pairs(realnumber, number)}\}`;
const VALUES: Readonly<Record<MetricType, string>> = {
  counter: number,
  gauge: number,
  unknown: number,
  info: '1',
  stateset: '[01]',
  summary: summaryValue,
  histogram: histogramValue,
  gaugehistogram: gaugeHistogramValue,
};
const start = rule`(?:${metricname})(?:${labelsInBraces})?|\{(?!"")${quoted}(?:,${label})*\}`;
const tail = rule`(?: ${realnumber})?(?: st@${realnumber})?(?: # ${labelsInBraces} ${number} ${realnumber})*`;
const METADATA = new RegExp(`^# (HELP|TYPE|UNIT) (${metricname}|${quoted}) ((?:[^"\\\\]|\\\\[n"\\\\])*)$`);
const SAMPLES = Object.fromEntries(
  Object.entries(VALUES).map(([type, value]) => [type, new RegExp(`^(${start}) (${value})${tail}$`)]),
) as Record<MetricType, RegExp>;

/** The families of a document, each as its name, type and the values of its samples; it throws where the grammar is broken. */
function parse(text: string): { name: string; type: MetricType; values: string[] }[] {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.pop() !== '# EOF') throw new Error('There is no end');
  const families = new Map<string, { name: string; type: MetricType; values: string[]; said: string[] }>();
  let last: string | undefined;
  for (const line of lines) {
    if (line.endsWith('\r')) throw new Error(`A line ends in a carriage return: ${line}`);
    const [, kind, named = '', said = ''] = METADATA.exec(line) ?? [];
    const sampled = /^\{("(?:[^"\\]|\\.)*")|^([^{ ]+)/.exec(line);
    const name = kind === undefined ? (sampled?.[1] ?? sampled?.[2] ?? '') : named;
    const family = families.get(name) ?? { name, type: 'unknown', values: [], said: [] };
    if (name !== last && families.has(name)) throw new Error(`${name} comes back: ${line}`);
    families.set(name, family);
    last = name;
    if (kind === undefined) {
      const [, , value] = SAMPLES[family.type].exec(line) ?? [];
      if (value === undefined) throw new Error(`This is no sample of a ${family.type}: ${line}`);
      family.values.push(value);
    } else {
      if (family.values.length > 0 || family.said.includes(kind)) throw new Error(`${kind} comes too late: ${line}`);
      family.said.push(kind);
      if (kind === 'TYPE') family.type = said as MetricType;
    }
  }
  return [...families.values()].map(({ name, type, values }) => ({ name, type, values }));
}

/** The numbers in the list of a field. */
function listOf(value: string, field: string): string[] {
  const found = new RegExp(`[,{]${field}:\\[([^\\]]*)\\]`).exec(value)?.[1] ?? '';
  return found === '' ? [] : found.split(',');
}

describe('Every document of OpenMetrics 2.0', () => {
  const hostileText = fc.string({
    unit: fc.constantFrom('a', ',', '"', '\\', '\n', '\r', '=', '{', '}', ' # ', 'st@'),
  });
  const anyText = fc.oneof(fc.string({ unit: 'grapheme' }), hostileText);
  const name = fc.oneof(
    fc.stringMatching(/^[a-z_:][a-z0-9_:]{0,5}$/),
    anyText.filter((text) => text !== ''),
  );
  const labels = fc.dictionary(
    name.filter((text) => !text.startsWith('__')),
    anyText,
    { maxKeys: 3 },
  );
  const count = fc.oneof(
    fc.nat({ max: 5 }),
    fc.maxSafeNat().map((each) => each % 1e12),
  );
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  const exemplar = fc.record({ labels, value: fc.double(), timestamp: finite }, { requiredKeys: ['labels', 'value'] });
  const base = fc.record({ labels, created: finite, timestamp: fc.integer() }, { requiredKeys: ['labels'] });
  const spread = fc
    .uniqueArray(fc.integer({ min: -1100, max: 1100 }), { maxLength: 6 })
    .chain((indices) =>
      fc.tuple(
        fc.constant(indices.toSorted((a, b) => a - b)),
        fc.array(count, { minLength: indices.length, maxLength: indices.length }),
      ),
    );

  /** A native histogram with these counts in the buckets of these indices, none next to another in a span. */
  const nativeOf = ([[positive, negative], zeroCount, schema, zeroThreshold, exemplars]: [
    [[number[], number[]], [number[], number[]]],
    number,
    number,
    number,
    NativeHistogram['exemplars'],
  ]): { native: NativeHistogram; total: number } => {
    const spansOf = (indices: number[]): NativeHistogram['positiveSpans'] =>
      indices.map((index, i) => ({ offset: i === 0 ? index : index - (indices[i - 1] as number) - 1, length: 1 }));
    const deltasOf = (counts: number[]): number[] => counts.map((each, i) => each - (counts[i - 1] ?? 0));
    return {
      total: [...positive[1], ...negative[1]].reduce((sum, each) => sum + each, zeroCount),
      native: {
        schema,
        zeroThreshold,
        zeroCount,
        exemplars,
        positiveSpans: spansOf(positive[0]),
        positiveDeltas: deltasOf(positive[1]),
        negativeSpans: spansOf(negative[0]),
        negativeDeltas: deltasOf(negative[1]),
      },
    };
  };
  const nativeHistogram = fc
    .tuple(
      fc.tuple(spread, spread),
      count,
      fc.integer({ min: -4, max: 8 }),
      finite.map(Math.abs),
      fc.array(exemplar, { maxLength: 2 }),
    )
    .map(nativeOf);
  const buckets = fc
    .uniqueArray(
      finite.map((bound) => bound + 0),
      { maxLength: 4 },
    )
    .chain((bounds) =>
      fc.tuple(
        fc.constant(bounds.toSorted((a, b) => a - b)),
        fc.array(fc.tuple(count, fc.option(exemplar, { nil: undefined })), {
          minLength: bounds.length,
          maxLength: bounds.length,
        }),
      ),
    )
    .map(([bounds, counts]) => {
      let total = 0;
      return bounds.map((upperBound, i) => {
        const [inBucket, marked] = counts[i] as [number, (typeof counts)[number][1]];
        return { upperBound, count: (total += inBucket), ...(marked && { exemplar: marked }) };
      });
    });
  const histogram = fc
    .tuple(base, fc.double(), buckets, count, fc.option(nativeHistogram))
    .map(([rest, sum, classic, more, counted]) => {
      const total = Math.max((classic.at(-1)?.count ?? 0) + more, counted?.total ?? 0);
      // Both have to count the same.
      const uncounted = total - (counted?.total ?? 0);
      const both = counted && { native: { ...counted.native, zeroCount: counted.native.zeroCount + uncounted } };
      return { ...rest, sum, count: total, buckets: classic, ...both };
    });
  const quantiles = fc
    .uniqueArray(
      fc.double({ min: 0, max: 1, noNaN: true }).map((each) => each + 0),
      { maxLength: 3 },
    )
    .chain((all) =>
      fc.tuple(
        ...all
          .toSorted((a, b) => a - b)
          .map((quantile) => fc.record({ quantile: fc.constant(quantile), value: fc.double() })),
      ),
    );
  const SERIES: Readonly<Record<MetricType, fc.Arbitrary<object>>> = {
    counter: fc
      .tuple(base, fc.double({ min: 0, noNaN: true }), fc.option(exemplar, { nil: undefined }))
      .map(([rest, value, marked]) => ({ ...rest, value, ...(marked && { exemplar: marked }) })),
    gauge: fc.tuple(base, fc.double()).map(([rest, value]) => ({ ...rest, value })),
    unknown: fc.tuple(base, fc.double()).map(([rest, value]) => ({ ...rest, value })),
    info: base.map((rest) => ({ ...rest, value: 1 })),
    stateset: fc
      .tuple(
        base,
        fc.dictionary(
          anyText.filter((text) => text !== ''),
          fc.boolean(),
        ),
      )
      .map(([rest, states]) => ({ ...rest, states })),
    summary: fc
      .tuple(base, fc.nat(), fc.double(), quantiles)
      .map(([rest, total, sum, all]) => ({ ...rest, count: total, sum, quantiles: all })),
    histogram,
    gaugehistogram: histogram,
  };
  const types = Object.keys(SERIES) as MetricType[];
  const family = fc
    .tuple(name, anyText, fc.constantFrom(...types), fc.option(fc.constantFrom('seconds', 'bytes')))
    .chain(([named, help, type, unit]) =>
      fc.array(SERIES[type] as fc.Arbitrary<Series>, { maxLength: 3 }).map((series) => {
        const hasUnit = unit !== null && type !== 'info' && type !== 'stateset';
        return { name: named, help, type, series, ...(hasUnit && { unit }) };
      }),
    );

  /** As a scrape sees it; none for what is refused already, such as two series with the same labels. */
  function seen(given: MetricFamily): FamilyView[] {
    try {
      return [viewOf(given)];
    } catch {
      return [];
    }
  }

  const schemes: EscapingScheme[] = ['allow-utf-8', 'underscores', 'dots', 'values'];
  const documents = fc.tuple(fc.array(family, { maxLength: 5 }), fc.constantFrom(...schemes));

  it('follows the grammar, with the lines of each family together, in all schemes', () => {
    const met = new Set<MetricType>();
    fc.assert(
      fc.property(documents, ([families, escaping]) => {
        const views = families.flatMap(seen);
        let left = 0;
        const parsed = parse(textOf(views, { escaping, onInvalid: () => left++ }));
        expect(parsed).toHaveLength(views.length - left);
        for (const { type, values } of parsed) if (values.length > 0) met.add(type);
      }),
      { numRuns: 400 },
    );
    expect([...met].toSorted()).toEqual(types.toSorted());
  });

  it('has fields that agree with each other and with what was counted', () => {
    const given = fc.tuple(histogram, fc.constantFrom('histogram', 'gaugehistogram'));
    fc.assert(
      fc.property(given, ([series, type]) => {
        const one = { name: 'x', help: '', type, series: [{ ...series, labels: {} }] } as unknown as MetricFamily;
        const [value = ''] = parse(textOf([viewOf(one)]))[0]?.values ?? [];
        const counted = /^\{g?count:(\d+),/.exec(value)?.[1];
        expect(counted).toBe(String(series.count));
        const cumulative = listOf(value, 'bucket').map((each) => each.split(':')[1]);
        const expected = [...series.buckets.map((each) => String(each.count)), counted];
        expect(cumulative).toEqual(series.buckets.length === 0 && 'native' in series ? [] : expected);
        for (const side of ['positive', 'negative'] as const) {
          const spans = listOf(value, `${side}_spans`).map((each) => each.split(':').map(Number));
          const absolute = listOf(value, `${side}_buckets`).map(Number);
          const { native: { [`${side}Deltas` as const]: deltas } = NATIVE } = series;
          expect(spans.reduce((sum, [, length = 0]) => sum + length, 0)).toBe(absolute.length);
          expect(absolute.map((each, i) => each - (absolute[i - 1] ?? 0))).toEqual(deltas);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('The grammar that the documents are held to', () => {
  it.each([
    ['has no end', 'x 1\n'],
    ['has a blank line', '# TYPE x gauge\n\nx 1\n# EOF\n'],
    ['has a family twice', '# TYPE x gauge\nx 1\n# TYPE y gauge\n# TYPE x gauge\n# EOF\n'],
    ['ends a line in a carriage return', '# HELP x a\r\nx 1\n# EOF\n'],
    ['has a comment', '# TYPE x gauge\n# of mine\nx 1\n# EOF\n'],
    ['has a label value that is not escaped', '# TYPE x gauge\nx{a="""} 1\n# EOF\n'],
    ['has a blank in a value', '# TYPE x summary\nx {count:1, sum:1,quantile:[]}\n# EOF\n'],
    ['has an exemplar without a time', '# TYPE x counter\nx 1 # {} 1\n# EOF\n'],
    ['has no +Inf', '# TYPE x histogram\nx {count:1,sum:1,bucket:[1.0:1]}\n# EOF\n'],
    ['has a number for a histogram', '# TYPE x histogram\nx 1\n# EOF\n'],
    [
      'has native buckets after classic ones',
      '# TYPE x histogram\nx {count:0,sum:0,bucket:[+Inf:0],schema:0,zero_threshold:0,zero_count:0}\n# EOF\n',
    ],
  ])('refuses one that %s', (_, text) => {
    expect(() => parse(text)).toThrow(Error);
  });

  it('takes one that has all there is', () => {
    expect(
      parse(
        '# HELP "x y" \\"H\\"\n# TYPE "x y" histogram\n' +
          '{"x y","a b"="c"} {count:1,sum:1,schema:0,zero_threshold:1e-4,zero_count:0,positive_spans:[0:1],positive_buckets:[1],bucket:[1:1,+Inf:1]} 1 st@1.5 # {} 1 1 # {a="b"} 1 1\n# EOF\n',
      ),
    ).toHaveLength(1);
  });
});
