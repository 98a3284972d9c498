import * as fc from 'fast-check';
import { protobufPieces } from './encoded.ts';
import { ProtobufWriter } from '../../src/encode/protobuf-writer.ts';
import type { EscapingScheme } from '../../src/escaping.ts';
import { Counter, Gauge, Histogram, Info, StateSet, Summary } from '../../src/index.ts';
import type {
  Exemplar,
  FamilyView,
  HistogramData,
  HistogramSeriesView,
  MetricFamily,
  MetricType,
  NativeHistogram,
  Series,
} from '../../src/model.ts';

function encode(metrics: Iterable<object>, escaping: EscapingScheme = 'allow-utf-8'): Buffer {
  return Buffer.concat([...protobufPieces(metrics as Iterable<FamilyView>, { escaping })]);
}

/** Bytes in hexadecimal, and texts after a `'`, with spaces between. */
function bytesOf(...lines: string[]): string {
  return lines
    .flatMap((line) => line.split(' '))
    .map((part) => (part.startsWith("'") ? Buffer.from(part.slice(1)).toString('hex') : part))
    .join('');
}

/** A family as a scrape sees it. */
function viewOf({ name, unit, series, ...rest }: MetricFamily): FamilyView {
  const views = series.map(({ labels, ...values }) => ({
    ...values,
    ...('buckets' in values && bucketsOf(values)),
    labelNames: Object.keys(labels),
    labelValues: Object.values(labels),
  }));
  return { ...rest, name: unit === undefined ? name : `${name}_${unit}`, unit, series: views } as FamilyView;
}

function bucketsOf({ buckets, count }: HistogramData): Partial<HistogramSeriesView> {
  const finite = buckets.filter(({ upperBound }) => upperBound !== Infinity);
  const cumulative = [...finite.map((bucket) => bucket.count), count];
  const last = buckets.find(({ upperBound }) => upperBound === Infinity);
  return {
    upperBounds: finite.map(({ upperBound }) => upperBound),
    bucketCounts: cumulative.map((each, i) => each - (cumulative[i - 1] ?? 0)),
    exemplars: [...finite, last].map((bucket) => bucket?.exemplar),
  };
}

/** The bytes of the family `x` from its type on; the length and the name before are checked. */
function bytesAfterName(family: MetricFamily): string {
  const bytes = encode([viewOf(family)]);
  const { length } = family.type === 'counter' ? 'x_total' : family.type === 'info' ? 'x_info' : family.name;
  expect([...bytes.subarray(0, 3)]).toEqual([bytes.length - 1, 0x0a, length]);
  return bytes.subarray(3 + length).toString('hex');
}

const exemplar = (value: number, timestamp?: number): Exemplar => ({
  labels: { id: 'é' },
  value,
  ...(timestamp !== undefined && { timestamp }),
});
const EXEMPLAR_LABEL = "0a 08 0a 02 'id 12 02 c3a9";
const ZERO = '0000000000000000';
const HALF = '000000000000e03f';
const ONE = '000000000000f03f';
const TWO = '0000000000000040';
const TWO_AND_A_HALF = '0000000000000440';

