import { ByteWriter } from './byte-writer.ts';

/** How a field's value is written (Protocol Buffers, "Encoding: Message Structure"). */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;

/** Puts Protocol Buffers messages together. Whatever numbers it is given, what it makes is well-formed. */
export class ProtobufWriter extends ByteWriter {
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
    this.reserve(1);
    this.bytes[this.length++] = ((size % 64) * 2 + sign) | (rest > 0 ? 0x80 : 0);
    if (rest > 0) this.varint(rest);
  }

  double(field: number, value: number): void {
    this.varint(field * 8 + FIXED64);
    this.reserve(8);
    this.length += 8;
    this.setDouble(this.length - 8, value);
  }

  /** Puts another number in the place of one that begins at `at`, after its tag. */
  setDouble(at: number, value: number): void {
    this.view.setFloat64(at, value, true);
  }

  /** A field of text. */
  string(field: number, text: string): void {
    const start = this.begin(field);
    this.text(text);
    this.end(start);
  }

  /** Begins a field that is a message of its own, whose fields come next; what it returns is for `end`. */
  begin(field: number): number {
    this.varint(field * 8 + LENGTH_DELIMITED);
    // Most are shorter than 128 bytes, so that their length will be one.
    this.reserve(1);
    return ++this.length;
  }

  /** Begins a message that is in no other one, and comes after its length alone; what it returns is for `endDelimited`. */
  beginDelimited(): number {
    this.isWhole = false;
    this.reserve(1);
    return ++this.length;
  }

  /** Ends the message that began at `start`: writes its length before it, and moves it if that needs more bytes. */
  end(start: number): void {
    const length = this.length - start;
    if (length < 0x80) {
      this.bytes[start - 1] = length;
      return;
    }
    let more = 0;
    for (let rest = length; rest >= 0x80; rest >>>= 7) more++;
    this.reserve(more);
    this.bytes.copyWithin(start + more, start, this.length);
    this.length = start - 1;
    this.varint(length);
    this.length += length;
  }

  endDelimited(start: number): void {
    this.end(start);
    this.isWhole = true;
  }

  /** An integer, seven bits a byte; a negative one as the two's complement in 64 bits. */
  varint(value: number): void {
    if (value >= 0 && value < 0x80 && this.length < this.bytes.length) this.bytes[this.length++] = value;
    else this.#longVarint(value);
  }

  #longVarint(value: number): void {
    this.reserve(10);
    const bytes = this.bytes;
    let at = this.length;
    let rest = value;
    let written = 0;
    for (; written < 9 && !(rest >= 0 && rest < 0x80); written++) {
      bytes[at++] = (rest & 0x7f) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    // A tenth byte has the last one of 64 bits, the sign; what is no integer, or too large, ends there too.
    bytes[at++] = written < 9 ? rest : Number(rest < 0);
    this.length = at;
  }
}
