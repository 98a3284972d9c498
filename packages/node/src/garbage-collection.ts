import { constants, PerformanceObserver, type PerformanceEntry } from 'node:perf_hooks';
import type { HeldMetrics } from './held-metrics.ts';
import { runtime } from './runtime.ts';
import { sharedSource } from './shared-source.ts';

/** In seconds: most collections of young objects take less than a millisecond, a stop of a second is a fault. */
const BUCKETS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1];
/** Those that prom-client has. */
export const PROM_CLIENT_BUCKETS: readonly number[] = [0.001, 0.01, 0.1, 1, 2, 5];

const KINDS: ReadonlyMap<number, string> = new Map([
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  // V8's other way to collect young objects, which has no name in Node.js.
  [2, 'minor'],
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
]);

/** What Node.js' types don't tell of an entry of type `gc`. */
type GarbageCollectionEntry = PerformanceEntry & { detail: { kind: number } };

/** One collection, as it was observed. */
interface Collection {
  kind: string;
  seconds: number;
}

/**
 * One observer for all registries. V8 tells of a collection when it ends and Node.js passes that on at the end of the
 * event loop's turn; what has arrived by the time of a scrape is taken then, without waiting to be called.
 */
const watchCollections = sharedSource<Collection>((tell) => {
  const tellAll = (entries: readonly PerformanceEntry[]): void => {
    // Many collections come in one list.
    for (const { detail, duration } of entries as readonly GarbageCollectionEntry[]) {
      tell({ kind: KINDS.get(detail.kind) ?? 'other', seconds: duration / 1000 });
    }
  };
  const observer = new PerformanceObserver((list) => tellAll(list.getEntries()));
  observer.observe({ entryTypes: ['gc'] });
  return { flush: () => tellAll(observer.takeRecords()), stop: () => observer.disconnect() };
});

/** Garbage collections, each by its pause. */
export function collectGarbageCollection(metrics: HeldMetrics, buckets: readonly number[] = BUCKETS): void {
  // Deno says that it observes them, but never tells of any.
  if (runtime() !== 'node' || !isObservable()) return;
  metrics.histogram(
    {
      name: 'nodejs_gc_duration_seconds',
      help: 'Garbage collection duration by kind, one of major, minor, incremental or weakcb.',
      labelNames: ['kind'],
      buckets,
    },
    (histogram) => {
      // So that the first collection is an increase too.
      for (const kind of KINDS.values()) histogram.labels(kind);
      return watchCollections(({ kind, seconds }) => histogram.labels(kind).observe(seconds));
    },
  );
}

function isObservable(): boolean {
  const { supportedEntryTypes } = PerformanceObserver as { supportedEntryTypes?: readonly string[] };
  return supportedEntryTypes?.includes('gc') === true;
}
