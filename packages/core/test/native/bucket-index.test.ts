import * as fc from 'fast-check';
import { bucketIndex, MAX_SCHEMA, MIN_SCHEMA, schemaOf, upperBound } from '../../src/native/bucket-index.ts';

const SMALLEST_NORMAL = 2 ** -1022;
const schema = fc.integer({ min: MIN_SCHEMA, max: MAX_SCHEMA });
const aboveZero = fc.double({ min: Number.MIN_VALUE, noNaN: true });
const schemas = Array.from({ length: MAX_SCHEMA - MIN_SCHEMA + 1 }, (_, i) => MIN_SCHEMA + i);

describe('The index of a bucket', () => {
  it.each([
    [0.5, 0, -1],
    [0.75, 0, 0],
    [1, 0, 0],
    [1.5, 0, 1],
    [2, 0, 1],
    [2.5, 0, 2],
    [4, 1, 4],
    [1, 8, 0],
    [1.0000000000000002, 8, 1],
    [2, 8, 256],
    [2, -4, 1],
    [65536, -4, 1],
    [65537, -4, 2],
    [Number.MIN_VALUE, 0, -1074],
    [3 * Number.MIN_VALUE, 0, -1072],
    [SMALLEST_NORMAL, 0, -1022],
    [Number.MIN_VALUE, 8, -1074 * 256],
    [Number.MIN_VALUE, -4, -67],
    [Number.MAX_VALUE, 8, 262144],
    [Number.MAX_VALUE, -4, 64],
    [Infinity, 8, 262145],
    [Infinity, -4, 65],
  ])('of %d at schema %d is %d, whatever its sign', (value, schema, index) => {
    expect(bucketIndex(value, schema)).toBe(index);
    expect(bucketIndex(-value, schema)).toBe(index);
  });

  it('is the one of whose bounds the lower is below the value and the upper is not', () => {
    fc.assert(
      fc.property(aboveZero, schema, (value, schema) => {
        const index = bucketIndex(value, schema);
        expect(value <= upperBound(index, schema)).toBe(true);
        // The bounds of subnormal numbers are rounded, onto one another even.
        expect(value < SMALLEST_NORMAL || value > upperBound(index - 1, schema)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(schemas)('changes right above every bound of schema %d', (schema) => {
    const perPower = Math.max(1, 2 ** schema);
    for (const power of [-1021, -1, 0, 1, 3, 1022]) {
      for (let i = Math.ceil(power * 2 ** schema) + 0, n = 0; n < perPower; i++, n++) {
        const bound = upperBound(i, schema);
        if (bound < SMALLEST_NORMAL || i >= bucketIndex(Number.MAX_VALUE, schema)) continue;
        expect([bucketIndex(bound, schema), bucketIndex(next(bound), schema)]).toEqual([i, i + 1]);
      }
    }
  });

  it('at a coarser schema is half of the finer one, rounded up', () => {
    fc.assert(
      fc.property(aboveZero, fc.integer({ min: MIN_SCHEMA, max: MAX_SCHEMA - 1 }), (value, schema) => {
        expect(bucketIndex(value, schema)).toBe((bucketIndex(value, schema + 1) + 1) >> 1);
      }),
    );
  });
});

describe('The upper bound of a bucket', () => {
  it.each([
    [0, 0, 1],
    [1, 0, 2],
    [-1, 0, 0.5],
    [1, -4, 65536],
    [-1, -2, 1 / 16],
    [1, 1, Math.SQRT2 - Number.EPSILON],
    [-1074, 0, Number.MIN_VALUE],
    [-1074 * 256 - 1, 8, Number.MIN_VALUE],
    [-1075, 0, 0],
    [1023, 0, 2 ** 1023],
    [1024, 0, Number.MAX_VALUE],
    [1025, 0, Infinity],
    [262144, 8, Number.MAX_VALUE],
    [262145, 8, Infinity],
  ])('of index %d at schema %d is %d', (index, schema, bound) => {
    expect(upperBound(index, schema)).toBe(bound);
  });

  it('is exact for every power of 2', () => {
    for (let power = -1022, bound = SMALLEST_NORMAL; power < 1024; power++, bound *= 2)
      expect(upperBound(power, 0)).toBe(bound);
  });

  it('is within three ulps of the power that it is', () => {
    for (let i = 0; i <= 256; i++) expect(Math.abs(upperBound(i, 8) / 2 ** (i / 256) - 1)).toBeLessThan(2 ** -50);
  });
});

describe('The schema of a factor', () => {
  it.each([
    [65536, -4],
    [1e300, -4],
    [256, -3],
    [16, -2],
    [4, -1],
    [2, 0],
    [1.5, 1],
    [1.2, 2],
    [1.1, 3],
    [1.05, 4],
    [1.03, 5],
    [1.02, 6],
    [1.01, 7],
    [1.005, 8],
    [1 + Number.EPSILON, 8],
  ])('%d is %d', (factor, schema) => {
    expect(schemaOf(factor)).toBe(schema);
  });
});

/** The number right above one above 0. */
function next(value: number): number {
  const bits = new BigUint64Array(new Float64Array([value]).buffer);
  (bits[0] as bigint)++;
  return new Float64Array(bits.buffer)[0] as number;
}
