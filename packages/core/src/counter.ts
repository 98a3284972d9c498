import type { MetricDefinition, RegistryOption } from './definition.ts';
import { MetricError, show } from './errors.ts';
import { Family } from './family.ts';
import type { AfterLabels } from './labels.ts';
import type { ValueSeries } from './model.ts';
import { BaseSeries } from './series.ts';

/** What a counter is made from. */
export interface CounterDefinition<Names extends readonly string[]> extends MetricDefinition<Names, Counter<Names>> {}

/** One series of a {@link Counter}: what its `labels()` returns. */
export class CounterSeries extends BaseSeries implements ValueSeries {
  #value = 0;

  /**
   * Adds to the count.
   *
   * @param value finite and not negative; 1 if left out
   * @throws MetricError `INVALID_VALUE` for anything else; the count stays as it was
   */
  inc(value = 1): void {
    checkIncrement(value);
    this.#value += value;
  }

  /** The count now. */
  get(): number {
    return this.#value;
  }

  /** For a registry and its encoders. */
  get value(): number {
    return this.#value;
  }
}

/**
 * Counts what only ever goes up: requests, errors, bytes sent (Prometheus, "Metric types: Counter"). Exposed
 * as `<name>_total`.
 *
 * @example
 * ```ts
 * const requests = new Counter({ name: 'requests', help: 'HTTP requests', labelNames: ['method'] });
 * requests.inc({ method: 'get' });
 * const posts = requests.labels('post'); // keep a series where speed matters
 * posts.inc(3);
 * posts.get(); // 3
 * ```
 */
export class Counter<const Names extends readonly string[] = readonly []> extends Family<
  'counter',
  Names,
  CounterSeries
> {
  /** @throws MetricError when a name, label name or other option is not usable, or the name is taken. */
  constructor(definition: CounterDefinition<Names> & RegistryOption) {
    super({ type: 'counter', definition, makeSeries: (labels) => new CounterSeries(labels) });
  }

  /**
   * Adds to the count: `inc(value)` or, with labels, `inc(labels, value)`, which is short for
   * `labels(...).inc(value)`.
   *
   * @throws MetricError `INVALID_VALUE` when the value is negative, infinite or no number; `INVALID_LABELS`
   */
  inc(...given: AfterLabels<Names, [value?: number]>): void;
  inc(first?: unknown, second = 1): void {
    if (this.labelNames.length === 0) return this.sole.inc(first as number | undefined);
    // Before the series is made: what is refused changes nothing.
    checkIncrement(second);
    this.seriesByName(first).inc(second);
  }

  /** The count now: `get()` or, with labels, `get(labels)`. */
  get(...labels: AfterLabels<Names, []>): number;
  get(labels?: unknown): number {
    return this.seriesOf(labels).get();
  }
}

function checkIncrement(value: number): void {
  if (typeof value === 'number' && value >= 0 && value < Infinity) return;
  throw new MetricError(
    'INVALID_VALUE',
    `A counter can't be increased by ${show(value)}: it takes a finite number that isn't negative. What can fall is a Gauge.`,
  );
}
