import { checkBuckets } from '../src/buckets.ts';
import { exponentialBuckets, Histogram, linearBuckets } from '../src/index.ts';
import { refusal } from './refusal.ts';

describe('checkBuckets', () => {
  it('gives the default buckets where none are given', () => {
    expect(checkBuckets('m', undefined)).toEqual([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]);
  });

  it.each<[string, ArrayLike<number>, number[]]>([
    ['an ascending list', [-1, 0, 0.5], [-1, 0, 0.5]],
    ['an empty list', [], []],
    ['a frozen list', Object.freeze([1, 2]), [1, 2]],
    ['a typed array', new Float64Array([0.5, 1]), [0.5, 1]],
    ['a list that ends with Infinity, which is dropped', [1, Infinity], [1]],
    ['Infinity alone', [Infinity], []],
    ['the largest and smallest numbers', [5e-324, Number.MAX_VALUE], [5e-324, Number.MAX_VALUE]],
  ])('accepts %s', (_, given, bounds) => {
    expect(checkBuckets('m', given as number[])).toEqual(bounds);
  });

  it('leaves the list of the caller as it is', () => {
    const given = [1, 2, Infinity];
    checkBuckets('m', given);
    expect(given).toEqual([1, 2, Infinity]);
    expect(Object.isFrozen(given)).toBe(false);
  });

  it.each<[string, unknown, string]>([
    ['an unsorted list', [1, 3, 2], "[1,3,2], which has 2 after 3, so that it doesn't ascend"],
    ['a repeated bound', [1, 1], "[1,1], which has 1 after 1, so that it doesn't ascend"],
    ['both zeros', [-0, 0], "[0,0], which has 0 after 0, so that it doesn't ascend"],
    ['NaN', [1, NaN], '[1,NaN], which has NaN in it, which is not a number'],
    ['a text', ['1'], '["1"], which has "1" in it, which is not a number'],
    ['a hole', [1, , 3], '[1,null,3], which has undefined in it, which is not a number'],
    ['null', [null], '[null], which has null in it, which is not a number'],
    ['-Infinity', [-Infinity, 0], '[-Infinity,0], which has -Infinity in it, which only the last one, +Inf, may be'],
    [
      'Infinity twice',
      [1, Infinity, Infinity],
      '[1,Infinity,Infinity], which has Infinity in it, which only the last one, +Inf, may be',
    ],
    ['bigints', new BigInt64Array([1n]), '{"0":1n}, which has 1n in it, which is not a number'],
    ['no list', 5, '5, which is not an array of numbers'],
    ['null instead of a list', null, 'null, which is not an array of numbers'],
    ['an object', { length: 1, 0: 1 }, '{"0":1,"length":1}, which is not an array of numbers'],
    ['a DataView', new DataView(new ArrayBuffer(8)), '{}, which is not an array of numbers'],
  ])('refuses %s', (_, buckets, wrong) => {
    expect(
      refusal(() => new Histogram({ name: 'hh', help: 'A histogram', buckets: buckets as number[], registry: null })),
    ).toEqual({
      code: 'INVALID_BUCKETS',
      message: `The option "buckets" of metric "hh" is ${wrong}: give ascending numbers, each once, such as [0.1, 1, 10].`,
    });
  });
});

describe('linearBuckets', () => {
  it.each([
    [
      [20, 5, 3],
      [20, 25, 30],
    ],
    [
      [-1, 1, 3],
      [-1, 0, 1],
    ],
    [[7, 1, 1], [7]],
    [
      [0, 0.5, 4],
      [0, 0.5, 1, 1.5],
    ],
  ] as const)('of %p is %p', ([start, width, count], bounds) => {
    expect(linearBuckets(start, width, count)).toEqual(bounds);
  });

  it.each<[unknown[], string]>([
    [[0, 0, 3], '0, 0, 3'],
    [[0, -1, 3], '0, -1, 3'],
    [[7, 0, 1], '7, 0, 1'],
    [[7, -1, 1], '7, -1, 1'],
    [[0, 1, 0], '0, 1, 0'],
    [[0, 1, 1.5], '0, 1, 1.5'],
    [[NaN, 1, 2], 'NaN, 1, 2'],
    [[0, Infinity, 2], '0, Infinity, 2'],
    [[0, 1, -1], '0, 1, -1'],
    [[0, 1, '2'], '0, 1, "2"'],
    [['0', 1, 2], '"0", 1, 2'],
    [[0, '1', 2], '0, "1", 2'],
    [[1e300, 1, 2], '1e+300, 1, 2'],
    [[1e308, 1e308, 2], '1e+308, 1e+308, 2'],
  ])('refuses %p', (given, shown) => {
    const [start, width, count] = given as [number, number, number];
    expect(refusal(() => linearBuckets(start, width, count))).toEqual({
      code: 'INVALID_BUCKETS',
      message: `linearBuckets(${shown}) makes no list of ascending numbers: give finite numbers, a width above 0 and a count from 1 to 10000.`,
    });
  });
});

describe('exponentialBuckets', () => {
  it.each([
    [
      [1, 2, 4],
      [1, 2, 4, 8],
    ],
    [
      [0.5, 10, 2],
      [0.5, 5],
    ],
    [[3, 2, 1], [3]],
  ] as const)('of %p is %p', ([start, factor, count], bounds) => {
    expect(exponentialBuckets(start, factor, count)).toEqual(bounds);
  });

  it.each<[unknown[], string]>([
    [[0, 2, 3], '0, 2, 3'],
    [[-1, 2, 3], '-1, 2, 3'],
    [[1, 1, 3], '1, 1, 3'],
    [[1, 0.5, 3], '1, 0.5, 3'],
    [[0, 2, 1], '0, 2, 1'],
    [[-1, 2, 1], '-1, 2, 1'],
    [[3, 1, 1], '3, 1, 1'],
    [[3, 0.5, 1], '3, 0.5, 1'],
    [[1, 2, 0], '1, 2, 0'],
    [[1, 2, NaN], '1, 2, NaN'],
    [[1, 2, 2000], '1, 2, 2000'],
    [[1, Infinity, 1], '1, Infinity, 1'],
    [['1', 2, 2], '"1", 2, 2'],
    [[1, '2', 2], '1, "2", 2'],
  ])('refuses %p', (given, shown) => {
    const [start, factor, count] = given as [number, number, number];
    expect(refusal(() => exponentialBuckets(start, factor, count))).toEqual({
      code: 'INVALID_BUCKETS',
      message: `exponentialBuckets(${shown}) makes no list of ascending numbers: give finite numbers, a start above 0 and a factor above 1 and a count from 1 to 10000.`,
    });
  });
});
