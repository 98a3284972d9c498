import v8 from 'node:v8';
import type { HeldMetrics, Read } from './held-metrics.ts';
import { runtime } from './runtime.ts';
import { sharedReading } from './shared-reading.ts';

/** Memory as the runtime sees it; in a worker thread, that of the thread. */
export function collectMemory(metrics: HeldMetrics): void {
  // Bun's heap is smaller than what it says is used of it, which has what is outside of it too, and its limit moves.
  if (runtime() === 'bun') collectExternal(metrics, () => process.memoryUsage().external);
  else collectFromV8(metrics);
  // Others never tell of any.
  if (runtime() !== 'node') return;
  metrics.gauge(
    { name: 'nodejs_array_buffers_bytes', help: 'Memory of array buffers, Buffers included, in bytes.' },
    () => process.memoryUsage().arrayBuffers,
  );
}

/** `process.memoryUsage()` has the same numbers, but opens a file for the resident size, which may fail. */
function collectFromV8(metrics: HeldMetrics): void {
  const bytes = sharedReading(() => v8.getHeapStatistics());
  metrics.gauge({ name: 'nodejs_heap_size_total_bytes', help: "Size of V8's heap in bytes, used or not." }, () =>
    bytes('total_heap_size'),
  );
  metrics.gauge({ name: 'nodejs_heap_size_used_bytes', help: "Used size of V8's heap in bytes." }, () =>
    bytes('used_heap_size'),
  );
  metrics.gauge(
    { name: 'nodejs_heap_size_limit_bytes', help: "Size of V8's heap in bytes at which the process ends." },
    () => bytes('heap_size_limit'),
  );
  collectExternal(metrics, () => bytes('external_memory'));
}

function collectExternal(metrics: HeldMetrics, read: Read): void {
  metrics.gauge(
    {
      name: 'nodejs_external_memory_bytes',
      help: "Memory outside V8's heap that its objects hold, array buffers included, in bytes.",
    },
    read,
  );
}
