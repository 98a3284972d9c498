import { encodeText, TEXT_CONTENT_TYPE, type TextOptions } from './encode/text.ts';
import { MetricError, show } from './errors.ts';
import type { GatherOptions } from './gather.ts';
import type { FamilyView } from './model.ts';

/** What is asked of an exposition. */
export interface ExposeOptions extends GatherOptions, TextOptions {}

/** What is asked of an exposition as text. */
export interface MetricsOptions extends ExposeOptions {
  /** `text`, Prometheus' text format 0.0.4. */
  format?: 'text' | undefined;
}

/** What is sent in answer to a scrape. */
export interface Exposition {
  contentType: string;
  body: Uint8Array;
}

/** Puts the pieces that an encoder makes of these families together. */
export function expose(families: readonly FamilyView[], options: TextOptions): Exposition {
  return { contentType: TEXT_CONTENT_TYPE, body: concatenate([...encodeText(families, options)]) };
}

/** @throws MetricError `INVALID_OPTION` for a format that isn't text */
export function checkIsText({ format = 'text' }: MetricsOptions): void {
  if (format === 'text') return;
  throw new MetricError('INVALID_OPTION', `There is no format ${show(format)} as text: give 'text', or leave it out.`);
}

/** The same as text. */
export function textOf(families: readonly FamilyView[], options: TextOptions): string {
  return new TextDecoder().decode(expose(families, options).body);
}

function concatenate(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0] as Uint8Array;
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
