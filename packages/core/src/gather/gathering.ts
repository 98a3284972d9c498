import { isLive } from '../description.ts';
import { reasonOf } from '../errors.ts';
import type { Collector, FamilyView, MetricFamily } from '../model.ts';
import { atOnce, STEP, type Turns } from '../turns.ts';
import { COLLECTOR_ERRORS, type CollectorErrors } from './collector-errors.ts';
import type { Collectors } from './collectors.ts';
import type { ConstantLabels } from './constant-labels.ts';
import { FamilySet } from './family-set.ts';
import { askedNames, attempt, isAsked, runAll, type GatherOptions } from './gather.ts';
import { familiesOf, viewing } from './plain.ts';
import { isThenable, Runs, type Outcome } from './runs.ts';

/** What a scrape asks a gather for. */
export interface ViewOptions extends GatherOptions {
  /**
   * Whether it may show what a collector gives to another scrape, if that has begun to wait for it: collectors that take
   * their time then run once for all scrapes that come meanwhile. Off if left out.
   */
  shareGather?: boolean | undefined;
}

/** What can be gathered as a part of something: another registry. */
export interface Part {
  views(options: ViewOptions): Promise<FamilyView[]>;
}

/** What a registry gathers: of its collectors, and of the registries that are parts of it. */
export class Gathering {
  readonly #collectors: Collectors;
  readonly #labels: ConstantLabels;
  readonly #errors: CollectorErrors;
  readonly #turns: Turns;
  readonly #runs = new Runs();

  constructor(collectors: Collectors, labels: ConstantLabels, errors: CollectorErrors, turns: Turns) {
    this.#collectors = collectors;
    this.#labels = labels;
    this.#errors = errors;
    this.#turns = turns;
  }

  /** All families as a scrape sees them, or those that are asked for. */
  async views(
    parts: readonly Part[],
    { names, timeoutSeconds, shareGather = false }: ViewOptions,
  ): Promise<FamilyView[]> {
    const asked = names === undefined ? undefined : askedNames(names);
    const collectors = this.#collectors.asked(asked);
    const how = { mayShare: shareGather, runs: this.#runs, turns: this.#turns };
    const [views, outcomes] = await Promise.all([
      // What takes too long there costs its own families only there; each is its own to share.
      runAll(
        parts.map((part) => ({ collect: () => part.views({ names, timeoutSeconds, shareGather }) })),
        { ...how, mayShare: false },
      ),
      runAll(collectors, { ...how, timeoutSeconds }),
    ]);
    const families = new FamilySet();
    await this.#turns.between(this.#adding(parts, views, (_, family) => families.add(family as FamilyView)));
    await this.#turns.between(
      this.#adding(collectors, outcomes, (collector, family) => this.#add(collector, family, families)),
    );
    // What this gather had to say of itself is in it too.
    const failures = this.#collectors.byName(COLLECTOR_ERRORS.name);
    if (isLive(failures) && !collectors.includes(failures)) {
      // Where a part has another metric of that name, the warning has to do.
      attempt([], () => families.add(atOnce(this.#labels.addingTo(failures))));
    }
    return asked === undefined ? families.all : families.all.filter((family) => isAsked(family, asked));
  }

  /** What a collector tells without being waited for, and what of it failed. */
  now(collector: Collector, failures: unknown[]): FamilyView[] {
    const views: FamilyView[] = [];
    for (const family of attempt(failures, () => [...familiesNow(collector)]) ?? []) {
      const view = attempt(failures, () => atOnce(this.#viewing(collector, family)));
      if (view !== undefined) views.push(view);
    }
    return views;
  }

  /**
   * Adds what those that are gathered gave, in steps. A family that isn't one, or whose name is taken, costs itself only.
   */
  *#adding<From extends object>(
    all: readonly From[],
    outcomes: readonly Outcome[],
    add: (from: From, family: MetricFamily | FamilyView) => Generator<void, void> | void,
  ): Generator<void, void> {
    for (let i = 0; i < all.length; i++) {
      const from = all[i] as From;
      const outcome = outcomes[i] as Outcome;
      let why = 'why' in outcome ? outcome.why : undefined;
      try {
        let added = 0;
        for (const family of 'why' in outcome ? [] : familiesOf(outcome.families)) {
          try {
            const steps = add(from, family);
            if (steps !== undefined) yield* steps;
          } catch (failure) {
            why ??= reasonOf(failure);
          }
          if (++added % STEP === 0) yield;
        }
      } catch (failure) {
        why ??= reasonOf(failure);
      }
      if (why !== undefined) this.#errors.add(from, this.#collectors.nameOf(from), why);
      if (i % STEP === STEP - 1) yield;
    }
  }

  #add(collector: Collector, family: MetricFamily | FamilyView, families: FamilySet): Generator<void, void> | void {
    // A metric has its names to itself while it is registered.
    const isKnown = isLive(collector) && family === collector && this.#collectors.has(collector);
    const view = isKnown ? this.#labels.knownOf(collector) : undefined;
    if (view === undefined) return this.#addInSteps(collector, family, isKnown, families);
    families.addKnown(view);
  }

  *#addInSteps(
    collector: Collector,
    family: MetricFamily | FamilyView,
    isKnown: boolean,
    families: FamilySet,
  ): Generator<void, void> {
    if (isKnown) families.addKnown(yield* this.#labels.addingTo(family as FamilyView));
    else families.add(yield* this.#viewing(collector, family));
  }

  *#viewing(collector: Collector, family: MetricFamily | FamilyView): Generator<void, FamilyView> {
    const view = yield* this.#labels.addingTo(isLive(family) ? family : yield* viewing(family));
    // Somebody else may have its name by now if it was taken out while it was gathered.
    this.#collectors.checkNames(collector, view);
    return view;
  }
}

/** Of a live metric, what it has now, even if it would rather be waited for. */
function familiesNow(collector: Collector): Iterable<MetricFamily | FamilyView> {
  const collected = collector.collect() as ReturnType<Collector['collect']> | null | undefined;
  if (!isThenable(collected)) return familiesOf(collected);
  collected.then(undefined, () => {});
  return isLive(collector) ? [collector] : [];
}
