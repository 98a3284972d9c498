import { setTimeout } from 'node:timers/promises';

/** Tries until it doesn't throw any more, for up to 15 seconds: Prometheus takes some to see what happened. */
export async function until(attempt) {
  const end = performance.now() + 15_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > end) throw error;
      await setTimeout(250);
    }
  }
}
