import type { EscapingScheme } from '../escaping.ts';
import type { LabelColumnView, SeriesView } from '../model.ts';
import type { ByteWriter } from './byte-writer.ts';
import { LabelPieces } from './label-pieces.ts';
import { areSame, quoted, writtenLabelName } from './label-text.ts';
import { Piece } from './piece.ts';

/**
 * Writes the labels of one series after the other, without the braces: `method="GET","http.route"="/"`. What can be told of
 * a label's name is told once for all series that have the same names, of a value once for all that have it.
 */
export class LabelWriter {
  readonly #out: ByteWriter;
  readonly #scheme: EscapingScheme;
  #names: readonly string[] = [];
  /** What stands before each value. */
  #starts: readonly string[] = [];
  readonly #pieces = new LabelPieces((label, value) => Piece.ofText(`${this.#starts[label]}${quoted(value)}`));

  constructor(out: ByteWriter, scheme: EscapingScheme) {
    this.#out = out;
    this.#scheme = scheme;
  }

  write(series: SeriesView): void {
    const { labelNames, columns } = series;
    if (!areSame(labelNames, this.#names)) this.#begin(labelNames);
    if (columns === undefined) this.#writeValues(series.labelValues);
    else this.#writeNumbered(series, columns);
  }

  #writeValues(values: readonly string[]): void {
    for (let i = 0; i < values.length; i++) this.#writeLabel(i, values[i] as string);
  }

  #writeNumbered(series: SeriesView, columns: readonly LabelColumnView[]): void {
    const pieces = this.#pieces.of(columns);
    for (let i = 0; i < columns.length; i++) {
      const id = series.valueId?.(i) as number;
      const piece = pieces.get(i, id);
      if (piece === undefined) this.#writeLabel(i, columns[i]?.values[id] as string);
      else this.#out.piece(piece);
    }
  }

  #writeLabel(label: number, value: string): void {
    this.#out.text(this.#starts[label] as string);
    this.#out.quoted(value);
  }

  #begin(names: readonly string[]): void {
    // A copy, as the array is another's.
    this.#names = [...names];
    this.#starts = names.map((name, i) => `${i === 0 ? '' : ','}${writtenLabelName(name, this.#scheme)}=`);
    this.#pieces.clear();
  }
}