describe('The protobuf format', () => {
  afterEach(() => jest.useRealTimers());

  it('is empty without families', () => {
    expect([...protobufPieces([], { escaping: 'values' })]).toEqual([]);
  });

  it('writes a family without series, and each family after its length', () => {
    const first = new Counter({ name: 'a', help: 'A', labelNames: ['l'], registry: null });
    const second = new Gauge({ name: 'b', help: '', labelNames: ['l'], registry: null });
    expect(encode([first, second]).toString('hex')).toBe(
      bytesOf("0e 0a 07 'a_total 12 01 'A 18 00", "05 0a 01 'b 18 01"),
    );
  });

  it('writes labels in their order, empty values and UTF-8 too', () => {
    const gauge = new Gauge({ name: 'g', help: 'é', labelNames: ['b', 'a'], registry: null });
    gauge.set({ b: '😱', a: '' }, -0);
    expect(encode([gauge]).toString('hex')).toBe(
      bytesOf(
        "28 0a 01 'g 12 02 c3a9 18 01 22 1d",
        "0a 09 0a 01 'b 12 04 f09f98b1",
        "0a 05 0a 01 'a 12 00",
        '12 09 09 0000000000000080',
      ),
    );
  });

  it.each<[what: string, family: Omit<MetricFamily, 'name' | 'help'>, bytes: string[]]>([
    [
      'a counter with its exemplar and when it began',
      {
        type: 'counter',
        series: [{ labels: {}, value: 1, exemplar: exemplar(0.5, 1.25), created: 1_700_000_000.123 }],
      },
      [
        `18 00 22 36 1a 34 09 ${ONE}`,
        `12 1c ${EXEMPLAR_LABEL} 11 ${HALF} 1a 07 08 01 10 80e59a77`,
        '1a 0b 08 80e2cfaa06 10 c0a9d33a',
      ],
    ],
    [
      'an exemplar without labels and time',
      { type: 'counter', series: [{ labels: {}, value: 1, exemplar: { labels: {}, value: 2 } }] },
      [`18 00 22 16 1a 14 09 ${ONE} 12 09 11 ${TWO}`],
    ],
    [
      'times before and at 1970',
      {
        type: 'counter',
        series: [
          { labels: {}, value: 1, created: -0.5 },
          { labels: { a: '' }, value: 1, created: 0, timestamp: -5.5 },
        ],
      },
      [
        `18 00 22 1e 1a 1c 09 ${ONE} 1a 11 08 ffffffffffffffffff01 10 80cab5ee01`,
        `22 1f 0a 05 0a 01 'a 12 00 1a 0b 09 ${ONE} 1a 00 30 fbffffffffffffffff01`,
      ],
    ],
    [
      'a gauge with a timestamp, and nothing that only a counter has',
      {
        type: 'gauge',
        series: [{ labels: {}, value: NaN, timestamp: 1_700_000_000_123, exemplar: exemplar(1), created: 1 }],
      },
      ['18 01 22 12 12 09 09 000000000000f87f 30 fbd095ffbc31'],
    ],
    ['an unknown as untyped', { type: 'unknown', series: [{ labels: {}, value: 2 }] }, [`18 03 22 0b 2a 09 09 ${TWO}`]],
    [
      'an info as a gauge',
      { type: 'info', series: [{ labels: { v: '1' }, value: 1 }] },
      [`18 01 22 13 0a 06 0a 01 'v 12 01 '1 12 09 09 ${ONE}`],
    ],
    [
      'a state set as gauges with a label of its own name',
      { type: 'stateset', series: [{ labels: {}, states: { on: true, off: false }, timestamp: 1 }] },
      [
        `18 01 22 16 0a 07 0a 01 'x 12 02 'on 12 09 09 ${ONE} 30 01`,
        "22 17 0a 08 0a 01 'x 12 03 'off 12 09 09 0000000000000000 30 01",
      ],
    ],
    [
      'a summary',
      {
        type: 'summary',
        series: [
          { labels: {}, count: 300, sum: 2, quantiles: [{ quantile: 0.5, value: 1 }], created: 1, timestamp: 1 },
        ],
      },
      [`18 02 22 28 22 24 08 ac02 11 ${TWO} 1a 12 09 ${HALF} 11 ${ONE} 22 02 08 01 30 01`],
    ],
    [
      'a histogram, whose bucket +Inf is its count',
      {
        type: 'histogram',
        series: [
          { labels: {}, count: 3, sum: 2.5, buckets: [{ upperBound: 0.5, count: 2 }], created: 1, timestamp: 1 },
        ],
      },
      [`18 04 22 20 30 01 3a 1c 08 03 11 ${TWO_AND_A_HALF} 1a 0b 08 02 11 ${HALF} 7a 02 08 01`],
    ],
    [
      'the exemplars of buckets, for which there is a bucket +Inf too',
      {
        type: 'histogram',
        series: [
          {
            labels: {},
            count: 1,
            sum: 2,
            buckets: [
              { upperBound: 1, count: 0 },
              { upperBound: Infinity, count: 1, exemplar: exemplar(2, 1) },
            ],
          },
        ],
      },
      [
        `18 04 22 40 3a 3e 08 01 11 ${TWO} 1a 0b 08 00 11 ${ONE}`,
        `1a 24 08 01 11 000000000000f07f 1a 17 ${EXEMPLAR_LABEL} 11 ${TWO} 1a 02 08 01`,
      ],
    ],
    [
      'a gauge histogram, which has no beginning',
      { type: 'gaugehistogram', series: [{ labels: {}, count: 3, sum: 2, buckets: [], created: 1 }] },
      [`18 05 22 0d 3a 0b 08 03 11 ${TWO}`],
    ],
    [
      'counts that are not whole in the fields for such',
      {
        type: 'gaugehistogram',
        series: [{ labels: {}, count: 2.5, sum: 2, buckets: [{ upperBound: 1, count: 2 }] }],
      },
      [`18 05 22 28 3a 26 11 ${TWO} 1a 12 11 ${ONE} 21 ${TWO} 21 ${TWO_AND_A_HALF}`],
    ],
    [
      'native buckets beside the others, and their exemplars if they have a time',
      {
        type: 'histogram',
        series: [
          {
            labels: {},
            count: 300,
            sum: 2,
            buckets: [{ upperBound: 1, count: 200 }],
            created: 1,
            native: {
              schema: -1,
              zeroThreshold: 0.5,
              zeroCount: 200,
              positiveSpans: [
                { offset: -2, length: 1 },
                { offset: 3, length: 1 },
              ],
              positiveDeltas: [50, -1],
              negativeSpans: [{ offset: 100, length: 1 }],
              negativeDeltas: [1],
              exemplars: [exemplar(1), exemplar(2, 1)],
            },
          },
        ],
      },
      [
        `18 04 22 61 3a 5f 08 ac02 11 ${TWO} 1a 0c 08 c801 11 ${ONE}`,
        `28 01 31 ${HALF} 38 c801`,
        '4a 05 08 c801 10 01 50 02',
        '62 04 08 03 10 01 62 04 08 06 10 01 68 64 68 01',
        '7a 02 08 01',
        `8201 17 ${EXEMPLAR_LABEL} 11 ${TWO} 1a 02 08 01`,
      ],
    ],
  ])('writes %s', (_, family, bytes) => {
    expect(bytesAfterName({ name: 'x', help: '', ...family })).toBe(bytesOf(...bytes));
  });

  it('tells an empty native histogram from one that has no native buckets', () => {
    jest.useFakeTimers({ now: 1000 });
    const histogram = new Histogram({
      name: 'h',
      help: '',
      buckets: [],
      native: { zeroThreshold: 0 },
      registry: null,
    });
    expect(encode([histogram]).toString('hex')).toBe(
      bytesOf(
        "2b 0a 01 'h 18 04 22 24 3a 22 08 00 11 0000000000000000",
        '28 06 31 0000000000000000 38 00 62 04 08 00 10 00 7a 02 08 01',
      ),
    );
  });

  it('writes every kind of metric', () => {
    const kinds: [object, number][] = [
      [new Counter({ name: 'x', help: '', registry: null }), 0],
      [new Gauge({ name: 'x', help: '', registry: null }), 1],
      [new Summary({ name: 'x', help: '', quantiles: [0.5], registry: null }), 2],
      [new Histogram({ name: 'x', help: '', native: true, registry: null }), 4],
      [new StateSet({ name: 'x', help: '', states: ['a'], registry: null }), 1],
    ];
    const info = new Info({ name: 'x', help: '', registry: null });
    info.set({ v: '1' });
    for (const [metric, type] of [...kinds, [info, 1] as const]) {
      const [family] = decodeAll(encode([metric]));
      expect(family).toMatchObject({ type, metric: [expect.anything()] });
    }
  });

  it('writes the unit, which is in the name', () => {
    const counter = new Counter({ name: 'x', help: '', unit: 's', labelNames: ['a'], registry: null });
    const gauge = new Gauge({ name: 'y', help: '', unit: 's', labelNames: ['a'], registry: null });
    expect(encode([counter, gauge]).toString('hex')).toBe(
      bytesOf("10 0a 09 'x_s_total 18 00 2a 01 's", "0a 0a 03 'y_s 18 01 2a 01 's"),
    );
  });

  it.each<[EscapingScheme, string]>([
    ['underscores', 's'],
    ['dots', ''],
    ['values', ''],
  ])('writes no unit that escaping by %s takes out of the name', (escaping, unit) => {
    const counter = new Counter({ name: 'é', help: '', unit: 's', registry: null });
    expect(decodeAll(encode([counter], escaping))).toMatchObject([{ unit }]);
  });

  it.each<[EscapingScheme, name: string, labels: string[]]>([
    ['allow-utf-8', 'a.b:c', ['d.e_f', 'a.b:c', 'trace.id']],
    ['underscores', 'a_b:c', ['d_e_f', 'a_b_c', 'trace_id']],
    ['dots', 'a_dot_b:c', ['d_dot_e__f', 'a_dot_b__c', 'trace_dot_id']],
    ['values', 'U__a_2e_b:c', ['U__d_2e_e__f', 'U__a_2e_b_3a_c', 'U__trace_2e_id']],
  ])('escapes the names of metrics and labels by %s', (escaping, name, [label, state, trace]) => {
    const histogram = new Histogram({ name: 'a.b:c', help: '', labelNames: ['d.e_f'], buckets: [1], registry: null });
    histogram.observe({ 'd.e_f': 'd.e' }, 0.5, { 'trace.id': 'a.b' });
    const set = new StateSet({ name: 'a.b:c', help: '', states: ['s.t'], registry: null });
    const [first, second] = [histogram, set].flatMap((each) => decodeAll(encode([each], escaping)));
    expect(first).toMatchObject({ name, metric: [{ label: [{ name: label, value: 'd.e' }] }] });
    expect(first).toMatchObject({
      metric: [{ histogram: { bucket: [{ exemplar: { label: [{ name: trace, value: 'a.b' }] } }] } }],
    });
    expect(second).toMatchObject({ name, metric: [{ label: [{ name: state, value: 's.t' }] }] });
  });

  it('puts small families together in pieces of some 64 KB', () => {
    const gauges = Array.from({ length: 5000 }, (_, i) => new Gauge({ name: `g${i}`, help: 'G', registry: null }));
    const pieces = [...protobufPieces(gauges as Iterable<FamilyView>, { escaping: 'underscores' })];
    expect(pieces.length).toBe(Math.ceil(encode(gauges).length / 65536));
    for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(65536 + 100);
    for (const piece of pieces.slice(0, -1)) expect(piece.length).toBeGreaterThanOrEqual(65536);
    expect(decodeAll(Buffer.concat(pieces)).map(({ name }) => name)).toEqual(gauges.map(({ name }) => name));
  });

  it('gives its caller a turn for every 64 KB of a family, and reads each series once', () => {
    let read = 0;
    const series = Array.from({ length: 20_000 }, (_, i) => ({
      labelNames: ['a'],
      labelValues: [`value ${i}`],
      get value() {
        return read++;
      },
    }));
    const view: FamilyView = { name: 'huge', help: 'H', type: 'gauge', series };
    const small = (name: string): FamilyView => ({ name, help: 'S', type: 'gauge', series: series.slice(0, 1) });
    const pieces: Uint8Array[] = [];
    const readThen: number[] = [];
    for (const piece of protobufPieces([small('before'), view, small('after')], { escaping: 'underscores' })) {
      pieces.push(piece);
      readThen.push(read);
    }
    const most = Math.ceil(65536 / 27);
    readThen.forEach((count, i) => expect(count - (readThen[i - 1] ?? 0)).toBeLessThan(most));
    // Of a message nothing can be given away before its end.
    expect(pieces.map(({ length }) => Math.round(length / 65536))).toEqual([0, 0, 0, 0, 0, 0, 0, 8, 0, 1, 0]);
    const families = decodeAll(Buffer.concat(pieces));
    expect(families.map(({ name, metric }) => [name, metric.length])).toEqual([
      ['before', 1],
      // More than half a megabyte comes in several messages.
      ['huge', 17_271],
      ['huge', 2729],
      ['after', 1],
    ]);
    const huge = families.filter(({ name }) => name === 'huge');
    expect(huge.map(({ help, type }) => [help, type])).toEqual([
      ['H', 1],
      ['H', 1],
    ]);
    expect(huge.flatMap(({ metric }) => metric).map((metric) => (metric['gauge'] as { value: number }).value)).toEqual(
      series.map((_, i) => i + 1),
    );
  });

  it('gives its caller a turn for every 64 KB of a live family too', () => {
    const gauge = new Gauge({ name: 'huge', help: 'H', labelNames: ['a'], maxSeries: Infinity, registry: null });
    for (let i = 0; i < 20_000; i++) gauge.set({ a: `value ${i}` }, i + 1);
    const pieces = [...protobufPieces([gauge as FamilyView], { escaping: 'underscores' })];
    // Of a message nothing can be given away before its end.
    expect(pieces.map(({ length }) => Math.round(length / 65536))).toEqual([0, 0, 0, 0, 0, 0, 0, 8, 0, 1]);
    const families = decodeAll(Buffer.concat(pieces));
    expect(families.map(({ metric }) => metric.length)).toEqual([17_271, 2729]);
    expect(
      families.flatMap(({ metric }) => metric).map((metric) => (metric['gauge'] as { value: number }).value),
    ).toEqual(Array.from({ length: 20_000 }, (_, i) => i + 1));
  });

  it('writes the series of a live family that are taken out meanwhile as what they are', () => {
    const counter = new Counter({ name: 'c', help: '', labelNames: ['a', 'b'], registry: null });
    const values = Array.from({ length: 12 }, (_, i) => [`${i}`, 'x'.repeat(20_000 + i)] as const);
    values.forEach((each, i) => counter.labels(...each).inc(i));
    const expected = encode([counter]);

    const pieces = protobufPieces([counter as FamilyView], { escaping: 'allow-utf-8' });
    const first = pieces.next().value as Uint8Array;
    for (const each of values.slice(4, 6)) counter.remove(...each);
    expect(Buffer.concat([first, ...pieces]).equals(expected)).toBe(true);
  });

  it('writes each value with its own exemplar and time, whatever the one before has', () => {
    const series = [
      { value: 1, created: 5 },
      { value: 2, created: 5 },
      { value: 3, created: 5, exemplar: { labels: { id: 'x' }, value: 1 } },
      { value: 4, created: 5 },
      { value: 5, created: 6 },
      { value: 6 },
      { value: 7 },
      { value: 8, created: 6 },
    ].map((each, i) => ({ labels: { i: String(i) }, ...each }));
    const family: MetricFamily = { name: 'c', help: '', type: 'counter', series };
    const unknown: MetricFamily = { name: 'u', help: '', type: 'unknown', series: series.slice(5, 7) };
    expect(decodeAll(encode([family, unknown].map(viewOf)))).toEqual([family, unknown].map(expected));
  });

  it('writes any numbers of live series, one after the other', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), (numbers) => {
        const gauge = new Gauge({ name: 'g', help: '', labelNames: ['a'], registry: null });
        numbers.forEach((number, i) => gauge.set({ a: i }, number));
        const shown = decodeAll(encode([gauge])).flatMap(({ metric }) => metric);
        expect(shown.map((metric) => (metric['gauge'] as { value: number }).value)).toEqual(numbers);
      }),
    );
  });

  it('writes what is larger than a piece', () => {
    const long = '\u{1f631}'.repeat(100_000);
    const gauges = ['a', 'b'].map((name) => {
      const gauge = new Gauge({ name, help: 'é'.repeat(100_000), labelNames: ['a'], registry: null });
      gauge.set({ a: long }, 1);
      gauge.set({ a: 'x'.repeat(100_000) }, 2);
      return gauge;
    });
    expect(decodeAll(encode(gauges))).toMatchObject(
      gauges.map(({ name, help }) => ({
        name,
        help,
        metric: [{ label: [{ value: long }] }, { gauge: { value: 2 } }],
      })),
    );
  });

  it('leaves out a family whose name, or that of a sample of it, another one has after escaping', () => {
    const named = (name: string): Gauge => new Gauge({ name, help: '', registry: null });
    const left: string[][] = [];
    const histogram = new Histogram({ name: 'a.b', help: '', buckets: [1], registry: null });
    const bytes = protobufPieces([histogram, named('a_b_count'), named('c'), named('c')] as Iterable<FamilyView>, {
      escaping: 'underscores',
      onInvalid: ({ name }, reason) => left.push([name, reason]),
    });
    expect(decodeAll(Buffer.concat([...bytes])).map(({ name }) => name)).toEqual(['a_b', 'c']);
    expect(left).toEqual([
      ['a_b_count', 'another family is exposed as a_b_count'],
      ['c', 'another family is exposed as c'],
    ]);
  });

  it.each<[what: string, native: Partial<NativeHistogram>, bytes: string]>([
    [
      'that is empty with a span, without which it would be a classic one',
      {},
      `20 3a 1e 08 00 11 ${ZERO} 28 00 31 ${ZERO} 38 00 62 04 08 00 10 00`,
    ],
    [
      'that is empty without a span where its zero bucket is wider than zero',
      { zeroThreshold: 0.5 },
      `1a 3a 18 08 00 11 ${ZERO} 28 00 31 ${HALF} 38 00`,
    ],
    ['of zeros alone without a span', { zeroCount: 1 }, `1a 3a 18 08 01 11 ${ZERO} 28 00 31 ${ZERO} 38 01`],
    [
      'of positive values alone with their spans',
      { positiveSpans: [{ offset: 2, length: 1 }], positiveDeltas: [1] },
      `22 3a 20 08 01 11 ${ZERO} 28 00 31 ${ZERO} 38 00 62 04 08 04 10 01 68 02`,
    ],
    [
      'of positive values alone with their spans where its zero bucket is wider than zero',
      { zeroThreshold: 0.5, positiveSpans: [{ offset: 2, length: 1 }], positiveDeltas: [1] },
      `22 3a 20 08 01 11 ${ZERO} 28 00 31 ${HALF} 38 00 62 04 08 04 10 01 68 02`,
    ],
    [
      'of negative values alone with their spans only',
      { negativeSpans: [{ offset: 2, length: 1 }], negativeDeltas: [1] },
      `22 3a 20 08 01 11 ${ZERO} 28 00 31 ${ZERO} 38 00 4a 04 08 04 10 01 50 02`,
    ],
  ])('writes a native histogram %s', (_, native, bytes) => {
    const none = { positiveSpans: [], positiveDeltas: [], negativeSpans: [], negativeDeltas: [], exemplars: [] };
    const all = { schema: 0, zeroThreshold: 0, zeroCount: 0, ...none, ...native };
    const { zeroCount, positiveDeltas, negativeDeltas } = all;
    const count = zeroCount + positiveDeltas.length + negativeDeltas.length;
    const series = [{ labels: {}, count, sum: 0, buckets: [], native: all }];
    expect(bytesAfterName({ name: 'x', help: '', type: 'histogram', series })).toBe(bytesOf(`18 04 22 ${bytes}`));
  });

  it('holds what it was given, for all families', () => {
    const anyFamilies = fc
      .array(anyFamily, { maxLength: 5 })
      .map((families) => families.map((each, i) => ({ ...each, name: `f${i}${each.name}` })));
    fc.assert(
      fc.property(anyFamilies, (families) => {
        expect(decodeAll(encode(families.map(viewOf)))).toEqual(families.map(expected));
      }),
      { numRuns: 300 },
    );
  });
});

