import { labelKey } from '../label-key.ts';
import type { FamilyView, SeriesView } from '../model.ts';
import { NameLedger } from './name-ledger.ts';

/** What one gather exposes: families by name. */
export class FamilySet {
  readonly #families = new Map<string, FamilyView>();
  /** The names of those that may clash with each other; undefined while there are none. */
  #names: NameLedger<string> | undefined;

  /** Adds a family of which is known that it clashes with no other one that is added so. */
  addKnown(family: FamilyView): void {
    if (this.#names === undefined) this.#families.set(family.name, family);
    else this.add(family);
  }

  /**
   * Adds a family, to one of the same name and type if there is one.
   *
   * @throws MetricError `DUPLICATE_NAME` when a name of it is taken by another family
   */
  add(family: FamilyView): void {
    this.#names ??= this.#namesSoFar();
    this.#names.claim([family], holderOf(family));
    const before = this.#families.get(family.name);
    this.#families.set(family.name, before === undefined ? family : combine(before, family));
  }

  get all(): FamilyView[] {
    return [...this.#families.values()];
  }

  #namesSoFar(): NameLedger<string> {
    const names = new NameLedger<string>((holder) => holder);
    for (const family of this.#families.values()) names.claim([family], holderOf(family));
    return names;
  }
}

function holderOf({ name, type }: FamilyView): string {
  return `${name} (${type})`;
}

/** Two families of one name, such as two registries have, as one; of equal label sets the first is shown. */
function combine(first: FamilyView, second: FamilyView): FamilyView {
  const { name, help, type, unit } = first;
  const series = {
    *[Symbol.iterator](): Generator<SeriesView, void, undefined> {
      const seen = new Set<string>();
      for (const family of [first, second]) {
        for (const each of family.series) {
          const key = labelKey(each);
          if (seen.has(key)) continue;
          seen.add(key);
          yield each;
        }
      }
    },
  };
  return { name, help, type, unit, series } as FamilyView;
}
