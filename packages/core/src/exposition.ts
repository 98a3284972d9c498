import { encodeText, TEXT_CONTENT_TYPE } from './encode/text.ts';
import type { FamilyView } from './model.ts';

/** What is sent in answer to a scrape. */
export interface Exposition {
  contentType: string;
  body: Uint8Array;
}

/** Puts the pieces that an encoder makes of these families together. */
export function expose(families: readonly FamilyView[]): Exposition {
  return { contentType: TEXT_CONTENT_TYPE, body: concatenate([...encodeText(families)]) };
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