describe('A protobuf writer', () => {
  const written = (write: (out: ProtobufWriter) => void): string => {
    const out = new ProtobufWriter(1);
    write(out);
    return Buffer.from(out.take()).toString('hex');
  };

  it.each([
    [0, '00'],
    [127, '7f'],
    [128, '8001'],
    [16383, 'ff7f'],
    [16384, '808001'],
    [2 ** 31 - 1, 'ffffffff07'],
    [2 ** 31, '8080808008'],
    [2 ** 32, '8080808010'],
    [Number.MAX_SAFE_INTEGER, 'ffffffffffffff0f'],
    [2 ** 53, '8080808080808010'],
    [2 ** 63 - 1024, '80f8ffffffffffff7f'],
    [-1, 'ffffffffffffffffff01'],
    [-128, '80ffffffffffffffff01'],
    [-129, 'fffeffffffffffffff01'],
    [Number.MIN_SAFE_INTEGER, '81808080808080f0ff01'],
  ])('writes the varint %p', (value, hex) => {
    expect(written((out) => out.varint(value))).toBe(hex);
  });

  it.each([
    [0, '00'],
    [-1, '01'],
    [1, '02'],
    [63, '7e'],
    [-64, '7f'],
    [64, '8001'],
    [-65, '8101'],
    [2 ** 31 - 1, 'feffffff0f'],
    [-(2 ** 31), 'ffffffff0f'],
    [Number.MAX_SAFE_INTEGER, 'feffffffffffff1f'],
    [Number.MIN_SAFE_INTEGER, 'fdffffffffffff1f'],
  ])('writes %p in zigzag', (value, hex) => {
    expect(written((out) => out.zigzag(1, value))).toBe(`08${hex}`);
  });

  it.each([NaN, Infinity, -Infinity, 1.5, -1.5, 1e300, -1e300])('is well-formed even after the integer %p', (value) => {
    const bytes = written((out) => {
      out.integer(1, value);
      out.zigzag(2, value);
    });
    const fields = readFields(Buffer.from(bytes, 'hex'));
    expect(fields.map(([field, value]) => [field, (value as bigint) < 2n ** 64n])).toEqual([
      [1, true],
      [2, true],
    ]);
  });

  it.each([120, 127, 128, 16_370, 16_383, 16_384, 2 ** 21])('writes a text of %p bytes in messages', (length) => {
    const out = new ProtobufWriter(1);
    const outer = out.begin(1);
    const inner = out.begin(16);
    out.string(3, 'x'.repeat(length));
    out.end(inner);
    out.string(2, 'é');
    out.end(outer);
    const [[, message]] = readFields(out.take()) as [[number, Uint8Array]];
    const [[, inside], second] = readFields(message) as [[number, Uint8Array], [number, Uint8Array]];
    const [[field, text]] = readFields(inside) as [[number, Uint8Array]];
    expect([field, Buffer.from(text).toString() === 'x'.repeat(length)]).toEqual([3, true]);
    expect(second).toEqual([2, new Uint8Array([0xc3, 0xa9])]);
  });
});

