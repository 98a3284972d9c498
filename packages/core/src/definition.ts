import { findDefaultRegistry, type Registrar } from './default-registry.ts';
import { MetricError, show } from './errors.ts';
import { DEFAULT_MAX_SERIES } from './limit.ts';
import { checkNames } from './options.ts';

/** What every metric is defined by. */
export interface MetricDefinition<Names extends readonly string[], Metric> {
  /** By Prometheus' rules; what a type or `unit` appends to it is added where it is missing. */
  name: string;
  /** One sentence for the reader of the metrics; may be empty, can't be left out. */
  help: string;
  /** The names of the labels, kept as literal types; none if left out. */
  labelNames?: Names | undefined;
  /** The base unit, such as `seconds` or `bytes`: becomes the name's suffix. */
  unit?: string | undefined;
  /**
   * How many series there may be, 10,000 if left out; past that, every new label set shares one series whose labels
   * are all `_overflow`.
   */
  maxSeries?: number | undefined;
  /**
   * Called before each gather with `this` = the metric, to set what is only read when it is asked for.
   * When it throws or rejects, that gather goes on without this metric.
   */
  collect?: ((this: Metric) => void | Promise<void>) | undefined;
}

/** Where a metric registers itself. */
export interface RegistryOption {
  /** The default registry if left out; `null` for none. */
  registry?: Registrar | null | undefined;
}

const OPTIONS = ['name', 'help', 'labelNames', 'unit', 'registry', 'maxSeries', 'collect'];

/** Refuses what no option can be read from and, where the `own` options of its type are told, options that there aren't. */
export function checkDefinition(type: string, definition: unknown, own?: readonly string[]): void {
  const one = type === 'info' ? 'an info' : `a ${type}`;
  if (typeof definition !== 'object' || definition === null) {
    throw new MetricError(
      'INVALID_OPTION',
      `The definition of ${one} is ${show(definition)}: give an object such as { name: 'x', help: 'X' }.`,
    );
  }
  if (own !== undefined) checkNames(one, definition, [...OPTIONS, ...own]);
}

export function checkHelp(name: string, help: unknown): string {
  if (typeof help === 'string' && help.isWellFormed()) return help;
  throw new MetricError(
    'INVALID_HELP',
    `The help of metric ${show(name)} is ${show(help)}: give a sentence that says what is measured, or ''.`,
  );
}

export function checkMaxSeries(name: string, maxSeries: number = DEFAULT_MAX_SERIES): number {
  if (typeof maxSeries === 'number' && maxSeries >= 1) return maxSeries;
  throw new MetricError(
    'INVALID_OPTION',
    `The option "maxSeries" of metric ${show(name)} is ${show(maxSeries)}: give a number of at least 1, Infinity for no limit, or leave it out.`,
  );
}

export function checkCollect<Collect>(name: string, collect: Collect | undefined): Collect | undefined {
  if (collect === undefined || typeof collect === 'function') return collect;
  throw new MetricError(
    'INVALID_OPTION',
    `The option "collect" of metric ${show(name)} is ${show(collect)}: give a function, or leave it out.`,
  );
}

/** By its one method, not by its class: it may be of another copy of this package. */
export function checkRegistry(name: string, registry: Registrar | null | undefined): Registrar | undefined {
  if (registry === undefined) return findDefaultRegistry();
  if (registry === null) return undefined;
  if (typeof registry.register === 'function') return registry;
  throw new MetricError(
    'INVALID_OPTION',
    `The option "registry" of metric ${show(name)} is ${show(registry)}: give a Registry, null for none, or leave it out.`,
  );
}
