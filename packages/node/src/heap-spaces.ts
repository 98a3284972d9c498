import { getHeapSpaceStatistics, type HeapSpaceInfo } from 'node:v8';
import type { HeldMetrics } from './held-metrics.ts';
import { runtime } from './runtime.ts';
import { sharedReading } from './shared-reading.ts';

/** The spaces of V8's heap, such as `new`, where objects begin, and `old`, where they go when they stay. */
export function collectHeapSpaces(metrics: HeldMetrics): void {
  // It isn't V8 that runs there.
  if (runtime() === 'bun') return;
  const spaces = sharedReading(() => {
    const all = getHeapSpaceStatistics();
    const each = (bytes: (space: HeapSpaceInfo) => number): (readonly [{ space: string }, number])[] =>
      all.map((space) => [{ space: space.space_name.replace(/_space$/, '') }, bytes(space)]);
    return {
      total: each((space) => space.space_size),
      used: each((space) => space.space_used_size),
      available: each((space) => space.space_available_size),
    };
  });
  const labelNames = ['space'] as const;
  metrics.gauges(
    {
      name: 'nodejs_heap_space_size_total_bytes',
      help: "Size of each space of V8's heap in bytes, used or not.",
      labelNames,
    },
    () => spaces('total'),
  );
  metrics.gauges(
    { name: 'nodejs_heap_space_size_used_bytes', help: "Used size of each space of V8's heap in bytes.", labelNames },
    () => spaces('used'),
  );
  metrics.gauges(
    {
      name: 'nodejs_heap_space_size_available_bytes',
      help: "Size of each space of V8's heap that is free for objects, in bytes.",
      labelNames,
    },
    () => spaces('available'),
  );
}
