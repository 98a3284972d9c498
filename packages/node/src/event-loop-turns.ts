import { AsyncLocalStorage } from 'node:async_hooks';
import { performance } from 'node:perf_hooks';
import timers from 'node:timers';
import type { Registry } from '@prometer/core';
import { watchScrapes } from './scrape-time.ts';
import { sharedSource, type Source } from './shared-source.ts';

// Kept as they are now, for programs that fake their timers.
const { setImmediate, clearImmediate } = timers;
const now: () => number = performance.now.bind(performance);

/** Out of the context of whoever begins, a request perhaps, which would be kept for ever. */
const outside: <Result>(run: () => Result) => Result = AsyncLocalStorage.snapshot();

/** Up to when scrapes have been taken into account, and how much of this turn they took, in milliseconds. */
const scrapes = { until: 0, taken: 0 };

/**
 * How long each turn of the event loop took, in seconds, without the time in which the loop waited for something to do.
 *
 * An immediate that is unreferenced neither wakes the loop nor keeps it from waiting, but runs in each turn that the
 * loop makes for other reasons. So this costs nothing while the process is idle, and sees every turn, exactly.
 */
const watchAllTurns = sharedSource<number>((tell) => {
  const { nodeTiming } = performance;
  let [start, idle] = [now(), nodeTiming.idleTime];
  scrapes.taken = 0;
  let pending = outside(() => setImmediate(turn).unref());
  function turn(): void {
    pending = setImmediate(turn).unref();
    const [end, idleNow] = [now(), nodeTiming.idleTime];
    const busy = end - start - (idleNow - idle) - scrapes.taken;
    [start, idle, scrapes.taken] = [end, idleNow, 0];
    tell(Math.max(0, busy) / 1000);
  }
  return { flush() {}, stop: () => clearImmediate(pending) };
});

/** The same without the time that the collectors of this registry, or of others that are watched, take at a scrape. */
export function watchTurns(registry: Registry, listener: (seconds: number) => void): Source {
  const turns = watchAllTurns(listener);
  const stopScrapes = watchScrapes(registry, (from, to) => {
    // Two registries may be scraped together.
    scrapes.taken += Math.max(0, to - Math.max(from, scrapes.until));
    scrapes.until = Math.max(to, scrapes.until);
  });
  return {
    flush() {},
    stop() {
      turns.stop();
      stopScrapes();
    },
  };
}
