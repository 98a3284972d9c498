import { show } from '../errors.ts';
import type { FamilyView, SelfCounter, SelfCounting } from '../model.ts';
import { warn } from '../warning.ts';

/** How many are told apart: a collector may give families of ever new names. */
const MOST = 1000;

/** What a registry counts of itself; the metric appears with the first failure. */
export const COLLECTOR_ERRORS: SelfCounter = {
  name: 'prometer_collector_errors',
  help: 'Times that a collector failed and its metrics were left out of a scrape.',
  labelNames: ['collector'],
  maxSeries: MOST,
};

/** Counts what had to be left out of a scrape, and says so once of each. */
export class CollectorErrors {
  readonly #registry: SelfCounting;
  /** Of whom has been warned: collectors, which are not held for it, and families that a format can't carry, by name. */
  readonly #warnedOf = new WeakSet<object>();
  readonly #warnedOfFamilies = new Set<string>();

  constructor(registry: SelfCounting) {
    this.#registry = registry;
  }

  /** A collector that fails costs its own families only. */
  add(collector: object, name: string, why: string): void {
    const isFirst = !this.#warnedOf.has(collector);
    this.#warnedOf.add(collector);
    this.#count(name, isFirst, `their collect failed: ${why}`);
  }

  /** So does a family that a format can't carry. */
  readonly addFamily = ({ name }: FamilyView, reason: string): void => {
    const isFirst = !this.#warnedOfFamilies.has(name) && this.#warnedOfFamilies.size < MOST;
    if (isFirst) this.#warnedOfFamilies.add(name);
    this.#count(name, isFirst, reason);
  };

  #count(name: string, isFirst: boolean, why: string): void {
    this.#registry.countSelf(COLLECTOR_ERRORS, name);
    if (!isFirst) return;
    warn(
      'PROMETER_COLLECTOR_FAILED',
      `The metrics of ${show(name)} are left out of the scrape: ${why.replace(/\.$/, '')}.`,
    );
  }
}
