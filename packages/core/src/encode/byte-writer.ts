import { escapeLabelValue } from '../labels.ts';
import { formatNumber } from './numbers.ts';
import type { Piece } from './piece.ts';

const encoder = new TextEncoder();

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LINE_FEED = 0x0a;

/** Puts text together as UTF-8 in a buffer that grows as needed and is used again after each `take`. */
export class ByteWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#length;
  }

  /** Appends a text; one of ASCII, as nearly all are, is copied without a call of the encoder. */
  text(text: string): void {
    const end = this.#length + text.length;
    if (end > this.#bytes.length) this.#grow(end);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) return this.#textBeyondAscii(text);
      bytes[at++] = code;
    }
    this.#length = end;
  }

  /** Appends a text in double quotes, escaped as a label's value. */
  quoted(text: string): void {
    const end = this.#length + text.length + 2;
    if (end > this.#bytes.length) this.#grow(end);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = QUOTE;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f || code === QUOTE || code === BACKSLASH || code === LINE_FEED)
        return this.text(`"${escapeLabelValue(text)}"`);
      bytes[at++] = code;
    }
    bytes[at] = QUOTE;
    this.#length = end;
  }

  /** Appends what was made ready before. */
  piece(piece: Piece): void {
    const at = this.#length;
    // It is copied in words of eight.
    if (at + piece.length + 8 > this.#bytes.length) this.#grow(at + piece.length + 8);
    piece.copyTo(this.#view, at);
    this.#length = at + piece.length;
  }

  /** Appends a number as {@link formatNumber} writes it; a small count, as most are, without making a string. */
  number(value: number): void {
    if (value >= 0 && value < 1e6 && Number.isInteger(value)) this.#digits(value);
    else this.text(formatNumber(value));
  }

  /** Appends once more what stands from `start` to `end`. */
  repeat(start: number, end: number): void {
    const length = this.#length + end - start;
    if (length > this.#bytes.length) this.#grow(length);
    this.#bytes.copyWithin(this.#length, start, end);
    this.#length = length;
  }

  /** What has been written since the last time, as a copy. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #digits(count: number): void {
    let end = this.#length + 1;
    for (let limit = 10; count >= limit; limit *= 10) end++;
    if (end > this.#bytes.length) this.#grow(end);
    this.#length = end;
    let rest = count;
    do {
      const tenth = Math.trunc(rest / 10);
      this.#bytes[--end] = 0x30 + rest - tenth * 10;
      rest = tenth;
    } while (rest > 0);
  }

  #textBeyondAscii(text: string): void {
    // A UTF-16 unit becomes three bytes of UTF-8 at most.
    const needed = this.#length + text.length * 3;
    if (needed > this.#bytes.length) this.#grow(needed);
    this.#length += encoder.encodeInto(text, this.#bytes.subarray(this.#length)).written;
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
