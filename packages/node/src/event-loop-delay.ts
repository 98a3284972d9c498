import { watchTurns } from './event-loop-turns.ts';
import type { HeldMetrics } from './held-metrics.ts';
import { runtime } from './runtime.ts';

/** In seconds: who asks a server waits a millisecond gladly, ten seconds not at all. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * How long everything else had to wait for what the event loop did, turn by turn. Measured with Node.js 20: the share of
 * a core that it takes while idle, and how 30 blocks of 50 ms and 30 of 200 ms were seen. 22, 24 and 26 are alike.
 *
 * | means                            | idle   | 50 ms           | 200 ms                  |
 * | -------------------------------- | ------ | --------------- | ----------------------- |
 * | each turn, by an idle immediate  | 0.00 % | all, as 50 ms   | all, as 200 ms          |
 * | `monitorEventLoopDelay`, 10 ms   | 0.56 % | all, as 46 ms   | all, as 194 ms          |
 * | `monitorEventLoopDelay`, 100 ms  | 0.06 % | 17 %, as 42 ms  | all, as 148 ms          |
 * | a timer, 100 ms                  | 0.15 % | 23 %, as 45 ms  | all, as 148 ms          |
 * | a timer, 1 s                     | 0.02 % | none            | 13 %, as 155 ms         |
 *
 * `samplePerIteration` of Node.js 24 and 26 takes work for waiting while the next timer is far: it saw 3 of 20 requests
 * that took an HTTP server 50 ms each. A turn of a busy loop takes about a microsecond more for this: 3 of the 40 µs of the
 * cheapest HTTP request that comes alone, lost in noise where twenty come at once.
 */
export function collectEventLoopDelay(metrics: HeldMetrics): void {
  // Elsewhere an unreferenced immediate keeps the loop turning, or doesn't run.
  if (runtime() !== 'node') return;
  metrics.histogram(
    {
      name: 'nodejs_eventloop_delay_seconds',
      help: 'Delay of what is due by a turn of the event loop: how long each took, without waiting and without scrapes.',
      labelNames: [],
      buckets: BUCKETS,
    },
    (histogram) => watchTurns((seconds) => histogram.labels().observe(seconds)),
  );
}
