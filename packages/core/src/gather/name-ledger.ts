import { MetricError, show } from '../errors.ts';
import { escapeMetricName } from '../escaping.ts';
import type { FamilyDescription } from '../model.ts';
import { namesTaken } from '../names.ts';

/** Which names are taken by families and their samples, as they are exposed at their plainest, and by whom. */
export class NameLedger<Holder> {
  readonly #holders = new Map<string, Holder>();
  readonly #nameOf: (holder: Holder) => string;

  constructor(nameOf: (holder: Holder) => string) {
    this.#nameOf = nameOf;
  }

  /** @throws MetricError `DUPLICATE_NAME` when somebody else has one of the names of these families */
  check(families: readonly FamilyDescription[], holder: Holder): void {
    for (const family of families) for (const name of exposedNames(family)) this.#checkName(name, family, holder);
  }

  /** Takes all names of these families, or none of them; throws as {@link check} does. */
  claim(families: readonly FamilyDescription[], holder: Holder): void {
    const claimed = new Map<string, FamilyDescription>();
    for (const family of families) {
      for (const name of exposedNames(family)) {
        this.#checkName(name, family, holder);
        const other = claimed.get(name) ?? family;
        if (other.name !== family.name || other.type !== family.type) throw alreadyTaken(name, family.name, other.name);
        claimed.set(name, family);
      }
    }
    for (const name of claimed.keys()) this.#holders.set(name, holder);
  }

  /** Whoever has a name, given as it is or as it is exposed. */
  holderOf(name: string): Holder | undefined {
    return this.#holders.get(escapeMetricName(name));
  }

  release(holder: Holder): void {
    for (const [name, other] of this.#holders) if (other === holder) this.#holders.delete(name);
  }

  clear(): void {
    this.#holders.clear();
  }

  #checkName(name: string, family: FamilyDescription, holder: Holder): void {
    const other = this.#holders.get(name);
    if (other !== undefined && other !== holder) throw alreadyTaken(name, family.name, this.#nameOf(other));
  }
}

function exposedNames({ name, type }: FamilyDescription): string[] {
  return namesTaken(name, type).map((taken) => escapeMetricName(taken));
}

function alreadyTaken(name: string, given: string, holder: string): MetricError {
  return new MetricError(
    'DUPLICATE_NAME',
    `The metric ${show(given)} can't be registered: the name ${show(name)} is taken by ${show(holder)}. Choose another name, or get the one that exists from registry.get or registry.counter and its siblings.`,
  );
}
