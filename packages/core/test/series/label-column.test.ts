import { LabelColumn, UNKNOWN } from '../../src/series/label-column.ts';

describe('LabelColumn', () => {
  it('numbers values in the order in which they come, each once', () => {
    const column = new LabelColumn();
    expect(['x', '', 'y', 'x', '', '__proto__'].map((text) => column.add(text))).toEqual([0, 1, 2, 0, 1, 3]);
    expect(column.values).toEqual(['x', '', 'y', '__proto__']);
  });

  it('finds a value that is no text as what it is as text', () => {
    const column = new LabelColumn();
    const values: readonly (readonly [unknown, string])[] = [
      [1, '1'],
      [1n, '1'],
      [true, 'true'],
      [null, ''],
      [undefined, ''],
      [NaN, 'NaN'],
      [0, '0'],
    ];
    for (const [, text] of values) column.add(text);
    for (const [value, text] of values) column.alias(value, text);
    for (const [value, text] of values) expect(column.values[column.idOf(value)]).toBe(text);
    expect(column.idOf(-0)).toBe(column.idOf('0'));
    expect(column.values).toEqual(['1', 'true', '', 'NaN', '0']);
  });

  it('knows no value of which the text is unknown, and keeps no text for another', () => {
    const column = new LabelColumn();
    column.add('x\ufffd');
    column.alias(1, '1');
    column.alias('x\ud800', 'x\ufffd');
    expect(['x\ufffd', 'x\ud800', '1', 1].map((value) => column.idOf(value))).toEqual([0, UNKNOWN, UNKNOWN, UNKNOWN]);
  });

  it('finds numbers of every size and sign, each as its own text, and none that it was not told of', () => {
    const numbers = [
      0,
      1,
      16,
      17,
      200,
      4095,
      4096,
      65_536,
      2 ** 31,
      2 ** 32,
      2 ** 32 + 200,
      -1,
      -200,
      0.5,
      200.5,
      Infinity,
    ];
    const column = new LabelColumn();
    for (const number of numbers.toReversed()) {
      column.add(String(number));
      column.alias(number, String(number));
    }
    for (const number of numbers) expect(column.values[column.idOf(number)]).toBe(String(number));
    for (const other of [2, 201, 4094, 4097, 2 ** 31 + 1, 2 ** 32 + 1, -2, 1.5, NaN])
      expect(column.idOf(other)).toBe(UNKNOWN);
  });

  it('finds whole numbers that come in ascending order, the first of each size too', () => {
    const column = new LabelColumn();
    const numbers = [0, 15, 16, 31, 32, 64, 4095];
    for (const number of numbers) {
      column.add(String(number));
      column.alias(number, String(number));
    }
    expect(numbers.map((number) => column.idOf(number))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});
