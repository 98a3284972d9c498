import v8 from 'node:v8';
import { isMainThread } from 'node:worker_threads';
import type { HeldMetrics } from './held-metrics.ts';
import { runtime } from './runtime.ts';

/** Memory as the operating system sees it, and the heap in it. */
export function collectProcessMemory(metrics: HeldMetrics): void {
  metrics.gauge({ name: 'process_resident_memory_bytes', help: 'Resident memory size in bytes.' }, () =>
    process.memoryUsage.rss(),
  );
  // Bun's is smaller than what it says is used of it. A worker thread knows its own only.
  if (runtime() === 'bun' || !isMainThread) return;
  // Not Linux' data segment, as others have it: what V8 reserves and doesn't use makes that ten times the memory in use.
  metrics.gauge(
    { name: 'process_heap_bytes', help: 'Process heap size in bytes.' },
    () => v8.getHeapStatistics().total_heap_size,
  );
}