// A decoder, which knows the messages by name.

type Field = readonly [name: string, as: 'int' | 'sint' | 'double' | 'text' | Message, isRepeated?: boolean];
type Message = { readonly [field: number]: Field };

const TIME: Message = { 1: ['seconds', 'int'], 2: ['nanos', 'int'] };
const LABEL: Message = { 1: ['name', 'text'], 2: ['value', 'text'] };
const EXEMPLAR: Message = { 1: ['label', LABEL, true], 2: ['value', 'double'], 3: ['timestamp', TIME] };
const VALUE: Message = { 1: ['value', 'double'], 2: ['exemplar', EXEMPLAR], 3: ['created', TIME] };
const SPAN: Message = { 1: ['offset', 'sint'], 2: ['length', 'int'] };
const METRIC: Message = {
  1: ['label', LABEL, true],
  2: ['gauge', VALUE],
  3: ['counter', VALUE],
  4: [
    'summary',
    {
      1: ['count', 'int'],
      2: ['sum', 'double'],
      3: ['quantile', { 1: ['quantile', 'double'], 2: ['value', 'double'] }, true],
      4: ['created', TIME],
    },
  ],
  5: ['untyped', VALUE],
  6: ['timestamp', 'int'],
  7: [
    'histogram',
    {
      1: ['count', 'int'],
      2: ['sum', 'double'],
      3: ['bucket', { 1: ['count', 'int'], 2: ['upperBound', 'double'], 3: ['exemplar', EXEMPLAR] }, true],
      5: ['schema', 'sint'],
      6: ['zeroThreshold', 'double'],
      7: ['zeroCount', 'int'],
      9: ['negativeSpans', SPAN, true],
      10: ['negativeDeltas', 'sint', true],
      12: ['positiveSpans', SPAN, true],
      13: ['positiveDeltas', 'sint', true],
      15: ['created', TIME],
      16: ['exemplars', EXEMPLAR, true],
    },
  ],
};
const FAMILY: Message = {
  1: ['name', 'text'],
  2: ['help', 'text'],
  3: ['type', 'int'],
  4: ['metric', METRIC, true],
  5: ['unit', 'text'],
};

