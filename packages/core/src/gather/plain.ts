import { MAX_SCHEMA, MIN_SCHEMA } from '../native/bucket-index.ts';
import { checkHelp } from '../definition.ts';
import { describedOf, isIterable, isRecord, reservedLabel } from '../description.ts';
import { MetricError, show } from '../errors.ts';
import { escapeLabelName } from '../escaping.ts';
import { labelKey } from '../label-key.ts';
import { checkLabelNames, labelText } from '../labels.ts';
import type {
  BucketSpan,
  Exemplar,
  FamilyDescription,
  FamilyView,
  HistogramData,
  HistogramSeriesView,
  MetricFamily,
  NativeHistogram,
  Series,
  SeriesView,
  StateSetData,
  SummaryData,
  ValueData,
} from '../model.ts';
import { atOnce, STEP } from '../turns.ts';

/** Makes the error of a series that is wrong in some way. */
type Wrong = (what: string) => MetricError;

/**
 * A family of a custom collector as a scrape sees it: checked and copied, so that reading it can't fail.
 *
 * @throws MetricError when it isn't a family by the rules of its type
 */
export function viewOf(family: MetricFamily): FamilyView {
  return atOnce(viewing(family));
}

/** The same in steps, as there may be many series. */
export function* viewing(family: MetricFamily): Generator<void, FamilyView> {
  if (!isRecord(family) || !isIterable(family.series)) {
    throw new MetricError(
      'INVALID_OPTION',
      `A collector gave ${show(family)}: give families such as { name: 'x', help: 'X', type: 'gauge', series: [{ labels: {}, value: 1 }] }.`,
    );
  }
  const { help, unit, series } = family;
  const { name, type } = describedOf(family, unit);
  const views = new Map<string, SeriesView>();
  for (const each of series) {
    const wrong: Wrong = (what) =>
      new MetricError(
        'INVALID_VALUE',
        `The series ${show(each)} that a collector gave for metric ${show(name)} ${what}: give what its type needs.`,
      );
    const view = seriesView({ name, type }, each, wrong);
    const key = labelKey(view);
    if (views.has(key)) throw wrong('has the labels of another one');
    views.set(key, view);
    if (views.size % STEP === 0) yield;
  }
  // The compiler can't see that the type and its series belong together.
  return { name, help: checkHelp(name, help), type, unit, series: [...views.values()] } as FamilyView;
}

/** What a collector gave, if families can be read from it. */
export function familiesOf(given: unknown): Iterable<MetricFamily | FamilyView> {
  if (isIterable(given)) return given as Iterable<MetricFamily | FamilyView>;
  throw new MetricError('INVALID_OPTION', `A collector gave ${show(given)}: give an array of families.`);
}

function seriesView(family: FamilyDescription, series: Series, wrong: Wrong): SeriesView {
  if (!isRecord(series) || !isRecord(series.labels)) throw wrong('has no labels');
  const { labels, created, timestamp } = series;
  const labelNames = checkLabelNames(family.name, Object.keys(labels), undefined);
  const reserved = labelNames.find((label) => escapeLabelName(label) === reservedLabel(family));
  if (reserved !== undefined) throw wrong(`has the label ${show(reserved)}, which its samples write themselves`);
  const labelValues = labelNames.map((label) => labelText(label, labels[label]));
  if (created !== undefined && !Number.isFinite(created)) throw wrong('has a time of creation that is none');
  if (timestamp !== undefined && !isInteger(timestamp)) throw wrong('has a timestamp that is none');
  const base = { labelNames, labelValues, created, timestamp };
  switch (family.type) {
    case 'histogram':
    case 'gaugehistogram':
      return { ...base, ...bucketsOf(series as HistogramData, wrong) };
    case 'summary':
      return { ...base, ...quantilesOf(series as SummaryData, wrong) };
    case 'stateset':
      return { ...base, ...statesOf(series as StateSetData, wrong) };
    default: {
      const { value, exemplar } = series as ValueData;
      checkNumber(value, wrong);
      if (family.type === 'counter' && !(value >= 0)) throw wrong('is a count, but below 0 or NaN');
      if (family.type === 'info' && value !== 1) throw wrong('is an info, but not 1');
      return { ...base, value, ...(exemplar !== undefined && { exemplar: exemplarOf(exemplar, wrong) }) } as SeriesView;
    }
  }
}

/** Cumulative buckets as counts of each bucket alone. */
function bucketsOf(series: HistogramData, wrong: Wrong): Omit<HistogramSeriesView, keyof SeriesView> {
  const { count, sum, native } = series;
  checkCount(count, wrong);
  checkNumber(sum, wrong);
  checkList(series.buckets, 'buckets', wrong);
  const buckets = series.buckets.map((each) => {
    const { upperBound, count: cumulative, exemplar } = each;
    checkNumber(upperBound, wrong);
    checkCount(cumulative, wrong);
    return { upperBound, cumulative, exemplar: exemplar === undefined ? undefined : exemplarOf(exemplar, wrong) };
  });
  if (buckets.at(-1)?.upperBound !== Infinity) {
    buckets.push({ upperBound: Infinity, cumulative: count, exemplar: undefined });
  }
  let before = { upperBound: -Infinity, cumulative: 0 };
  const bucketCounts = buckets.map((bucket) => {
    const inBucket = bucket.cumulative - before.cumulative;
    if (!(bucket.upperBound > before.upperBound && inBucket >= 0)) {
      throw wrong('has buckets whose bounds or cumulative counts do not ascend');
    }
    before = bucket;
    return inBucket;
  });
  if (before.cumulative !== count) throw wrong('has another count than its last bucket');
  return {
    sum,
    upperBounds: buckets.slice(0, -1).map(({ upperBound }) => upperBound),
    bucketCounts,
    ...(native !== undefined && { native: nativeOf(native, count, wrong) }),
    ...(buckets.some(({ exemplar }) => exemplar) && { exemplars: buckets.map(({ exemplar }) => exemplar) }),
  };
}

