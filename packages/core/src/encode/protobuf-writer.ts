import type { Piece } from './piece.ts';

const encoder = new TextEncoder();

/** How a field's value is written (Protocol Buffers, "Encoding: Message Structure"). */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;

/**
 * Puts Protocol Buffers messages together in a buffer that grows as needed and is used again after each `take`. Whatever
 * numbers it is given, what it makes is well-formed.
 */
export class ProtobufWriter {
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

  /** A field of an enum or an integer type without zigzag: int32, int64, uint32, uint64. */
  integer(field: number, value: number): void {
    this.varint(field * 8 + VARINT);
    this.varint(value);
  }

  /** A field of the types sint32 and sint64, which write small negative numbers short. */
  zigzag(field: number, value: number): void {
    this.varint(field * 8 + VARINT);
    const integer = Number.isSafeInteger(value) ? value : 0;
    // Not doubled and then written, which beyond 2^52 would lose the sign.
    const sign = integer < 0 ? 1 : 0;
    const size = sign === 1 ? -(integer + 1) : integer;
    const rest = Math.floor(size / 64);
    this.#reserve(1);
    this.#bytes[this.#length++] = ((size % 64) * 2 + sign) | (rest > 0 ? 0x80 : 0);
    if (rest > 0) this.varint(rest);
  }

  double(field: number, value: number): void {
    this.varint(field * 8 + FIXED64);
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** A field of text; of ASCII, as nearly all is, it is copied without a call of the encoder. */
  string(field: number, text: string): void {
    const start = this.begin(field);
    this.#reserve(text.length);
    const bytes = this.#bytes;
    let at = start;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) return this.#stringBeyondAscii(start, text);
      bytes[at++] = code;
    }
    this.#length = at;
    this.end(start);
  }

  /** Whole fields that were made ready before. */
  piece(piece: Piece): void {
    // It is copied in words of eight.
    this.#reserve(piece.length + 8);
    piece.copyTo(this.#view, this.#length);
    this.#length += piece.length;
  }

  /** Begins a field that is a message of its own, whose fields come next; what it returns is for `end`. */
  begin(field: number): number {
    this.varint(field * 8 + LENGTH_DELIMITED);
    // Most are shorter than 128 bytes, so that their length will be one.
    this.#reserve(1);
    return ++this.#length;
  }

  /** Ends the message that began at `start`: writes its length before it, and moves it if that needs more bytes. */
  end(start: number): void {
    const length = this.#length - start;
    if (length < 0x80) {
      this.#bytes[start - 1] = length;
      return;
    }
    let more = 0;
    for (let rest = length; rest >= 0x80; rest >>>= 7) more++;
    this.#reserve(more);
    this.#bytes.copyWithin(start + more, start, this.#length);
    this.#length = start - 1;
    this.varint(length);
    this.#length += length;
  }

  /** An integer, seven bits a byte; a negative one as the two's complement in 64 bits. */
  varint(value: number): void {
    if (value >= 0 && value < 0x80 && this.#length < this.#bytes.length) this.#bytes[this.#length++] = value;
    else this.#longVarint(value);
  }

  #longVarint(value: number): void {
    this.#reserve(10);
    const bytes = this.#bytes;
    let at = this.#length;
    let rest = value;
    let written = 0;
    for (; written < 9 && !(rest >= 0 && rest < 0x80); written++) {
      bytes[at++] = (rest & 0x7f) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    // A tenth byte has the last one of 64 bits, the sign; what is no integer, or too large, ends there too.
    bytes[at++] = written < 9 ? rest : Number(rest < 0);
    this.#length = at;
  }

  /** Moves all that another writer has to the end of this one. */
  append(other: ProtobufWriter): void {
    this.#reserve(other.#length);
    this.#bytes.set(other.#bytes.subarray(0, other.#length), this.#length);
    this.#length += other.#length;
    other.#length = 0;
  }

  /** What has been written since the last time, as a copy. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #stringBeyondAscii(start: number, text: string): void {
    // A UTF-16 unit becomes three bytes of UTF-8 at most.
    this.#reserve(text.length * 3);
    this.#length += encoder.encodeInto(text, this.#bytes.subarray(start)).written;
    this.end(start);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
