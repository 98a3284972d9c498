import type { HeldMetrics } from './held-metrics.ts';
import { sharedReading } from './shared-reading.ts';

/** CPU time of all threads since the process started, from `process.cpuUsage()` (getrusage). */
export function collectCpu(metrics: HeldMetrics): void {
  const seconds = sharedReading(readSeconds);
  metrics.counter({ name: 'process_cpu_seconds_total', help: 'Total user and system CPU time spent in seconds.' }, () =>
    seconds('total'),
  );
  metrics.counter({ name: 'process_cpu_user_seconds_total', help: 'Total user CPU time spent in seconds.' }, () =>
    seconds('user'),
  );
  metrics.counter({ name: 'process_cpu_system_seconds_total', help: 'Total system CPU time spent in seconds.' }, () =>
    seconds('system'),
  );
}

function readSeconds(): { user: number; system: number; total: number } {
  const { user, system } = process.cpuUsage();
  return { user: user / 1e6, system: system / 1e6, total: (user + system) / 1e6 };
}
