import { performance } from 'node:perf_hooks';
import type { HeldMetrics } from './held-metrics.ts';
import { runtime } from './runtime.ts';
import { sharedReading } from './shared-reading.ts';

/**
 * What the event loop did with its time, from `performance.eventLoopUtilization()`; both are 0 until it runs. A rate
 * of the active seconds is the utilisation over that window, from 0 to 1. In a worker thread, of its own loop.
 */
export function collectEventLoopUtilization(metrics: HeldMetrics): void {
  // Others always say 0.
  if (runtime() !== 'node') return;
  const milliseconds = sharedReading(() => performance.eventLoopUtilization());
  metrics.counter(
    { name: 'nodejs_eventloop_active_seconds_total', help: 'Seconds in which the event loop had something to do.' },
    () => milliseconds('active') / 1000,
  );
  metrics.counter(
    {
      name: 'nodejs_eventloop_idle_seconds_total',
      help: 'Seconds in which the event loop waited for something to do.',
    },
    () => milliseconds('idle') / 1000,
  );
}
