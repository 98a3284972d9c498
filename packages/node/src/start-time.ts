import { performance } from 'node:perf_hooks';
import type { HeldMetrics } from './held-metrics.ts';

/**
 * When the process started. `timeOrigin` is exact to the microsecond, is there on every system and is the process's
 * own in worker threads too; Linux' /proc counts clock ticks from a boot time that is cut to whole seconds.
 */
export function collectStartTime(metrics: HeldMetrics): void {
  metrics.gauge(
    { name: 'process_start_time_seconds', help: 'Start time of the process since unix epoch in seconds.' },
    () => performance.timeOrigin / 1000,
  );
}
