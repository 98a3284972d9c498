// So that the types are whole for programs that compile without this library.
/// <reference lib="esnext.disposable" preserve="true" />
import { inspect } from 'node:util';
import { defaultRegistry, MetricError, type Registry } from '@prometer/core';
import { collectCpu } from './cpu.ts';
import { collectFileDescriptors } from './file-descriptors.ts';
import { HeldMetrics } from './held-metrics.ts';
import { collectMemory } from './memory.ts';
import { collectProcessMemory } from './process-memory.ts';
import { collectStartTime } from './start-time.ts';
import { collectVersion } from './version.ts';

/**
 * A set of metrics that are collected together.
 *
 * - `process`: what the operating system knows of the process: CPU seconds, memory, file descriptors, start time
 * - `memory`: what Node.js knows of its memory: V8's heap, external memory, array buffers
 * - `version`: the version of Node.js
 */
export type DefaultMetricsGroup = 'process' | 'memory' | 'version';

/** What {@link collectDefaultMetrics} can be told. */
export interface DefaultMetricsOptions {
  /** Where the metrics go; the default registry if left out. */
  registry?: Registry | undefined;
  /** The groups to collect; all if left out, none if empty. */
  only?: readonly DefaultMetricsGroup[] | undefined;
}

/** What {@link collectDefaultMetrics} has started. */
export interface DefaultMetrics extends Disposable {
  /**
   * Takes the metrics of this call out of the registry, except those that another call still collects there. A
   * second time does nothing.
   */
  stop(): void;
}

const COLLECTORS: Readonly<Record<DefaultMetricsGroup, readonly ((metrics: HeldMetrics) => void)[]>> = {
  process: [collectCpu, collectProcessMemory, collectFileDescriptors, collectStartTime],
  memory: [collectMemory],
  version: [collectVersion],
};

/**
 * Adds metrics about the process itself to a registry, under the names that Prometheus' client guidelines give them
 * ("Writing client libraries: Standard and runtime collectors") and, where they are Node.js' own, under `nodejs_`.
 * All are in base units: seconds and bytes. The values are read when they are asked for; between scrapes nothing
 * runs, and nothing keeps the process alive. What the system doesn't tell is left out.
 *
 * It can be called again, for the same registry or for others. A name that the registry has from someone else, defined
 * alike, is left to its owner.
 *
 * @throws MetricError `INVALID_OPTION` when a group is unknown or the registry is none; `DIFFERENT_DEFINITION` or
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
  const { registry, groups } = checkOptions(options);
  const metrics = new HeldMetrics(registry);
  try {
    for (const group of groups) for (const collect of COLLECTORS[group]) collect(metrics);
  } catch (error) {
    metrics.release();
    throw error;
  }
  const stop = (): void => metrics.release();
  return { stop, [Symbol.dispose]: stop };
}

function checkOptions(options: DefaultMetricsOptions): { registry: Registry; groups: Set<DefaultMetricsGroup> } {
  if (typeof options !== 'object' || options === null) {
    throw invalid(
      `Default metrics can't be collected with the options ${inspect(options)}: give an object, or nothing.`,
    );
  }
  const known = Object.keys(COLLECTORS) as DefaultMetricsGroup[];
  const { registry = defaultRegistry, only = known } = options;
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
  return { registry, groups: new Set(only) };
}

function invalid(message: string): MetricError {
  return new MetricError('INVALID_OPTION', message);
}
