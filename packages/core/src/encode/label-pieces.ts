import type { LabelColumnView } from '../model.ts';
import type { ByteWriter } from './byte-writer.ts';

/** Of so many values of each label pieces are kept; of a label that has more, most come once only. */
const MOST = 4096;

/** How much stays when a family has been written, for the next time, in words of eight bytes: most have far less. */
const MOST_WORDS = 2048;

/** How long what is kept first is, about, in words. */
const WORDS = 16;

const NO_PLACES = new Int32Array(0);
const NO_WORDS = new Float64Array(0);

/** In place of the length of what is kept of a value: it hasn't come yet, or it has, and nothing is kept of it. */
const NEW = 0;
const KNOWN = -1;

/**
 * What has been written of the label values of a family, each kept when its value comes for the second time, and copied from
 * then on: in words of eight bytes, which takes a fraction of what bytes would.
 */
export class LabelPieces<Out extends ByteWriter> {
  readonly #writeLabel: (out: Out, label: number, value: string) => void;
  #columns: readonly LabelColumnView[] | undefined;
  /** The same between two expositions, which may be the last one: the values may be many by then, and nobody's any more. */
  #columnsBefore: WeakRef<readonly LabelColumnView[]> | undefined;
  /** For each label, by the number of a value: how many bytes are kept of it, and from which word on. */
  #places: Int32Array[] = [];
  #words = NO_WORDS;
  /** How many of them are in use. */
  #used = 0;
  #areAscii = true;

  /** Where nothing is kept, `writeLabel` writes. */
  constructor(writeLabel: (out: Out, label: number, value: string) => void) {
    this.#writeLabel = writeLabel;
  }

  /** Those whose values are known now. */
  get columns(): readonly LabelColumnView[] | undefined {
    return this.#columns;
  }

  /** Whether what is kept is of these, so that a series of theirs can be written by its numbers alone. */
  areOf(columns: readonly LabelColumnView[] | undefined): columns is readonly LabelColumnView[] {
    return columns !== undefined && columns === this.#columns;
  }

  /** From now on, values are those of these columns, or of none. */
  begin(columns: readonly LabelColumnView[] | undefined): void {
    this.#columns = columns;
    if (columns !== undefined && columns === this.#columnsBefore?.deref()) return;
    this.#columnsBefore = undefined;
    this.#places = columns?.map(() => NO_PLACES) ?? [];
    this.#used = 0;
    this.#areAscii = true;
  }

  /**
   * To be called when no more is written in an exposition, so that no value is kept alive by what was made of it. If another
   * one is in the midst of these columns, it begins them again.
   */
  end(): void {
    const columns = this.#columns;
    if (columns === undefined || columns.length === 0) return;
    const places = this.#places.reduce((sum, { length }) => sum + length / 2, 0);
    if (this.#words.length + places > MOST_WORDS) {
      this.begin(undefined);
      this.#words = NO_WORDS;
    } else {
      this.#columns = undefined;
      if (this.#columnsBefore === undefined) this.#columnsBefore = new WeakRef(columns);
    }
  }

  /** Writes the labels of a series of these columns, whose values have these numbers, from `at` on. */
  write(out: Out, ids: Int32Array, at: number): void {
    const labels = this.#places.length;
    if (!this.#areAscii) out.isAscii = false;
    if (out.allWords(this.#words, this.#places, ids, at)) return;
    for (let i = 0; i < labels; i++) this.writeValue(out, i, ids[at + i] as number);
  }

  /** Writes the value of this number in the column of a label. */
  writeValue(out: Out, label: number, id: number): void {
    const places = this.#places[label] as Int32Array;
    const at = id * 2;
    const length = at < places.length ? (places[at] as number) : NEW;
    if (length <= 0) return this.#writeItself(out, label, id);
    if (!this.#areAscii) out.isAscii = false;
    out.words(this.#words, places[at + 1] as number, length);
  }

  #writeItself(out: Out, label: number, id: number): void {
    const start = out.length;
    const column = this.#columns?.[label] as LabelColumnView;
    const wasAscii = out.isAscii;
    out.isAscii = true;
    this.#writeLabel(out, label, column.values[id] as string);
    const { isAscii } = out;
    out.isAscii = wasAscii && isAscii;
    if (id >= MOST) return;
    const places = this.#placesOf(label, id, column);
    if (places[id * 2] === NEW) places[id * 2] = KNOWN;
    else if (this.#keep(out, places, id, start)) this.#areAscii &&= isAscii;
  }

  /** Those of a label, with room for this value. */
  #placesOf(label: number, id: number, { values }: LabelColumnView): Int32Array {
    const before = this.#places[label] as Int32Array;
    if (id * 2 < before.length) return before;
    const places = new Int32Array(Math.min(MOST, values.length * 2) * 2);
    places.set(before);
    this.#places[label] = places;
    return places;
  }

  /** Keeps what has been written from `start` on, unless a word of it would be NaN, whose bits might not stay; text has none. */
  #keep(out: Out, places: Int32Array, id: number, start: number): boolean {
    const from = this.#used;
    const length = out.length - start;
    const end = from + Math.ceil(length / 8);
    if (end > this.#words.length) {
      const larger = new Float64Array(Math.max(WORDS, end * 2));
      larger.set(this.#words);
      this.#words = larger;
    }
    if (!out.copyWords(start, this.#words, from)) return false;
    places[id * 2] = length;
    places[id * 2 + 1] = from;
    this.#used = end;
    return true;
  }
}
