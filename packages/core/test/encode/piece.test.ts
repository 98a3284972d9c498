import * as fc from 'fast-check';
import { Piece } from '../../src/encode/piece.ts';

/** What stands in a buffer from `at` on after a piece was copied there, and how much it was. */
function copied(piece: Piece, at = 0): Uint8Array {
  const bytes = new Uint8Array(at + piece.length + 8).fill(0xaa);
  piece.copyTo(new DataView(bytes.buffer), at);
  expect([...bytes.subarray(0, at)]).toEqual(new Array(at).fill(0xaa));
  return bytes.subarray(at, at + piece.length);
}

describe('Piece', () => {
  it.each(Array.from({ length: 41 }, (_, length) => length))('of %d bytes is copied to any place', (length) => {
    const text = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH'.slice(0, length);
    const piece = Piece.ofText(text);
    expect(piece.length).toBe(length);
    for (let at = 0; at < 10; at++) expect(Buffer.from(copied(piece, at)).toString()).toBe(text);
  });

  it('overwrites less than eight bytes behind its end', () => {
    const bytes = new Uint8Array(24).fill(0xaa);
    Piece.ofText('123456789').copyTo(new DataView(bytes.buffer), 0);
    expect([...bytes.subarray(16)]).toEqual(new Array(8).fill(0xaa));
  });

  it('has a copy of the bytes that it is made of', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const piece = new Piece(bytes);
    bytes.fill(9);
    expect([...copied(piece)]).toEqual([1, 2, 3]);
  });

  it.each([
    ['a quiet NaN', [0, 0, 0, 0, 0, 0, 0xf8, 0x7f]],
    ['a NaN that signals', [1, 0, 0, 0, 0, 0, 0xf0, 0x7f]],
    ['such a NaN of which the first byte is the highest', [0x7f, 0xf0, 0, 0, 0, 0, 0, 1]],
    ['all bits', [255, 255, 255, 255, 255, 255, 255, 255]],
  ])('keeps the bits of what would be %s as a number', (_, bytes) => {
    const given = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, ...bytes, 9]);
    expect([...copied(new Piece(given), 3)]).toEqual([...given]);
  });

  it('that would be NaN as a number overwrites nothing behind its end', () => {
    const bytes = new Uint8Array(9).fill(0xaa);
    new Piece(new Uint8Array(8).fill(0xff)).copyTo(new DataView(bytes.buffer), 0);
    expect([...bytes]).toEqual([...new Array(8).fill(0xff), 0xaa]);
  });

  it('is the same bytes as it is made of, whatever they are', () => {
    const byte = fc.oneof(fc.constantFrom(0, 0x7f, 0xf0, 0xf8, 0xff), fc.nat(255));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 40 }), fc.nat(16), (bytes, at) => {
        expect([...copied(new Piece(Uint8Array.from(bytes)), at)]).toEqual(bytes);
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
          expect(Buffer.from(copied(Piece.ofText(text))).toString()).toBe(text);
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
      fc.property(text, fc.nat(16), (given, at) => {
        const expected = new TextEncoder().encode(given);
        const piece = Piece.ofText(given);
        expect(piece.length).toBe(expected.length);
        expect([...copied(piece, at)]).toEqual([...expected]);
      }),
      { numRuns: 500 },
    );
  });
});
