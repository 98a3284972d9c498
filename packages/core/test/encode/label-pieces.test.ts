import { collectGarbage } from '../../../node/test/collect-garbage.ts';
import { ByteWriter } from '../../src/encode/byte-writer.ts';
import { LabelPieces } from '../../src/encode/label-pieces.ts';
import { ProtobufWriter } from '../../src/encode/protobuf-writer.ts';

/** What writes series, and what it has written by itself, without a piece. */
interface Writer {
  out: ProtobufWriter;
  pieces: LabelPieces<ProtobufWriter>;
  written: (...ids: number[]) => string;
  itself: () => string;
}

/** One of these columns. */
function writerOf(columns: string[][]): Writer {
  const out = new ProtobufWriter(0);
  let itself = '';
  const pieces = new LabelPieces<ProtobufWriter>((_, label, value) => {
    const text = `<${label}:${value}>`;
    itself += text;
    if (value === 'NaN') out.varint(-1);
    else out.text(text);
  });
  pieces.begin(columns.map((values) => ({ values })));
  return {
    out,
    pieces,
    written(...ids) {
      // Not the first of many, as in a family.
      pieces.write(out, Int32Array.from([7, 7, ...ids]), 2);
      return Buffer.from(out.take()).toString('latin1');
    },
    itself() {
      const text = itself;
      itself = '';
      return text;
    },
  };
}

