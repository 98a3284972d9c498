import type { MetricDefinition, RegistryOption } from './definition.ts';
import { Family } from './family.ts';
import { makeExemplar, type ExemplarLabels } from './exemplar.ts';
import type { AfterLabels } from './labels.ts';
import type { Exemplar, ValueSeries } from './model.ts';
import { BaseSeries } from './series.ts';
import { checkWork, runThen } from './timer.ts';
import { checkIncrement } from './values.ts';

/** What a counter is made from. */
export interface CounterDefinition<Names extends readonly string[]> extends MetricDefinition<Names, Counter<Names>> {}

/** One series of a {@link Counter}: what its `labels()` returns. */
export class CounterSeries extends BaseSeries implements ValueSeries {
  /**
   * Adds to the count.
   *
   * @param value finite and not negative; 1 if left out
   * @param exemplar labels of what was counted, such as the id of its trace; up to 128 characters together
   * @throws MetricError `INVALID_VALUE` for another value; the count stays as it was
   */
  inc(value = 1, exemplar?: ExemplarLabels): void {
    checkIncrement(value);
    (this.rows.cells[this.row] as number) += value;
    if (exemplar === undefined) return;
    const made = makeExemplar(this.owner, exemplar, value);
    // A private method would make every series larger.
    if (made !== undefined) (this.rows.exemplars ??= new WeakMap()).set(this, made);
  }

  /** Calls `work` and counts 1 if it, or the promise that it returns, fails. */
  countExceptions<Result>(work: () => Result): Result {
    return runThen(work, (failed) => {
      if (failed) this.inc();
    });
  }

  /** The count now. */
  get(): number {
    return this.value;
  }

  /** When it began to count: seconds since 1970-01-01, UTC. */
  get created(): number {
    return this.rows.created[this.row] as number;
  }

  /** For a registry and its encoders: the last one. */
  get exemplar(): Exemplar | undefined {
    return this.rows.exemplars?.get(this);
  }

  /** For a registry and its encoders. */
  get value(): number {
    return this.rows.cells[this.row] as number;
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
    super({
      type: 'counter',
      definition,
      makeSeries: (rows, row) => new CounterSeries(rows, row),
      width: 1,
      isValue: true,
      isCounting: true,
    });
  }

  /**
   * Adds to the count: `inc(value)` or, with labels, `inc(labels, value)`, which is short for
   * `labels(...).inc(value)`. An exemplar may follow: see {@link CounterSeries.inc}.
   *
   * @throws MetricError `INVALID_VALUE` when the value is negative, infinite or no number; `INVALID_LABELS`
   */
  inc(...given: AfterLabels<Names, [value?: number, exemplar?: ExemplarLabels]>): void;
  inc(first?: unknown, second?: unknown, third?: ExemplarLabels): void {
    const { sole } = this;
    if (sole !== undefined) return sole.inc(first as number | undefined, second as ExemplarLabels);
    const value = second === undefined ? 1 : second;
    // Before the series is made: what is refused changes nothing.
    this.checkLabels(first);
    checkIncrement(value);
    if (third !== undefined) return this.seriesByName(first).inc(value, third);
    const row = this.rowOf(first);
    (this.rows.cells[row] as number) += value;
  }

  /**
   * Calls `work` and counts 1 if it, or the promise that it returns, fails; result and error pass through:
   * `countExceptions(work)` or `countExceptions(work, labels)`.
   *
   * @example
   * ```ts
   * const failures = new Counter({ name: 'job_failures', help: 'Jobs that failed' });
   * const result = await failures.countExceptions(async () => 'done');
   * failures.get(); // 0
   * ```
   */
  countExceptions<Result>(work: () => Result, ...labels: AfterLabels<Names, []>): Result {
    // Before the series is made: what is refused changes nothing.
    checkWork(work);
    return this.seriesOf(labels[0]).countExceptions(work);
  }

  /** The count now: `get()` or, with labels, `get(labels)`. */
  get(...labels: AfterLabels<Names, []>): number;
  get(labels?: unknown): number {
    return this.peek(labels).get();
  }
}
