import { readFileSync } from 'node:fs';
import type { HeldMetrics } from './held-metrics.ts';
import { sharedReading } from './shared-reading.ts';

/** What Linux' `status` file tells of the process. */
export function collectProcessStatus(metrics: HeldMetrics, procFolder = '/proc/self'): void {
  const field = sharedReading(() => readStatus(`${procFolder}/status`));
  metrics.gauge({ name: 'process_virtual_memory_bytes', help: 'Virtual memory size in bytes.' }, () =>
    field('virtualMemory'),
  );
  metrics.gauge({ name: 'process_threads', help: 'Number of OS threads in the process.' }, () => field('threads'));
}

/** Synchronous: it takes 50 µs, and a value that is read later would be missing from `getSampleValue`. */
function readStatus(file: string): { virtualMemory: number | undefined; threads: number | undefined } {
  const text = readFileSync(file, 'latin1');
  const kilobytes = /^VmSize:\s+(\d+) kB$/m.exec(text)?.[1];
  const threads = /^Threads:\s+(\d+)$/m.exec(text)?.[1];
  return {
    virtualMemory: kilobytes === undefined ? undefined : Number(kilobytes) * 1024,
    threads: threads === undefined ? undefined : Number(threads),
  };
}
