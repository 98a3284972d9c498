// So that the types are whole for programs that compile without this library.
/// <reference lib="esnext.disposable" preserve="true" />
import { inspect } from 'node:util';
import { defaultRegistry, MetricError, type Registry } from '@prometer/core';
import { collectCpu } from './cpu.ts';
import { collectEventLoopDelay } from './event-loop-delay.ts';
import { collectEventLoopLag } from './event-loop-lag.ts';
import { collectEventLoopUtilization } from './event-loop-utilization.ts';
import { collectFileDescriptors } from './file-descriptors.ts';
import { collectGarbageCollection, PROM_CLIENT_BUCKETS } from './garbage-collection.ts';
import { collectHeapSpaces } from './heap-spaces.ts';
import { HeldMetrics } from './held-metrics.ts';
import { collectMemory } from './memory.ts';
import { collectNetwork } from './network.ts';
import { collectProcessLimits } from './process-limits.ts';
import { collectProcessMemory } from './process-memory.ts';
import { collectProcessStatus } from './process-status.ts';
import { collectResources, collectResourceSums } from './resources.ts';
import { collectStartTime } from './start-time.ts';
import { collectVersion, collectVersionAlone } from './version.ts';

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
export type DefaultMetricsGroup = 'process' | 'eventLoop' | 'gc' | 'memory' | 'resources' | 'version';

/**
 * How default metrics are called. prom-client's are those of dashboards that were made for it; some of them Prometheus'
 * linter objects to.
 */
export type DefaultMetricsNames = 'prometer' | 'prom-client';

/** What {@link collectDefaultMetrics} can be told. */
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

/** What {@link collectDefaultMetrics} has started. */
export interface DefaultMetrics extends Disposable {
  /**
   * Takes the metrics of this call out of the registry, except those that another call still collects there. A
   * second time does nothing.
   */
  stop(): void;
}

const GROUPS: Readonly<Record<DefaultMetricsGroup, (metrics: HeldMetrics, names: DefaultMetricsNames) => void>> = {
  process(metrics) {
    collectCpu(metrics);
    collectProcessMemory(metrics);
    collectProcessStatus(metrics);
    collectFileDescriptors(metrics);
    collectProcessLimits(metrics);
    collectNetwork(metrics);
    collectStartTime(metrics);
  },
  eventLoop(metrics, names) {
    if (names === 'prom-client') collectEventLoopLag(metrics);
    else collectEventLoopDelay(metrics);
    collectEventLoopUtilization(metrics);
  },
  gc(metrics, names) {
    if (names === 'prom-client') collectGarbageCollection(metrics, PROM_CLIENT_BUCKETS);
    else collectGarbageCollection(metrics);
  },
  memory(metrics) {
    collectMemory(metrics);
    collectHeapSpaces(metrics);
  },
  resources(metrics, names) {
    collectResources(metrics);
    if (names === 'prom-client') collectResourceSums(metrics);
  },
  version(metrics, names) {
    if (names === 'prom-client') collectVersionAlone(metrics);
    else collectVersion(metrics);
  },
};

const NAMES: readonly unknown[] = ['prometer', 'prom-client'] satisfies DefaultMetricsNames[];

/**
 * Adds metrics about the process itself to a registry, under the names that Prometheus' client guidelines give them
 * ("Writing client libraries: Standard and runtime collectors") and, where they are Node.js' own, under `nodejs_`.
 * All are in base units: seconds and bytes. The values are read when they are asked for. Between scrapes,
 * garbage collections are observed and the event loop's turns are timed, which costs nothing while it is idle: there is
 * no timer, and nothing keeps the process alive. What the system, Bun or Deno doesn't tell is left out.
 *
 * It can be called again, for the same registry or for others. A name that the registry has from someone else, defined
 * alike, is left to its owner.
 *
 * @throws MetricError `INVALID_OPTION` when a group is unknown, the names are or the registry is none; `DIFFERENT_DEFINITION` or
 * `DUPLICATE_NAME` when a name is taken by a metric that is defined otherwise. Nothing is added then.
 *
 * @example
 * ```ts
 * const registry = new Registry();
 * const runtime = collectDefaultMetrics({ registry, only: ['process', 'version'] });
 * registry.getSampleValue('process_resident_memory_bytes'); // some 60 million
 * runtime.stop();
 * ```
 */
export function collectDefaultMetrics(options: DefaultMetricsOptions = {}): DefaultMetrics {
  const { registry, groups, names } = checkOptions(options);
  const metrics = new HeldMetrics(registry);
  try {
    for (const group of groups) GROUPS[group](metrics, names);
  } catch (error) {
    metrics.release();
    throw error;
  }
  const stop = (): void => metrics.release();
  return { stop, [Symbol.dispose]: stop };
}

function checkOptions(options: DefaultMetricsOptions): {
  registry: Registry;
  groups: Set<DefaultMetricsGroup>;
  names: DefaultMetricsNames;
} {
  if (typeof options !== 'object' || options === null) {
    throw invalid(
      `Default metrics can't be collected with the options ${inspect(options)}: give an object, or nothing.`,
    );
  }
  const known = Object.keys(GROUPS) as DefaultMetricsGroup[];
  const { registry = defaultRegistry, only = known, names = 'prometer' } = options;
  // By what it can do: a registry may come from another copy of the core.
  if (typeof registry?.gauge !== 'function') {
    throw invalid(
      `The registry of default metrics is ${inspect(registry, { depth: 0 })}: give a Registry, or leave it out.`,
    );
  }
  const choice = `Choose from ${known.map((group) => `'${group}'`).join(', ')}, or leave the option out for all.`;
  if (!Array.isArray(only)) {
    throw invalid(`The option only of default metrics is ${inspect(only)}, not an array. ${choice}`);
  }
  for (const group of only) {
    if (!known.includes(group)) throw invalid(`There is no group ${inspect(group)} of default metrics. ${choice}`);
  }
  if (!NAMES.includes(names)) {
    throw invalid(
      `The names of default metrics are ${inspect(names)}: give 'prometer' or 'prom-client', or leave the option out.`,
    );
  }
  return { registry, groups: new Set(only), names };
}

function invalid(message: string): MetricError {
  return new MetricError('INVALID_OPTION', message);
}
