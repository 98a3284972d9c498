import * as fc from 'fast-check';
import { QuantileSketch } from '../../src/quantiles/quantile-sketch.ts';

/** What the width of a bucket allows, of the 1 % that is promised. */
const RELATIVE_ERROR = 0.00542;
const SMALLEST_NORMAL = 2 ** -1022;
const HUNDREDTHS = Array.from({ length: 101 }, (_, i) => i);

const anyNumber = fc.double({ noNaN: true });
const anyNumbers = (maxLength: number): fc.Arbitrary<number[]> =>
  fc.array(anyNumber, { minLength: 1, maxLength, size: 'max' });

/** From shares that are drawn evenly between 0 and 1. */
const distributions: Record<string, (draw: () => number) => number> = {
  'a uniform': (draw) => draw(),
  'an exponential': (draw) => -Math.log(draw()) / 1000,
  'a normal around zero': normal,
  'a normal below zero': (draw) => normal(draw) - 50,
  'a log-normal': (draw) => Math.exp(2 * normal(draw)),
  'a long-tailed': (draw) => draw() ** (-1 / 1.2),
  'a two-humped': (draw) => (draw() < 0.7 ? 0.01 + normal(draw) / 1000 : 30 + normal(draw)),
  'an integer': (draw) => Math.floor(40 * draw()) - 20,
  'a power of 2': (draw) => 2 ** Math.floor(20 * draw() - 10),
  'a mostly zero': (draw) => (draw() < 0.9 ? 0 : draw()),
};

function normal(draw: () => number): number {
  return Math.sqrt(-2 * Math.log(draw())) * Math.cos(2 * Math.PI * draw());
}