type Decoded = Record<string, unknown>;
type DecodedFamily = { name: string; help: string; type: number; metric: Decoded[]; unit: string };

function readVarint(bytes: Uint8Array, start: number): [value: bigint, end: number] {
  let value = 0n;
  for (let at = start; ; at++) {
    const byte = bytes[at];
    if (byte === undefined) throw new Error('An integer has no end.');
    value += BigInt(byte & 0x7f) << BigInt(7 * (at - start));
    if (byte < 0x80) return [value, at + 1];
  }
}

/** The fields of a message: integers, doubles as their bytes, and what has a length. */
function readFields(bytes: Uint8Array): [field: number, value: bigint | Uint8Array][] {
  const fields: [number, bigint | Uint8Array][] = [];
  let at = 0;
  while (at < bytes.length) {
    const [tag, start] = readVarint(bytes, at);
    const field = Number(tag >> 3n);
    if ((tag & 7n) === 1n) {
      at = start + 8;
      fields.push([field, bytes.subarray(start, at)]);
      continue;
    }
    const [value, end] = readVarint(bytes, start);
    at = (tag & 7n) === 0n ? end : end + Number(value);
    if (at > bytes.length) throw new Error('A field ends after its message.');
    fields.push([field, (tag & 7n) === 0n ? value : bytes.subarray(end, at)]);
  }
  return fields;
}

