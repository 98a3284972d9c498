import { escapeLabelName, type EscapingScheme } from '../escaping.ts';
import type {
  BucketSpan,
  Exemplar,
  FamilyView,
  HistogramSeriesView,
  NativeHistogram,
  SeriesByRow,
  SeriesView,
  StateSetSeriesView,
  SummarySeriesView,
  ValueSeries,
} from '../model.ts';
import { LabelPieces } from './label-pieces.ts';
import type { SeriesWriter } from './lines.ts';
import type { ProtobufWriter } from './protobuf-writer.ts';

// The fields of the messages (Prometheus, client_model: metrics.proto); they are written in this order.
const METRIC = { label: 1, gauge: 2, counter: 3, summary: 4, untyped: 5, timestampMs: 6, histogram: 7 } as const;
const LABEL = { name: 1, value: 2 } as const;
/** Of a gauge, a counter and an untyped; the latter two are a counter's only. */
const VALUE = { value: 1, exemplar: 2, created: 3 } as const;
const SUMMARY = { count: 1, sum: 2, quantile: 3, created: 4 } as const;
const QUANTILE = { quantile: 1, value: 2 } as const;
const HISTOGRAM = { count: 1, sum: 2, bucket: 3, countFloat: 4, created: 15 } as const;
const BUCKET = { count: 1, upperBound: 2, exemplar: 3, countFloat: 4 } as const;
const NATIVE = { schema: 5, zeroThreshold: 6, zeroCount: 7, exemplar: 16 } as const;
const NEGATIVE = { span: 9, delta: 10 } as const;
const POSITIVE = { span: 12, delta: 13 } as const;
const SPAN = { offset: 1, length: 2 } as const;
const EXEMPLAR = { label: 1, value: 2, timestamp: 3 } as const;
const TIME = { seconds: 1, nanos: 2 } as const;

/** Where the value stands in a message of one: after the tag and the length of the message, and its own tag. */
const VALUE_AT = 3;
/** No field. */
const NONE = 0;

