import type { Registry } from '@prometer/core';

/** Notes in the registry that is served how long a scrape of it took. */
export function observeScrape(registry: Registry, seconds: number): void {
  try {
    // Got each time, as the registry may have been cleared meanwhile.
    registry
      .histogram({
        name: 'prometer_scrape_duration_seconds',
        help: 'Time from the arrival of a scrape to the end of its answer.',
        unit: 'seconds',
        buckets: [0.01, 0.1, 1, 10],
      })
      .observe(seconds);
  } catch {
    // The program has another metric of that name, or the registry is of another version.
  }
}