function decode(message: Message, bytes: Uint8Array): Decoded {
  const decoded: Decoded = {};
  for (const [name, , isRepeated] of Object.values(message)) if (isRepeated === true) decoded[name] = [];
  for (const [field, value] of readFields(bytes)) {
    const [name, as, isRepeated] = message[field] as Field;
    const one = decodeOne(as, value);
    if (isRepeated === true) (decoded[name] as unknown[]).push(one);
    else decoded[name] = one;
  }
  return decoded;
}

function decodeOne(as: Field[1], value: bigint | Uint8Array): unknown {
  if (typeof value === 'bigint') {
    return as === 'sint' ? Number((value >> 1n) ^ -(value & 1n)) : Number(BigInt.asIntN(64, value));
  }
  if (as === 'double') return new DataView(value.buffer, value.byteOffset).getFloat64(0, true);
  if (as === 'text') return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
  return decode(as as Message, value);
}

function decodeAll(bytes: Uint8Array): DecodedFamily[] {
  const families: DecodedFamily[] = [];
  for (let at = 0; at < bytes.length;) {
    const [length, start] = readVarint(bytes, at);
    at = start + Number(length);
    families.push({ help: '', unit: '', ...decode(FAMILY, bytes.subarray(start, at)) } as DecodedFamily);
  }
  return families;
}

