import { escapeMetricName, type EscapingScheme } from '../escaping.ts';
import type { FamilyView, LabelColumnView, SeriesView } from '../model.ts';
import { LabelPieces } from './label-pieces.ts';
import { areSame, quoted, writtenLabelName, writtenLabels } from './label-text.ts';
import type { TextWriter } from './text-writer.ts';

/** The name of a family or a sample as HELP, TYPE and UNIT have it: in quotes where it needs them. */
export function writtenName(name: string, scheme: EscapingScheme): string {
  // Only this scheme leaves something that isn't legal by itself.
  if (scheme === 'allow-utf-8') return escapeMetricName(name) === name ? name : quoted(name);
  return escapeMetricName(name, scheme);
}

/** What the start of a line is about. */
export type Sampled = Pick<FamilyView, 'name' | 'added'>;

/**
 * Writes what the lines of one sample begin with, for one series after the other: its name and the labels, up to the value or
 * to a further label. A name that needs quotes is in the braces (Prometheus, "Exposition formats: UTF-8"). What can be told
 * of a label's name is told once for all series that have the same names, of a value once for all that have it.
 */
export class LineStart {
  readonly #scheme: EscapingScheme;
  readonly #open: string;
  readonly #close: string;
  /** All there is where a series has no labels. */
  readonly #bare: string;
  #names: readonly string[] = [];
  /** What stands before and after the value of each label. */
  #starts: readonly string[] = [];
  #ends: readonly string[] = [];
  readonly #pieces = new LabelPieces<TextWriter>((out, label, value) => this.#writeLabel(out, label, value));

  /**
   * Of the samples of a family whose names are its own with this suffix. With `hasMore`, another label comes after it, with
   * the braces that end it.
   */
  constructor({ name, added }: Sampled, suffix: string, scheme: EscapingScheme, hasMore = false) {
    this.#scheme = scheme;
    const written = writtenName(name + suffix, scheme);
    const isQuoted = written.startsWith('"');
    const labels = added === undefined ? '' : writtenLabels(added.labelNames, added.labelValues, scheme);
    const inBraces = [isQuoted ? written : '', labels].filter((text) => text !== '').join(',');
    const start = isQuoted ? '' : written;
    this.#open = inBraces === '' ? `${start}{` : `${start}{${inBraces},`;
    this.#close = hasMore ? ',' : '} ';
    const bare = inBraces === '' ? `${start} ` : `${start}{${inBraces}} `;
    this.#bare = hasMore ? this.#open : bare;
  }

  write(out: TextWriter, series: SeriesView): void {
    const { columns } = series;
    if (!this.#pieces.areOf(columns)) this.#begin(series, columns);
    if (this.#starts.length === 0) out.text(this.#bare);
    else if (columns === undefined) this.#writeValues(out, series.labelValues);
    else this.#pieces.write(out, series.valueIds as Int32Array, series.valueIdsAt as number);
  }

  /** Whether a series with these columns was written last, in whichever exposition: others can be written by numbers alone. */
  isReadyFor(columns: readonly LabelColumnView[] | undefined): columns is readonly LabelColumnView[] {
    return this.#pieces.areOf(columns);
  }

  /** Writes the same for another one of these columns, whose values have these numbers, from `at` on. */
  writeRow(out: TextWriter, ids: Int32Array, at: number): void {
    this.#pieces.write(out, ids, at);
  }

  /** To be called when no more is written in an exposition. */
  end(): void {
    this.#pieces.end();
  }

  #writeValues(out: TextWriter, values: readonly string[]): void {
    for (let i = 0; i < values.length; i++) this.#writeLabel(out, i, values[i] as string);
  }

  #writeLabel(out: TextWriter, label: number, value: string): void {
    out.text(this.#starts[label] as string);
    out.quoted(value);
    out.text(this.#ends[label] as string);
  }

  /** Makes ready for series that have the labels of this one. Those with the same columns have the same names. */
  #begin({ labelNames }: SeriesView, columns: readonly LabelColumnView[] | undefined): void {
    if (columns !== this.#pieces.columns) this.#pieces.begin(columns);
    if (areSame(labelNames, this.#names)) return;
    // A copy, as the array is another's.
    this.#names = [...labelNames];
    this.#starts = labelNames.map((name, i) => `${i === 0 ? this.#open : ','}${writtenLabelName(name, this.#scheme)}=`);
    this.#ends = labelNames.map((_, i) => (i === labelNames.length - 1 ? this.#close : ''));
  }
}
