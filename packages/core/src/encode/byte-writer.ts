/** About how many bytes a piece of an exposition has. */
export const PIECE: number = 64 * 1024;

/** So that what is written for one series after a piece is full most often has room. */
export const SIZE: number = PIECE + 4096;

const NO_BYTES = new Uint8Array(0);
const NO_VIEW = new DataView(NO_BYTES.buffer);

const encoder = new TextEncoder();

/** Whether this machine has the lowest byte of a number first. */
const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * Puts bytes together, in a buffer that grows as needed. An encoder looks now and then whether a piece `isDue`; if so, it
 * gives its caller a turn, who takes what has been written or lets it grow, and then goes on with `nextPiece`.
 */
export class ByteWriter {
  protected bytes: Uint8Array = NO_BYTES;
  protected view: DataView = NO_VIEW;
  /** How many bytes have been written, and not taken; to be changed only by who writes them. */
  length = 0;
  /** Whether what has been written can be taken: the length of a message comes before it. */
  isWhole = true;
  /** How much more than a piece may be written before a turn where it is quick to write. */
  readonly ahead: number;
  readonly #size: number;
  /** The length at which there is enough for a piece since the last one. */
  due: number = PIECE;
  /** Whether all that has been written, also what was taken, is ASCII; to be changed only by who writes. */
  isAscii = true;

  /** With so much room to begin with. */
  constructor(size: number = SIZE, ahead: number = 0) {
    this.#size = size;
    this.ahead = ahead;
  }

  /** Whether there is enough for a piece since the last one. */
  get isDue(): boolean {
    return this.length >= this.due;
  }

  nextPiece(): void {
    this.due = this.length + PIECE;
  }

  /** Appends a text as UTF-8; one of ASCII, as nearly all are, is copied without a call of the encoder. */
  text(text: string): void {
    const end = this.length + text.length;
    if (end > this.bytes.length) this.reserve(text.length);
    const { bytes } = this;
    let at = this.length;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) return this.#encode(text);
      bytes[at++] = code;
    }
    this.length = end;
  }

  /** Appends so many bytes that stand in words, from one of them on; of text, what was appended before. */
  words(words: Float64Array, from: number, length: number): void {
    const at = this.length;
    // The last word may have other bytes after them.
    if (at + length + 8 > this.bytes.length) this.reserve(length + 8);
    const { view } = this;
    for (let i = 0; i < length; i += 8) view.setFloat64(at + i, words[from + (i >> 3)] as number, IS_LITTLE_ENDIAN);
    this.length = at + length;
  }

  /**
   * Appends what stands in words of each of these numbers, one after the other. `places` has, by number, how many bytes there
   * are and from which word on; the numbers are those from `at` on, as many as there are places.
   *
   * @returns false if there are none of one of them, or no room: then nothing is appended
   */
  allWords(words: Float64Array, places: readonly Int32Array[], numbers: Int32Array, at: number): boolean {
    const { view } = this;
    // The last word may have other bytes after them.
    const last = this.bytes.length - 8;
    let end = this.length;
    for (let i = 0; i < places.length; i++) {
      const own = places[i] as Int32Array;
      const place = (numbers[at + i] as number) * 2;
      const length = place < own.length ? (own[place] as number) : 0;
      if (length <= 0 || end + length > last) return false;
      let from = own[place + 1] as number;
      for (let j = 0; j < length; j += 8) view.setFloat64(end + j, words[from++] as number, IS_LITTLE_ENDIAN);
      end += length;
    }
    this.length = end;
    return true;
  }

  /**
   * Copies what has been written from `start` on to words, from one of them on; false if one of them would be NaN, whose bits
   * might not stay. Text has none.
   */
  copyWords(start: number, words: Float64Array, from: number): boolean {
    // The last word may have other bytes after them.
    this.reserve(8);
    for (let at = start, to = from; at < this.length; at += 8, to++) {
      const word = this.view.getFloat64(at, IS_LITTLE_ENDIAN);
      if (Number.isNaN(word)) return false;
      words[to] = word;
    }
    return true;
  }

  /** What has been written since the last time. */
  take(): Uint8Array {
    const { bytes, length } = this;
    this.length = 0;
    this.due = PIECE;
    // Of what is mostly full no copy is made.
    if (length < bytes.length / 2) return bytes.slice(0, length);
    this.bytes = NO_BYTES;
    this.view = NO_VIEW;
    return bytes.subarray(0, length);
  }

  /** Makes room for so many bytes more. */
  protected reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    // What was expected to be so long is mostly not much longer.
    const factor = this.#size > SIZE ? 1.25 : 2;
    const larger = new Uint8Array(Math.max(needed, this.#size, Math.ceil(this.bytes.length * factor)));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }

  #encode(text: string): void {
    this.isAscii = false;
    // A UTF-16 unit becomes three bytes of UTF-8 at most.
    this.reserve(text.length * 3);
    this.length += encoder.encodeInto(text, this.bytes.subarray(this.length)).written;
  }
}
