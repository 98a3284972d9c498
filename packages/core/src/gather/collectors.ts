import { isLive } from '../description.ts';
import type { Collector, FamilyDescription, FamilyView } from '../model.ts';
import { attempt, isAsked } from './gather.ts';
import { NameLedger } from './name-ledger.ts';

/** The collectors of a registry, in the order in which they were registered, and the names that they take. */
export class Collectors {
  /** Each with what it described then. */
  readonly #described = new Map<Collector, readonly FamilyDescription[] | undefined>();
  /** Every name that is taken, as it is exposed at its plainest, and by whom. */
  readonly #taken = new NameLedger<Collector>((collector) => this.nameOf(collector));

  has(collector: Collector): boolean {
    return this.#described.has(collector);
  }

  /** @throws MetricError `DUPLICATE_NAME` when another one has a name of these families */
  add(collector: Collector, descriptions: readonly FamilyDescription[] | undefined): void {
    this.#taken.claim(descriptions ?? [], collector);
    this.#described.set(collector, descriptions);
  }

  /** Takes one out, and tells whether it was there. */
  delete(collector: Collector): boolean {
    if (!this.#described.delete(collector)) return false;
    this.#taken.release(collector);
    return true;
  }

  /** Takes all out, and returns them. */
  clear(): readonly Collector[] {
    const all = [...this.#described.keys()];
    this.#described.clear();
    this.#taken.clear();
    return all;
  }

  /** The one that has a name, given as it is or as it is exposed. */
  byName(name: string): Collector | undefined {
    return this.#taken.holderOf(name);
  }

  /** The same alone; if there is none, those that have not said what they have. */
  thatMayHave(name: string): readonly Collector[] {
    const holder = this.byName(name);
    return holder === undefined ? this.#those((descriptions) => descriptions === undefined) : [holder];
  }

  /** Those that have any of the names, or may have them; all, if none are asked for. */
  asked(names: ReadonlySet<string> | undefined): readonly Collector[] {
    if (names === undefined) return [...this.#described.keys()];
    return this.#those((descriptions) => descriptions?.some((each) => isAsked(each, names)) ?? true);
  }

  /** @throws MetricError `DUPLICATE_NAME` when another one has a name of this family; whoever isn't there any more has none */
  checkNames(collector: Collector, view: FamilyView): void {
    if (this.has(collector)) this.#taken.check([view], collector);
  }

  /** A metric is called by its name, a custom collector by the first family that it describes, or else by its class. */
  nameOf(collector: object): string {
    const name = attempt([], () => {
      if (isLive(collector)) return collector.name;
      const [first] = this.#described.get(collector as Collector) ?? [];
      const { constructor } = collector as { constructor?: { name?: unknown } | null };
      return first?.name ?? (constructor !== Object && constructor?.name);
    });
    return typeof name === 'string' && name !== '' ? name : 'collector';
  }

  #those(areMeant: (descriptions: readonly FamilyDescription[] | undefined) => boolean): Collector[] {
    return Array.from(this.#described)
      .filter(([, descriptions]) => areMeant(descriptions))
      .map(([collector]) => collector);
  }
}
