import { checkNames, defaultRegistry, isPlain, MetricError, type Registry } from '@prometer/core';
import { show } from './show.ts';

const GROUPS = ['process', 'eventLoop', 'gc', 'memory', 'resources', 'version'] as const;

/**
 * A set of metrics that are collected together.
 *
 * - `process`: what the operating system knows of the process: CPU seconds, memory, file descriptors, threads, bytes
 *   over the network, start time
 * - `eventLoop`: how long each turn of the event loop keeps what is due waiting, and for how many seconds it is active
 *   and idle
 * - `gc`: garbage collections, each by its kind and pause
 * - `memory`: what Node.js knows of its memory: V8's heap, its spaces and its limit, external memory, array buffers
 * - `resources`: what keeps the event loop alive, by type: handles, requests, timers
 * - `version`: the versions of Node.js, V8 and others
 */
export type DefaultMetricsGroup = (typeof GROUPS)[number];

const NAMES = ['prometer', 'prom-client'] as const;

/**
 * How default metrics are called. prom-client's are those of dashboards that were made for it; some of them Prometheus'
 * linter objects to.
 */
export type DefaultMetricsNames = (typeof NAMES)[number];

/** What `collectDefaultMetrics` can be told. */
export interface DefaultMetricsOptions {
  /** Where the metrics go; the default registry if left out. */
  registry?: Registry | undefined;
  /** The groups to collect; all if left out, none if empty. */
  only?: readonly DefaultMetricsGroup[] | undefined;
  /**
   * `'prom-client'` exposes what differs as prom-client 15 does: the delay of the event loop as gauges
   * `nodejs_eventloop_lag_*`, garbage collections in its six buckets, sums `nodejs_active_*_total`, and only the version
   * of Node.js. What prom-client doesn't have is there as well. `'prometer'` if left out; a second call with the other
   * names adds those that are missing.
   */
  names?: DefaultMetricsNames | undefined;
}

const OPTIONS = ['registry', 'only', 'names'] satisfies (keyof DefaultMetricsOptions)[];
/** What the metrics need a registry for. */
const ABILITIES = [
  'register',
  'unregister',
  'addsLabel',
  'get',
  'counter',
  'gauge',
  'histogram',
  'info',
] satisfies (keyof Registry)[];

/**
 * Refuses what would otherwise be taken for a default.
 *
 * @throws MetricError `INVALID_OPTION`
 */
export function checkOptions(options: DefaultMetricsOptions): {
  registry: Registry;
  groups: Set<DefaultMetricsGroup>;
  names: DefaultMetricsNames;
} {
  if (isRegistry(options)) {
    throw invalid('The options of default metrics are a registry: give it as { registry }.');
  }
  if (!isPlain(options)) {
    throw invalid(`The options of default metrics are ${show(options)}: give a plain object, or nothing.`);
  }
  checkNames('default metrics', options, OPTIONS);
  const { registry = defaultRegistry, only = GROUPS, names = 'prometer' } = options;
  if (!isRegistry(registry)) {
    throw invalid(`The option "registry" of default metrics is ${show(registry)}: give a Registry, or leave it out.`);
  }
  const choice = `Choose from ${GROUPS.map(show).join(', ')}, or leave the option out for all.`;
  if (!Array.isArray(only)) {
    throw invalid(`The option "only" of default metrics is ${show(only)}: give an array. ${choice}`);
  }
  for (const group of only as readonly DefaultMetricsGroup[]) {
    if (!GROUPS.includes(group)) throw invalid(`There is no group ${show(group)} of default metrics. ${choice}`);
  }
  if (!NAMES.includes(names)) {
    throw invalid(
      `The option "names" of default metrics is ${show(names)}: give "prometer" or "prom-client", or leave it out.`,
    );
  }
  return { registry, groups: new Set(only), names };
}

/** By what it can do: it may come from another copy of the core. */
function isRegistry(given: unknown): boolean {
  const registry = given as Partial<Registry> | null | undefined;
  return ABILITIES.every((ability) => typeof registry?.[ability] === 'function');
}

function invalid(message: string): MetricError {
  return new MetricError('INVALID_OPTION', message);
}
