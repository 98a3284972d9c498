import { readFileSync } from 'node:fs';
import type { HeldMetrics } from './held-metrics.ts';
import { sharedReading } from './shared-reading.ts';

/** Memory as the operating system sees it; all but the resident size from Linux' `status` file. */
export function collectProcessMemory(metrics: HeldMetrics, procFolder = '/proc/self'): void {
  const bytes = sharedReading(() => readStatus(`${procFolder}/status`));
  metrics.gauge({ name: 'process_resident_memory_bytes', help: 'Resident memory size in bytes.' }, () =>
    process.memoryUsage.rss(),
  );
  metrics.gauge({ name: 'process_virtual_memory_bytes', help: 'Virtual memory size in bytes.' }, () => bytes('VmSize'));
  // The data segment: the heaps of V8 and malloc and the threads' stacks, with what is reserved of them but not used.
  metrics.gauge({ name: 'process_heap_bytes', help: 'Process heap size in bytes.' }, () => bytes('VmData'));
}

/** Synchronous: it takes 50 µs, and a value that is read later would be missing from `getSampleValue`. */
function readStatus(file: string): { VmSize?: number; VmData?: number } {
  const fields = readFileSync(file, 'latin1').matchAll(/^(VmSize|VmData):\s+(\d+) kB$/gm);
  return Object.fromEntries(Array.from(fields, ([, name, kilobytes]) => [name, Number(kilobytes) * 1024]));
}
