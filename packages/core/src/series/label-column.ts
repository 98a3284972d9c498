import { ownText } from '../labels.ts';

/** The values that one label has in a family: each is kept once, and known by its number from then on. */
export class LabelColumn {
  /** By number; it only ever grows. */
  readonly values: string[] = [];
  /**
   * The number of a value, also of one that isn't text: as a label, 200 is '200', which need not be written anew for each
   * look-up.
   */
  readonly ids: Map<unknown, number> = new Map();

  /** The number of this text, which gets one if it has none. */
  add(text: string): number {
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    const own = ownText(text);
    this.ids.set(own, this.values.length);
    return this.values.push(own) - 1;
  }

  /** From now on, a value that isn't text is found as what it is as text; one text has but a few of them. */
  alias(value: unknown, text: string): void {
    const id = this.ids.get(text);
    if (typeof value !== 'string' && id !== undefined) this.ids.set(value, id);
  }
}
