/**
 * One reading for several metrics. A registry starts all its metrics' `collect` in one synchronous step, so the
 * reading is kept until that step ends, or until a field is asked for again: no scrape sees an older one.
 */
export function sharedReading<Reading extends object>(
  read: () => Reading,
): <Field extends keyof Reading>(field: Field) => Reading[Field] {
  let kept: { reading: Reading; asked: Set<keyof Reading> } | undefined;
  return (field) => {
    if (kept === undefined || kept.asked.has(field)) {
      kept = { reading: read(), asked: new Set() };
      // A promise rather than queueMicrotask, which fake timers replace.
      void Promise.resolve().then(() => (kept = undefined));
    }
    kept.asked.add(field);
    return kept.reading[field];
  };
}
