import type { LabelColumnView, SeriesView } from '../model.ts';
import type { ByteWriter } from './byte-writer.ts';
import { Piece } from './piece.ts';

/** Of so many values of each label pieces are kept; of a label that has more, most come once only. */
const MOST = 4096;

/** In place of the length of a piece: its value hasn't come yet, or it has, and there is no piece of it. */
const NEW = 0;
const KNOWN = -1;

/** Pieces of the label values of one family after the other, each made when its value comes for the second time. */
export class LabelPieces {
  readonly #out: ByteWriter;
  readonly #make: (label: number, value: string) => Piece;
  #columns: readonly LabelColumnView[] | undefined;
  /** One for each label. */
  #pieces: PieceTable[] = [];

  constructor(out: ByteWriter, make: (label: number, value: string) => Piece) {
    this.#out = out;
    this.#make = make;
  }

  /** Those whose values are known now. */
  get columns(): readonly LabelColumnView[] | undefined {
    return this.#columns;
  }

  /** From now on, values are those of these columns, or of none. */
  begin(columns: readonly LabelColumnView[] | undefined): void {
    this.#columns = columns;
    this.#pieces = columns?.map(() => new PieceTable()) ?? [];
  }

  /** Writes the labels of a series of these columns: those of which there is no piece by `writeLabel`. */
  write(series: SeriesView, writeLabel: (label: number, value: string) => void): void {
    const out = this.#out;
    const pieces = this.#pieces;
    const ids = series.valueIds as Int32Array;
    const at = series.valueIdsAt as number;
    for (let i = 0; i < pieces.length; i++) {
      const id = ids[at + i] as number;
      const { lengths, starts, words } = pieces[i] as PieceTable;
      const length = id < lengths.length ? (lengths[id] as number) : NEW;
      if (length > 0) out.words(words, starts[id] as number, length);
      else this.#meet(i, id, writeLabel);
    }
  }

  /** A value of which there is no piece. */
  #meet(label: number, id: number, writeLabel: (label: number, value: string) => void): void {
    const table = this.#pieces[label] as PieceTable;
    const value = this.#columns?.[label]?.values[id] as string;
    if (id >= MOST || table.isNew(id)) return writeLabel(label, value);
    const piece = this.#make(label, value);
    this.#out.piece(piece);
    table.add(id, piece);
  }
}

/** Pieces side by side, by number. */
class PieceTable {
  lengths = new Int32Array(8);
  /** Where the words of each begin. */
  starts = new Int32Array(8);
  words = new Float64Array(8);
  #used = 0;

  /** Whether nobody has asked so before. */
  isNew(id: number): boolean {
    if (id >= this.lengths.length) {
      this.lengths = larger(this.lengths, new Int32Array(id * 2));
      this.starts = larger(this.starts, new Int32Array(id * 2));
    }
    const isNew = this.lengths[id] === NEW;
    this.lengths[id] = KNOWN;
    return isNew;
  }

  add(id: number, { words, length }: Piece): void {
    // Its bits might not stay.
    if (words === undefined) return;
    const end = this.#used + words.length;
    if (end > this.words.length) this.words = larger(this.words, new Float64Array(end * 2));
    this.words.set(words, this.#used);
    this.starts[id] = this.#used;
    this.lengths[id] = length;
    this.#used = end;
  }
}

function larger<Numbers extends Int32Array | Float64Array>(before: Numbers, room: Numbers): Numbers {
  room.set(before);
  return room;
}
