import type { MetricDefinition, RegistryOption } from './definition.ts';
import { Family } from './family.ts';
import { checkObservation } from './observation.ts';
import type { AfterLabels, SomeLabels } from './labels.ts';
import type { SummarySeriesView } from './model.ts';
import { BaseSeries } from './series.ts';
import { runThen, startLabelledTimer, startTimer, type EndTimer } from './timer.ts';

/** What a summary is made from. */
export interface SummaryDefinition<Names extends readonly string[]> extends MetricDefinition<Names, Summary<Names>> {}

/** What has been observed so far. */
export interface SummaryValue {
  count: number;
  sum: number;
}

/** One series of a {@link Summary}: what its `labels()` returns. */
export class SummarySeries extends BaseSeries implements SummarySeriesView {
  #count = 0;
  #sum = 0;

  /**
   * Counts a value and adds it to the sum. NaN makes the sum NaN.
   *
   * @throws MetricError `INVALID_VALUE` for what isn't a number; nothing is counted
   */
  observe(value: number): void {
    checkObservation(value);
    this.#count++;
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
  get(): SummaryValue {
    return { count: this.#count, sum: this.#sum };
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
 * Counts observations and adds them up, which gives their rate and their average (Prometheus, "Metric types:
 * Summary"). Where the distribution matters, take a Histogram.
 *
 * @example
 * ```ts
 * const batches = new Summary({ name: 'batch_items', help: 'Items in a batch' });
 * batches.observe(10);
 * batches.observe(30);
 * batches.get(); // { count: 2, sum: 40 }
 * ```
 */
export class Summary<const Names extends readonly string[] = readonly []> extends Family<
  'summary',
  Names,
  SummarySeries
> {
  /** @throws MetricError when a name, label name or other option is not usable, or the name is taken. */
  constructor(definition: SummaryDefinition<Names> & RegistryOption) {
    super({
      type: 'summary',
      reservedLabel: 'quantile',
      definition,
      makeSeries: (labels) => new SummarySeries(labels),
    });
  }

  /** Counts a value: `observe(value)` or, with labels, `observe(labels, value)`. See {@link SummarySeries.observe}. */
  observe(...given: AfterLabels<Names, [value: number]>): void;
  observe(first: unknown, second?: number): void {
    if (this.labelNames.length === 0) return this.sole.observe(first as number);
    // Before the series is made: what is refused changes nothing.
    checkObservation(second);
    this.seriesByName(first).observe(second);
  }

  /** Starts a timer; ending it observes the elapsed seconds and returns them. Labels may be given at either end. */
  startTimer(...labels: SomeLabels<Names>): (...labels: SomeLabels<Names>) => number {
    return startLabelledTimer(this.someLabels(labels[0]), (all) => this.seriesOf(all));
  }

  /** Calls `work` and observes the seconds it takes, also when it fails: `time(work)` or `time(work, labels)`. */
  time<Result>(work: () => Result, ...labels: AfterLabels<Names, []>): Result {
    return this.seriesOf(labels[0]).time(work);
  }

  /** What has been observed: `get()` or, with labels, `get(labels)`. */
  get(...labels: AfterLabels<Names, []>): SummaryValue;
  get(labels?: unknown): SummaryValue {
    return this.seriesOf(labels).get();
  }
}
