import type { GatherOptions } from './gather.ts';
import type { FamilyView } from '../model.ts';

type Gathered = Promise<readonly FamilyView[]>;

/** The gathers that are under way, for those who come meanwhile and want the same. */
export class SharedGathers {
  readonly #underWay = new Map<string, Gathered>();

  /** What the gather with these options will give, or another one that has begun and isn't over. */
  join({ names, timeoutSeconds }: GatherOptions, gather: () => Gathered): Gathered {
    const key = JSON.stringify([names, timeoutSeconds]);
    let shared = this.#underWay.get(key);
    if (shared === undefined) {
      shared = gather().finally(() => this.#underWay.delete(key));
      this.#underWay.set(key, shared);
    }
    return shared;
  }
}
