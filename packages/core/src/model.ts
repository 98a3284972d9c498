/** The types of the metrics that can be made; the words of OpenMetrics. */
export type MetricType = 'counter' | 'gauge' | 'histogram' | 'summary';

/** What every series has, of whatever type. */
export interface LabelledSeries {
  readonly labelNames: readonly string[];
  /** One for each of `labelNames`, in that order. */
  readonly labelValues: readonly string[];
  /** The labels as the text formats write them, `a="x",b="y"`, rendered once when the series was made. */
  readonly labelText: string;
}

/** A series of a counter or a gauge. */
export interface ValueSeries extends LabelledSeries {
  readonly value: number;
}

/** A series of a histogram. */
export interface HistogramSeriesView extends LabelledSeries {
  readonly sum: number;
  /** Ascending, without the last one, `+Inf`; one array for all series of a family. */
  readonly upperBounds: readonly number[];
  /** How many observations fell into each bucket alone: one more than `upperBounds`, the last for `+Inf`. */
  readonly bucketCounts: ArrayLike<number>;
}

/** A series of a summary. */
export interface SummarySeriesView extends LabelledSeries {
  readonly count: number;
  readonly sum: number;
}

interface FamilyOf<Type extends MetricType, Series extends LabelledSeries> {
  /** Without the suffixes of its samples: a counter's name has no `_total`. */
  readonly name: string;
  readonly help: string;
  readonly type: Type;
  readonly unit: string | undefined;
  readonly series: Iterable<Series>;
}

/**
 * A family as a scrape sees it. The live metrics have this shape themselves, so that nothing is copied to
 * be encoded; whoever reads a series reads it in one synchronous step.
 */
export type FamilyView =
  | FamilyOf<'counter' | 'gauge', ValueSeries>
  | FamilyOf<'histogram', HistogramSeriesView>
  | FamilyOf<'summary', SummarySeriesView>;

/** Something that a registry gathers families from. */
export interface Collector {
  /** The families and types that it will expose, so that a clash of names is refused when it is registered. */
  describe(): readonly { readonly name: string; readonly type: MetricType }[];
  /** Called at each gather. */
  collect(): readonly FamilyView[] | Promise<readonly FamilyView[]>;
}

/** What a label set, an observation or a trace that an observation belongs to looked like: OpenMetrics' exemplar. */
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
