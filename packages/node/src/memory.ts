import { getHeapStatistics } from 'node:v8';
import type { HeldMetrics } from './held-metrics.ts';
import { runtime } from './runtime.ts';
import { sharedReading } from './shared-reading.ts';

/** Memory as Node.js sees it, from `process.memoryUsage()` and V8; in a worker thread, that of the thread. */
export function collectMemory(metrics: HeldMetrics): void {
  const where = runtime();
  const bytes = sharedReading(() => process.memoryUsage());
  // Bun's is smaller than what it says is used of it, and its limit moves.
  if (where !== 'bun') {
    metrics.gauge({ name: 'nodejs_heap_size_total_bytes', help: "Size of V8's heap in bytes, used or not." }, () =>
      bytes('heapTotal'),
    );
  }
  metrics.gauge({ name: 'nodejs_heap_size_used_bytes', help: "Used size of V8's heap in bytes." }, () =>
    bytes('heapUsed'),
  );
  if (where !== 'bun') {
    metrics.gauge(
      { name: 'nodejs_heap_size_limit_bytes', help: "Size of V8's heap in bytes at which the process ends." },
      () => getHeapStatistics().heap_size_limit,
    );
  }
  metrics.gauge(
    {
      name: 'nodejs_external_memory_bytes',
      help: "Memory outside V8's heap that its objects hold, array buffers included, in bytes.",
    },
    () => bytes('external'),
  );
  // Deno always says 0.
  if (where !== 'deno') {
    metrics.gauge(
      { name: 'nodejs_array_buffers_bytes', help: 'Memory of array buffers, Buffers included, in bytes.' },
      () => bytes('arrayBuffers'),
    );
  }
}
