import { performance } from 'node:perf_hooks';
import type { Collector, Registry } from '@prometer/core';

// Kept as it is now, for programs that fake their clock.
const now: () => number = performance.now.bind(performance);

/**
 * Tells, in milliseconds of the monotonic clock, from when to when the collectors of a registry keep the event loop at
 * each scrape. They are all called in one step, this one among them, and a promise goes on when that is over. What is
 * written of what they gave is written in pieces, with the loop's turn between them.
 *
 * @returns what ends it
 */
export function watchScrapes(registry: Registry, tell: (from: number, to: number) => void): () => void {
  const collector: Collector = {
    collect() {
      const from = now();
      void Promise.resolve().then(() => tell(from, now()));
      return [];
    },
  };
  registry.register(collector);
  return () => void registry.unregister(collector);
}
