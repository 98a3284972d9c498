import { ByteWriter } from '../../src/encode/byte-writer.ts';
import { LabelPieces } from '../../src/encode/label-pieces.ts';
import { Piece } from '../../src/encode/piece.ts';
import type { SeriesView } from '../../src/model.ts';

const make = jest.fn((label: number, value: string) => Piece.ofText(`<${label}:${value}>`));
beforeEach(() => make.mockClear());

/** What is written of series of these columns: `[0:x]` without a piece, `<0:x>` by one. */
function writerOf(...columns: string[][]): { pieces: LabelPieces; written: (...ids: number[]) => string } {
  const out = new ByteWriter(0);
  const pieces = new LabelPieces(out, make);
  pieces.begin(columns.map((values) => ({ values })));
  const written = (...ids: number[]): string => {
    // Not the first of many, as in a family.
    const series = { valueIds: Int32Array.from([7, 7, ...ids]), valueIdsAt: 2 } as Partial<SeriesView>;
    pieces.write(series as SeriesView, (label, value) => out.piece(Piece.ofText(`[${label}:${value}]`)));
    return Buffer.from(out.take()).toString();
  };
  return { pieces, written };
}

describe('LabelPieces', () => {
  it('have none when a value comes first, make one the second time, and have it from then on', () => {
    const { written } = writerOf(['x']);
    expect(written(0)).toBe('[0:x]');
    expect(make).not.toHaveBeenCalled();
    expect([written(0), written(0), written(0)]).toEqual(['<0:x>', '<0:x>', '<0:x>']);
    expect(make.mock.calls).toEqual([[0, 'x']]);
  });

  it('tell values of one label, and labels, apart', () => {
    const { written } = writerOf(['x', 'y'], ['x', 'y']);
    expect([written(0, 1), written(0, 0), written(1, 0), written(0, 1), written(1, 1)]).toEqual([
      '[0:x][1:y]',
      '<0:x>[1:x]',
      '[0:y]<1:x>',
      '<0:x><1:y>',
      '<0:y><1:y>',
    ]);
  });

  it('know values that came to their column later', () => {
    const values = ['x'];
    const { written } = writerOf(values);
    values.push(...Array.from({ length: 100 }, (_, i) => `y${i}`));
    expect([written(100), written(100), written(50), written(100)]).toEqual([
      '[0:y99]',
      '<0:y99>',
      '[0:y49]',
      '<0:y99>',
    ]);
  });

  it('are forgotten with their columns, also where others have values of the same numbers', () => {
    const { pieces, written } = writerOf(['x']);
    expect([written(0), written(0)]).toEqual(['[0:x]', '<0:x>']);
    pieces.begin([{ values: ['y'] }]);
    expect([written(0), written(0)]).toEqual(['[0:y]', '<0:y>']);
  });

  it('are not kept of what would be NaN as a number', () => {
    const { written } = writerOf(['x']);
    const bytes = new Uint8Array(8).fill(0xff);
    make.mockImplementation(() => new Piece(bytes));
    const expected = Buffer.from(bytes).toString();
    expect([written(0), written(0), written(0)]).toEqual(['[0:x]', expected, expected]);
    expect(make).toHaveBeenCalledTimes(2);
    make.mockImplementation((label, value) => Piece.ofText(`<${label}:${value}>`));
  });

  it('are kept of 4096 values of each label, and of no more', () => {
    const values = Array.from({ length: 5000 }, (_, i) => `v${i}`);
    const { written } = writerOf(values, values);
    for (let round = 0; round < 3; round++) {
      for (let id = 0; id < values.length; id++) {
        const isKept = round > 0 && id < 4096;
        expect(written(id, id)).toBe(isKept ? `<0:v${id}><1:v${id}>` : `[0:v${id}][1:v${id}]`);
      }
    }
    expect(make).toHaveBeenCalledTimes(2 * 4096);
  });
});
