const encoder = new TextEncoder();

/** Whether this machine has the lowest byte of a number first. */
const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Bytes that are written again and again, in words of eight: to copy those takes a fraction of what bytes would. */
export class Piece {
  readonly length: number;
  readonly #words: Float64Array;
  /** Instead of words of which one is NaN, whose bits might not stay; none is in UTF-8. */
  readonly #bytes: Uint8Array | undefined;

  constructor(bytes: Uint8Array) {
    this.length = bytes.length;
    this.#words = new Float64Array(Math.ceil(bytes.length / 8));
    new Uint8Array(this.#words.buffer).set(bytes);
    this.#bytes = this.#words.some(Number.isNaN) ? bytes : undefined;
  }

  static ofText(text: string): Piece {
    return new Piece(encoder.encode(text));
  }

  /** Copies all to `at`, and up to seven zeros after it. */
  copyTo(view: DataView, at: number): void {
    if (this.#bytes !== undefined) return copyBytes(this.#bytes, view, at);
    const words = this.#words;
    for (let i = 0; i < words.length; i++) view.setFloat64(at + i * 8, words[i] as number, IS_LITTLE_ENDIAN);
  }
}

function copyBytes(bytes: Uint8Array, view: DataView, at: number): void {
  for (let i = 0; i < bytes.length; i++) view.setUint8(at + i, bytes[i] as number);
}
