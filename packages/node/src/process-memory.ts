import { readFileSync } from 'node:fs';
import type { HeldMetrics } from './held-metrics.ts';

/** Memory as the operating system sees it, the virtual size from Linux' `status` file, and V8's heap in it. */
export function collectProcessMemory(metrics: HeldMetrics, procFolder = '/proc/self'): void {
  metrics.gauge({ name: 'process_resident_memory_bytes', help: 'Resident memory size in bytes.' }, () =>
    process.memoryUsage.rss(),
  );
  metrics.gauge({ name: 'process_virtual_memory_bytes', help: 'Virtual memory size in bytes.' }, () =>
    readVirtualSize(`${procFolder}/status`),
  );
  // Not Linux' data segment, as others have it: what V8 reserves and doesn't use makes that ten times the memory in use.
  metrics.gauge(
    { name: 'process_heap_bytes', help: 'Process heap size in bytes.' },
    () => process.memoryUsage().heapTotal,
  );
}

/** Synchronous: it takes 50 µs, and a value that is read later would be missing from `getSampleValue`. */
function readVirtualSize(file: string): number | undefined {
  const kilobytes = /^VmSize:\s+(\d+) kB$/m.exec(readFileSync(file, 'latin1'))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
