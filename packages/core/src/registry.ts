import { Counter, type CounterDefinition } from './counter.ts';
import { findDefaultRegistry, keepDefaultRegistry, type Registrar } from './default-registry.ts';
import { MetricError, reasonOf, show } from './errors.ts';
import { expose, type Exposition } from './exposition.ts';
import { Gauge, type GaugeDefinition } from './gauge.ts';
import { Histogram, type HistogramDefinition } from './histogram.ts';
import type { Collector, FamilyView } from './model.ts';
import { escapeMetricName, namesTaken } from './names.ts';
import { sampleValue } from './sample-value.ts';
import { Summary, type SummaryDefinition } from './summary.ts';
import { warn } from './warning.ts';

// With `any`, every metric is one of these, and each call can be made with labels and without.
/** A metric of any kind with any labels. */
export type Metric = Counter<any> | Gauge<any> | Histogram<any> | Summary<any>;

/**
 * Holds metrics by name, refuses names that clash, and exposes them together.
 *
 * @example
 * ```ts
 * const registry = new Registry();
 * new Gauge({ name: 'queue_length', help: 'Jobs that wait', registry }).set(3);
 * await registry.metrics(); // '# HELP queue_length Jobs that wait\n# TYPE queue_length gauge\nqueue_length 3\n'
 * ```
 */
export class Registry implements Registrar {
  readonly #collectors = new Set<Collector>();
  /** Every name that is taken, as it is exposed at its plainest, and by whom. */
  readonly #taken = new Map<string, Collector>();
  readonly #warnedOf = new WeakSet<Collector>();

