import { readdirSync, statSync } from 'node:fs';
import type { HeldMetrics } from './held-metrics.ts';

/** Open file descriptors, from Linux' /proc. */
export function collectFileDescriptors(metrics: HeldMetrics, procFolder = '/proc/self'): void {
  metrics.gauge({ name: 'process_open_fds', help: 'Number of open file descriptors.' }, () =>
    countEntries(`${procFolder}/fd`),
  );
}

/**
 * The folder's size is the count since Linux 6.2: 10 µs at 8,000 open files and needs no descriptor, where reading
 * the folder takes 8 ms (10 ms if asynchronous). Before, the size is 0, and what is read includes the reader's own.
 */
function countEntries(folder: string): number {
  return statSync(folder).size || readdirSync(folder).length - 1;
}
