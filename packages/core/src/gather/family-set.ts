import { labelKey } from '../label-key.ts';
import type { FamilyView, SeriesView } from '../model.ts';
import { NameLedger } from './name-ledger.ts';

/** What one gather exposes: families by name. */
export class FamilySet {
  /** By name: a family, or several of that name, of which series come one after the other. */
  readonly #families = new Map<string, [FamilyView, ...FamilyView[]]>();
  /** The names of those that may clash with each other; undefined while there are none. */
  #names: NameLedger<string> | undefined;

  /** Adds a family of which is known that it clashes with no other one that is added so. */
  addKnown(family: FamilyView): void {
    if (this.#names === undefined) this.#families.set(family.name, [family]);
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
    const others = this.#families.get(family.name);
    if (others === undefined) this.#families.set(family.name, [family]);
    else others.push(family);
  }

  get all(): FamilyView[] {
    return Array.from(this.#families.values(), (parts) => (parts.length === 1 ? parts[0] : combine(parts)));
  }

  #namesSoFar(): NameLedger<string> {
    const names = new NameLedger<string>((holder) => holder);
    for (const [family] of this.#families.values()) names.claim([family], holderOf(family));
    return names;
  }
}

function holderOf({ name, type }: FamilyView): string {
  return `${name} (${type})`;
}

/** Families of one name, such as two registries have, as one; of equal label sets the first is shown. */
function combine(parts: readonly [FamilyView, ...FamilyView[]]): FamilyView {
  const [{ name, help, type, unit }] = parts;
  const series = {
    *[Symbol.iterator](): Generator<SeriesView, void, undefined> {
      const seen = new Set<string>();
      for (const family of parts) {
        for (const each of family.series) {
          const key = labelKey(each);
          if (seen.has(key)) continue;
          seen.add(key);
          yield each;
        }
      }
    },
  };
  // Encoders need not look at each series' names where all have the same.
  const labelNames = sameNames(parts);
  return { name, help, type, unit, series, ...(labelNames && { labelNames }) } as FamilyView;
}

function sameNames(parts: readonly object[]): readonly string[] | undefined {
  const all = parts as readonly { readonly labelNames?: readonly string[] }[];
  const names = all[0]?.labelNames;
  const isSame = all.every(
    ({ labelNames }) => labelNames?.length === names?.length && labelNames?.every((name, i) => name === names?.[i]),
  );
  return isSame ? names : undefined;
}
