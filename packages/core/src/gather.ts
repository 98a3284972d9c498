import { MetricError } from './errors.ts';
import { escapeMetricName, unescapeDots, unescapeValues } from './escaping.ts';
import type { Collector, FamilyDescription, FamilyView, MetricFamily } from './model.ts';
import { namesTaken } from './names.ts';

/** What is asked of a gather. */
export interface GatherOptions {
  /** Only families of these names, or with samples of these names; all if left out. */
  names?: readonly string[] | undefined;
  /** How long collectors may take; one that takes longer is left out. No limit if left out. */
  timeoutSeconds?: number | undefined;
}

/** What one collector gave, or why it gave nothing. */
export type Outcome = { families: Iterable<MetricFamily | FamilyView> } | { failure: unknown };

/** Runs collectors at the same time; one that throws, rejects or isn't done in time costs no other anything. */
export async function runAll(collectors: readonly Collector[], timeoutSeconds: number | undefined): Promise<Outcome[]> {
  const running = collectors.map(run);
  if (timeoutSeconds === undefined || timeoutSeconds === Infinity) return Promise.all(running);
  const failure = new MetricError('TIMEOUT', `it took longer than the ${timeoutSeconds} s that a scrape has`);
  let giveUp: (outcome: Outcome) => void;
  const timeout = new Promise<Outcome>((resolve) => (giveUp = resolve));
  const timer = setTimeout(() => giveUp({ failure }), timeoutSeconds * 1000);
  try {
    return await Promise.all(running.map((outcome) => Promise.race([outcome, timeout])));
  } finally {
    clearTimeout(timer);
  }
}

async function run(collector: Collector): Promise<Outcome> {
  try {
    return { families: await collector.collect() };
  } catch (failure) {
    return { failure };
  }
}

/** The names that are asked for, in whichever way they were escaped for the one who asks. */
export function askedNames(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.flatMap((name) => [name, unescapeValues(name), unescapeDots(name)]));
}

/** Whether any of the names that a family has, as they are or as they are exposed at their plainest, is asked for. */
export function isAsked({ name, type }: FamilyDescription, asked: ReadonlySet<string> | undefined): boolean {
  return (
    asked === undefined ||
    namesTaken(name, type).some((taken) => asked.has(taken) || asked.has(escapeMetricName(taken)))
  );
}
