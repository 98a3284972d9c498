import { performance } from 'node:perf_hooks';

/** In milliseconds. */
const LONGEST = 1;

/**
 * One reading for several metrics. A registry starts all its metrics' `collect` in one synchronous step, so the
 * reading is kept until that step ends, until a field is asked for again, or for a millisecond: no scrape sees an older
 * one, nor does who asks twice in one step with work in between.
 */
export function sharedReading<Reading extends object>(
  read: () => Reading,
): <Field extends keyof Reading>(field: Field) => Reading[Field] {
  let kept: { reading: Reading; asked: Set<keyof Reading>; until: number } | undefined;
  return (field) => {
    if (kept === undefined || kept.asked.has(field) || performance.now() > kept.until) {
      kept = { reading: read(), asked: new Set(), until: performance.now() + LONGEST };
      // A promise rather than queueMicrotask, which fake timers replace.
      void Promise.resolve().then(() => (kept = undefined));
    }
    kept.asked.add(field);
    return kept.reading[field];
  };
}
