import { AsyncLocalStorage } from 'node:async_hooks';
import { performance } from 'node:perf_hooks';
import timers from 'node:timers';
import { onScrapeWork } from '@prometer/core';
import { sharedSource, type Source } from './shared-source.ts';

// Kept as they are now, for programs that fake their timers.
const { setImmediate, clearImmediate } = timers;
const now: () => number = performance.now.bind(performance);

/** Out of the context of whoever begins, a request perhaps, which would be kept for ever. */
const outside: <Result>(run: () => Result) => Result = AsyncLocalStorage.snapshot();

/**
 * How long each turn of the event loop took, in seconds, without the time in which the loop waited for something to do, and
 * without what scrapes took of it.
 *
 * An immediate that is unreferenced neither wakes the loop nor keeps it from waiting, but runs in each turn that the
 * loop makes for other reasons. So this costs nothing while the process is idle, and sees every turn, exactly; of a busy
 * loop it takes about a microsecond a turn.
 */
export const watchTurns: (listener: (seconds: number) => void) => Source = sharedSource<number>((tell) => {
  const { nodeTiming } = performance;
  let [start, idle, ofScrapes] = [now(), nodeTiming.idleTime, 0];
  const stopScrapeWork = onScrapeWork((milliseconds) => (ofScrapes += milliseconds));
  let pending = outside(() => setImmediate(turn).unref());
  function turn(): void {
    pending = setImmediate(turn).unref();
    const [end, idleNow] = [now(), nodeTiming.idleTime];
    const busy = end - start - (idleNow - idle) - ofScrapes;
    [start, idle, ofScrapes] = [end, idleNow, 0];
    tell(Math.max(0, busy) / 1000);
  }
  return {
    flush() {},
    stop() {
      clearImmediate(pending);
      stopScrapeWork();
    },
  };
});