/** Writes `Metric` messages, as a field of their family: one for each series, of a state set for each state. */
export class MetricWriter {
  readonly #out: ProtobufWriter;
  readonly #field: number;
  readonly #escaping: EscapingScheme;
  /** Names of labels, escaped: the same few come with every series. */
  readonly #escaped = new Map<string, string>();
  #names: readonly string[] = [];
  /** Labels of live series, each made once for all that have it. */
  readonly #labels: LabelPieces;
  /** The message of one value that was written last, if it is kept: many began to count at the same time. */
  readonly #lastValue = {
    field: NONE,
    created: undefined as number | undefined,
    words: new Float64Array(8),
    length: 0,
  };

  constructor(out: ProtobufWriter, field: number, escaping: EscapingScheme) {
    this.#out = out;
    this.#labels = new LabelPieces(out, (label, value) => this.#writeLabel(label, value));
    this.#field = field;
    this.#escaping = escaping;
  }

  /** What writes one series after the other of this family. */
  writer({ type, name }: FamilyView): SeriesWriter {
    switch (type) {
      case 'counter':
        return this.#valueWriter(METRIC.counter);
      case 'gauge':
      case 'info':
        return this.#valueWriter(METRIC.gauge);
      case 'unknown':
        return this.#valueWriter(METRIC.untyped);
      case 'stateset':
        return (series: StateSetSeriesView) => this.#states(name, series);
      case 'summary':
        return (series: SummarySeriesView) => this.#summary(series);
      case 'histogram':
      case 'gaugehistogram':
        return (series: HistogramSeriesView) => this.#histogram(series, type === 'histogram');
    }
  }

  #valueWriter(field: number): SeriesWriter {
    const out = this.#out;
    const isCounter = field === METRIC.counter;
    const write = (series: ValueSeries): void => {
      const metric = this.#begin(series);
      const exemplar = isCounter ? series.exemplar : undefined;
      this.#value(field, series.value, isCounter ? series.created : undefined, exemplar);
      this.#timestamp(series);
      out.end(metric);
    };
    const rows = (series: SeriesByRow, length: number): void => {
      const { columns, ids, numbers, width } = series;
      if (!this.#labels.areOf(columns) || (isCounter && series.hasExemplars)) return;
      while (out.length < length) {
        const row = series.nextRow();
        if (row < 0) return;
        const metric = out.begin(this.#field);
        this.#labels.write(ids, row * columns.length);
        const at = row * width;
        this.#value(field, numbers[at] as number, isCounter ? numbers[at + 1] : undefined);
        out.end(metric);
      }
    };
    return Object.assign(write, { rows });
  }

  /** The message of one value. Most say the same as the one before but for that. */
  #value(field: number, value: number, created: number | undefined, exemplar?: Exemplar): void {
    const out = this.#out;
    const start = out.length;
    const last = this.#lastValue;
    if (exemplar === undefined && last.field === field && last.created === created) {
      out.words(last.words, 0, last.length);
      out.setDouble(start + VALUE_AT, value);
      return;
    }
    const message = out.begin(field);
    out.double(VALUE.value, value);
    this.#exemplar(VALUE.exemplar, exemplar);
    this.#time(VALUE.created, created);
    out.end(message);
    if (exemplar !== undefined) return;
    last.length = out.length - start;
    last.created = created;
    last.field = out.copyWords(start, last.words, 0) ? field : NONE;
  }

  #states(name: string, series: StateSetSeriesView): void {
    const out = this.#out;
    const { states } = series;
    for (const state of Object.keys(states)) {
      const metric = this.#begin(series);
      this.#label(METRIC.label, name, state);
      const gauge = out.begin(METRIC.gauge);
      out.double(VALUE.value, Number(states[state]));
      out.end(gauge);
      this.#timestamp(series);
      out.end(metric);
    }
  }

  #summary(series: SummarySeriesView): void {
    const out = this.#out;
    const metric = this.#begin(series);
    const summary = out.begin(METRIC.summary);
    out.integer(SUMMARY.count, series.count);
    out.double(SUMMARY.sum, series.sum);
    for (const { quantile, value } of series.quantiles) {
      const start = out.begin(SUMMARY.quantile);
      out.double(QUANTILE.quantile, quantile);
      out.double(QUANTILE.value, value);
      out.end(start);
    }
    this.#time(SUMMARY.created, series.created);
    out.end(summary);
    this.#timestamp(series);
    out.end(metric);
  }

  #histogram(series: HistogramSeriesView, hasCreated: boolean): void {
    const out = this.#out;
    const { upperBounds, bucketCounts, exemplars, native } = series;
    let total = 0;
    let isWhole = true;
    for (let i = 0; i < bucketCounts.length; i++) {
      total += bucketCounts[i] as number;
      // The format has other fields for counts that aren't: a custom collector may give such.
      isWhole &&= Number.isSafeInteger(total);
    }
    const metric = this.#begin(series);
    this.#timestamp(series);
    const histogram = out.begin(METRIC.histogram);
    if (isWhole) out.integer(HISTOGRAM.count, total);
    out.double(HISTOGRAM.sum, series.sum);
    let count = 0;
    for (let i = 0; i < bucketCounts.length; i++) {
      count += bucketCounts[i] as number;
      const exemplar = exemplars?.[i];
      // The last bucket, `+Inf`, says nothing that the count doesn't, unless it has an exemplar.
      if (i === upperBounds.length && exemplar === undefined) break;
      const bucket = out.begin(HISTOGRAM.bucket);
      if (isWhole) out.integer(BUCKET.count, count);
      out.double(BUCKET.upperBound, upperBounds[i] ?? Infinity);
      this.#exemplar(BUCKET.exemplar, exemplar);
      if (!isWhole) out.double(BUCKET.countFloat, count);
      out.end(bucket);
    }
    if (!isWhole) out.double(HISTOGRAM.countFloat, total);
    if (native !== undefined) this.#native(native);
    if (hasCreated) this.#time(HISTOGRAM.created, series.created);
    if (native !== undefined) this.#nativeExemplars(native.exemplars);
    out.end(histogram);
    out.end(metric);
  }

  #native(native: NativeHistogram): void {
    const out = this.#out;
    const { zeroThreshold, zeroCount, positiveSpans, positiveDeltas, negativeSpans, negativeDeltas } = native;
    out.zigzag(NATIVE.schema, native.schema);
    out.double(NATIVE.zeroThreshold, zeroThreshold);
    out.integer(NATIVE.zeroCount, zeroCount);
    this.#buckets(NEGATIVE, negativeSpans, negativeDeltas);
    const isEmpty = positiveSpans.length === 0 && negativeSpans.length === 0;
    // Else Prometheus would take it for a classic one ("Native histograms: Data model").
    const isUnseen = isEmpty && zeroThreshold === 0 && zeroCount === 0;
    this.#buckets(POSITIVE, isUnseen ? [{ offset: 0, length: 0 }] : positiveSpans, positiveDeltas);
  }

  /** Deltas aren't packed, as in Go: the format is declared so, though packed ones would be read too. */
  #buckets(side: typeof NEGATIVE | typeof POSITIVE, spans: readonly BucketSpan[], deltas: readonly number[]): void {
    const out = this.#out;
    for (const { offset, length } of spans) {
      const span = out.begin(side.span);
      out.zigzag(SPAN.offset, offset);
      out.integer(SPAN.length, length);
      out.end(span);
    }
    for (const delta of deltas) out.zigzag(side.delta, delta);
  }

  /** The format asks for a timestamp here. */
  #nativeExemplars(exemplars: readonly Exemplar[]): void {
    for (const exemplar of exemplars) if (exemplar.timestamp !== undefined) this.#exemplar(NATIVE.exemplar, exemplar);
  }

  #begin(series: SeriesView): number {
    const metric = this.#out.begin(this.#field);
    const { columns, labelNames } = series;
    if (!this.#labels.areOf(columns)) {
      this.#names = labelNames;
      this.#labels.begin(columns);
    }
    if (columns === undefined) series.labelValues.forEach((value, i) => this.#writeLabel(i, value));
    else this.#labels.write(series.valueIds as Int32Array, series.valueIdsAt as number);
    return metric;
  }

  #writeLabel(label: number, value: string): void {
    this.#label(METRIC.label, this.#names[label] as string, value);
  }

  #label(field: number, name: string, value: string): void {
    let escaped = this.#escaped.get(name);
    if (escaped === undefined) this.#escaped.set(name, (escaped = escapeLabelName(name, this.#escaping)));
    const label = this.#out.begin(field);
    this.#out.string(LABEL.name, escaped);
    this.#out.string(LABEL.value, value);
    this.#out.end(label);
  }

  #exemplar(field: number, exemplar: Exemplar | undefined): void {
    if (exemplar === undefined) return;
    const { labels, value, timestamp } = exemplar;
    const start = this.#out.begin(field);
    for (const name of Object.keys(labels)) this.#label(EXEMPLAR.label, name, labels[name] as string);
    this.#out.double(EXEMPLAR.value, value);
    this.#time(EXEMPLAR.timestamp, timestamp);
    this.#out.end(start);
  }

  #timestamp({ timestamp }: SeriesView): void {
    if (timestamp !== undefined) this.#out.integer(METRIC.timestampMs, Math.trunc(timestamp));
  }

  /** A `google.protobuf.Timestamp`, of seconds; to the microsecond, as a double can't tell today's times more exactly. */
  #time(field: number, time: number | undefined): void {
    if (time === undefined) return;
    const micros = Math.round(time * 1e6);
    const seconds = Math.floor(micros / 1e6);
    const nanos = (micros - seconds * 1e6) * 1000;
    const start = this.#out.begin(field);
    if (seconds !== 0) this.#out.integer(TIME.seconds, seconds);
    if (nanos !== 0) this.#out.integer(TIME.nanos, nanos);
    this.#out.end(start);
  }
}