function nativeOf(given: NativeHistogram, total: number, wrong: Wrong): NativeHistogram {
  if (!isRecord(given)) throw wrong('has native buckets that are none');
  const { schema, zeroThreshold, zeroCount } = given;
  if (!Number.isSafeInteger(schema) || schema < MIN_SCHEMA || schema > MAX_SCHEMA) {
    throw wrong(`has native buckets of schema ${show(schema)}, not ${MIN_SCHEMA} to ${MAX_SCHEMA}`);
  }
  if (!(Number.isFinite(zeroThreshold) && zeroThreshold >= 0)) {
    throw wrong(`has the zero threshold ${show(zeroThreshold)}`);
  }
  // Where there are native buckets, all counts are integers; Prometheus refuses the whole scrape for others.
  for (const count of [zeroCount, total]) {
    checkCount(count, wrong);
    if (!Number.isSafeInteger(count)) throw wrong(`has native buckets beside ${show(count)}, which is no integer`);
  }
  const deltasOf = (list: readonly number[]): number[] => {
    checkList(list, 'native buckets', wrong);
    let count = 0;
    for (const delta of list) {
      if (!Number.isSafeInteger(delta)) throw wrong(`has ${show(delta)} for the delta of a native bucket`);
      count += delta;
      if (count < 0) throw wrong('has native buckets that count less than nothing');
      inBuckets += count;
    }
    return [...list];
  };
  const spansOf = (list: readonly BucketSpan[], deltas: readonly number[]): BucketSpan[] => {
    checkList(list, 'spans of native buckets', wrong);
    const spans = list.map(({ offset, length }, i) => {
      const isSpan = isInt32(offset) && isInt32(length) && length >= 0 && (i === 0 || offset >= 0);
      if (!isSpan) throw wrong('has spans of native buckets that are none');
      return { offset, length };
    });
    if (spans.reduce((sum, { length }) => sum + length, 0) === deltas.length) return spans;
    throw wrong('has spans of other native buckets');
  };
  let inBuckets = zeroCount;
  const positiveDeltas = deltasOf(given.positiveDeltas);
  const negativeDeltas = deltasOf(given.negativeDeltas);
  const positiveSpans = spansOf(given.positiveSpans, positiveDeltas);
  const negativeSpans = spansOf(given.negativeSpans, negativeDeltas);
  // NaN is in no bucket, but counted.
  if (inBuckets > total) throw wrong(`counts ${inBuckets} in native buckets, but ${total} in all`);
  checkList(given.exemplars, 'exemplars', wrong);
  const exemplars = given.exemplars.map((each) => exemplarOf(each, wrong));
  return { schema, zeroThreshold, zeroCount, positiveSpans, positiveDeltas, negativeSpans, negativeDeltas, exemplars };
}

function isInt32(given: unknown): boolean {
  return given === Math.trunc(given as number) && Math.abs(given) < 2 ** 31;
}

function quantilesOf(series: SummaryData, wrong: Wrong): SummaryData {
  const { count, sum } = series;
  checkCount(count, wrong);
  checkNumber(sum, wrong);
  let before = -1;
  checkList(series.quantiles, 'quantiles', wrong);
  const quantiles = series.quantiles.map(({ quantile, value }) => {
    checkNumber(quantile, wrong);
    checkNumber(value, wrong);
    if (!(quantile >= 0 && quantile <= 1 && quantile > before)) {
      throw wrong('has quantiles that do not ascend from 0 to 1');
    }
    before = quantile;
    return { quantile, value };
  });
  return { count, sum, quantiles };
}

function statesOf({ states: given }: StateSetData, wrong: Wrong): StateSetData {
  if (!isRecord(given)) throw wrong('has no states');
  const states = Object.entries(given);
  if (states.some(([state, isIn]) => state === '' || typeof isIn !== 'boolean')) {
    throw wrong('has states that are not named, or neither true nor false');
  }
  return { states: Object.fromEntries(states) };
}

function exemplarOf(given: Exemplar, wrong: Wrong): Exemplar {
  if (!isRecord(given) || !isRecord(given.labels)) throw wrong('has an exemplar that is none');
  const { labels, value, timestamp } = given;
  checkNumber(value, wrong);
  if (timestamp !== undefined && !Number.isFinite(timestamp)) throw wrong('has an exemplar of no time');
  const texts = Object.entries(labels).map(([name, text]) => [name, labelText(name, text)]);
  return { labels: Object.fromEntries(texts), value, ...(timestamp !== undefined && { timestamp }) };
}

function checkNumber(given: unknown, wrong: Wrong): void {
  if (typeof given !== 'number') throw wrong(`has ${show(given)} for a number`);
}

function checkCount(given: unknown, wrong: Wrong): void {
  if (!Number.isFinite(given) || (given as number) < 0) throw wrong(`has ${show(given)} for a count`);
}

function checkList(given: readonly unknown[], what: string, wrong: Wrong): void {
  if (!Array.isArray(given)) throw wrong(`has no ${what}`);
}

/** Whether a format can write it as an integer, rounded towards zero. */
function isInteger(given: unknown): boolean {
  return typeof given === 'number' && Number.isSafeInteger(Math.trunc(given));
}
