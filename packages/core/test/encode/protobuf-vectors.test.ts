import { protobufPieces } from './encoded.ts';
import type {
  Exemplar,
  FamilyView,
  HistogramSeriesView,
  MetricType,
  NativeHistogram,
  SeriesView,
} from '../../src/model.ts';
import { numberOf, readVectors, withVectors } from '../vectors-folder.ts';

// What Google's protoc makes of the same families.

type Given = number | string;
type Pairs = [string, string][];
interface Time {
  seconds: number;
  nanos: number;
}
interface GivenExemplar {
  labels: Pairs;
  value: Given;
  timestamp?: Time;
}
interface Vector {
  name: string;
  delimited: string;
  family: { name: string; help?: string; type?: string; unit?: string; metrics: GivenMetric[] };
}
type GivenValue = { value: Given; exemplar?: GivenExemplar; created?: Time };
interface GivenMetric {
  labels: Pairs;
  timestampMs?: number;
  gauge?: GivenValue;
  counter?: GivenValue;
  untyped?: GivenValue;
  summary?: { sampleCount: number; sampleSum: Given; quantiles: [Given, Given][]; created?: Time };
  histogram?: GivenHistogram;
}
interface GivenHistogram {
  sampleCount?: number;
  sampleCountFloat?: number;
  sampleSum: Given;
  buckets?: { upperBound: Given; cumulativeCount?: number; cumulativeCountFloat?: number; exemplar?: GivenExemplar }[];
  created?: Time;
  schema?: number;
  zeroThreshold?: number;
  zeroCount?: number;
  positiveSpans?: [number, number][];
  positiveDeltas?: number[];
  negativeSpans?: [number, number][];
  negativeDeltas?: number[];
  exemplars?: GivenExemplar[];
}

/** What can't be told to this library. */
const SKIPPED: Readonly<Record<string, string>> = {
  'special:float native histogram': 'the counts of native buckets are whole here',
  'special:big counts': 'a count above 2^53 is no number of JavaScript',
  'openmetrics:TestCreateOpenMetrics#16':
    'its name has not the unit that it says, for which Prometheus refuses a scrape',
};

/** What is told otherwise here, so that the bytes are not the same but what is decoded is. */
const DECODED: Readonly<Record<string, string>> = {
  'text:TestCreate#0': 'the name of a counter has `_total`',
  'text:TestCreate#5': 'it has a bucket +Inf',
  'text:TestCreate#7': 'the name of a counter has `_total`, and the type is always written',
  'text:TestCreate#8': 'it has a bucket +Inf',
  'openmetrics:TestCreateOpenMetrics#0': 'the name of a counter has `_total`',
  'openmetrics:TestCreateOpenMetrics#1': 'the name of a counter has `_total`',
  'openmetrics:TestCreateOpenMetrics#2': 'the name of a counter has `_total`',
  'openmetrics:TestCreateOpenMetrics#7': 'it has a bucket +Inf',
  'openmetrics:TestCreateOpenMetrics#15': 'it has a bucket +Inf',
  'special:native exemplars': 'a time in seconds has no nanoseconds',
};

const TYPES: Readonly<Record<string, MetricType>> = {
  COUNTER: 'counter',
  GAUGE: 'gauge',
  SUMMARY: 'summary',
  UNTYPED: 'unknown',
  HISTOGRAM: 'histogram',
  GAUGE_HISTOGRAM: 'gaugehistogram',
};

function viewOf({ name, help = '', type = 'COUNTER', unit, metrics }: Vector['family']): FamilyView {
  return {
    name: type === 'COUNTER' ? name.replace(/_total$/, '') : name,
    help,
    type: TYPES[type],
    unit,
    series: metrics.map(seriesOf),
  } as FamilyView;
}

function seriesOf({ labels, timestampMs, gauge, counter, untyped, summary, histogram }: GivenMetric): SeriesView {
  const value = gauge ?? counter ?? untyped;
  const given = value ?? summary ?? histogram;
  return {
    labelNames: labels.map(([name]) => name),
    labelValues: labels.map(([, value]) => value),
    timestamp: timestampMs,
    created: given?.created && timeOf(given.created),
    ...(value && { value: numberOf(value.value), exemplar: value.exemplar && exemplarOf(value.exemplar) }),
    ...(summary && {
      count: summary.sampleCount,
      sum: numberOf(summary.sampleSum),
      quantiles: summary.quantiles.map(([quantile, value]) => ({
        quantile: numberOf(quantile),
        value: numberOf(value),
      })),
    }),
    ...(histogram && histogramOf(histogram)),
  };
}

function histogramOf(given: GivenHistogram): Omit<HistogramSeriesView, keyof SeriesView> {
  const { sampleCount, sampleCountFloat, sampleSum, buckets = [] } = given;
  const finite = buckets.filter(({ upperBound }) => upperBound !== '+Inf');
  const cumulative = finite.map((bucket) => bucket.cumulativeCountFloat ?? bucket.cumulativeCount ?? NaN);
  cumulative.push(sampleCountFloat ?? sampleCount ?? NaN);
  return {
    sum: numberOf(sampleSum),
    upperBounds: finite.map(({ upperBound }) => numberOf(upperBound)),
    bucketCounts: cumulative.map((count, i) => count - (cumulative[i - 1] ?? 0)),
    exemplars: finite.map(({ exemplar }) => exemplar && exemplarOf(exemplar)),
    native: nativeOf(given),
  };
}