// What decoding has to give for plain data.

const TYPES: Record<MetricType, [number, name: string]> = {
  counter: [0, 'counter'],
  gauge: [1, 'gauge'],
  summary: [2, 'summary'],
  unknown: [3, 'untyped'],
  histogram: [4, 'histogram'],
  gaugehistogram: [5, 'histogram'],
  info: [1, 'gauge'],
  stateset: [1, 'gauge'],
};

function expected({ name, help, type, unit, series }: MetricFamily): DecodedFamily {
  const [number, kind] = TYPES[type];
  const suffix = type === 'counter' ? '_total' : type === 'info' ? '_info' : '';
  return {
    name: `${name}${unit === undefined ? '' : `_${unit}`}${suffix}`,
    help,
    type: number,
    unit: unit ?? '',
    metric: series.flatMap((each): Decoded[] => {
      const label = labelsOf(each.labels);
      const timestamp = each.timestamp !== undefined && { timestamp: each.timestamp };
      if (!('states' in each)) return [{ label, [kind]: valueOf(type, each), ...timestamp }];
      return Object.entries(each.states).map(([state, isIn]) => ({
        label: [...label, { name, value: state }],
        gauge: { value: Number(isIn) },
        ...timestamp,
      }));
    }),
  };
}

function valueOf(type: MetricType, series: Exclude<Series, { states: unknown }>): Decoded {
  const hasCreated = ['counter', 'summary', 'histogram'].includes(type) && series.created !== undefined;
  const created = hasCreated && { created: timeOf(series.created as number) };
  if ('value' in series) {
    const shown = type === 'counter' && series.exemplar !== undefined && { exemplar: exemplarOf(series.exemplar) };
    return { value: series.value, ...created, ...shown };
  }
  const { count, sum } = series;
  if ('quantiles' in series) return { count, sum, ...created, quantile: series.quantiles };
  const { buckets, native } = series;
  const bucket = buckets
    .filter(({ upperBound, exemplar }) => upperBound !== Infinity || exemplar !== undefined)
    .map(({ exemplar, ...rest }) => ({ ...rest, ...(exemplar && { exemplar: exemplarOf(exemplar) }) }));
  const none = { positiveSpans: [], positiveDeltas: [], negativeSpans: [], negativeDeltas: [] };
  const exemplars = (native?.exemplars ?? []).filter(({ timestamp }) => timestamp !== undefined).map(exemplarOf);
  return { count, sum, ...created, bucket, ...none, ...native, exemplars };
}

function exemplarOf({ labels, value, timestamp }: Exemplar): Decoded {
  return { label: labelsOf(labels), value, ...(timestamp !== undefined && { timestamp: timeOf(timestamp) }) };
}

