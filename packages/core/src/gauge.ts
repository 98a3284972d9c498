import type { MetricDefinition, RegistryOption } from './definition.ts';
import { MetricError, show } from './errors.ts';
import { Family } from './family.ts';
import type { AfterLabels } from './labels.ts';
import type { ValueSeries } from './model.ts';
import { BaseSeries } from './series.ts';
import { startTimer, type EndTimer } from './timer.ts';

/** What a gauge is made from. */
export interface GaugeDefinition<Names extends readonly string[]> extends MetricDefinition<Names, Gauge<Names>> {}

/** One series of a {@link Gauge}: what its `labels()` returns. */
export class GaugeSeries extends BaseSeries implements ValueSeries {
  #value = 0;

  /**
   * Sets the value: any number, also NaN and the infinities.
   *
   * @throws MetricError `INVALID_VALUE` for what isn't a number; the value stays as it was
   */
  set(value: number): void {
    checkNumber(value);
    this.#value = value;
  }

  /** Adds to the value, 1 if nothing is given; throws as {@link set} does. */
  inc(value = 1): void {
    checkNumber(value);
    this.#value += value;
  }

  /** Subtracts from the value, 1 if nothing is given; throws as {@link set} does. */
  dec(value = 1): void {
    checkNumber(value);
    this.#value -= value;
  }

  /** Sets the value to the seconds since 1970-01-01, UTC. */
  setToCurrentTime(): void {
    this.#value = Date.now() / 1000;
  }

  /** Starts a timer; ending it sets the value to the elapsed seconds and returns them. */
  startTimer(): EndTimer {
    return startTimer((seconds) => this.set(seconds));
  }

  /** The value now. */
  get(): number {
    return this.#value;
  }

  /** For a registry and its encoders. */
  get value(): number {
    return this.#value;
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
    super({ type: 'gauge', definition, makeSeries: (labels) => new GaugeSeries(labels) });
  }

  /** Sets the value: `set(value)` or, with labels, `set(labels, value)`. See {@link GaugeSeries.set}. */
  set(...given: AfterLabels<Names, [value: number]>): void;
  set(first: unknown, second?: number): void {
    if (this.labelNames.length === 0) return this.sole.set(first as number);
    // Before the series is made: what is refused changes nothing.
    checkNumber(second);
    this.seriesByName(first).set(second);
  }

  /** Adds to the value: `inc(value)` or, with labels, `inc(labels, value)`. */
  inc(...given: AfterLabels<Names, [value?: number]>): void;
  inc(first?: unknown, second = 1): void {
    if (this.labelNames.length === 0) return this.sole.inc(first as number | undefined);
    checkNumber(second);
    this.seriesByName(first).inc(second);
  }

  /** Subtracts from the value: `dec(value)` or, with labels, `dec(labels, value)`. */
  dec(...given: AfterLabels<Names, [value?: number]>): void;
  dec(first?: unknown, second = 1): void {
    if (this.labelNames.length === 0) return this.sole.dec(first as number | undefined);
    checkNumber(second);
    this.seriesByName(first).dec(second);
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

  /** The value now: `get()` or, with labels, `get(labels)`. */
  get(...labels: AfterLabels<Names, []>): number;
  get(labels?: unknown): number {
    return this.seriesOf(labels).get();
  }
}

function checkNumber(value: number | undefined): asserts value is number {
  if (typeof value === 'number') return;
  throw new MetricError('INVALID_VALUE', `A gauge can't take ${show(value)}: give a number.`);
}
