import { checkBuckets } from './buckets.ts';
import { checkDefinition, type MetricDefinition, type RegistryOption } from './definition.ts';
import { Family } from './family.ts';
import type { AfterLabels, SomeLabels } from './labels.ts';
import type { ExemplarLabels } from './exemplar.ts';
import { countIn, HistogramSeries, widthOf, type HistogramValue } from './histogram-series.ts';
import { checkNative, type NativeConfig, type NativeOptions } from './native/native-options.ts';
import { checkObservation } from './values.ts';
import { checkWork, startLabelledTimer } from './timer.ts';

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
  /**
   * Native buckets beside the classic ones: `true`, or how they are made and limited. Only the protobuf format carries
   * them (Prometheus, "Native histograms").
   */
  native?: boolean | NativeOptions | undefined;
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
  readonly #bounds: readonly number[];
  /** How its native buckets are made and limited, if it has any. */
  readonly native: NativeConfig | undefined;

  /** @throws MetricError when a name, label name, bucket list or other option is not usable, or the name is taken. */
  constructor(definition: HistogramDefinition<Names> & RegistryOption) {
    checkDefinition('histogram', definition);
    const upperBounds = checkBuckets(definition.name, definition.buckets);
    const native = checkNative(definition.name, definition.native);
    const config = { upperBounds, native };
    super({
      type: 'histogram',
      options: ['buckets', 'native'],
      reservedLabel: 'le',
      definition,
      makeSeries: (rows, row) => new HistogramSeries(rows, row, config),
      width: widthOf(upperBounds),
      isCounting: true,
      keepsObjects: native !== undefined,
    });
    this.#bounds = upperBounds;
    // A copy: what is done to it changes no series.
    this.upperBounds = [...upperBounds];
    this.native = native;
  }

  /** Counts a value: `observe(value)` or, with labels, `observe(labels, value)`. See {@link HistogramSeries.observe}. */
  observe(...given: AfterLabels<Names, [value: number, exemplar?: ExemplarLabels]>): void;
  observe(first: unknown, second?: unknown, third?: ExemplarLabels): void {
    const { sole } = this;
    if (sole !== undefined) return sole.observe(first as number, second as ExemplarLabels);
    // Before the series is made: what is refused changes nothing.
    this.checkLabels(first);
    checkObservation(second);
    if (third !== undefined || this.native !== undefined) return this.seriesByName(first).observe(second, third);
    const row = this.rowOf(first);
    const bounds = this.#bounds;
    countIn(this.rows.cells, row * widthOf(bounds), bounds, second);
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
    return startLabelledTimer(this.seriesLater(labels[0]));
  }

  /** Calls `work` and observes the seconds it takes, also when it fails: `time(work)` or `time(work, labels)`. */
  time<Result>(work: () => Result, ...labels: AfterLabels<Names, []>): Result {
    // Before the series is made: what is refused changes nothing.
    checkWork(work);
    return this.seriesOf(labels[0]).time(work);
  }

  /** What has been observed: `get()` or, with labels, `get(labels)`. */
  get(...labels: AfterLabels<Names, []>): HistogramValue;
  get(labels?: unknown): HistogramValue {
    return this.peek(labels).get();
  }

  /**
   * Estimates a quantile as PromQL's `histogram_quantile` does: `quantile(q)` or, with labels, `quantile(q, labels)`.
   * See {@link HistogramSeries.quantile}.
   *
   * @example
   * ```ts
   * const waits = new Histogram({ name: 'wait', unit: 'seconds', help: 'Waits', buckets: [1, 2, 4] });
   * for (const seconds of [0.5, 1.5, 1.5, 3]) waits.observe(seconds);
   * waits.quantile(0.5); // 1.5
   * ```
   */
  quantile(q: number, ...labels: AfterLabels<Names, []>): number {
    return this.peek(labels[0]).quantile(q);
  }

  /** For a registry and its encoders: each is made ready when its turn comes. */
  override get series(): Iterable<HistogramSeries> {
    return this.native === undefined ? super.series : prepared(super.series);
  }
}

function prepared(all: Iterable<HistogramSeries>): Iterable<HistogramSeries> {
  return {
    *[Symbol.iterator](): Generator<HistogramSeries, void, undefined> {
      for (const series of all) {
        series.prepare();
        yield series;
      }
    },
  };
}