/** The same ones for the same seed (xorshift, Marsaglia 2003). */
function shares(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

function sketchOf(values: readonly number[]): QuantileSketch {
  const sketch = new QuantileSketch();
  for (const value of values) sketch.observe(value);
  return sketch;
}

function quantilesOf(sketch: QuantileSketch): number[] {
  return HUNDREDTHS.map((i) => sketch.quantile(i / 100));
}

/** In integers, so that the rank is exact. */
function exactQuantiles(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return HUNDREDTHS.map((i) => sorted[Math.max(Math.ceil((i * values.length) / 100), 1) - 1] as number);
}

function isClose(estimate: number, exact: number): boolean {
  if (Math.abs(exact) < SMALLEST_NORMAL) return Object.is(estimate, 0);
  return estimate === exact || Math.abs(estimate - exact) <= Math.abs(exact) * RELATIVE_ERROR;
}

function notClose(values: readonly number[]): unknown[] {
  const exact = exactQuantiles(values);
  return quantilesOf(sketchOf(values))
    .map((estimate, i) => ({ hundredth: i, estimate, exact: exact[i] as number }))
    .filter(({ estimate, exact }) => !isClose(estimate, exact));
}

describe('A quantile sketch', () => {
  it.each(Object.entries(distributions))('tells every quantile of %s distribution within 1 %%', (_, distribution) => {
    fc.assert(
      fc.property(fc.integer({ min: 1 }), fc.integer({ min: 1, max: 2000 }), (seed, length) => {
        const draw = shares(seed);
        expect(notClose(Array.from({ length }, () => distribution(draw)))).toEqual([]);
      }),
    );
  });

  it('tells every quantile of any 32 numbers within 1 %, be they ever so far apart', () => {
    fc.assert(
      fc.property(anyNumbers(32), (values) => {
        expect(notClose(values)).toEqual([]);
      }),
    );
  });

  it.each([
    { value: Number.MAX_VALUE },
    { value: -Number.MAX_VALUE },
    { value: SMALLEST_NORMAL },
    { value: -SMALLEST_NORMAL },
    { value: SMALLEST_NORMAL / 2 },
    { value: -Number.MIN_VALUE },
    { value: 0 },
    { value: -0 },
    { value: 1 },
    { value: Infinity },
    { value: -Infinity },
  ])('counts $value', ({ value }) => {
    expect(sketchOf([value]).count).toBe(1);
    expect(notClose([value])).toEqual([]);
  });

  it('leaves NaN out, which has no rank', () => {
    expect(sketchOf([NaN]).count).toBe(0);
    expect(sketchOf([NaN]).quantile(0.5)).toBeNaN();
    expect(sketchOf([1, NaN]).quantile(1)).toBe(sketchOf([1]).quantile(1));
  });

  it('has no quantile while it is empty', () => {
    expect([0, 0.5, 1].map((q) => new QuantileSketch().quantile(q))).toEqual([NaN, NaN, NaN]);
  });

  it('takes the rank that the share reaches, also where the product of both is rounded up', () => {
    const sketch = sketchOf(Array.from({ length: 100 }, (_, i) => 1.2 ** i));
    const ranks = HUNDREDTHS.map((i) => 1 + Math.round(Math.log(sketch.quantile(i / 100)) / Math.log(1.2)));
    expect(0.07 * 100).toBeGreaterThan(7);
    expect(ranks).toEqual(HUNDREDTHS.map((i) => Math.max(i, 1)));
  });

  it('is the same in whatever order the values come', () => {
    fc.assert(
      fc.property(anyNumbers(100), (values) => {
        const inOrder = quantilesOf(sketchOf(values.toSorted((a, b) => a - b)));
        expect(quantilesOf(sketchOf(values))).toEqual(inOrder);
        expect(quantilesOf(sketchOf(values.toSorted((a, b) => b - a)))).toEqual(inOrder);
      }),
    );
  });

  it('is after a merge as if it had observed everything itself, and leaves the other as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.double(), { maxLength: 40, size: 'max' }), { maxLength: 5 }), (parts) => {
        const merged = new QuantileSketch();
        const sketches = parts.map(sketchOf);
        const before = sketches.map(quantilesOf);
        for (const sketch of sketches) merged.merge(sketch);

        expect(merged.count).toBe(parts.flat().filter((value) => !Number.isNaN(value)).length);
        expect(quantilesOf(merged)).toEqual(quantilesOf(sketchOf(parts.flat())));
        merged.observe(1);
        expect(sketches.map(quantilesOf)).toEqual(before);
      }),
      { numRuns: 50 },
    );
  });

  it.each([1, -1])('keeps of each sign, here of %d, the 32 powers of 2 furthest from zero', (sign) => {
    const values = Array.from({ length: 40 }, (_, i) => sign * 1.5 * 2 ** (i * 20 - 400));
    const sketch = sketchOf(values);
    const kept = values.slice(8).toSorted((a, b) => a - b);
    const expected =
      sign === 1 ? [...new Array<number>(8).fill(0), ...kept] : [...kept, ...new Array<number>(8).fill(0)];
    const estimates = values.map((_, i) => sketch.quantile((i + 1) / 40));
    expect(sketch.count).toBe(40);
    expect(estimates.filter((estimate, i) => !isClose(estimate, expected[i] as number))).toEqual([]);
    expect(estimates.filter((estimate) => estimate === 0)).toHaveLength(8);
  });

  it('loses nothing but the digits of what is close to zero, whatever it is given', () => {
    fc.assert(
      fc.property(anyNumbers(100), (values) => {
        const sketch = sketchOf(values);
        const exact = exactQuantiles(values);
        expect(sketch.count).toBe(values.length);
        const wrong = quantilesOf(sketch).filter(
          (estimate, i) => estimate !== 0 && !isClose(estimate, exact[i] as number),
        );
        expect(wrong).toEqual([]);
      }),
    );
  });

  it('starts again when it is cleared', () => {
    const sketch = sketchOf([-1, 0, 1, 1e300]);
    sketch.clear();
    expect(sketch.count).toBe(0);
    expect(sketch.quantile(0.5)).toBeNaN();
    sketch.observe(5);
    expect(isClose(sketch.quantile(0), 5)).toBe(true);
  });

  it('goes on counting past what a small integer holds', () => {
    const sketch = sketchOf([1]);
    for (let i = 0; i < 40; i++) sketch.merge(sketch);
    sketch.observe(100);
    expect(sketch.count).toBe(2 ** 40 + 1);
    expect(isClose(sketch.quantile(0.999), 1)).toBe(true);
    expect(isClose(sketch.quantile(1), 100)).toBe(true);
  });
});
