import { BaseSeries } from '../../src/series.ts';
import { SeriesRows, type SeriesShape } from '../../src/series/series-rows.ts';

const owner = { name: 'm', labelNames: ['a', 'b'], warnOnce: () => {} };
const columns = [{ values: ['x', 'y'] }, { values: ['1', '2'] }];

class Item extends BaseSeries {}

function shapeOf(width: number, isCounting = false): SeriesShape<Item> {
  return { width, isCounting, isValue: false, isKept: false, make: (rows, row) => new Item(rows, row) };
}

function filled(count: number, isCounting = false): SeriesRows<Item> {
  const rows = new SeriesRows<Item>(owner, columns, shapeOf(3, isCounting));
  for (let row = 0; row < count; row++) {
    rows.reserve(row);
    rows.ids.set([row % 2, (row + 1) % 2], row * 2);
    rows.cells.set([row, -row, 0.5], row * 3);
    rows.begin(row);
  }
  return rows;
}

describe('SeriesRows', () => {
  it('have the label values and the numbers of each row, however many there are', () => {
    for (const count of [1, 2, 3, 4, 5, 1024, 1025, 1281, 5000]) {
      const rows = filled(count);
      for (let row = 0; row < count; row++) {
        expect(rows.labelValues(row)).toEqual(row % 2 === 0 ? ['x', '2'] : ['y', '1']);
        expect([...rows.cells.subarray(row * 3, row * 3 + 3)]).toEqual([row, -row, 0.5]);
      }
    }
  });

  it('begin with room for one, and never have room for twice as many as there are, nor for a quarter more of many', () => {
    expect(new SeriesRows(owner, columns, shapeOf(3)).cells).toHaveLength(3);
    for (let count = 1; count < 3000; count++) {
      const rows = count % 97 === 0 || count < 20 ? filled(count) : undefined;
      if (rows === undefined) continue;
      expect(rows.ids.length / 2).toBe(rows.cells.length / 3);
      const most = count <= 1024 ? count * 2 - 1 : count * 1.25;
      expect(rows.cells.length / 3).toBeLessThanOrEqual(most);
    }
  });

  it('have room where there are no labels, or no numbers', () => {
    const bare = new SeriesRows({ ...owner, labelNames: [] }, [], shapeOf(0));
    bare.reserve(0);
    bare.reserve(1);
    expect([bare.labelValues(1), bare.ids.length, bare.cells.length]).toEqual([[], 0, 0]);
  });

  it('tell when each began, as many as there is room for, if that is asked for', () => {
    let seconds = 0;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => ++seconds * 1000);
    const rows = filled(1500, true);
    clock.mockRestore();
    expect(Array.from(rows.created.subarray(0, 1500))).toEqual(Array.from({ length: 1500 }, (_, row) => row + 1));
    expect(rows.created.length).toBe(rows.cells.length / 3);
    expect([...rows.alone(7).created]).toEqual([8]);
    expect(filled(5).created).toHaveLength(0);
  });

  it('take over what a row of others counts', () => {
    const [rows, others] = [filled(3, true), filled(5, true)];
    others.created[4] = 4.5;
    rows.take(1, others, 4);
    expect(Array.from(rows.cells.subarray(0, 9))).toEqual([0, -0, 0.5, 4, -4, 0.5, 2, -2, 0.5]);
    expect([rows.created[1], others.cells[12]]).toEqual([4.5, 4]);
  });

  it('give one row as the only one, which shares nothing with the others', () => {
    const rows = filled(5);
    const alone = rows.alone(3);
    expect([alone.labelValues(0), [...alone.cells], alone.kept]).toEqual([['y', '1'], [3, -3, 0.5], []]);
    alone.cells[0] = 99;
    rows.cells.fill(-1);
    expect([...alone.cells]).toEqual([99, -3, 0.5]);
    expect(alone.owner).toBe(owner);
  });
});
