import * as fc from 'fast-check';
import { ByteWriter } from '../../src/encode/byte-writer.ts';
import { wordsOf } from '../../src/encode/words.ts';

/** What is written of these bytes as words, after so many other bytes; the bytes themselves if there are no words of them. */
function written(bytes: Uint8Array, before = 0): Uint8Array {
  const words = wordsOf(bytes);
  if (words === undefined) return bytes;
  const out = new ByteWriter(0);
  out.text('-'.repeat(before));
  out.words(words, 0, bytes.length);
  const all = out.take();
  expect(Buffer.from(all.subarray(0, before)).toString()).toBe('-'.repeat(before));
  return all.subarray(before);
}

describe('wordsOf', () => {
  it.each(Array.from({ length: 41 }, (_, length) => length))(
    'makes words of %d bytes, written at any place',
    (length) => {
      const bytes = Uint8Array.from({ length }, (_, i) => 0x30 + i);
      expect(wordsOf(bytes)).toHaveLength(Math.ceil(length / 8));
      for (let before = 0; before < 10; before++) expect([...written(bytes, before)]).toEqual([...bytes]);
    },
  );

  it('copies the bytes', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const words = wordsOf(bytes) as Float64Array;
    bytes.fill(9);
    expect([...new Uint8Array(words.buffer)]).toEqual([1, 2, 3, 0, 0, 0, 0, 0]);
  });

  it.each([
    ['a quiet NaN', [0, 0, 0, 0, 0, 0, 0xf8, 0x7f]],
    ['a NaN that signals', [1, 0, 0, 0, 0, 0, 0xf0, 0x7f]],
    ['all bits', [255, 255, 255, 255, 255, 255, 255, 255]],
  ])('makes none of what would be %s as a number, wherever it is', (_, nan) => {
    for (let before = 0; before < 3; before++) {
      const bytes = Uint8Array.from([...new Array<number>(before * 8).fill(1), ...nan, 9]);
      expect(wordsOf(bytes)).toBe(undefined);
    }
  });

  it('has them be written as the same bytes, whatever they are', () => {
    const byte = fc.oneof(fc.constantFrom(0, 0x7f, 0xf0, 0xf8, 0xff), fc.nat(255));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 40 }), fc.nat(16), (bytes, before) => {
        expect([...written(Uint8Array.from(bytes), before)]).toEqual(bytes);
      }),
      { numRuns: 500 },
    );
  });

  it('makes words of every text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({
        unit: fc.constantFrom('\x7f', '\u{10ffff}', '\u{c0000}', '\u{1f631}', '\uffff', '\0', '"', 'a'),
        maxLength: 40,
      }),
    );
    fc.assert(
      fc.property(text, (given) => {
        const bytes = new TextEncoder().encode(given);
        expect(wordsOf(bytes)).not.toBe(undefined);
        expect([...written(bytes)]).toEqual([...bytes]);
      }),
      { numRuns: 500 },
    );
  });
});
