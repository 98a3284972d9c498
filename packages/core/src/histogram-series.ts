import { makeExemplar, type ExemplarLabels } from './exemplar.ts';
import type { Exemplar, HistogramSeriesView, NativeHistogram } from './model.ts';
import { NativeExemplars, type NativeExemplar } from './native/native-exemplars.ts';
import { NativeBuckets } from './native/native-histogram.ts';
import type { NativeConfig } from './native/native-options.ts';
import { checkObservation, checkShare } from './values.ts';
import { classicQuantile, nativeQuantile } from './quantiles/quantile.ts';
import { BaseSeries, type Rows } from './series.ts';
import { runThen, startTimer, type EndTimer } from './timer.ts';

/** What has been observed so far. */
export interface HistogramValue {
  count: number;
  sum: number;
  /** Cumulative: each counts all observations that are not above its bound; the last bound is `Infinity`. */
  buckets: { upperBound: number; count: number }[];
  /** With native buckets only. */
  native?: NativeHistogram;
}

/** The numbers of each series: the sum, and the counts of its buckets. */
const SUM = 0;
const BUCKETS = 1;

/** How many they are. */
export function widthOf(upperBounds: readonly number[]): number {
  return BUCKETS + upperBounds.length + 1;
}

/** Counts a value in the series at `at`, and tells in which bucket: the first whose bound it isn't above. */
export function countIn(cells: Float64Array, at: number, upperBounds: readonly number[], value: number): number {
  let bucket = 0;
  // Not `value > bound`, so that NaN passes every bound.
  while (bucket < upperBounds.length && !(value <= (upperBounds[bucket] as number))) bucket++;
  (cells[at + BUCKETS + bucket] as number) += 1;
  (cells[at + SUM] as number) += value;
  return bucket;
}

/** What all series of a histogram have in common. */
export interface HistogramConfig {
  readonly upperBounds: readonly number[];
  readonly native: NativeConfig | undefined;
}

/** One series of a {@link Histogram}: what its `labels()` returns. */
export class HistogramSeries extends BaseSeries implements HistogramSeriesView {
  readonly upperBounds: readonly number[];
  #exemplars: (Exemplar | undefined)[] | undefined = undefined;
  readonly #nativeBuckets: NativeBuckets | undefined;
  readonly #nativeExemplars: NativeExemplars | undefined;

  /** @internal Series are made by `labels()`. */
  constructor(rows: Rows, row: number, { upperBounds, native }: HistogramConfig) {
    super(rows, row);
    this.upperBounds = upperBounds;
    this.#nativeBuckets = native && new NativeBuckets(native, this.created * 1000);
    this.#nativeExemplars = native && new NativeExemplars(native);
  }

  /**
   * Counts a value in its bucket and adds it to the sum. NaN falls into `+Inf` and makes the sum NaN.
   *
   * @param exemplar labels of what was observed, such as the id of its trace; up to 128 characters together
   * @throws MetricError `INVALID_VALUE` for what isn't a number; nothing is counted
   */
  observe(value: number, exemplar?: ExemplarLabels): void {
    checkObservation(value);
    if (this.#nativeBuckets?.observe(value) === true) this.#startAgain();
    const bounds = this.upperBounds;
    const bucket = countIn(this.rows.cells, this.row * widthOf(bounds), bounds, value);
    if (exemplar !== undefined) this.#keepExemplar(bucket, value, exemplar);
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
    this.prepare();
    let count = 0;
    const buckets = Array.from(this.bucketCounts, (inBucket, i) => ({
      upperBound: this.upperBounds[i] ?? Infinity,
      count: (count += inBucket),
    }));
    const { native } = this;
    return { count, sum: this.sum, buckets, ...(native && { native }) };
  }

  /**
   * Estimates the value below which a share `q`, from 0 to 1, of the observations is, as PromQL's `histogram_quantile`
   * does: from the classic buckets, or from the native ones if there are no others. NaN without observations.
   *
   * @throws MetricError `INVALID_VALUE` for what isn't a number
   */
  quantile(q: number): number {
    checkShare(q);
    this.prepare();
    if (this.#nativeBuckets === undefined || this.upperBounds.length > 0)
      return classicQuantile(q, this.upperBounds, this.bucketCounts);
    // Without classic buckets, all observations are in +Inf.
    return nativeQuantile(q, this.#nativeBuckets.read(), { count: this.bucketCounts[0] as number, sum: this.sum });
  }

  /** Before it is read: starts again if the limit of native buckets asks for it by now. */
  prepare(): void {
    if (this.#nativeBuckets?.resetIfDue() === true) this.#startAgain();
  }

  /** For a registry and its encoders: how many observations fell into each bucket alone, the last for `+Inf`. */
  get bucketCounts(): Float64Array {
    const at = this.#at;
    return this.rows.cells.subarray(at + BUCKETS, at + widthOf(this.upperBounds));
  }

  /** For a registry and its encoders. */
  get sum(): number {
    return this.rows.cells[this.#at + SUM] as number;
  }

  /** When it began to count: seconds since 1970-01-01, UTC. */
  get created(): number {
    return this.rows.created[this.row] as number;
  }

  /** For a registry and its encoders: the last one of each bucket. */
  get exemplars(): readonly (Exemplar | undefined)[] | undefined {
    return this.#exemplars;
  }

  /** For a registry and its encoders. */
  get native(): NativeHistogram | undefined {
    if (this.#nativeBuckets === undefined) return undefined;
    return { ...this.#nativeBuckets.read(), exemplars: (this.#nativeExemplars as NativeExemplars).list() };
  }

  get #at(): number {
    return this.row * widthOf(this.upperBounds);
  }

  #keepExemplar(bucket: number, value: number, labels: ExemplarLabels): void {
    // An exemplar has to lie in its bucket, which NaN does in none.
    const exemplar = Number.isNaN(value) ? undefined : makeExemplar(this.owner, labels, value);
    if (exemplar === undefined) return;
    this.#exemplars ??= new Array<Exemplar | undefined>(this.upperBounds.length + 1).fill(undefined);
    this.#exemplars[bucket] = exemplar;
    this.#nativeExemplars?.add(exemplar as NativeExemplar);
  }

  #startAgain(): void {
    const at = this.#at;
    this.rows.cells.fill(0, at, at + widthOf(this.upperBounds));
    this.rows.created[this.row] = (this.#nativeBuckets as NativeBuckets).createdMs / 1000;
    this.#exemplars = undefined;
    this.#nativeExemplars?.clear();
  }
}
