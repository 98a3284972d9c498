import { isLive } from '../description.ts';
import type { FamilyView } from '../model.ts';
import type { ByteWriter } from './byte-writer.ts';

/**
 * Writes families in one format, with a turn for the caller whenever a piece is due. It is made once for all expositions of a
 * registry, of which several may be under way.
 */
export type Encoder<Out extends ByteWriter> = (out: Out, families: Iterable<FamilyView>) => Generator<void, void>;

/**
 * What a format makes of a family before its first series: once for all expositions if the family is live, or a live one to
 * which labels were added, as the next exposition has the same object.
 */
export class Prepared<Made> {
  readonly #made = new WeakMap<FamilyView, Made>();
  readonly #make: (family: FamilyView) => Made;

  constructor(make: (family: FamilyView) => Made) {
    this.#make = make;
  }

  of(family: FamilyView): Made {
    const before = this.#made.get(family);
    if (before !== undefined) return before;
    const made = this.#make(family);
    if (isLive(family.added?.family ?? family)) this.#made.set(family, made);
    return made;
  }
}
