import { isLive } from '../description.ts';
import { MetricError, show } from '../errors.ts';
import { escapeMetricName, unescapeDots, unescapeValues } from '../escaping.ts';
import type { Collector, FamilyDescription, FamilyView, MetricFamily } from '../model.ts';
import { namesTaken } from '../names.ts';

/** What is asked of a gather. */
export interface GatherOptions {
  /** Only families of these names, or with samples of these names; all if left out. */
  names?: readonly string[] | undefined;
  /** How long collectors may take; one that takes longer is left out. No limit if left out. */
  timeoutSeconds?: number | undefined;
}

/** What one collector gave, or why it gave nothing. */
export type Outcome = { families: Iterable<MetricFamily | FamilyView> } | { failure: unknown };

/** The longest time, in seconds, that a timer can have: some 24 days. */
const LONGEST = (2 ** 31 - 1) / 1000;

/**
 * Runs collectors at the same time; one that throws, rejects or isn't done in time costs no other anything. The outcomes
 * come at once if none is waited for.
 */
export function runAll(
  collectors: readonly Pick<Collector, 'collect'>[],
  timeoutSeconds: number | undefined,
  underWay: Map<object, number>,
): readonly Outcome[] | Promise<readonly Outcome[]> {
  checkTimeout(timeoutSeconds);
  const running = collectors.map((collector) => run(collector, underWay));
  if (!running.some(isThenable)) return running as Outcome[];
  const all = running.map((each) => Promise.resolve(each));
  return timeoutSeconds === undefined || timeoutSeconds > LONGEST ? Promise.all(all) : allInTime(all, timeoutSeconds);
}

async function allInTime(running: readonly Promise<Outcome>[], timeoutSeconds: number): Promise<readonly Outcome[]> {
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

/** How often a collector may be under way at once: one that gathers its own registry would have no end. */
const MOST_AT_ONCE = 100;

function run(collector: Pick<Collector, 'collect'>, underWay: Map<object, number>): Outcome | Promise<Outcome> {
  const before = underWay.get(collector) ?? 0;
  if (before >= MOST_AT_ONCE) {
    if (isLive(collector)) return { families: [collector] };
    const failure = new MetricError(
      'TIMEOUT',
      `it is under way ${before} times already: let it not gather its own registry`,
    );
    return { failure };
  }
  underWay.set(collector, before + 1);
  let collected: ReturnType<Collector['collect']> | undefined;
  try {
    collected = collector.collect();
    return isThenable(collected) ? waitFor(collector, collected, underWay) : { families: collected };
  } catch (failure) {
    return { failure };
  } finally {
    if (!isThenable(collected)) leave(collector, underWay);
  }
}

async function waitFor(
  collector: object,
  collected: PromiseLike<Iterable<MetricFamily | FamilyView>>,
  underWay: Map<object, number>,
): Promise<Outcome> {
  try {
    return { families: await collected };
  } catch (failure) {
    return { failure };
  } finally {
    leave(collector, underWay);
  }
}

function leave(collector: object, underWay: Map<object, number>): void {
  const left = (underWay.get(collector) as number) - 1;
  if (left === 0) underWay.delete(collector);
  else underWay.set(collector, left);
}

function checkTimeout(timeoutSeconds: number | undefined): void {
  if (timeoutSeconds === undefined || (typeof timeoutSeconds === 'number' && timeoutSeconds >= 0)) return;
  throw new MetricError(
    'INVALID_OPTION',
    `The timeoutSeconds of a gather are ${show(timeoutSeconds)}: give a number of seconds, or leave it out for no limit.`,
  );
}

/**
 * The names that are asked for, in whichever way they were escaped for the one who asks.
 *
 * @throws MetricError `INVALID_OPTION` for what isn't an array of texts
 */
export function askedNames(names: readonly string[]): ReadonlySet<string> {
  if (!Array.isArray(names) || names.some((name) => typeof name !== 'string')) {
    throw new MetricError(
      'INVALID_OPTION',
      `The names of a gather are ${show(names)}: give an array of texts, or leave it out for all.`,
    );
  }
  return new Set(names.flatMap((name) => [name, unescapeValues(name), unescapeDots(name)]));
}

/** Whether any of the names that a family has, as they are or as they are exposed at their plainest, is asked for. */
export function isAsked({ name, type }: FamilyDescription, asked: ReadonlySet<string> | undefined): boolean {
  return (
    asked === undefined ||
    namesTaken(name, type).some((taken) => asked.has(taken) || asked.has(escapeMetricName(taken)))
  );
}

/** Calls what may fail, and notes that it did. */
export function attempt<Result>(failures: unknown[], call: () => Result): Result | undefined {
  try {
    return call();
  } catch (error) {
    failures.push(error);
    return undefined;
  }
}

/** Not by its class: it may be of another realm, or no promise but like one. */
export function isThenable<Given>(given: Given): given is Extract<Given, PromiseLike<unknown>> {
  return typeof given === 'object' && given !== null && typeof (given as { then?: unknown }).then === 'function';
}
