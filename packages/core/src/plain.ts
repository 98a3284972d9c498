import { checkHelp } from './definition.ts';
import { MetricError, show } from './errors.ts';
import { checkLabelNames, labelText, renderLabels } from './labels.ts';
import type {
  FamilyView,
  HistogramData,
  HistogramSeriesView,
  MetricFamily,
  MetricType,
  Series,
  SeriesView,
  StateSetData,
  SummaryData,
  ValueData,
} from './model.ts';
import { checkType, familyName } from './names.ts';

/**
 * A family of a custom collector as a scrape sees it. One that is a live metric, or made by another registry, is that
 * already.
 *
 * @throws MetricError when it isn't a family by the rules of its type
 */
export function viewOf(family: MetricFamily | FamilyView): FamilyView {
  const { name, help, type, unit, series } = checkFamily(family);
  const views: SeriesView[] = [];
  for (const each of series)
    views.push('labelText' in each ? (each as unknown as SeriesView) : seriesView(name, type, each));
  // The compiler can't see that the type and its series belong together.
  return { name: familyName(name, type, unit), help: checkHelp(name, help), type, unit, series: views } as FamilyView;
}

/** Whether a family is live, and has been checked when it was made. */
export function isLive(family: MetricFamily | FamilyView): family is FamilyView {
  return 'labelNames' in family;
}

/** A family as plain data, which nothing that happens later changes. */
export function plainOf({ name, help, type, unit, series }: FamilyView): MetricFamily {
  const plain = Array.from(series as Iterable<SeriesView>, (each) => plainSeries(type, each));
  return { name, help, type, ...(unit !== undefined && { unit }), series: plain };
}

function checkFamily(family: MetricFamily | FamilyView): MetricFamily {
  if (typeof family !== 'object' || family === null || typeof family.series?.[Symbol.iterator] !== 'function') {
    throw new MetricError(
      'INVALID_OPTION',
      `A collector gave ${show(family)}: give families such as { name: 'x', help: 'X', type: 'gauge', series: [{ labels: {}, value: 1 }] }.`,
    );
  }
  checkType(family.name, family.type);
  return family as MetricFamily;
}

const RESERVED: { readonly [Type in MetricType]?: string } = {
  histogram: 'le',
  gaugehistogram: 'le',
  summary: 'quantile',
};

function seriesView(name: string, type: MetricType, series: Series): SeriesView {
  const { labels = {}, created, timestamp } = series;
  const reserved = type === 'stateset' ? name : RESERVED[type];
  const labelNames = checkLabelNames(name, Object.keys(labels), reserved);
  const labelValues = labelNames.map((label) => labelText(label, labels[label]));
  const base = { labelNames, labelValues, labelText: renderLabels(labelNames, labelValues), created, timestamp };
  switch (type) {
    case 'histogram':
    case 'gaugehistogram':
      return { ...base, ...bucketsOf(name, series as HistogramData) } as HistogramSeriesView;
    case 'summary': {
      const { count, sum, quantiles = [] } = series as SummaryData;
      checkNumbers(name, series, [count, sum, ...quantiles.flatMap(({ quantile, value }) => [quantile, value])]);
      return { ...base, count, sum, quantiles } as SeriesView;
    }
    case 'stateset': {
      const { states } = series as StateSetData;
      if (typeof states !== 'object' || states === null) throw broken(name, series, 'has no states');
      return { ...base, states } as SeriesView;
    }
    default: {
      const { value, exemplar } = series as ValueData;
      checkNumbers(name, series, [value]);
      if (type === 'counter' && !(value >= 0)) throw broken(name, series, 'is a count, but below 0 or NaN');
      return { ...base, value, exemplar } as SeriesView;
    }
  }
}

/** Cumulative buckets as counts of each bucket alone. */
function bucketsOf(name: string, series: HistogramData): Partial<HistogramSeriesView> {
  const { count, sum, buckets, native } = series;
  if (!Array.isArray(buckets)) throw broken(name, series as Series, 'has no buckets');
  checkNumbers(name, series as Series, [count, sum, ...buckets.flatMap((bucket) => [bucket.upperBound, bucket.count])]);
  const finite = buckets.filter(({ upperBound }) => upperBound !== Infinity);
  const exemplars = [...finite, buckets.find(({ upperBound }) => upperBound === Infinity)].map(
    (each) => each?.exemplar,
  );
  const cumulative = [...finite.map((bucket) => bucket.count), count];
  const bucketCounts = cumulative.map((each, i) => each - (cumulative[i - 1] ?? 0));
  const upperBounds = finite.map(({ upperBound }) => upperBound);
  const ascends = upperBounds.every((bound, i) => i === 0 || bound > (upperBounds[i - 1] as number));
  if (!ascends || bucketCounts.some((each) => !(each >= 0))) {
    throw broken(name, series as Series, 'has buckets whose bounds or cumulative counts do not ascend');
  }
  return { sum, upperBounds, bucketCounts, native, ...(exemplars.some(Boolean) && { exemplars }) };
}

function checkNumbers(name: string, series: Series, given: readonly unknown[]): void {
  const wrong = given.find((value) => typeof value !== 'number');
  if (given.some((value) => typeof value !== 'number')) throw broken(name, series, `has ${show(wrong)} for a number`);
}

function broken(name: string, series: Series, wrong: string): MetricError {
  return new MetricError(
    'INVALID_VALUE',
    `The series ${show(series)} that a collector gave for metric ${show(name)} ${wrong}: give what its type needs.`,
  );
}

function plainSeries(type: MetricType, series: SeriesView): Series {
  const { labelNames, labelValues, created, timestamp } = series;
  const base = {
    labels: Object.fromEntries(labelNames.map((name, i) => [name, labelValues[i] as string])),
    ...(created !== undefined && { created }),
    ...(timestamp !== undefined && { timestamp }),
  };
  switch (type) {
    case 'histogram':
    case 'gaugehistogram': {
      const { sum, upperBounds, bucketCounts, exemplars, native } = series as HistogramSeriesView;
      let count = 0;
      const buckets = Array.from(bucketCounts, (inBucket, i) => {
        const exemplar = exemplars?.[i];
        count += inBucket;
        return { upperBound: upperBounds[i] ?? Infinity, count, ...(exemplar && { exemplar: copy(exemplar) }) };
      });
      return { ...base, count, sum, buckets, ...(native && { native }) };
    }
    case 'summary': {
      const { count, sum, quantiles } = series as SeriesView & SummaryData;
      return { ...base, count, sum, quantiles: quantiles.map((each) => ({ ...each })) };
    }
    case 'stateset':
      return { ...base, states: { ...(series as SeriesView & StateSetData).states } };
    default: {
      const { value, exemplar } = series as SeriesView & ValueData;
      return { ...base, value, ...(exemplar && { exemplar: copy(exemplar) }) };
    }
  }
}

function copy(exemplar: NonNullable<ValueData['exemplar']>): NonNullable<ValueData['exemplar']> {
  return { ...exemplar, labels: { ...exemplar.labels } };
}
