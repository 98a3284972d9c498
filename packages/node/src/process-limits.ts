import { readFileSync } from 'node:fs';
import type { HeldMetrics } from './held-metrics.ts';
import { sharedReading } from './shared-reading.ts';

/** What the process may have at most: the soft limits in Linux' `limits` file, infinite where there is none. */
export function collectProcessLimits(metrics: HeldMetrics, procFolder = '/proc/self'): void {
  let last: SoftLimits | undefined;
  const limit = sharedReading(() => {
    try {
      last = readSoftLimits(`${procFolder}/limits`);
    } catch (error) {
      // When no descriptor is left, the limit is what one wants to see.
      if (last === undefined) throw error;
    }
    return last;
  });
  metrics.gauge({ name: 'process_max_fds', help: 'Maximum number of open file descriptors.' }, () => limit('files'));
  metrics.gauge(
    { name: 'process_virtual_memory_max_bytes', help: 'Maximum amount of virtual memory available in bytes.' },
    () => limit('addressSpace'),
  );
}

interface SoftLimits {
  files: number | undefined;
  addressSpace: number | undefined;
}

function readSoftLimits(file: string): SoftLimits {
  const text = readFileSync(file, 'latin1');
  return {
    files: limitOf(/^Max open files\s+(\S+)/m.exec(text)),
    addressSpace: limitOf(/^Max address space\s+(\S+)/m.exec(text)),
  };
}

function limitOf(found: RegExpExecArray | null): number | undefined {
  if (found === null) return undefined;
  return found[1] === 'unlimited' ? Infinity : Number(found[1]);
}
