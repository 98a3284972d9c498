import { MetricError, show } from '../errors.ts';
import { escapeMetricName, unescapeDots, unescapeValues } from '../escaping.ts';
import type { Collector, FamilyDescription } from '../model.ts';
import { namesTaken } from '../names.ts';
import { STEP, type Turns } from '../turns.ts';
import { isThenable, type Outcome, type Runs } from './runs.ts';

/** What is asked of a gather. */
export interface GatherOptions {
  /** Only families of these names, or with samples of these names; all if left out. */
  names?: readonly string[] | undefined;
  /** How long collectors may take; one that takes longer is left out. No limit if left out. */
  timeoutSeconds?: number | undefined;
}

/** The longest time, in seconds, that a timer can have: some 24 days. */
const LONGEST = (2 ** 31 - 1) / 1000;

/** How collectors are run. */
export interface RunOptions extends Pick<GatherOptions, 'timeoutSeconds'> {
  /** Whether a run that another gather has begun will do. */
  readonly mayShare: boolean;
  readonly runs: Runs;
  readonly turns: Turns;
}

/** Runs collectors at the same time; one that throws, rejects or isn't done in time costs no other anything. */
export async function runAll(
  collectors: readonly Pick<Collector, 'collect'>[],
  { timeoutSeconds, mayShare, runs, turns }: RunOptions,
): Promise<readonly Outcome[]> {
  checkTimeout(timeoutSeconds);
  const running: (Outcome | Promise<Outcome>)[] = [];
  function* runEach(): Generator<void, void> {
    for (const collector of collectors) {
      running.push(runs.run(collector, mayShare));
      if (running.length % STEP === 0) yield;
    }
  }
  await turns.between(runEach());
  if (!running.some(isThenable)) return running as Outcome[];
  const all = running.map((each) => Promise.resolve(each));
  if (timeoutSeconds === undefined || timeoutSeconds > LONGEST) return Promise.all(all);
  const late: Outcome = {
    why: `it took longer than the ${timeoutSeconds} s that a scrape has; make it faster, read its numbers beforehand by a timer, or give scrapes more time`,
  };
  let giveUp: (outcome: Outcome) => void;
  const timeout = new Promise<Outcome>((resolve) => (giveUp = resolve));
  const timer = setTimeout(() => giveUp(late), timeoutSeconds * 1000);
  // A scrape of others is nothing to keep a process alive for, which is done otherwise.
  if (mayShare) timer.unref?.();
  const outcomes = await Promise.all(all.map((outcome) => Promise.race([outcome, timeout])));
  clearTimeout(timer);
  outcomes.forEach((outcome, i) => {
    if (outcome === late) runs.giveUp(collectors[i] as object);
  });
  return outcomes;
}

function checkTimeout(timeoutSeconds: number | undefined): void {
  if (timeoutSeconds === undefined || (typeof timeoutSeconds === 'number' && timeoutSeconds >= 0)) return;
  throw new MetricError(
    'INVALID_OPTION',
    `The option "timeoutSeconds" of a gather is ${show(timeoutSeconds)}: give a number of seconds, or leave it out for no limit.`,
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
      `The option "names" of a gather is ${show(names)}: give an array of texts, or leave it out for all.`,
    );
  }
  return new Set(names.flatMap((name) => [name, unescapeValues(name), unescapeDots(name)]));
}

/** Whether any of the names that a family has, as they are or as they are exposed at their plainest, is asked for. */
export function isAsked({ name, type }: FamilyDescription, asked: ReadonlySet<string>): boolean {
  return namesTaken(name, type).some((taken) => asked.has(taken) || asked.has(escapeMetricName(taken)));
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
