import { MetricError, show } from './errors.ts';

/** Ends a timer: records the seconds since it was started and returns them. */
export type EndTimer = () => number;

/** Starts a stopwatch that hands the elapsed seconds to `record` each time it is ended. */
export function startTimer(record: (seconds: number) => void): EndTimer {
  const start = performance.now();
  return () => {
    const seconds = (performance.now() - start) / 1000;
    record(seconds);
    return seconds;
  };
}

/** The same for a metric with labels, of which some may be given at its end: `seriesWith` finds the series then. */
export function startLabelledTimer(
  seriesWith: (last: object | undefined) => { observe(seconds: number): void },
): (last?: object) => number {
  const start = performance.now();
  return (last) => {
    const seconds = (performance.now() - start) / 1000;
    seriesWith(last).observe(seconds);
    return seconds;
  };
}

/**
 * Calls `work` and then `after`, with whether it failed: when it returns or throws or, if it returns a promise or
 * anything like one, once that settles. Such a result is replaced by a promise of its outcome: a handler added to the
 * side would make a rejection that nobody handles pass for a handled one.
 */
export function runThen<Result>(work: () => Result, after: (failed: boolean) => void): Result {
  checkWork(work);
  let result: Result;
  let pending: Promise<unknown> | undefined;
  try {
    result = work();
    // A promise's own class is kept.
    if (isThenable(result)) pending = result instanceof Promise ? result : Promise.resolve(result);
  } catch (error) {
    after(true);
    throw error;
  }
  if (pending === undefined) {
    after(false);
    return result;
  }
  return pending.then(
    (value) => {
      after(false);
      return value;
    },
    (error: unknown) => {
      after(true);
      throw error;
    },
  ) as Result;
}

/** @throws MetricError `INVALID_OPTION` for what can't be called */
export function checkWork(work: unknown): void {
  if (typeof work === 'function') return;
  throw new MetricError('INVALID_OPTION', `${show(work)} can't be called: give a function that does the work.`);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}
