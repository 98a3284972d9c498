import type { MetricDefinition, RegistryOption } from './definition.ts';
import { Family } from './family.ts';
import type { AfterLabels } from './labels.ts';
import type { ValueSeries } from './model.ts';
import { BaseSeries, nowInSeconds } from './series.ts';
import { checkWork, runThen, startTimer, type EndTimer } from './timer.ts';
import { checkSetting } from './values.ts';

/** What a gauge is made from. */
export interface GaugeDefinition<Names extends readonly string[]> extends MetricDefinition<Names, Gauge<Names>> {}

/** One series of a {@link Gauge}: what its `labels()` returns. */
export class GaugeSeries extends BaseSeries implements ValueSeries {
  /**
   * Sets the value: any number, also NaN and the infinities.
   *
   * @throws MetricError `INVALID_VALUE` for what isn't a number; the value stays as it was
   */
  set(value: number): void {
    checkSetting(value);
    this.rows.cells[this.row] = value;
  }

  /** Adds to the value, 1 if nothing is given; throws as {@link set} does. */
  inc(value = 1): void {
    checkSetting(value);
    (this.rows.cells[this.row] as number) += value;
  }

  /** Subtracts from the value, 1 if nothing is given; throws as {@link set} does. */
  dec(value = 1): void {
    checkSetting(value);
    (this.rows.cells[this.row] as number) -= value;
  }

  /** Sets the value to the seconds since 1970-01-01, UTC. */
  setToCurrentTime(): void {
    this.set(nowInSeconds());
  }

  /** Starts a timer; ending it sets the value to the elapsed seconds and returns them. */
  startTimer(): EndTimer {
    return startTimer((seconds) => this.set(seconds));
  }

  /** Adds 1 while `work`, or the promise that it returns, is under way, and takes it away also when it fails. */
  trackInProgress<Result>(work: () => Result): Result {
    checkWork(work);
    this.inc();
    return runThen(work, () => this.dec());
  }

  /** The value now. */
  get(): number {
    return this.value;
  }

  /** For a registry and its encoders. */
  get value(): number {
    return this.rows.cells[this.row] as number;
  }
}

/**
 * A value that goes up and down: memory in use, a queue's length, a temperature (Prometheus, "Metric types:
 * Gauge").
 *
 * @example
 * ```ts
 * const queued = new Gauge({ name: 'jobs_queued', help: 'Jobs that wait' });
 * queued.set(7);
 * queued.dec();
 * queued.get(); // 6
 * ```
 */
export class Gauge<const Names extends readonly string[] = readonly []> extends Family<'gauge', Names, GaugeSeries> {
  /** @throws MetricError when a name, label name or other option is not usable, or the name is taken. */
  constructor(definition: GaugeDefinition<Names> & RegistryOption) {
    super({
      type: 'gauge',
      definition,
      makeSeries: (rows, row) => new GaugeSeries(rows, row),
      width: 1,
      isValue: true,
    });
  }

  /** Sets the value: `set(value)` or, with labels, `set(labels, value)`. See {@link GaugeSeries.set}. */
  set(...given: AfterLabels<Names, [value: number]>): void;
  set(first: unknown, second?: number): void {
    const { soleNumbers } = this;
    if (soleNumbers !== undefined) {
      checkSetting(first);
      soleNumbers[0] = first;
      return;
    }
    // Before the series is made: what is refused changes nothing.
    this.checkLabels(first);
    checkSetting(second);
    const row = this.rowOf(first);
    this.rows.cells[row] = second;
  }

  /** Adds to the value: `inc(value)` or, with labels, `inc(labels, value)`. */
  inc(...given: AfterLabels<Names, [value?: number]>): void;
  inc(first?: unknown, second = 1): void {
    const { sole } = this;
    if (sole !== undefined) return sole.inc(first as number | undefined);
    this.checkLabels(first);
    checkSetting(second);
    const row = this.rowOf(first);
    (this.rows.cells[row] as number) += second;
  }

  /** Subtracts from the value: `dec(value)` or, with labels, `dec(labels, value)`. */
  dec(...given: AfterLabels<Names, [value?: number]>): void;
  dec(first?: unknown, second = 1): void {
    const { sole } = this;
    if (sole !== undefined) return sole.dec(first as number | undefined);
    this.checkLabels(first);
    checkSetting(second);
    const row = this.rowOf(first);
    (this.rows.cells[row] as number) -= second;
  }

  /** Sets the value to the seconds since 1970-01-01, UTC. */
  setToCurrentTime(...labels: AfterLabels<Names, []>): void;
  setToCurrentTime(labels?: unknown): void {
    this.seriesOf(labels).setToCurrentTime();
  }

  /** Starts a timer; ending it sets the value to the elapsed seconds and returns them. */
  startTimer(...labels: AfterLabels<Names, []>): EndTimer;
  startTimer(labels?: unknown): EndTimer {
    return this.seriesOf(labels).startTimer();
  }

  /**
   * Adds 1 while `work`, or the promise that it returns, is under way, and takes it away also when it fails; result and
   * error pass through: `trackInProgress(work)` or `trackInProgress(work, labels)`.
   *
   * @example
   * ```ts
   * const running = new Gauge({ name: 'jobs_running', help: 'Jobs that are under way' });
   * running.trackInProgress(() => running.get()); // 1
   * running.get(); // 0
   * ```
   */
  trackInProgress<Result>(work: () => Result, ...labels: AfterLabels<Names, []>): Result {
    // Before the series is made: what is refused changes nothing.
    checkWork(work);
    return this.seriesOf(labels[0]).trackInProgress(work);
  }

  /** The value now: `get()` or, with labels, `get(labels)`. */
  get(...labels: AfterLabels<Names, []>): number;
  get(labels?: unknown): number {
    return this.peek(labels).get();
  }
}
