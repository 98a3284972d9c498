// So that the types are whole for programs that compile without this library.
/// <reference lib="esnext.disposable" preserve="true" />
import { warnOfClashes } from './label-clashes.ts';
import { collectCpu } from './cpu.ts';
import {
  checkOptions,
  type DefaultMetricsGroup,
  type DefaultMetricsNames,
  type DefaultMetricsOptions,
} from './default-metrics-options.ts';
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

/**
 * Adds metrics about the process itself to a registry, under the names that Prometheus' client guidelines give them
 * ("Writing client libraries: Standard and runtime collectors") and, where they are Node.js' own, under `nodejs_`.
 * All are in base units: seconds and bytes. The values are read when they are asked for. Between scrapes,
 * garbage collections are observed and the event loop's turns are timed, which costs nothing while it is idle: there is
 * no timer, and nothing keeps the process alive. What the system, Bun or Deno doesn't tell is left out.
 *
 * It can be called again, for the same registry or for others. A name that the registry has from someone else, defined
 * alike, is left to its owner. A metric that is taken out of the registry, by `stop`, `unregister` or `clear`, observes
 * and times nothing any more.
 *
 * Where the registry adds a label to every series that a metric has itself, such as `version`, `major`, `kind`, `type` or
 * `space`, that metric is left out, with a process warning of the code `PROMETER_LABEL_CLASH`: call the registry's label
 * something else, `app_version` for example.
 *
 * In a worker thread, `eventLoop`, `gc` and `memory` are the thread's own; `process` is of the whole process, without
 * `process_heap_bytes`, as each thread knows its own heap only.
 *
 * @throws MetricError `INVALID_OPTION` when an option or a group is unknown, the names are or the registry is none;
 * `DIFFERENT_DEFINITION` or `DUPLICATE_NAME` when a name is taken by a metric that is defined otherwise. Nothing is added
 * then.
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
  warnOfClashes(registry, metrics.clashes);
  const stop = (): void => metrics.release();
  return { stop, [Symbol.dispose]: stop };
}
