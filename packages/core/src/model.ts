/** The types of families; the words of OpenMetrics. */
export type MetricType =
  | 'counter'
  | 'gauge'
  | 'histogram'
  | 'gaugehistogram'
  | 'summary'
  | 'info'
  | 'stateset'
  | 'unknown';

/** Of a trace, most often: what one of the things that were counted or observed was (OpenMetrics 1.0, "Exemplars"). */
export interface Exemplar {
  labels: Record<string, string>;
  value: number;
  /** Seconds since 1970-01-01, UTC. */
  timestamp?: number;
}

/** A run of native buckets without a gap: how many indices lie between it and the one before, and how many it has. */
export interface BucketSpan {
  offset: number;
  length: number;
}

/** The native buckets of one series (Prometheus, "Native histograms"). */
export interface NativeHistogram {
  schema: number;
  zeroThreshold: number;
  zeroCount: number;
  positiveSpans: BucketSpan[];
  positiveDeltas: number[];
  negativeSpans: BucketSpan[];
  negativeDeltas: number[];
  exemplars: Exemplar[];
}

// Plain data: what a custom collector gives, and what `gather()` returns.

/** A family as plain data. */
export interface MetricFamily {
  /** Without the suffixes of its samples: a counter's name has no `_total`, an info's no `_info`. */
  name: string;
  help: string;
  type: MetricType;
  unit?: string;
  series: readonly Series[];
}

/** A series as plain data; which of the values it has depends on its family's type. */
export type Series = {
  labels: Record<string, string>;
  /** When it began to count: seconds since 1970-01-01, UTC. */
  created?: number;
  /** When its values were taken, if not at the scrape: milliseconds since 1970-01-01, UTC. */
  timestamp?: number;
} & (ValueData | HistogramData | SummaryData | StateSetData);

/** Of a counter, a gauge, an info (always 1) and an unknown. */
export interface ValueData {
  value: number;
  exemplar?: Exemplar;
}

/** Of a histogram and a gauge histogram. */
export interface HistogramData {
  count: number;
  sum: number;
  /** Cumulative, ascending; the last one, of `Infinity`, may be left out. */
  buckets: readonly { upperBound: number; count: number; exemplar?: Exemplar }[];
  native?: NativeHistogram;
}

/** Of a summary. */
export interface SummaryData {
  count: number;
  sum: number;
  quantiles: readonly QuantileValue[];
}

/** A value that the share `quantile`, from 0 to 1, of all observations doesn't exceed. */
export interface QuantileValue {
  quantile: number;
  value: number;
}

/** Of a state set. */
export interface StateSetData {
  states: Record<string, boolean>;
}

// Views: what a scrape sees, live or plain. Encoders know nothing else.

/** The values of one label, by numbers that are given to no other value, so that what is told of one can be kept. */
export interface LabelColumnView {
  readonly values: readonly string[];
}

/** What every series has, of whatever type. */
export interface SeriesView {
  readonly labelNames: readonly string[];
  /** One for each of `labelNames`, in that order. */
  readonly labelValues: readonly string[];
  /** Of a live series: where its family keeps the values of each label, each once. */
  readonly columns?: readonly LabelColumnView[] | undefined;
  /** Where there are columns, from `valueIdsAt` on: the number of its value in each. */
  readonly valueIds?: Int32Array | undefined;
  readonly valueIdsAt?: number | undefined;
  readonly created?: number | undefined;
  readonly timestamp?: number | undefined;
}

/** A series with one value. */
export interface ValueSeries extends SeriesView {
  readonly value: number;
  readonly exemplar?: Exemplar | undefined;
}

/** A series of a histogram. */
export interface HistogramSeriesView extends SeriesView {
  readonly sum: number;
  /** Ascending, without the last one, `+Inf`; one array for all series of a family. */
  readonly upperBounds: readonly number[];
  /** How many observations fell into each bucket alone: one more than `upperBounds`, the last for `+Inf`. */
  readonly bucketCounts: ArrayLike<number>;
  /** One for each bucket that has any. */
  readonly exemplars?: readonly (Exemplar | undefined)[] | undefined;
  readonly native?: NativeHistogram | undefined;
}

/** A series of a summary. */
export interface SummarySeriesView extends SeriesView {
  readonly count: number;
  readonly sum: number;
  readonly quantiles: readonly QuantileValue[];
}

/** A series of a state set. */
export interface StateSetSeriesView extends SeriesView {
  readonly states: Readonly<Record<string, boolean>>;
}

/**
 * What an iterator over live series that have one value each can do besides: to read them as rows of numbers takes a fraction
 * of what one object after the other takes.
 */
export interface SeriesByRow {
  /** Those of each series; none where series can't be read so, or no longer. */
  readonly columns: readonly LabelColumnView[] | undefined;
  /** For each row, the number of its value in each column. */
  readonly ids: Int32Array;
  /** For each row, its value. */
  readonly numbers: Float64Array;
  /** For each row, when it began to count, where that is told. */
  readonly created: Float64Array;
  /** Whether any series has an exemplar, which only its object tells. */
  readonly hasExemplars: boolean;
  /** Passes over the next series and returns its row; -1 after the last one. */
  nextRow(): number;
}

interface FamilyOf<Type extends MetricType, Of extends SeriesView> {
  readonly name: string;
  readonly help: string;
  readonly type: Type;
  readonly unit?: string | undefined;
  readonly series: Iterable<Of>;
  /** Where labels were added to another family: these, which `series` has too, for who would rather write them once for all. */
  readonly added?: AddedLabels | undefined;
}

/** Labels that all series of a family have, before those of each. */
export interface AddedLabels {
  readonly labelNames: readonly string[];
  readonly labelValues: readonly string[];
  /** The family without them. */
  readonly family: FamilyView;
}

/**
 * A family as a scrape sees it. The live metrics have this shape themselves, so that nothing is copied to
 * be encoded; whoever reads a series reads it in one synchronous step, before the next one.
 */
export type FamilyView =
  | FamilyOf<'counter' | 'gauge' | 'info' | 'unknown', ValueSeries>
  | FamilyOf<'histogram' | 'gaugehistogram', HistogramSeriesView>
  | FamilyOf<'summary', SummarySeriesView>
  | FamilyOf<'stateset', StateSetSeriesView>;

/** What a collector will expose, so that a clash of names is refused when it is registered. */
export interface FamilyDescription {
  readonly name: string;
  readonly type: MetricType;
}

/**
 * Something that a registry gathers families from: the metrics themselves, and whatever else can tell numbers as plain
 * data when it is asked.
 */
export interface Collector {
  /** Called at each gather. */
  collect(): Iterable<MetricFamily | FamilyView> | Promise<Iterable<MetricFamily | FamilyView>>;
  /** What it will expose; without, its names are taken only while it exposes them. */
  describe?(): Iterable<FamilyDescription>;
  /** Called with each registry that it is added to. */
  attach?(registry: SelfCounting): void;
  /** Called with each registry that it is taken out of. */
  detach?(registry: SelfCounting): void;
}

/** What counts, in a registry, what this library has to say of itself. */
export interface SelfCounting {
  /** Adds 1 to the counter of this name and one label, which appears in the registry when it has something to say. */
  countSelf(definition: SelfCounter, labelValue: string): void;
}

export interface SelfCounter {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly [string];
  readonly maxSeries: number;
}
