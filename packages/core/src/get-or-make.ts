import { Counter, type CounterDefinition } from './counter.ts';
import { Gauge, type GaugeDefinition } from './gauge.ts';
import { Histogram, type HistogramDefinition } from './histogram.ts';
import { Info, type InfoDefinition } from './info.ts';
import type { Collector } from './model.ts';
import { StateSet, type StateSetDefinition } from './state-set.ts';
import { Summary, type SummaryDefinition } from './summary.ts';

/** What a registry makes metrics with, each once. */
export abstract class GetOrMake {
  /** The metric that is there already, defined alike, or the one given. */
  protected abstract obtain<Made extends Collector>(made: Made): Made;

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
    return this.obtain(new Counter({ ...definition, registry: null }));
  }

  /** The gauge of this name, made if there is none; see {@link counter}. */
  gauge<const Names extends readonly string[] = readonly []>(definition: GaugeDefinition<Names>): Gauge<Names> {
    return this.obtain(new Gauge({ ...definition, registry: null }));
  }

  /** The histogram of this name, made if there is none; see {@link counter}. */
  histogram<const Names extends readonly string[] = readonly []>(
    definition: HistogramDefinition<Names>,
  ): Histogram<Names> {
    return this.obtain(new Histogram({ ...definition, registry: null }));
  }

  /** The summary of this name, made if there is none; see {@link counter}. */
  summary<const Names extends readonly string[] = readonly []>(definition: SummaryDefinition<Names>): Summary<Names> {
    return this.obtain(new Summary({ ...definition, registry: null }));
  }

  /** The info of this name, made if there is none; see {@link counter}. */
  info<const Names extends readonly string[] = readonly []>(definition: InfoDefinition<Names>): Info<Names> {
    return this.obtain(new Info({ ...definition, registry: null }));
  }

  /** The state set of this name, made if there is none; see {@link counter}. */
  stateSet<
    const Names extends readonly string[] = readonly [],
    const States extends readonly string[] = readonly string[],
  >(definition: StateSetDefinition<Names, States>): StateSet<Names, States> {
    return this.obtain(new StateSet({ ...definition, registry: null }));
  }
}

/** What must be the same for two definitions to share a metric. */
const DEFINING = [
  'type',
  'unit',
  'labelNames',
  'upperBounds',
  'native',
  'quantiles',
  'maxAgeSeconds',
  'ageBuckets',
  'states',
] as const;

/** How a metric is defined, as far as it matters to those who share it. */
export function definitionOf(collector: Collector): string {
  const metric = collector as { [Key in (typeof DEFINING)[number]]?: unknown };
  return JSON.stringify(Object.fromEntries(DEFINING.map((key) => [key, metric[key]])));
}
