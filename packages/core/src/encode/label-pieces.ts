import type { LabelColumnView, SeriesView } from '../model.ts';
import type { ByteWriter } from './byte-writer.ts';
import { wordsOf } from './words.ts';

/** Of so many values of each label pieces are kept; of a label that has more, most come once only. */
const MOST = 4096;

/** Of families that write fewer values than these, none is kept: it would take longer. */
const FEW = 64;

const NO_LENGTHS = new Int32Array(0);
const NO_WORDS = new Float64Array(0);

/** In place of the length of a piece: its value hasn't come yet, or it has, and there is no piece of it. */
const NEW = 0;
const KNOWN = -1;

/**
 * What has been written of the label values of one family after the other, each kept when its value comes for the second time,
 * and copied from then on.
 */
export class LabelPieces {
  readonly #out: ByteWriter;
  readonly #writeLabel: (label: number, value: string) => void;
  readonly #few: number;
  #columns: readonly LabelColumnView[] | undefined;
  /** One for each label. */
  #pieces: PieceTable[] = [];
  /** How many values of these columns have been written by themselves. */
  #written = 0;

  /** Where there is no piece, `writeLabel` writes to `out`. */
  constructor(out: ByteWriter, writeLabel: (label: number, value: string) => void, few: number = FEW) {
    this.#out = out;
    this.#few = few;
    this.#writeLabel = writeLabel;
  }

  /** Those whose values are known now. */
  get columns(): readonly LabelColumnView[] | undefined {
    return this.#columns;
  }

  /** From now on, values are those of these columns, or of none. */
  begin(columns: readonly LabelColumnView[] | undefined): void {
    this.#columns = columns;
    this.#pieces = columns?.map(() => new PieceTable()) ?? [];
    this.#written = 0;
  }

  /** Writes the labels of a series of these columns. */
  write(series: SeriesView): void {
    const ids = series.valueIds as Int32Array;
    const at = series.valueIdsAt as number;
    const labels = this.#pieces.length;
    for (let i = 0; i < labels; i++) this.writeValue(i, ids[at + i] as number);
  }

  /** Writes the value of this number in the column of a label. */
  writeValue(label: number, id: number): void {
    const { lengths, starts, words } = this.#pieces[label] as PieceTable;
    const length = id < lengths.length ? (lengths[id] as number) : NEW;
    if (length > 0) this.#out.words(words, starts[id] as number, length);
    else this.#writeItself(label, id);
  }

  #writeItself(label: number, id: number): void {
    const table = this.#pieces[label] as PieceTable;
    const start = this.#out.length;
    this.#writeLabel(label, this.#columns?.[label]?.values[id] as string);
    if (this.#written++ >= this.#few && id < MOST && !table.isNew(id)) table.add(id, this.#out.since(start));
  }
}

/** Pieces side by side, by number. */
class PieceTable {
  lengths = NO_LENGTHS;
  /** Where the words of each begin. */
  starts = NO_LENGTHS;
  words = NO_WORDS;
  #used = 0;

  /** Whether nobody has asked so before. */
  isNew(id: number): boolean {
    if (id >= this.lengths.length) {
      const room = Math.max(8, id * 2);
      this.lengths = larger(this.lengths, new Int32Array(room));
      this.starts = larger(this.starts, new Int32Array(room));
    }
    const isNew = this.lengths[id] === NEW;
    this.lengths[id] = KNOWN;
    return isNew;
  }

  add(id: number, bytes: Uint8Array): void {
    const words = wordsOf(bytes);
    if (words === undefined) return;
    const start = this.#used;
    const end = start + words.length;
    if (end > this.words.length) this.words = larger(this.words, new Float64Array(Math.max(64, end * 2)));
    this.words.set(words, start);
    this.starts[id] = start;
    this.lengths[id] = bytes.length;
    this.#used = end;
  }
}

function larger<Numbers extends Int32Array | Float64Array>(before: Numbers, room: Numbers): Numbers {
  room.set(before);
  return room;
}
