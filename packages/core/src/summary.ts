import { checkDefinition, type MetricDefinition, type RegistryOption } from './definition.ts';
import { Family } from './family.ts';
import { checkObservation } from './values.ts';
import type { AfterLabels, SomeLabels } from './labels.ts';
import type { QuantileValue, SummarySeriesView } from './model.ts';
import { BaseSeries, nowInSeconds, type Rows } from './series.ts';
import { checkQuantiles, SlidingWindow, type QuantileOptions } from './quantiles/sliding-window.ts';
import { checkWork, runThen, startLabelledTimer, startTimer, type EndTimer } from './timer.ts';

/** What a summary is made from. */
export interface SummaryDefinition<Names extends readonly string[]> extends MetricDefinition<Names, Summary<Names>> {
  /** Which quantiles of the last observations are exposed, each from 0 to 1, within 1 % of the value; none if left out. */
  quantiles?: readonly number[] | undefined;
  /** How long an observation counts for the quantiles, in seconds; 600 if left out. */
  maxAgeSeconds?: number | undefined;
  /** In how many steps old observations are forgotten; 5 if left out. */
  ageBuckets?: number | undefined;
}

/** What has been observed so far. */
export interface SummaryValue {
  count: number;
  sum: number;
  /** Of the last observations; NaN where there are none. */
  quantiles: QuantileValue[];
}

/** One series of a {@link Summary}: what its `labels()` returns. */
export class SummarySeries extends BaseSeries implements SummarySeriesView {
  /** When it began to count: seconds since 1970-01-01, UTC. */
  readonly created: number = nowInSeconds();
  #count = 0;
  #sum = 0;
  readonly #quantiles: readonly number[];
  readonly #window: SlidingWindow | undefined;

  /** @internal Series are made by `labels()`. */
  constructor(rows: Rows, row: number, options: QuantileOptions) {
    super(rows, row);
    this.#quantiles = options.quantiles;
    this.#window = options.quantiles.length > 0 ? new SlidingWindow(options) : undefined;
  }

  /**
   * Counts a value and adds it to the sum. NaN makes the sum NaN.
   *
   * @throws MetricError `INVALID_VALUE` for what isn't a number; nothing is counted
   */
  observe(value: number): void {
    checkObservation(value);
    this.#count++;
    this.#sum += value;
    this.#window?.observe(value);
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
  get(): SummaryValue {
    return { count: this.#count, sum: this.#sum, quantiles: this.quantiles };
  }

  /** For a registry and its encoders: the quantiles now, ascending. */
  get quantiles(): QuantileValue[] {
    const values = this.#window?.quantiles(this.#quantiles) ?? [];
    return values.map((value, i) => ({ quantile: this.#quantiles[i] as number, value }));
  }

  /** For a registry and its encoders. */
  get count(): number {
    return this.#count;
  }

  /** For a registry and its encoders. */
  get sum(): number {
    return this.#sum;
  }
}

/**
 * Counts observations and adds them up, which gives their rate and their average, and tells quantiles of the last ones if
 * it is asked to (Prometheus, "Metric types: Summary"). Quantiles of several instances can't be put together: where that
 * matters, take a Histogram.
 *
 * @example
 * ```ts
 * const batches = new Summary({ name: 'batch_items', help: 'Items in a batch' });
 * batches.observe(10);
 * batches.observe(30);
 * batches.get(); // { count: 2, sum: 40, quantiles: [] }
 * ```
 */
export class Summary<const Names extends readonly string[] = readonly []> extends Family<
  'summary',
  Names,
  SummarySeries
> {
  /** Which quantiles it exposes, ascending. */
  readonly quantiles: readonly number[];
  /** How long an observation counts for them, in seconds. */
  readonly maxAgeSeconds: number;
  /** In how many steps old observations are forgotten. */
  readonly ageBuckets: number;

  /** @throws MetricError when a name, label name or other option is not usable, or the name is taken. */
  constructor(definition: SummaryDefinition<Names> & RegistryOption) {
    checkDefinition('summary', definition);
    const options = checkQuantiles(definition.name, definition);
    super({
      type: 'summary',
      options: ['quantiles', 'maxAgeSeconds', 'ageBuckets'],
      reservedLabel: 'quantile',
      definition,
      makeSeries: (rows, row) => new SummarySeries(rows, row, options),
    });
    this.quantiles = options.quantiles;
    this.maxAgeSeconds = options.maxAgeSeconds;
    this.ageBuckets = options.ageBuckets;
  }

  /** Counts a value: `observe(value)` or, with labels, `observe(labels, value)`. See {@link SummarySeries.observe}. */
  observe(...given: AfterLabels<Names, [value: number]>): void;
  observe(first: unknown, second?: number): void {
    const { sole } = this;
    if (sole !== undefined) return sole.observe(first as number);
    // Before the series is made: what is refused changes nothing.
    this.checkLabels(first);
    checkObservation(second);
    this.seriesByName(first).observe(second);
  }

  /** Starts a timer; ending it observes the elapsed seconds and returns them. Labels may be given at either end. */
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
  get(...labels: AfterLabels<Names, []>): SummaryValue;
  get(labels?: unknown): SummaryValue {
    return this.peek(labels).get();
  }
}
