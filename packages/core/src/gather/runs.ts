import { isLive } from '../description.ts';
import { reasonOf } from '../errors.ts';
import type { Collector, FamilyView, MetricFamily } from '../model.ts';
import { familiesOf } from './plain.ts';

/** What one collector gave, or why it gave nothing. */
export type Outcome = { families: Iterable<MetricFamily | FamilyView> } | { why: string };

/** How often a collector may be under way at once: one that gathers its own registry would have no end. */
const MOST_AT_ONCE = 100;

interface UnderWay {
  count: number;
  /** What others may wait for too. */
  shared?: Promise<Outcome> | undefined;
}

/** The runs of collectors, of which some are under way. */
export class Runs {
  readonly #underWay = new WeakMap<object, UnderWay>();

  /** Runs a collector, or joins a run that may be shared; never throws and never rejects. */
  run(collector: Pick<Collector, 'collect'>, mayShare: boolean): Outcome | Promise<Outcome> {
    const running = this.#runsOf(collector);
    if (mayShare && running.shared !== undefined) return running.shared;
    if (running.count >= MOST_AT_ONCE) return tooOften(collector, running.count);
    running.count++;
    let collected: ReturnType<Collector['collect']>;
    let isPending = false;
    try {
      collected = collector.collect();
      isPending = isThenable(collected);
    } catch (failure) {
      running.count--;
      return { why: reasonOf(failure) };
    }
    if (!isPending) {
      running.count--;
      return { families: collected as Iterable<MetricFamily | FamilyView> };
    }
    const outcome = this.#waitFor(collected, running);
    if (mayShare) running.shared = outcome;
    return outcome;
  }

  /** No longer lets others wait for a run which somebody has waited for in vain. */
  giveUp(collector: object): void {
    const running = this.#underWay.get(collector);
    if (running !== undefined) running.shared = undefined;
  }

  async #waitFor(collected: ReturnType<Collector['collect']>, running: UnderWay): Promise<Outcome> {
    try {
      const families = familiesOf(await collected);
      // All who wait can read an array.
      return { families: Array.isArray(families) ? families : [...families] };
    } catch (failure) {
      return { why: reasonOf(failure) };
    } finally {
      running.shared = undefined;
      running.count--;
    }
  }

  #runsOf(collector: object): UnderWay {
    let running = this.#underWay.get(collector);
    if (running === undefined) this.#underWay.set(collector, (running = { count: 0 }));
    return running;
  }
}

function tooOften(collector: object, times: number): Outcome {
  if (isLive(collector)) return { families: [collector] };
  return {
    why: `it is under way ${times} times already: let it not gather its own registry, and end at some time`,
  };
}

/** Not by its class: it may be of another realm, or no promise but like one. */
export function isThenable(given: unknown): given is PromiseLike<unknown> {
  return typeof given === 'object' && given !== null && typeof (given as { then?: unknown }).then === 'function';
}
