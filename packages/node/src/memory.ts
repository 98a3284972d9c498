import type { HeldMetrics } from './held-metrics.ts';
import { sharedReading } from './shared-reading.ts';

/** Memory as Node.js sees it, from `process.memoryUsage()`; in a worker thread, that of the thread. */
export function collectMemory(metrics: HeldMetrics): void {
  const bytes = sharedReading(() => process.memoryUsage());
  metrics.gauge({ name: 'nodejs_heap_size_total_bytes', help: "Size of V8's heap in bytes, used or not." }, () =>
    bytes('heapTotal'),
  );
  metrics.gauge({ name: 'nodejs_heap_size_used_bytes', help: "Used size of V8's heap in bytes." }, () =>
    bytes('heapUsed'),
  );
  metrics.gauge(
    {
      name: 'nodejs_external_memory_bytes',
      help: "Memory outside V8's heap that its objects hold, array buffers included, in bytes.",
    },
    () => bytes('external'),
  );
  metrics.gauge(
    { name: 'nodejs_array_buffers_bytes', help: 'Memory of array buffers, Buffers included, in bytes.' },
    () => bytes('arrayBuffers'),
  );
}
