const encoder = new TextEncoder();

/** Bytes that are written again and again, in words of eight: to copy those takes a fraction of what bytes would. */
export class Piece {
  readonly length: number;
  readonly isAscii: boolean;
  /** None if one of them were NaN, whose bits might not stay; there is no such text in UTF-8. */
  readonly words: Float64Array | undefined;
  readonly bytes: Uint8Array;

  constructor(given: Uint8Array) {
    this.length = given.length;
    const words = new Float64Array(Math.ceil(given.length / 8));
    this.bytes = new Uint8Array(words.buffer, 0, given.length);
    let isAscii = true;
    for (let i = 0; i < given.length; i++) {
      const byte = given[i] as number;
      this.bytes[i] = byte;
      isAscii &&= byte < 0x80;
    }
    this.isAscii = isAscii;
    this.words = words.some(Number.isNaN) ? undefined : words;
  }

  static ofText(text: string): Piece {
    return new Piece(encoder.encode(text));
  }
}