function nativeOf(given: GivenHistogram): NativeHistogram | undefined {
  if (given.schema === undefined) return undefined;
  const spans = (pairs: [number, number][] = []) => pairs.map(([offset, length]) => ({ offset, length }));
  return {
    schema: given.schema,
    zeroThreshold: given.zeroThreshold as number,
    zeroCount: given.zeroCount as number,
    positiveSpans: spans(given.positiveSpans),
    positiveDeltas: given.positiveDeltas ?? [],
    negativeSpans: spans(given.negativeSpans),
    negativeDeltas: given.negativeDeltas ?? [],
    exemplars: (given.exemplars ?? []).map(exemplarOf),
  };
}

function exemplarOf({ labels, value, timestamp }: GivenExemplar): Exemplar {
  return {
    labels: Object.fromEntries(labels),
    value: numberOf(value),
    ...(timestamp && { timestamp: timeOf(timestamp) }),
  };
}

function timeOf({ seconds, nanos }: Time): number {
  return seconds + nanos / 1e9;
}

/** The fields of a message that are messages themselves, and theirs. */
interface Shape {
  readonly [field: number]: Shape;
}
const EXEMPLAR: Shape = { 1: {}, 3: {} };
const HISTOGRAM: Shape = { 3: { 3: EXEMPLAR }, 9: {}, 12: {}, 15: {}, 16: EXEMPLAR };
const FAMILY: Shape = { 4: { 1: {}, 2: {}, 3: { 2: EXEMPLAR, 3: {} }, 4: { 3: {}, 4: {} }, 5: {}, 7: HISTOGRAM } };

type Message = { [field: number]: (bigint | string | Message)[] };

/** The fields of a message: integers, messages, and others as their bytes. */
function decode(bytes: Buffer, shape: Shape): Message {
  const message: Message = {};
  let at = 0;
  const varint = (): bigint => {
    const start = at;
    while ((bytes[at++] as number) >= 0x80);
    return bytes.subarray(start, at).reduce((value, byte, i) => value + (BigInt(byte & 0x7f) << BigInt(7 * i)), 0n);
  };
  const take = (length: number): Buffer => bytes.subarray(at, (at += length));
  while (at < bytes.length) {
    const tag = Number(varint());
    const inner = shape[tag >> 3];
    const values = (message[tag >> 3] ??= []);
    if ((tag & 7) === 0) values.push(varint());
    else if ((tag & 7) === 1) values.push(take(8).toString('hex'));
    else {
      const content = take(Number(varint()));
      values.push(inner === undefined ? content.toString('utf8') : decode(content, inner));
    }
  }
  return message;
}

function decodeDelimited(hex: string): Message {
  const { 0: family, ...rest } = decode(Buffer.from(`02${hex}`, 'hex'), { 0: FAMILY });
  expect(rest).toEqual({});
  return family?.[0] as Message;
}

/** What this library makes of a family that was told otherwise. */
function asWritten(family: Message): Message {
  family[3] ??= [0n];
  if (family[3][0] === 0n) family[1] = [((family[1] as string[])[0] as string).replace(/(_total)?$/, '_total')];
  for (const metric of family[4] as Message[]) {
    for (const histogram of (metric[7] ?? []) as Message[]) {
      const isFinite = (bucket: Message): boolean => bucket[2]?.[0] !== '000000000000f07f';
      if (histogram[3] !== undefined) histogram[3] = (histogram[3] as Message[]).filter(isFinite);
      for (const exemplar of (histogram[16] ?? []) as Message[]) {
        const [time] = exemplar[3] as [Message];
        if (time[2] !== undefined) time[2] = [BigInt(Math.round(Number(time[2][0]) / 1000) * 1000)];
      }
    }
  }
  return family;
}

withVectors(() => {
  describe('Protobuf', () => {
    const { cases } = readVectors('protobuf.json') as { cases: Vector[] };
    const written = ({ family }: Vector): string =>
      Buffer.concat([...protobufPieces([viewOf(family)], { escaping: 'allow-utf-8' })]).toString('hex');

    it('is the same for all families together', () => {
      const known = new Set<string>();
      const exact = cases.filter(({ name, family }) => {
        const isExact = !(name in SKIPPED) && !(name in DECODED) && !known.has(family.name);
        known.add(family.name);
        return isExact;
      });
      const views = exact.map(({ family }) => viewOf(family));
      expect(Buffer.concat([...protobufPieces(views, { escaping: 'allow-utf-8' })]).toString('hex')).toBe(
        exact.map(({ delimited }) => delimited).join(''),
      );
    });

    for (const vector of cases) {
      const { name, delimited } = vector;
      if (name in SKIPPED) {
        // oxlint-disable-next-line jest/no-disabled-tests, jest/expect-expect -- says what was not checked
        it.skip(`of ${name}: ${SKIPPED[name]}`, () => {});
      } else if (name in DECODED) {
        it(`of ${name}, though ${DECODED[name]}`, () => {
          expect(decodeDelimited(written(vector))).toEqual(asWritten(decodeDelimited(delimited)));
        });
      } else {
        it(`of ${name}, to the byte`, () => expect(written(vector)).toBe(delimited));
      }
    }
  });
});
