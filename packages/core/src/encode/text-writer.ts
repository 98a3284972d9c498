import { escapeLabelValue } from '../labels.ts';
import { ByteWriter } from './byte-writer.ts';
import { formatNumber } from './numbers.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LINE_FEED = 0x0a;

/** Puts text together as UTF-8. */
export class TextWriter extends ByteWriter {
  /** Appends a text in double quotes, escaped as a label's value. */
  quoted(text: string): void {
    const end = this.length + text.length + 2;
    if (end > this.bytes.length) this.reserve(text.length + 2);
    const { bytes } = this;
    let at = this.length;
    bytes[at++] = QUOTE;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f || code === QUOTE || code === BACKSLASH || code === LINE_FEED)
        return this.text(`"${escapeLabelValue(text)}"`);
      bytes[at++] = code;
    }
    bytes[at] = QUOTE;
    this.length = end;
  }

  /** Appends a number as {@link formatNumber} writes it; a small count, as most are, without making a string. */
  number(value: number): void {
    const count = value | 0;
    if (count === value && count >= 0 && count < 1e6) this.#digits(count);
    else this.text(formatNumber(value));
  }

  /** Ends a line; `text` would take longer for the one character. */
  endLine(): void {
    if (this.length >= this.bytes.length) this.reserve(1);
    this.bytes[this.length++] = LINE_FEED;
  }

  /** Appends once more what stands from `start` to `end`. */
  repeat(start: number, end: number): void {
    this.reserve(end - start);
    this.bytes.copyWithin(this.length, start, end);
    this.length += end - start;
  }

  #digits(count: number): void {
    if (this.length + 6 > this.bytes.length) this.reserve(6);
    const { bytes } = this;
    let at = this.length;
    for (let limit = 10; count >= limit; limit *= 10) at++;
    this.length = at + 1;
    let rest = count;
    do {
      const tenth = (rest / 10) | 0;
      bytes[at--] = 0x30 + rest - tenth * 10;
      rest = tenth;
    } while (rest > 0);
  }
}
