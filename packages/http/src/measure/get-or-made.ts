import type {
  Collector,
  Counter,
  CounterDefinition,
  Gauge,
  GaugeDefinition,
  Histogram,
  HistogramDefinition,
  Registry,
} from '@prometer/core';

/** Gets metrics from a registry, or makes them there, and can take back those that it has made. */
export class GetOrMade {
  readonly #registry: Registry;
  readonly #made: Collector[] = [];

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  counter<const Names extends readonly string[]>(definition: CounterDefinition<Names>): Counter<Names> {
    return this.#note(definition.name, () => this.#registry.counter(definition));
  }

  gauge<const Names extends readonly string[]>(definition: GaugeDefinition<Names>): Gauge<Names> {
    return this.#note(definition.name, () => this.#registry.gauge(definition));
  }

  histogram<const Names extends readonly string[]>(definition: HistogramDefinition<Names>): Histogram<Names> {
    return this.#note(definition.name, () => this.#registry.histogram(definition));
  }

  /** As if nothing had been made. */
  takeBack(): void {
    for (const metric of this.#made) this.#registry.unregister(metric);
  }

  #note<Metric extends Collector>(name: string, obtain: () => Metric): Metric {
    const before: unknown = this.#registry.get(name);
    const metric = obtain();
    if (metric !== before) this.#made.push(metric);
    return metric;
  }
}