function labelsOf(labels: Record<string, string>): Decoded[] {
  return Object.entries(labels).map(([name, value]) => ({ name, value }));
}

/** Of times in whole microseconds. */
function timeOf(time: number): Decoded {
  const micros = BigInt(Math.round(time * 1e6));
  const ofSecond = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = Number((micros - ofSecond) / 1_000_000n);
  const nanos = Number(ofSecond) * 1000;
  return { ...(seconds !== 0 && { seconds }), ...(nanos !== 0 && { nanos }) };
}

// Any plain data.

const text = fc.string({ unit: 'binary', maxLength: 200 }).map((each) => each.toWellFormed());
const name = fc.stringMatching(/^[a-zé.]{1,8}$/);
const whole = fc.oneof(fc.nat(300), fc.maxSafeNat());
const integer = fc.oneof(fc.integer({ min: -200, max: 200 }), fc.maxSafeInteger());
const seconds = fc.oneof(
  fc.constant(0),
  fc.integer({ min: -2_000_000_000_000, max: 2_000_000_000_000 }).map((ms) => ms / 1000),
);
const labels = fc.dictionary(
  name.filter((each) => each !== 'le' && each !== 'quantile'),
  text,
  { maxKeys: 3, noNullPrototype: true },
);
const anyExemplar = fc.record(
  { labels, value: fc.double(), timestamp: seconds },
  { requiredKeys: ['labels', 'value'], noNullPrototype: true },
) as fc.Arbitrary<Exemplar>;
const spans = fc.array(fc.record({ offset: fc.integer(), length: fc.nat() }), { maxLength: 3 });
const deltas = fc.array(integer, { maxLength: 20 });
const native = fc.record({
  schema: fc.integer({ min: -4, max: 8 }),
  zeroThreshold: fc.double(),
  zeroCount: whole,
  positiveSpans: spans,
  positiveDeltas: deltas,
  negativeSpans: spans,
  negativeDeltas: deltas,
  exemplars: fc.array(anyExemplar, { maxLength: 3 }),
});

const base = { labels, created: seconds, timestamp: integer };
/** Of a type, with what it may have beside labels. */
function family(type: MetricType, values: Record<string, fc.Arbitrary<unknown>>, optional: string[] = []) {
  const series = fc.record(
    { ...base, ...values },
    { requiredKeys: ['labels', ...Object.keys(values).filter((key) => !optional.includes(key))] as never[] },
  );
  return fc.record(
    { name, help: text, type: fc.constant(type), series: fc.array(series, { maxLength: 4 }) },
    { noNullPrototype: true },
  ) as unknown as fc.Arbitrary<MetricFamily>;
}

const buckets = fc
  .array(
    fc.record(
      { upperBound: fc.double({ noNaN: true }), inBucket: fc.nat(1e6), exemplar: anyExemplar },
      { requiredKeys: ['upperBound', 'inBucket'] },
    ),
    { maxLength: 15 },
  )
  .map((list) => {
    const sorted = new Map(list.map((each) => [each.upperBound + 0, each]));
    let count = 0;
    return [...sorted]
      .toSorted(([a], [b]) => a - b)
      .map(([upperBound, { inBucket, exemplar }]) => ({
        upperBound,
        count: (count += inBucket),
        ...(exemplar && { exemplar }),
      }));
  });

function withCount(family: MetricFamily): MetricFamily {
  const series = family.series.map((each) => {
    const { buckets } = each as HistogramData;
    return { ...each, count: buckets.at(-1)?.count ?? 0 } as Series;
  });
  return { ...family, series };
}

const withUnit = (families: fc.Arbitrary<MetricFamily>) =>
  fc
    .tuple(families, fc.option(fc.constantFrom('seconds', 'bytes'), { nil: undefined }))
    .map(([family, unit]) => ({ ...family, ...(unit !== undefined && { unit }) }));

const anyFamily: fc.Arbitrary<MetricFamily> = fc.oneof(
  withUnit(family('counter', { value: fc.double({ min: 0, noNaN: true }), exemplar: anyExemplar }, ['exemplar'])),
  withUnit(family('gauge', { value: fc.double(), exemplar: anyExemplar }, ['exemplar'])),
  withUnit(family('unknown', { value: fc.double() })),
  family('info', { value: fc.constant(1) }),
  family('stateset', { states: fc.dictionary(text, fc.boolean(), { maxKeys: 4, noNullPrototype: true }) }).filter(
    ({ name, series }) => !series.some(({ labels }) => name in labels),
  ),
  withUnit(
    family('summary', {
      count: whole,
      sum: fc.double(),
      quantiles: fc.array(fc.record({ quantile: fc.double(), value: fc.double() }), { maxLength: 3 }),
    }),
  ),
  withUnit(family('histogram', { sum: fc.double(), buckets, native }, ['native']).map(withCount)),
  withUnit(family('gaugehistogram', { sum: fc.double(), buckets, native }, ['native']).map(withCount)),
);
