import { ByteWriter, PIECE } from '../../src/encode/byte-writer.ts';
import { Piece } from '../../src/encode/piece.ts';

function written(write: (out: ByteWriter) => void, size = 4): string {
  const out = new ByteWriter(size);
  write(out);
  const { length } = out;
  const bytes = out.take();
  expect(bytes.length).toBe(length);
  return Buffer.from(bytes).toString();
}

describe('ByteWriter', () => {
  it.each([0, 1, 7, 8, 9, 16, 17])('writes a piece of %d bytes, whatever room there was', (length) => {
    const text = 'abcdefghijklmnopqrst'.slice(0, length);
    for (let size = 0; size < 40; size++) {
      expect(
        written((out) => {
          out.piece(Piece.ofText('<'));
          out.piece(Piece.ofText(text));
          out.piece(Piece.ofText('>'));
        }, size),
      ).toBe(`<${text}>`);
    }
  });

  it('leaves nothing of a piece behind its end', () => {
    expect(
      written((out) => {
        out.piece(Piece.ofText('before that stood something longer'));
        out.take();
        out.piece(Piece.ofText('123456789'));
        out.piece(Piece.ofText(''));
        out.piece(Piece.ofText('x'));
      }, 100),
    ).toBe('123456789x');
  });

  it('writes some of the words that it is given', () => {
    const { words } = Piece.ofText('12345678abcdefghABCDEFGH');
    expect(
      written((out) => {
        out.words(words as Float64Array, 1, 10);
        out.words(words as Float64Array, 0, 3);
        out.words(words as Float64Array, 2, 0);
      }),
    ).toBe('abcdefghAB123');
  });

  it.each([0, 8, 1000])('starts anew after a take, which keeps its bytes, with room for %d', (size) => {
    const out = new ByteWriter(size);
    const texts = ['first', 'other that is longer', '3'];
    const taken = texts.map((text) => {
      out.piece(Piece.ofText(text));
      const bytes = out.take();
      expect(out.length).toBe(0);
      return bytes;
    });
    expect(taken.map((bytes) => Buffer.from(bytes).toString())).toEqual(texts);
  });

  it('makes no copy of what fills most of its room, nor gives away much room for little', () => {
    const out = new ByteWriter(100);
    out.piece(Piece.ofText('x'.repeat(49)));
    expect(out.take().buffer.byteLength).toBe(49);
    out.piece(Piece.ofText('x'.repeat(50)));
    expect(out.take().buffer.byteLength).toBe(100);
  });

  it('has a piece due after some 64 KB, and again after as many more, taken or not', () => {
    const out = new ByteWriter();
    const line = Piece.ofText('x'.repeat(1024));
    const isDue: boolean[] = [];
    for (let i = 1; i <= 3 * 64; i++) {
      out.piece(line);
      if (!out.isDue) continue;
      isDue.push(i % 64 === 0);
      if (i === 128) out.take();
      out.nextPiece();
    }
    expect(isDue).toEqual([true, true, true]);
    expect(out.length).toBe(PIECE);
  });
});
