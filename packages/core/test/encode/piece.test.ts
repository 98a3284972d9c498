import * as fc from 'fast-check';
import { ByteWriter } from '../../src/encode/byte-writer.ts';
import { Piece } from '../../src/encode/piece.ts';

/** What is written of a piece, after so many other bytes. */
function written(piece: Piece, before = 0): Uint8Array {
  const out = new ByteWriter(0);
  out.piece(new Piece(new Uint8Array(before).fill(0xaa)));
  out.piece(piece);
  const bytes = out.take();
  expect([...bytes.subarray(0, before)]).toEqual(new Array(before).fill(0xaa));
  return bytes.subarray(before);
}

describe('Piece', () => {
  it.each(Array.from({ length: 41 }, (_, length) => length))('of %d bytes is written at any place', (length) => {
    const text = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH'.slice(0, length);
    const piece = Piece.ofText(text);
    expect(piece.length).toBe(length);
    for (let before = 0; before < 10; before++) expect(Buffer.from(written(piece, before)).toString()).toBe(text);
  });

  it('has a copy of the bytes that it is made of', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const piece = new Piece(bytes);
    bytes.fill(9);
    expect([...written(piece)]).toEqual([1, 2, 3]);
  });

  it.each([
    ['a quiet NaN', [0, 0, 0, 0, 0, 0, 0xf8, 0x7f]],
    ['a NaN that signals', [1, 0, 0, 0, 0, 0, 0xf0, 0x7f]],
    ['such a NaN of which the first byte is the highest', [0x7f, 0xf0, 0, 0, 0, 0, 0, 1]],
    ['all bits', [255, 255, 255, 255, 255, 255, 255, 255]],
  ])('keeps the bits of what would be %s as a number', (_, bytes) => {
    const given = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, ...bytes, 9]);
    expect([...written(new Piece(given), 3)]).toEqual([...given]);
  });

  it('has no words if one of them would be NaN', () => {
    expect(new Piece(new Uint8Array(8).fill(0xff)).words).toBe(undefined);
    expect(new Piece(new Uint8Array(24).fill(0xff, 8, 16)).words).toBe(undefined);
    expect(new Piece(new Uint8Array(9)).words).toEqual(new Float64Array(2));
  });

  it.each([
    [0x7f, true],
    [0x80, false],
  ])('knows of the byte %p, wherever it is, whether it is ASCII: %p', (byte, isAscii) => {
    for (let at = 0; at < 9; at++) expect(new Piece(new Uint8Array(9).fill(byte, at, at + 1)).isAscii).toBe(isAscii);
  });

  it('is the same bytes as it is made of, whatever they are', () => {
    const byte = fc.oneof(fc.constantFrom(0, 0x7f, 0xf0, 0xf8, 0xff), fc.nat(255));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 40 }), fc.nat(16), (bytes, before) => {
        expect([...written(new Piece(Uint8Array.from(bytes)), before)]).toEqual(bytes);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['\x7f', '\u{10ffff}', '\u{1f631}', '\uffff', '\0', '"\\\n'])(
    'keeps the bits of %p at every place',
    (part) => {
      for (let before = 0; before < 9; before++) {
        for (const other of ['\x7f', '\u{10ffff}', '\u{c0000}', 'a']) {
          const text = `${'a'.repeat(before)}${other}${part}${other}${part}`;
          expect(Buffer.from(written(Piece.ofText(text))).toString()).toBe(text);
        }
      }
    },
  );

  it('is, of any text, what TextEncoder makes of it', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: fc.constantFrom('"', '\\', '\n', '\x7f', 'é', '€', '😱', '\u{10ffff}', 'a'), maxLength: 40 }),
    );
    fc.assert(
      fc.property(text, fc.nat(16), (given, before) => {
        const expected = new TextEncoder().encode(given);
        const piece = Piece.ofText(given);
        expect(piece.length).toBe(expected.length);
        expect([...written(piece, before)]).toEqual([...expected]);
      }),
      { numRuns: 500 },
    );
  });
});
