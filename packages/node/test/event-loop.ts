import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** By a clock that isn't faked: keeps the event loop from everything else for this long. */
export function block(seconds: number): void {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end);
}

/** Lets what this turn of the event loop did be seen. */
export async function turns(): Promise<void> {
  await sleep(1);
  await sleep(1);
}