  /**
   * Adds a metric; metrics do this themselves when they are made. Adding one again changes nothing.
   *
   * @throws MetricError `DUPLICATE_NAME` when another metric exposes a sample of the same name
   */
  register<Added extends Collector>(collector: Added): Added {
    if (this.#collectors.has(collector)) return collector;
    const names = namesOf(collector);
    for (const name of names) {
      const holder = this.#taken.get(name);
      if (holder !== undefined) throw alreadyTaken(name, collector, holder);
    }
    for (const name of names) this.#taken.set(name, collector);
    this.#collectors.add(collector);
    return collector;
  }

  /**
   * Takes a metric out, by itself or by its name; it can go on being used, and be registered again.
   *
   * @returns whether it was there
   */
  unregister(collector: Collector | string): boolean {
    const found = typeof collector === 'string' ? this.#byName(collector) : collector;
    if (found === undefined || !this.#collectors.delete(found)) return false;
    for (const name of namesOf(found)) this.#taken.delete(name);
    return true;
  }

  /** The metric of this name, with or without the suffixes of its samples. */
  get(name: string): Metric | undefined {
    return this.#byName(name) as Metric | undefined;
  }

  /** Takes every metric out. */
  clear(): void {
    this.#collectors.clear();
    this.#taken.clear();
  }

  /**
   * The counter of this name, made if there is none: for code that may run twice, or in two places that count
   * together.
   *
   * @throws MetricError `DIFFERENT_DEFINITION` when the name's metric is of another type or has other labels,
   * unit or buckets; help and `collect` may differ, the first ones stay
   *
   * @example
   * ```ts
   * const a = registry.counter({ name: 'logins', help: 'Logins' });
   * const b = registry.counter({ name: 'logins', help: 'Logins' });
   * a === b; // true
   * ```
   */
  counter<const Names extends readonly string[] = readonly []>(definition: CounterDefinition<Names>): Counter<Names> {
    return this.#obtain(new Counter({ ...definition, registry: null }));
  }

  /** The gauge of this name, made if there is none; see {@link counter}. */
  gauge<const Names extends readonly string[] = readonly []>(definition: GaugeDefinition<Names>): Gauge<Names> {
    return this.#obtain(new Gauge({ ...definition, registry: null }));
  }

  /** The histogram of this name, made if there is none; see {@link counter}. */
  histogram<const Names extends readonly string[] = readonly []>(
    definition: HistogramDefinition<Names>,
  ): Histogram<Names> {
    return this.#obtain(new Histogram({ ...definition, registry: null }));
  }

  /** The summary of this name, made if there is none; see {@link counter}. */
  summary<const Names extends readonly string[] = readonly []>(definition: SummaryDefinition<Names>): Summary<Names> {
    return this.#obtain(new Summary({ ...definition, registry: null }));
  }

  /**
   * One sample's value as a scrape would show it, by its full name and all its labels; undefined where there is
   * none. Runs the metric's `collect` first, but doesn't wait for one that is asynchronous.
   *
   * @throws what a synchronous `collect` throws; MetricError `INVALID_LABEL_VALUE` when a value has no text
   *
   * @example
   * ```ts
   * registry.counter({ name: 'hits', help: 'Hits', labelNames: ['page'] }).inc({ page: '/' });
   * registry.getSampleValue('hits_total', { page: '/' }); // 1
   * ```
   */
  getSampleValue(name: string, labels: Readonly<Record<string, unknown>> = {}): number | undefined {
    const metric = this.get(name);
    if (metric === undefined) return undefined;
    Promise.resolve(metric.collect()).catch(() => {});
    return sampleValue([metric], name, labels);
  }

  /** All metrics in Prometheus' text format 0.0.4. */
  async metrics(): Promise<string> {
    return new TextDecoder().decode((await this.expose()).body);
  }

  /** All metrics as an answer to a scrape: the bytes, and the content type to send with them. */
  async expose(): Promise<Exposition> {
    return expose(await this.#gather());
  }

  async #gather(): Promise<FamilyView[]> {
    const collectors = [...this.#collectors];
    const outcomes = await Promise.allSettled(collectors.map(async (collector) => collector.collect()));
    const families = outcomes.flatMap((outcome, i) => {
      if (outcome.status === 'fulfilled') return outcome.value;
      this.#countFailure(collectors[i] as Collector, outcome.reason);
      return [];
    });
    const failures = this.get(FAILURES.name);
    return failures === undefined || collectors.includes(failures) ? families : [...families, failures];
  }

  /** A collector that fails costs its own families only; that it did is exposed, and said once. */
  #countFailure(collector: Collector, reason: unknown): void {
    const name = nameOf(collector);
    try {
      this.counter(FAILURES).inc({ collector: name });
    } catch {
      // The program has another metric of that name: the warning has to do.
    }
    if (this.#warnedOf.has(collector)) return;
    this.#warnedOf.add(collector);
    warn(
      'PROMETER_COLLECTOR_FAILED',
      `The metrics of ${show(name)} are left out of the scrape: their collect failed with ${reasonOf(reason)}.`,
    );
  }

  #obtain<Made extends Collector>(made: Made): Made {
    const found = this.#byName(nameOf(made));
    // A metric that takes the name only for one of its samples is not the one that is asked for.
    if (found === undefined || nameOf(found) !== nameOf(made)) return this.register(made);
    if (!isDefinedLike(made, found)) {
      throw new MetricError(
        'DIFFERENT_DEFINITION',
        `The metric ${show(nameOf(made))} exists already, as ${definitionOf(found)}, not as ${definitionOf(made)}: define it alike in both places or choose another name.`,
      );
    }
    return found as Made;
  }

  #byName(name: string): Collector | undefined {
    return this.#taken.get(escapeMetricName(name));
  }
}

/** What gather counts of itself; the metric appears with the first failure. */
const FAILURES = {
  name: 'prometer_collector_errors',
  help: 'Times that a collector failed and its metrics were left out of a scrape.',
  labelNames: ['collector'],
} as const;

function namesOf(collector: Collector): string[] {
  return collector.describe().flatMap(({ name, type }) => namesTaken(name, type).map(escapeMetricName));
}

function nameOf(collector: Collector): string {
  return collector.describe()[0]?.name ?? 'collector';
}

function alreadyTaken(name: string, collector: Collector, holder: Collector): MetricError {
  return new MetricError(
    'DUPLICATE_NAME',
    `The metric ${show(nameOf(collector))} can't be registered: the name ${show(name)} is taken by ${show(nameOf(holder))}. Choose another name, or get the one that exists from registry.get or registry.counter and its siblings.`,
  );
}

/** What must be the same for two definitions to share a metric. */
const DEFINING = ['type', 'unit', 'labelNames', 'upperBounds'] as const;

function isDefinedLike(a: Collector, b: Collector): boolean {
  return definitionOf(a) === definitionOf(b);
}

function definitionOf(collector: Collector): string {
  const metric = collector as { [Key in (typeof DEFINING)[number]]?: unknown };
  return JSON.stringify(Object.fromEntries(DEFINING.map((key) => [key, metric[key]])));
}

/** The one registry that metrics register in unless they are told otherwise: one per process, however often it was loaded. */
export const defaultRegistry: Registry =
  (findDefaultRegistry() as Registry | undefined) ?? keepDefaultRegistry(new Registry());
