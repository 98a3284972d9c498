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

/**
 * The same for a metric with labels, which may be given at either end; the later ones win. They are copied,
 * so that what the caller does to them meanwhile changes nothing.
 */
export function startLabelledTimer<Labels extends object>(
  labels: Labels | undefined,
  seriesOf: (labels: Labels | undefined) => { observe(seconds: number): void },
): (labels?: Labels) => number {
  const first = labels && { ...labels };
  const start = performance.now();
  return (last) => {
    const seconds = (performance.now() - start) / 1000;
    seriesOf(last === undefined ? first : ({ ...first, ...last } as Labels)).observe(seconds);
    return seconds;
  };
}

/**
 * Calls `work` and then `after`: when it returns or throws or, if it returns a promise, once that settles.
 * The result, a promise included, is the very one that `work` returned. Only a thenable that isn't a
 * promise is replaced by the outcome of its `then`, because calling that twice may do the work twice.
 */
export function runThen<Result>(work: () => Result, after: () => void): Result {
  let result: Result;
  try {
    result = work();
  } catch (error) {
    after();
    throw error;
  }
  if (result instanceof Promise) {
    result.then(after, after);
    return result;
  }
  if (isThenable(result)) {
    return result.then(
      (value) => {
        after();
        return value;
      },
      (error: unknown) => {
        after();
        throw error;
      },
    ) as Result;
  }
  after();
  return result;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}
