import type { LabelColumnView, SeriesView } from '../model.ts';
import type { Piece } from './piece.ts';

/** Of so many values of each label pieces are kept; of a label that has more, most come once only. */
const MOST = 4096;

/** Pieces of the label values of one family after the other, each made when its value comes for the second time. */
export class LabelPieces {
  readonly #make: (label: number, value: string) => Piece;
  #columns: readonly LabelColumnView[] | undefined;
  /** By label and number; null for a value that has come once. */
  #pieces: (Piece | null | undefined)[][] = [];

  constructor(make: (label: number, value: string) => Piece) {
    this.#make = make;
  }

  /** Those whose values are known now. */
  get columns(): readonly LabelColumnView[] | undefined {
    return this.#columns;
  }

  /** From now on, values are those of these columns, or of none. */
  begin(columns: readonly LabelColumnView[] | undefined): void {
    this.#columns = columns;
    this.#pieces = columns?.map(() => []) ?? [];
  }

  /** Writes the labels of a series of these columns: those of which there is no piece yet by `writeLabel`. */
  write(
    out: { piece(piece: Piece): void },
    series: SeriesView,
    writeLabel: (label: number, value: string) => void,
  ): void {
    const columns = this.#columns as readonly LabelColumnView[];
    for (let i = 0; i < columns.length; i++) {
      const id = series.valueId?.(i) as number;
      const piece = this.get(i, id);
      if (piece === undefined) writeLabel(i, columns[i]?.values[id] as string);
      else out.piece(piece);
    }
  }

  /** The piece of a value, unless it has come for the first time. */
  get(label: number, id: number): Piece | undefined {
    const pieces = this.#pieces[label] as (Piece | null | undefined)[];
    const piece = id < pieces.length ? pieces[id] : undefined;
    return piece ?? this.#meet(pieces, label, id);
  }

  #meet(pieces: (Piece | null | undefined)[], label: number, id: number): Piece | undefined {
    if (id >= MOST) return undefined;
    while (pieces.length <= id) pieces.push(undefined);
    if (pieces[id] === undefined) {
      pieces[id] = null;
      return undefined;
    }
    return (pieces[id] = this.#make(label, this.#columns?.[label]?.values[id] as string));
  }
}
