import { escapeLabelName, type EscapingScheme } from '../escaping.ts';
import type {
  AddedLabels,
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
import { areSame } from './label-text.ts';
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
/** How many bytes it has at most: a double, and a time of two varints, with what comes before each. */
const LONGEST_VALUE = 64;
/** No field. */
const NONE = 0;
const NO_WORDS = new Float64Array(0);
const NO_IDS = new Int32Array(0);

/** Writes the `Metric` messages of a family, as a field of it: one for each series, of a state set for each state. */
export class MetricWriter {
  readonly #field: number;
  readonly #escaping: EscapingScheme;
  #names: readonly string[] = [];
  /** The same, escaped. */
  #escapedNames: readonly string[] = [];
  /** Labels of live series, each made once for all that have it. */
  readonly #labels = new LabelPieces<ProtobufWriter>((out, label, value) => this.#writeLabel(out, label, value));
  /** Labels that come first in each message, of each of which there is one value. */
  readonly #added: LabelPieces<ProtobufWriter> | undefined;
  readonly #addedIds = NO_IDS;
  /** The message of one value that was written last, if it is kept: many began to count at the same time. */
  readonly #lastValue = {
    field: NONE,
    created: undefined as number | undefined,
    words: NO_WORDS,
    length: 0,
  };

  constructor(field: number, escaping: EscapingScheme, added?: AddedLabels) {
    this.#field = field;
    this.#escaping = escaping;
    if (added === undefined) return;
    const names = added.labelNames.map((name) => escapeLabelName(name, escaping));
    this.#added = new LabelPieces((out, label, value) => writeLabel(out, METRIC.label, names[label] as string, value));
    this.#added.begin(added.labelValues.map((value) => ({ values: [value] })));
    this.#addedIds = new Int32Array(added.labelValues.length);
  }

  /** What writes one series after the other of this family. */
  writer({ type, name }: FamilyView): SeriesWriter<ProtobufWriter> {
    switch (type) {
      case 'counter':
        return this.#valueWriter(METRIC.counter);
      case 'gauge':
      case 'info':
        return this.#valueWriter(METRIC.gauge);
      case 'unknown':
        return this.#valueWriter(METRIC.untyped);
      case 'stateset':
        return this.#writing((out, series: StateSetSeriesView) => this.#states(out, name, series));
      case 'summary':
        return this.#writing((out, series: SummarySeriesView) => this.#summary(out, series));
      case 'histogram':
      case 'gaugehistogram':
        return this.#writing((out, series: HistogramSeriesView) => this.#histogram(out, series, type === 'histogram'));
    }
  }

  #writing(write: (out: ProtobufWriter, series: never) => void): SeriesWriter<ProtobufWriter> {
    return Object.assign(write, { end: () => this.#labels.end() });
  }

  #valueWriter(field: number): SeriesWriter<ProtobufWriter> {
    const isCounter = field === METRIC.counter;
    const write = (out: ProtobufWriter, series: ValueSeries): void => {
      const metric = this.#begin(out, series);
      const exemplar = isCounter ? series.exemplar : undefined;
      this.#value(out, field, series.value, isCounter ? series.created : undefined, exemplar);
      this.#timestamp(out, series);
      out.end(metric);
    };
    const rows = (out: ProtobufWriter, series: SeriesByRow, length: number): void => {
      const { columns, ids, numbers, created } = series;
      if (!this.#labels.areOf(columns) || (isCounter && series.hasExemplars)) return;
      while (out.length < length) {
        const row = series.nextRow();
        if (row < 0) return;
        const metric = out.begin(this.#field);
        this.#added?.write(out, this.#addedIds, 0);
        this.#labels.write(out, ids, row * columns.length);
        this.#value(out, field, numbers[row] as number, isCounter ? created[row] : undefined);
        out.end(metric);
      }
    };
    return Object.assign(this.#writing(write), { rows });
  }

  /** The message of one value. Most say the same as the one before but for that. */
  #value(out: ProtobufWriter, field: number, value: number, created: number | undefined, exemplar?: Exemplar): void {
    const start = out.length;
    const last = this.#lastValue;
    if (exemplar === undefined && last.field === field && last.created === created) {
      out.words(last.words, 0, last.length);
      out.setDouble(start + VALUE_AT, value);
      return;
    }
    const message = out.begin(field);
    out.double(VALUE.value, value);
    this.#exemplar(out, VALUE.exemplar, exemplar);
    this.#time(out, VALUE.created, created);
    out.end(message);
    if (exemplar !== undefined) return;
    last.length = out.length - start;
    if (last.words.length === 0) last.words = new Float64Array(LONGEST_VALUE / 8);
    last.created = created;
    last.field = out.copyWords(start, last.words, 0) ? field : NONE;
  }

  #states(out: ProtobufWriter, name: string, series: StateSetSeriesView): void {
    const { states } = series;
    for (const state of Object.keys(states)) {
      const metric = this.#begin(out, series);
      writeLabel(out, METRIC.label, escapeLabelName(name, this.#escaping), state);
      const gauge = out.begin(METRIC.gauge);
      out.double(VALUE.value, Number(states[state]));
      out.end(gauge);
      this.#timestamp(out, series);
      out.end(metric);
    }
  }

  #summary(out: ProtobufWriter, series: SummarySeriesView): void {
    const metric = this.#begin(out, series);
    const summary = out.begin(METRIC.summary);
    out.integer(SUMMARY.count, series.count);
    out.double(SUMMARY.sum, series.sum);
    for (const { quantile, value } of series.quantiles) {
      const start = out.begin(SUMMARY.quantile);
      out.double(QUANTILE.quantile, quantile);
      out.double(QUANTILE.value, value);
      out.end(start);
    }
    this.#time(out, SUMMARY.created, series.created);
    out.end(summary);
    this.#timestamp(out, series);
    out.end(metric);
  }

  #histogram(out: ProtobufWriter, series: HistogramSeriesView, hasCreated: boolean): void {
    const { upperBounds, bucketCounts, exemplars, native } = series;
    let total = 0;
    let isWhole = true;
    for (let i = 0; i < bucketCounts.length; i++) {
      total += bucketCounts[i] as number;
      // The format has other fields for counts that aren't: a custom collector may give such.
      isWhole &&= Number.isSafeInteger(total);
    }
    const metric = this.#begin(out, series);
    this.#timestamp(out, series);
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
      this.#exemplar(out, BUCKET.exemplar, exemplar);
      if (!isWhole) out.double(BUCKET.countFloat, count);
      out.end(bucket);
    }
    if (!isWhole) out.double(HISTOGRAM.countFloat, total);
    if (native !== undefined) this.#native(out, native);
    if (hasCreated) this.#time(out, HISTOGRAM.created, series.created);
    if (native !== undefined) this.#nativeExemplars(out, native.exemplars);
    out.end(histogram);
    out.end(metric);
  }

  #native(out: ProtobufWriter, native: NativeHistogram): void {
    const { zeroThreshold, zeroCount, positiveSpans, positiveDeltas, negativeSpans, negativeDeltas } = native;
    out.zigzag(NATIVE.schema, native.schema);
    out.double(NATIVE.zeroThreshold, zeroThreshold);
    out.integer(NATIVE.zeroCount, zeroCount);
    this.#buckets(out, NEGATIVE, negativeSpans, negativeDeltas);
    const isEmpty = positiveSpans.length === 0 && negativeSpans.length === 0;
    // Else Prometheus would take it for a classic one ("Native histograms: Data model").
    const isUnseen = isEmpty && zeroThreshold === 0 && zeroCount === 0;
    this.#buckets(out, POSITIVE, isUnseen ? [{ offset: 0, length: 0 }] : positiveSpans, positiveDeltas);
  }

  /** Deltas aren't packed, as in Go: the format is declared so, though packed ones would be read too. */
  #buckets(
    out: ProtobufWriter,
    side: typeof NEGATIVE | typeof POSITIVE,
    spans: readonly BucketSpan[],
    deltas: readonly number[],
  ): void {
    for (const { offset, length } of spans) {
      const span = out.begin(side.span);
      out.zigzag(SPAN.offset, offset);
      out.integer(SPAN.length, length);
      out.end(span);
    }
    for (const delta of deltas) out.zigzag(side.delta, delta);
  }

  /** The format asks for a timestamp here. */
  #nativeExemplars(out: ProtobufWriter, exemplars: readonly Exemplar[]): void {
    for (const exemplar of exemplars)
      if (exemplar.timestamp !== undefined) this.#exemplar(out, NATIVE.exemplar, exemplar);
  }

  #begin(out: ProtobufWriter, series: SeriesView): number {
    const metric = out.begin(this.#field);
    this.#added?.write(out, this.#addedIds, 0);
    const { columns, labelNames } = series;
    if (!this.#labels.areOf(columns)) {
      if (!areSame(labelNames, this.#names)) {
        // A copy, as the array is another's.
        this.#names = [...labelNames];
        this.#escapedNames = labelNames.map((name) => escapeLabelName(name, this.#escaping));
      }
      if (columns !== this.#labels.columns) this.#labels.begin(columns);
    }
    if (columns === undefined) series.labelValues.forEach((value, i) => this.#writeLabel(out, i, value));
    else this.#labels.write(out, series.valueIds as Int32Array, series.valueIdsAt as number);
    return metric;
  }

  #writeLabel(out: ProtobufWriter, label: number, value: string): void {
    writeLabel(out, METRIC.label, this.#escapedNames[label] as string, value);
  }

  #exemplar(out: ProtobufWriter, field: number, exemplar: Exemplar | undefined): void {
    if (exemplar === undefined) return;
    const { labels, value, timestamp } = exemplar;
    const start = out.begin(field);
    for (const name of Object.keys(labels)) {
      writeLabel(out, EXEMPLAR.label, escapeLabelName(name, this.#escaping), labels[name] as string);
    }
    out.double(EXEMPLAR.value, value);
    this.#time(out, EXEMPLAR.timestamp, timestamp);
    out.end(start);
  }

  #timestamp(out: ProtobufWriter, { timestamp }: SeriesView): void {
    if (timestamp !== undefined) out.integer(METRIC.timestampMs, Math.trunc(timestamp));
  }

  /** A `google.protobuf.Timestamp`, of seconds; to the microsecond, as a double can't tell today's times more exactly. */
  #time(out: ProtobufWriter, field: number, time: number | undefined): void {
    if (time === undefined) return;
    const micros = Math.round(time * 1e6);
    const seconds = Math.floor(micros / 1e6);
    const nanos = (micros - seconds * 1e6) * 1000;
    const start = out.begin(field);
    if (seconds !== 0) out.integer(TIME.seconds, seconds);
    if (nanos !== 0) out.integer(TIME.nanos, nanos);
    out.end(start);
  }
}

function writeLabel(out: ProtobufWriter, field: number, escapedName: string, value: string): void {
  const label = out.begin(field);
  out.string(LABEL.name, escapedName);
  out.string(LABEL.value, value);
  out.end(label);
}
