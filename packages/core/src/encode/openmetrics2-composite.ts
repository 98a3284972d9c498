import type {
  BucketSpan,
  Exemplar,
  FamilyView,
  HistogramSeriesView,
  NativeHistogram,
  QuantileValue,
  SummarySeriesView,
} from '../model.ts';
import { LineStart } from './line-start.ts';
import { withExemplar, writing, type NumberDialect, type SeriesWriter } from './lines.ts';
import { formatBound } from './numbers.ts';
import type { TextWriter } from './text-writer.ts';

/** Of a format that writes each series as one line, and with exemplars, whatever its type. */
export type CompositeDialect = Required<NumberDialect>;

/** What writes summaries, each as one value of several fields (OpenMetrics 2.0, "Summary"). */
export function summaryWriter(family: FamilyView, { scheme, end }: CompositeDialect): SeriesWriter<TextWriter> {
  const sample = new LineStart(family, '', scheme);
  return writing((out, series: SummarySeriesView) => {
    sample.write(out, series);
    out.text('{count:');
    writeCount(out, series.count);
    out.text(',sum:');
    out.number(series.sum);
    out.text(',quantile:[');
    // Read once, as it is found anew each time.
    const { quantiles } = series;
    for (let i = 0; i < quantiles.length; i++) {
      const { quantile, value } = quantiles[i] as QuantileValue;
      if (i > 0) out.text(',');
      out.text(formatBound(quantile));
      out.text(':');
      out.number(value);
    }
    out.text(']}');
    out.text(end(series.timestamp, series.created));
  }, sample);
}

/**
 * What writes histograms, each as one value of several fields: with native buckets, with classic ones or with both
 * (OpenMetrics 2.0, "Histogram with both Classic and Native Buckets").
 */
export function histogramWriter(
  family: FamilyView,
  { scheme, end, exemplar }: CompositeDialect,
): SeriesWriter<TextWriter> {
  const isGauge = family.type === 'gaugehistogram';
  const sample = new LineStart(family, '', scheme);
  let upperBounds: readonly number[] | undefined;
  let bounds: readonly string[] = [];
  return writing((out, series: HistogramSeriesView) => {
    const { bucketCounts, exemplars, native, timestamp } = series;
    if (series.upperBounds !== upperBounds) {
      upperBounds = series.upperBounds;
      bounds = [...upperBounds, Infinity].map((bound, i) => `${i === 0 ? ',bucket:[' : ','}${formatBound(bound)}:`);
    }
    let total = 0;
    for (let i = 0; i < bounds.length; i++) total += bucketCounts[i] as number;
    sample.write(out, series);
    out.text(isGauge ? '{gcount:' : '{count:');
    writeCount(out, total);
    out.text(isGauge ? ',gsum:' : ',sum:');
    out.number(series.sum);
    if (native !== undefined) writeNative(out, native);
    // Beside native buckets, +Inf alone says nothing that the count doesn't.
    if (native === undefined || upperBounds.length > 0) writeClassic(out, bounds, bucketCounts);
    out.text('}');
    const tail = end(timestamp, isGauge ? undefined : series.created);
    const shown = exemplarsOf(exemplars, native, exemplar);
    out.text(shown === '' ? tail : withExemplar(tail, shown));
  }, sample);
}

/** Cumulative counts, as in every format. */
function writeClassic(out: TextWriter, bounds: readonly string[], bucketCounts: ArrayLike<number>): void {
  let total = 0;
  for (let i = 0; i < bounds.length; i++) {
    out.text(bounds[i] as string);
    writeCount(out, (total += bucketCounts[i] as number));
  }
  out.text(']');
}

/** The fields in the order of "Histogram with Native Buckets"; a side without buckets has none. */
function writeNative(out: TextWriter, native: NativeHistogram): void {
  out.text(',schema:');
  out.number(native.schema);
  out.text(',zero_threshold:');
  out.number(native.zeroThreshold);
  out.text(',zero_count:');
  writeCount(out, native.zeroCount);
  if (native.negativeDeltas.length > 0) writeSide(out, 'negative', native.negativeSpans, native.negativeDeltas);
  if (native.positiveDeltas.length > 0) writeSide(out, 'positive', native.positiveSpans, native.positiveDeltas);
}

/** The buckets of one side; each has its own count here, not what it has more than the one before. */
function writeSide(
  out: TextWriter,
  side: 'negative' | 'positive',
  spans: readonly BucketSpan[],
  deltas: readonly number[],
): void {
  out.text(side === 'negative' ? ',negative_spans:[' : ',positive_spans:[');
  for (let i = 0; i < spans.length; i++) {
    const { offset, length } = spans[i] as BucketSpan;
    if (i > 0) out.text(',');
    writeCount(out, offset);
    out.text(':');
    writeCount(out, length);
  }
  out.text(side === 'negative' ? '],negative_buckets:[' : '],positive_buckets:[');
  let count = 0;
  for (let i = 0; i < deltas.length; i++) {
    if (i > 0) out.text(',');
    writeCount(out, (count += deltas[i] as number));
  }
  out.text(']');
}

/** In digits only where it is whole: what has an exponent is no integer to a reader ("Numbers"). */
function writeCount(out: TextWriter, count: number): void {
  const size = Math.abs(count);
  if (size >= 1e6 && size < 1e21 && Number.isInteger(count)) out.text(String(count));
  else out.number(count);
}

/** The exemplars of all buckets, each once: those of native buckets are often those of the classic ones too. */
function exemplarsOf(
  classic: readonly (Exemplar | undefined)[] | undefined,
  native: NativeHistogram | undefined,
  textOf: CompositeDialect['exemplar'],
): string {
  const others = native?.exemplars ?? [];
  if (classic === undefined && others.length === 0) return '';
  const texts = new Set<string>();
  for (const exemplar of [...(classic ?? []), ...others]) {
    if (exemplar !== undefined) texts.add(textOf(exemplar, Infinity));
  }
  return [...texts].join('');
}
