import { checkBuckets } from './buckets.ts';
import { checkDefinition, type MetricDefinition, type RegistryOption } from './definition.ts';
import { Family } from './family.ts';
import type { AfterLabels, SomeLabels } from './labels.ts';
import type { HistogramSeriesView, LabelledSeries } from './model.ts';
import { checkObservation } from './observation.ts';
import { BaseSeries } from './series.ts';
import { runThen, startLabelledTimer, startTimer, type EndTimer } from './timer.ts';

/** What a histogram is made from. */
export interface HistogramDefinition<Names extends readonly string[]> extends MetricDefinition<
  Names,
  Histogram<Names>
> {
  /**
   * The buckets' upper bounds, ascending and inclusive; `+Inf` is added. Left out: .005 .01 .025 .05 .1 .25 .5 1
   * 2.5 5 10. An empty list keeps `+Inf` only.
   */
  buckets?: readonly number[] | undefined;
}

/** What has been observed so far. */
export interface HistogramValue {
  count: number;
  sum: number;
  /** Cumulative: each counts all observations that are not above its bound; the last bound is `Infinity`. */
  buckets: { upperBound: number; count: number }[];
}

/** One series of a {@link Histogram}: what its `labels()` returns. */
export class HistogramSeries extends BaseSeries implements HistogramSeriesView {
  readonly upperBounds: readonly number[];
  readonly bucketCounts: number[];
  #sum = 0;

  /** @internal Series are made by `labels()`. */
  constructor(labels: LabelledSeries, upperBounds: readonly number[]) {
    super(labels);
    this.upperBounds = upperBounds;
    this.bucketCounts = new Array<number>(upperBounds.length + 1).fill(0);
  }

  /**
   * Counts a value in its bucket and adds it to the sum. NaN falls into `+Inf` and makes the sum NaN.
   *
   * @throws MetricError `INVALID_VALUE` for what isn't a number; nothing is counted
   */
  observe(value: number): void {
    checkObservation(value);
    const bounds = this.upperBounds;
    let i = 0;
    // Not `value > bound`, so that NaN passes every bound.
    while (i < bounds.length && !(value <= (bounds[i] as number))) i++;
    (this.bucketCounts[i] as number)++;
    this.#sum += value;
  }

  /** Starts a timer; ending it observes the elapsed seconds and returns them. */
  startTimer(): EndTimer {
    return startTimer((seconds) => this.observe(seconds));
  }

  /** Calls `work`, observes the seconds that it, or the promise that it returns, takes, also when it fails. */
  time<Result>(work: () => Result): Result {
    return runThen(work, this.startTimer());
  }

  /** What has been observed so far. */
  get(): HistogramValue {
    let count = 0;
    const buckets = this.bucketCounts.map((inBucket, i) => ({
      upperBound: this.upperBounds[i] ?? Infinity,
      count: (count += inBucket),
    }));
    return { count, sum: this.#sum, buckets };
  }

  /** For a registry and its encoders. */
  get sum(): number {
    return this.#sum;
  }
}

/**
 * Counts observations, such as the seconds that requests took, in buckets, from which Prometheus estimates
 * quantiles over all instances (Prometheus, "Metric types: Histogram").
 *
 * @example
 * ```ts
 * const sizes = new Histogram({ name: 'upload', unit: 'bytes', help: 'Sizes of uploads', buckets: [1e3, 1e6] });
 * sizes.observe(20_000);
 * sizes.get().buckets; // [{ upperBound: 1000, count: 0 }, { upperBound: 1000000, count: 1 }, { upperBound: Infinity, count: 1 }]
 * ```
 */
export class Histogram<const Names extends readonly string[] = readonly []> extends Family<
  'histogram',
  Names,
  HistogramSeries
> {
  readonly upperBounds: readonly number[];

  /** @throws MetricError when a name, label name, bucket list or other option is not usable, or the name is taken. */
  constructor(definition: HistogramDefinition<Names> & RegistryOption) {
    checkDefinition('histogram', definition);
    const upperBounds = checkBuckets(definition.name, definition.buckets);
    super({
      type: 'histogram',
      reservedLabel: 'le',
      definition,
      makeSeries: (labels) => new HistogramSeries(labels, upperBounds),
    });
    this.upperBounds = upperBounds;
  }

  /** Counts a value: `observe(value)` or, with labels, `observe(labels, value)`. See {@link HistogramSeries.observe}. */
  observe(...given: AfterLabels<Names, [value: number]>): void;
  observe(first: unknown, second?: number): void {
    if (this.labelNames.length === 0) return this.sole.observe(first as number);
    // Before the series is made: what is refused changes nothing.
    checkObservation(second);
    this.seriesByName(first).observe(second);
  }

  /**
   * Starts a timer; ending it observes the elapsed seconds and returns them. Labels may be given at either
   * end, those that are known later at the later one.
   *
   * @example
   * ```ts
   * const end = duration.startTimer({ method: 'get' });
   * end({ status: 200 });
   * ```
   */
  startTimer(...labels: SomeLabels<Names>): (...labels: SomeLabels<Names>) => number {
    return startLabelledTimer(this.someLabels(labels[0]), (all) => this.seriesOf(all));
  }

  /** Calls `work` and observes the seconds it takes, also when it fails: `time(work)` or `time(work, labels)`. */
  time<Result>(work: () => Result, ...labels: AfterLabels<Names, []>): Result {
    return this.seriesOf(labels[0]).time(work);
  }

  /** What has been observed: `get()` or, with labels, `get(labels)`. */
  get(...labels: AfterLabels<Names, []>): HistogramValue;
  get(labels?: unknown): HistogramValue {
    return this.seriesOf(labels).get();
  }
}
