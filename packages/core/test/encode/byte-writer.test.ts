import { ByteWriter, PIECE } from '../../src/encode/byte-writer.ts';
import { wordsOf } from '../../src/encode/words.ts';
import { written } from './written.ts';

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
});
