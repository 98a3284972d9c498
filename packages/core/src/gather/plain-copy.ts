import type {
  Exemplar,
  FamilyView,
  HistogramSeriesView,
  MetricFamily,
  MetricType,
  NativeHistogram,
  Series,
  SeriesView,
  StateSetSeriesView,
  SummarySeriesView,
  ValueSeries,
} from '../model.ts';
import { STEP } from '../turns.ts';

/** A family as plain data, which nothing that happens later changes. */
export function plainOf({ name, help, type, unit, series }: FamilyView): MetricFamily {
  const plain = Array.from(series as Iterable<SeriesView>, (each) => plainSeries(type, each));
  return { name, help, type, ...(unit !== undefined && { unit }), series: plain };
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
        return { upperBound: upperBounds[i] ?? Infinity, count, ...(exemplar && { exemplar: copyOf(exemplar) }) };
      });
      return { ...base, count, sum, buckets, ...(native && { native: copyOfNative(native) }) };
    }
    case 'summary': {
      const { count, sum, quantiles } = series as SummarySeriesView;
      return { ...base, count, sum, quantiles: quantiles.map((each) => ({ ...each })) };
    }
    case 'stateset':
      return { ...base, states: { ...(series as StateSetSeriesView).states } };
    default: {
      const { value, exemplar } = series as ValueSeries;
      return { ...base, value, ...(exemplar && { exemplar: copyOf(exemplar) }) };
    }
  }
}

function copyOf(exemplar: Exemplar): Exemplar {
  return { ...exemplar, labels: { ...exemplar.labels } };
}

function copyOfNative(native: NativeHistogram): NativeHistogram {
  return {
    ...native,
    positiveSpans: native.positiveSpans.map((span) => ({ ...span })),
    positiveDeltas: [...native.positiveDeltas],
    negativeSpans: native.negativeSpans.map((span) => ({ ...span })),
    negativeDeltas: [...native.negativeDeltas],
    exemplars: native.exemplars.map(copyOf),
  };
}

/** As plain data, one family a step. */
export function* plainCopies(views: readonly FamilyView[]): Generator<void, MetricFamily[]> {
  const families: MetricFamily[] = [];
  let series = 0;
  for (const view of views) {
    const family = plainOf(view);
    families.push(family);
    if ((series += family.series.length + 1) < STEP) continue;
    series = 0;
    yield;
  }
  return families;
}
