import * as fc from 'fast-check';
import { ByteWriter, PIECE } from '../../src/encode/byte-writer.ts';
import { ProtobufWriter } from '../../src/encode/protobuf-writer.ts';
import { written } from './written.ts';

/** These bytes in words; undefined if one of them would be NaN. */
function wordsOf(bytes: Uint8Array): Float64Array | undefined {
  const out = new ProtobufWriter(0);
  out.text('before');
  const start = out.length;
  for (const byte of bytes) {
    // A varint of one byte or of two is any byte at all, with what comes after it.
    out.varint(byte);
    if (byte >= 0x80) out.length--;
  }
  const words = new Float64Array(Math.ceil(bytes.length / 8) + 1).fill(7);
  const areThere = out.copyWords(start, words, 1);
  expect(words[0]).toBe(7);
  return areThere ? words.subarray(1) : undefined;
}

function writeWords(out: ByteWriter, text: string): void {
  out.words(wordsOf(Buffer.from(text)) as Float64Array, 0, text.length);
}

describe('ByteWriter', () => {
  it.each([0, 1, 7, 8, 9, 16, 17])('writes words of %d bytes, whatever room there was', (length) => {
    const text = 'abcdefghijklmnopqrst'.slice(0, length);
    for (let size = 0; size < 40; size++) {
      expect(
        written(new ByteWriter(size), (out) => {
          out.text('<');
          writeWords(out, text);
          out.text('>');
        }),
      ).toBe(`<${text}>`);
    }
  });

  it('leaves nothing of words behind their end', () => {
    expect(
      written(new ByteWriter(100), (out) => {
        out.text('before that stood something longer');
        out.take();
        writeWords(out, '123456789');
        writeWords(out, '');
        writeWords(out, 'x');
      }),
    ).toBe('123456789x');
  });

  it('writes some of the words that it is given', () => {
    const words = wordsOf(Buffer.from('12345678abcdefghABCDEFGH')) as Float64Array;
    expect(
      written(new ByteWriter(4), (out) => {
        out.words(words, 1, 10);
        out.words(words, 0, 3);
        out.words(words, 2, 0);
      }),
    ).toBe('abcdefghAB123');
  });

  describe('of several words by number', () => {
    const words = wordsOf(Buffer.from('a-------bcdefghijk------')) as Float64Array;
    /** Of two labels: one value of one byte; none, and one of ten. */
    const places = [Int32Array.of(1, 0), Int32Array.of(0, 0, 10, 1)];

    it('writes one after the other', () => {
      const appended = written(new ByteWriter(100), (out) => {
        out.text('<');
        expect(out.allWords(words, places, Int32Array.of(5, 0, 1), 1)).toBe(true);
        out.text('>');
      });
      expect(appended).toBe('<abcdefghijk>');
    });

    it.each([
      ['there is nothing of one', 100, [0, 0]],
      ['one came later', 100, [0, 2]],
      ['there is no room for the last word', 19, [0, 1]],
    ])('writes none where %s', (_, size, numbers) => {
      const appended = written(new ByteWriter(size), (out) => {
        out.text('<');
        expect(out.allWords(words, places, Int32Array.from(numbers), 0)).toBe(false);
        out.text('>');
      });
      expect(appended).toBe('<>');
    });

    it('needs no more room than for its last word', () => {
      const out = new ByteWriter(20);
      out.text('<');
      expect(out.allWords(words, places, Int32Array.of(0, 1), 0)).toBe(true);
    });
  });

  it.each([0, 8, 1000])('starts anew after a take, which keeps its bytes, with room for %d', (size) => {
    const out = new ByteWriter(size);
    const texts = ['first', 'other that is longer', '3'];
    const taken = texts.map((text) => {
      out.text(text);
      const bytes = out.take();
      expect(out.length).toBe(0);
      return bytes;
    });
    expect(taken.map((bytes) => Buffer.from(bytes).toString())).toEqual(texts);
  });

  it('makes no copy of what fills most of its room, nor gives away much room for little', () => {
    const out = new ByteWriter(100);
    out.text('x'.repeat(49));
    expect(out.take().buffer.byteLength).toBe(49);
    out.text('x'.repeat(50));
    expect(out.take().buffer.byteLength).toBe(100);
  });

  it('has a piece due after some 64 KB, and again after as many more, taken or not', () => {
    const out = new ByteWriter();
    const line = 'x'.repeat(1024);
    const isDue: boolean[] = [];
    for (let i = 1; i <= 3 * 64; i++) {
      out.text(line);
      if (!out.isDue) continue;
      isDue.push(i % 64 === 0);
      if (i === 128) out.take();
      out.nextPiece();
    }
    expect(isDue).toEqual([true, true, true]);
    expect(out.length).toBe(PIECE);
  });

  it.each(Array.from({ length: 41 }, (_, length) => length))(
    'copies %d bytes to words, and writes these anywhere',
    (length) => {
      const text = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH'.slice(0, length);
      for (let before = 0; before < 10; before++) {
        const actual = written(new ByteWriter(0), (out) => {
          out.text('-'.repeat(before));
          writeWords(out, text);
          out.text('.');
        });
        expect(actual).toBe(`${'-'.repeat(before)}${text}.`);
      }
    },
  );

  it.each([
    ['a quiet NaN', [0, 0, 0, 0, 0, 0, 0xf8, 0x7f]],
    ['a NaN that signals', [1, 0, 0, 0, 0, 0, 0xf0, 0x7f]],
    ['all bits', [255, 255, 255, 255, 255, 255, 255, 255]],
  ])('copies no bytes of which some would be %s as a number, wherever they are', (_, nan) => {
    for (let before = 0; before < 3; before++) {
      const bytes = [...new Array<number>(before * 8).fill(1), ...nan, 9];
      expect(wordsOf(Uint8Array.from(bytes))).toBe(undefined);
    }
  });

  it('writes the bytes that it has copied, whatever they are', () => {
    const byte = fc.oneof(fc.constantFrom(0, 0x7f, 0xf0, 0xf8, 0xff), fc.nat(255));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 40 }), (given) => {
        const words = wordsOf(Uint8Array.from(given));
        if (words === undefined) return;
        const out = new ByteWriter(0);
        out.words(words, 0, given.length);
        expect([...out.take()]).toEqual(given);
      }),
      { numRuns: 500 },
    );
  });

  it('copies every text to words', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: fc.constantFrom('\x7f', '\u{10ffff}', '\u{c0000}', '\u{1f631}', '\uffff', '\0', '"', 'a') }),
    );
    fc.assert(
      fc.property(text, (given) => {
        const bytes = Buffer.from(given);
        const words = wordsOf(bytes) as Float64Array;
        expect([...new Uint8Array(words.buffer, 8, bytes.length)]).toEqual([...bytes]);
      }),
      { numRuns: 500 },
    );
  });
});
