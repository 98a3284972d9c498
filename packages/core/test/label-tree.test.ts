import { findOrAdd, takeOut, type LabelTree } from '../src/label-tree.ts';

describe('A tree of labels', () => {
  it('finds what was added before, and adds only what is missing', () => {
    const root: LabelTree<object> = new Map();
    const make = jest.fn(() => ({}));
    const series = findOrAdd(root, ['a', 'b'], make);

    expect(findOrAdd(root, ['a', 'b'], make)).toBe(series);
    expect(make).toHaveBeenCalledTimes(1);
    expect(findOrAdd(root, ['a', 'c'], make)).not.toBe(series);
    expect(findOrAdd(root, ['b', 'a'], make)).not.toBe(series);
  });

  it('keeps no empty level after the last series of one is taken out', () => {
    const root: LabelTree<object> = new Map();
    const [ab, ac] = [{}, {}];
    findOrAdd(root, ['a', 'b'], () => ab);
    findOrAdd(root, ['a', 'c'], () => ac);

    expect(takeOut(root, ['a', 'b'])).toBe(ab);
    expect(root.size).toBe(1);
    expect(takeOut(root, ['a', 'b'])).toBe(undefined);
    expect(takeOut(root, ['x', 'c'])).toBe(undefined);
    expect(takeOut(root, ['a', 'c'])).toBe(ac);
    expect(root.size).toBe(0);
  });
});