describe('LabelPieces', () => {
  it('are of what was written when a value came for the second time, and copied from then on', () => {
    const { written, itself } = writerOf([['x']]);
    expect([written(0), itself()]).toEqual(['<0:x>', '<0:x>']);
    expect([written(0), itself()]).toEqual(['<0:x>', '<0:x>']);
    expect([written(0), itself()]).toEqual(['<0:x>', '']);
    expect([written(0), itself()]).toEqual(['<0:x>', '']);
  });

  it('tell values of one label, and labels, apart', () => {
    const { written, itself } = writerOf([
      ['x', 'y'],
      ['x', 'y'],
    ]);
    const all = [
      [0, 1],
      [1, 0],
      [1, 1],
      [0, 0],
    ] as const;
    const expected = ['<0:x><1:y>', '<0:y><1:x>', '<0:y><1:y>', '<0:x><1:x>'];
    expect(all.map((ids) => written(...ids))).toEqual(expected);
    expect(itself()).toBe(expected.join(''));
    expect(all.map((ids) => written(...ids))).toEqual(expected);
    expect(itself()).toBe('');
  });

  it('write one value by its number as they do all of a series', () => {
    const { out, pieces, itself } = writerOf([['x'], ['x', 'y']]);
    for (let i = 0; i < 3; i++) pieces.writeValue(out, 1, 1);
    expect([Buffer.from(out.take()).toString(), itself()]).toEqual(['<1:y><1:y><1:y>', '<1:y><1:y>']);
  });

  it('stand beside what has to be written by itself', () => {
    const { written, itself } = writerOf([
      ['x', 'y'],
      ['x', 'y'],
    ]);
    written(0, 0);
    written(0, 0);
    itself();
    expect([written(0, 1), itself()]).toEqual(['<0:x><1:y>', '<1:y>']);
    expect([written(1, 0), itself()]).toEqual(['<0:y><1:x>', '<0:y>']);
  });

  it('know values that came to their column later', () => {
    const values = ['x'];
    const { written, itself } = writerOf([values]);
    values.push(...Array.from({ length: 100 }, (_, i) => `y${i}`));
    expect([written(100), written(100), written(50), written(100)]).toEqual([
      '<0:y99>',
      '<0:y99>',
      '<0:y49>',
      '<0:y99>',
    ]);
    expect(itself()).toBe('<0:y99><0:y99><0:y49>');
  });

  it('are kept of values that came to their column after the first ones were kept', () => {
    const values = ['x'];
    const { written, itself } = writerOf([values]);
    expect([written(0), written(0), written(0), itself()]).toEqual(['<0:x>', '<0:x>', '<0:x>', '<0:x><0:x>']);
    values.push('y', 'z');
    expect([written(2), written(2), written(2), itself()]).toEqual(['<0:z>', '<0:z>', '<0:z>', '<0:z><0:z>']);
    expect([written(0), itself()]).toEqual(['<0:x>', '']);
  });

  it('are forgotten with their columns, also where others have values of the same numbers', () => {
    const { pieces, written } = writerOf([['x']]);
    expect([written(0), written(0), written(0)]).toEqual(['<0:x>', '<0:x>', '<0:x>']);
    pieces.begin([{ values: ['y'] }]);
    expect([written(0), written(0), written(0)]).toEqual(['<0:y>', '<0:y>', '<0:y>']);
  });

  it('are kept of other columns after more was kept of the ones before', () => {
    const many = Array.from({ length: 100 }, (_, i) => `value ${i}`);
    const { pieces, written, itself } = writerOf([many]);
    for (let round = 0; round < 2; round++) many.forEach((_, id) => written(id));
    pieces.begin([{ values: ['x'] }]);
    itself();
    expect([written(0), written(0), written(0), itself()]).toEqual(['<0:x>', '<0:x>', '<0:x>', '<0:x><0:x>']);
  });

  it('stay for the next time when all have been written, unless they take more than the most that does', () => {
    const values = Array.from({ length: 600 }, (_, i) => `a value ${i}`);
    for (const [count, itselfThen] of [
      [100, ''],
      [600, '<0:a value 0>'],
    ] as const) {
      const { pieces, written, itself } = writerOf([values.slice(0, count)]);
      for (let round = 0; round < 2; round++) for (let id = 0; id < count; id++) written(id);
      const { columns } = pieces;
      pieces.end();
      itself();
      pieces.begin(columns);
      expect([count, written(0), itself()]).toEqual([count, '<0:a value 0>', itselfThen]);
    }
  });

  it('know for the next time which values came once, unless there are very many', () => {
    for (const [count, times] of [
      [10, 1],
      [5000, 2],
    ] as const) {
      const { pieces, written, itself } = writerOf([Array.from({ length: count }, (_, i) => `${i}`)]);
      written(count - 1);
      written(0);
      const { columns } = pieces;
      pieces.end();
      pieces.begin(columns);
      itself();
      expect([count, written(0), written(0), itself()]).toEqual([count, '<0:0>', '<0:0>', '<0:0>'.repeat(times)]);
    }
  });

  it('of other columns are others the next time', () => {
    const { pieces, written } = writerOf([['x']]);
    for (let i = 0; i < 3; i++) written(0);
    pieces.end();
    pieces.begin([{ values: ['y'] }]);
    expect([written(0), written(0), written(0)]).toEqual(['<0:y>', '<0:y>', '<0:y>']);
    pieces.end();
    const none = pieces.columns;
    pieces.begin(undefined);
    pieces.end();
    expect([none, pieces.columns]).toEqual([undefined, undefined]);
  });

  it('go on where another exposition ends in the midst of this one', () => {
    const { pieces, written, itself } = writerOf([['x', 'y']]);
    const { columns } = pieces;
    for (let i = 0; i < 3; i++) written(0);
    pieces.end();
    pieces.begin(columns);
    pieces.end();
    pieces.begin(columns);
    itself();
    expect([written(0), written(1), itself()]).toEqual(['<0:x>', '<0:y>', '<0:y>']);
  });

  it('keep no columns alive between two expositions', async () => {
    const pieces = new LabelPieces<ByteWriter>((to, _, value) => to.text(value));
    const out = new ByteWriter(0);
    const columnsLeft = ((): WeakRef<object> => {
      const columns = [{ values: ['x'] }];
      pieces.begin(columns);
      for (let i = 0; i < 3; i++) pieces.write(out, Int32Array.of(0), 0);
      pieces.end();
      return new WeakRef(columns);
    })();
    await new Promise(setImmediate);
    collectGarbage();
    expect(columnsLeft.deref()).toBe(undefined);
    pieces.begin([{ values: ['z'] }]);
    out.take();
    pieces.write(out, Int32Array.of(0), 0);
    expect(Buffer.from(out.take()).toString()).toBe('z');
  });

  it.each(['stay', 'were forgotten meanwhile'])(
    'tell who copied them that they are not all ASCII, if they %s',
    (how) => {
      const columns = [{ values: ['x', 'é'] }];
      const pieces = new LabelPieces<ByteWriter>((to, _, value) => to.text(value));
      pieces.begin(columns);
      const writers = Array.from({ length: 3 }, () => new ByteWriter(0));
      const [first, second, third] = writers as [ByteWriter, ByteWriter, ByteWriter];
      for (let i = 0; i < 2; i++) pieces.write(first, Int32Array.of(0), 0);
      pieces.end();
      expect(first.isAscii).toBe(true);
      pieces.begin(columns);
      for (let i = 0; i < 2; i++) pieces.write(second, Int32Array.of(1), 0);
      pieces.end();
      pieces.begin(columns);
      pieces.write(third, Int32Array.of(1), 0);
      if (how !== 'stay') pieces.begin(undefined);
      pieces.end();
      expect([first, second, third].map(({ isAscii }) => isAscii)).toEqual([true, false, false]);
      expect(Buffer.from(third.take()).toString()).toBe('é');
    },
  );

  it('are of no columns, and write nothing, before there are some and after these', () => {
    const out = new ByteWriter(0);
    const pieces = new LabelPieces<ByteWriter>((to) => to.text('x'));
    const ids = Int32Array.of(0);
    const columns = [{ values: ['x'] }];
    pieces.write(out, ids, 0);
    expect([pieces.columns, out.length]).toEqual([undefined, 0]);
    pieces.begin(columns);
    pieces.write(out, ids, 0);
    expect(pieces.columns).toBe(columns);
    expect(out.length).toBe(1);
    pieces.begin(undefined);
    pieces.write(out, ids, 0);
    expect([pieces.columns, out.length]).toEqual([undefined, 1]);
  });

  it('are not kept of what would be NaN as a number', () => {
    const { written, itself } = writerOf([['NaN', 'x']]);
    const bytes = `${'\xff'.repeat(9)}\x01`;
    expect([written(0), written(0), written(0), itself()]).toEqual([bytes, bytes, bytes, '<0:NaN>'.repeat(3)]);
    expect([written(1), written(1), written(1), itself()]).toEqual(['<0:x>', '<0:x>', '<0:x>', '<0:x>'.repeat(2)]);
  });

  it('are kept of 4096 values of each label, and of no more', () => {
    const values = Array.from({ length: 5000 }, (_, i) => `v${i}`);
    const { written, itself } = writerOf([values, values]);
    for (let round = 0; round < 4; round++) {
      for (let id = 0; id < values.length; id++) {
        const expected = `<0:v${id}><1:v${id}>`;
        expect([written(id, id), itself()]).toEqual([expected, round < 2 || id >= 4096 ? expected : '']);
      }
    }
  });
});
