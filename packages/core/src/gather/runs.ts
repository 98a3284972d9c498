import { isLive } from '../description.ts';
import { MetricError } from '../errors.ts';
import type { Collector, FamilyView, MetricFamily } from '../model.ts';
import { familiesOf } from './plain.ts';

/** What one collector gave, or why it gave nothing. */
export type Outcome = { families: Iterable<MetricFamily | FamilyView> } | { failure: unknown };

/** How often a collector may be under way at once: one that gathers its own registry would have no end. */
const MOST_AT_ONCE = 100;

interface UnderWay {
  count: number;
  /** What others may wait for too. */
  shared?: Promise<Outcome> | undefined;
}

/** The runs of collectors that are under way. */
export class Runs {
  readonly #underWay = new Map<object, UnderWay>();

  /** Runs a collector, or joins a run that may be shared; never throws and never rejects. */
  run(collector: Pick<Collector, 'collect'>, mayShare: boolean): Outcome | Promise<Outcome> {
    const running = this.#underWay.get(collector) ?? { count: 0 };
    if (mayShare && running.shared !== undefined) return running.shared;
    if (running.count >= MOST_AT_ONCE) return tooOften(collector, running.count);
    running.count++;
    this.#underWay.set(collector, running);
    let collected: ReturnType<Collector['collect']>;
    let isPending = false;
    try {
      collected = collector.collect();
      isPending = isThenable(collected);
    } catch (failure) {
      this.#leave(collector, running);
      return { failure };
    }
    if (!isPending) {
      this.#leave(collector, running);
      return { families: collected as Iterable<MetricFamily | FamilyView> };
    }
    const outcome = this.#waitFor(collector, collected, running);
    if (mayShare) running.shared = outcome;
    return outcome;
  }

  /** No longer lets others wait for a run which somebody has waited for in vain. */
  giveUp(collector: object): void {
    const running = this.#underWay.get(collector);
    if (running !== undefined) running.shared = undefined;
  }

  async #waitFor(collector: object, collected: ReturnType<Collector['collect']>, running: UnderWay): Promise<Outcome> {
    try {
      const families = familiesOf(await collected);
      // All who wait can read an array.
      return { families: Array.isArray(families) ? families : [...families] };
    } catch (failure) {
      return { failure };
    } finally {
      running.shared = undefined;
      this.#leave(collector, running);
    }
  }

  #leave(collector: object, running: UnderWay): void {
    if (--running.count === 0) this.#underWay.delete(collector);
  }
}

function tooOften(collector: object, times: number): Outcome {
  if (isLive(collector)) return { families: [collector] };
  const failure = new MetricError(
    'TIMEOUT',
    `it is under way ${times} times already: let it not gather its own registry, and end at some time`,
  );
  return { failure };
}

/** Not by its class: it may be of another realm, or no promise but like one. */
export function isThenable(given: unknown): given is PromiseLike<unknown> {
  return typeof given === 'object' && given !== null && typeof (given as { then?: unknown }).then === 'function';
}
