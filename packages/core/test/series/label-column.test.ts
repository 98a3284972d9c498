import { LabelColumn } from '../../src/series/label-column.ts';

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
    for (const [value, text] of values) expect(column.values[column.ids.get(value) as number]).toBe(text);
    expect(column.ids.get(-0)).toBe(column.ids.get('0'));
    expect(column.values).toEqual(['1', 'true', '', 'NaN', '0']);
  });

  it('knows no value of which the text is unknown, and keeps no text for another', () => {
    const column = new LabelColumn();
    column.add('x\ufffd');
    column.alias(1, '1');
    column.alias('x\ud800', 'x\ufffd');
    expect([...column.ids]).toEqual([['x\ufffd', 0]]);
  });
});
