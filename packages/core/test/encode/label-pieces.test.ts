import { ByteWriter } from '../../src/encode/byte-writer.ts';
import { LabelPieces } from '../../src/encode/label-pieces.ts';
import { Piece } from '../../src/encode/piece.ts';

const make = jest.fn((label: number, value: string) => Piece.ofText(`${label}:${value}`));
beforeEach(() => make.mockClear());

function textOf(piece: Piece | undefined): string | undefined {
  if (piece === undefined) return undefined;
  const out = new ByteWriter(0);
  out.piece(piece);
  return Buffer.from(out.take()).toString();
}

function piecesOf(...columns: string[][]): LabelPieces {
  const pieces = new LabelPieces(make);
  pieces.begin(columns.map((values) => ({ values })));
  return pieces;
}

describe('LabelPieces', () => {
  it('have none when a value comes first, make one the second time, and have it from then on', () => {
    const pieces = piecesOf(['x']);
    expect(pieces.get(0, 0)).toBe(undefined);
    expect(make).not.toHaveBeenCalled();
    const second = pieces.get(0, 0);
    expect(textOf(second)).toBe('0:x');
    expect(pieces.get(0, 0)).toBe(second);
    expect(make.mock.calls).toEqual([[0, 'x']]);
  });

  it('tell values of one label, and labels, apart', () => {
    const pieces = piecesOf(['x', 'y'], ['x', 'y']);
    const twice = (label: number, id: number): string | undefined => {
      expect(pieces.get(label, id)).toBe(undefined);
      return textOf(pieces.get(label, id));
    };
    expect([twice(1, 1), twice(0, 0), twice(1, 0), twice(0, 1)]).toEqual(['1:y', '0:x', '1:x', '0:y']);
  });

  it('know values that came to their column later', () => {
    const values = ['x'];
    const pieces = piecesOf(values);
    values.push('y', 'z');
    pieces.get(0, 2);
    expect([textOf(pieces.get(0, 2)), pieces.get(0, 1)]).toEqual(['0:z', undefined]);
  });

  it('are forgotten with their columns, also where others have values of the same numbers', () => {
    const pieces = piecesOf(['x']);
    pieces.get(0, 0);
    pieces.get(0, 0);
    pieces.begin([{ values: ['y'] }]);
    expect([pieces.get(0, 0), textOf(pieces.get(0, 0))]).toEqual([undefined, '0:y']);
  });

  it('are kept of 4096 values of each label, and of no more', () => {
    const values = Array.from({ length: 5000 }, (_, i) => `v${i}`);
    const pieces = piecesOf(values, values);
    for (let round = 0; round < 3; round++) {
      for (let id = 0; id < values.length; id++) {
        const found = [textOf(pieces.get(0, id)), textOf(pieces.get(1, id))];
        expect(found).toEqual(round > 0 && id < 4096 ? [`0:v${id}`, `1:v${id}`] : [undefined, undefined]);
      }
    }
    expect(make).toHaveBeenCalledTimes(2 * 4096);
  });
});
