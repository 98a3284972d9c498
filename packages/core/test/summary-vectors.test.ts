import { QuantileSketch } from '../src/quantiles/quantile-sketch.ts';
import { checkQuantiles, SlidingWindow } from '../src/quantiles/sliding-window.ts';
import { refusal } from './refusal.ts';
import { readVectors, withVectors } from './vectors-folder.ts';

// What the tests of other quantile estimators ask for. They bound the rank of an estimate, ours bounds its value: each rank bound is widened by that.
const ALPHA = 0.01;

interface Case {
  name: string;
  n?: number | string;
  distribution?: string;
  observations?: number[] | string;
  targets?: Record<string, number>;
  exact?: Record<string, number | string>;
  procedure?: string;
  maxAgeMs?: number;
  ageBuckets?: number;
  throws?: { q: number; e: number }[];
}

withVectors(() => {
  const { cases } = readVectors('summary_quantiles.json') as { cases: Case[] };

  describe('The quantiles of a summary are as other estimators want them', () => {
    it.each(cases.filter((given) => given.procedure === undefined && given.throws === undefined))('$name', (given) => {
      const values = valuesOf(given);
      const sketch = new QuantileSketch();
      for (const value of values) sketch.observe(value);
      const sorted = Float64Array.from(values).toSorted();

      expect(sketch.count).toBe(values.length);
      const wrong = Object.entries(given.targets ?? {}).filter(([target, error]) => {
        const q = Number(target);
        const estimate = sketch.quantile(q);
        const at = (rank: number): number => sorted[Math.min(Math.max(rank, 1), sorted.length) - 1] ?? NaN;
        const bounds = [
          at(Math.floor((q - error) * sorted.length)),
          at(Math.ceil((q + error) * sorted.length)),
        ] as const;
        const truth = Number(given.exact?.[target] ?? at(Math.ceil(q * sorted.length - 1e-6)));
        return !isWithin(estimate, ...bounds) || !isWithin(estimate, truth, truth);
      });
      expect(wrong).toEqual([]);
    });

    it.each(cases.filter(({ procedure }) => procedure !== undefined))(
      '$name',
      ({ maxAgeMs = NaN, ageBuckets = NaN }) => {
        jest.useFakeTimers();
        const window = new SlidingWindow({ maxAgeSeconds: maxAgeMs / 1000, ageBuckets });
        const wrong: number[] = [];
        for (let i = 1; i <= 1000; i++) {
          jest.advanceTimersByTime(1);
          window.observe(i);
          if (i % 10 !== 0) continue;
          const [estimate] = window.quantiles([0.1]) as [number];
          if (!(Math.abs(estimate - Math.max(i / 10, i - 90)) <= 20)) wrong.push(i, estimate);
        }
        expect(wrong).toEqual([]);
        jest.advanceTimersByTime(100);
        expect(window.quantiles([0.1])).toEqual([NaN]);
        jest.useRealTimers();
      },
    );

    // The error isn't an option here.
    const illegal = cases.flatMap(({ throws = [] }) => throws).filter(({ q }) => q < 0 || q > 1);

    it.each(illegal)('illegal arguments: $q', ({ q }) => {
      expect(refusal(() => checkQuantiles('m', { quantiles: [q] })).code).toBe('INVALID_OPTION');
    });
  });
});

/** Without any observation all three are NaN. */
function isWithin(estimate: number, low: number, high: number): boolean {
  if (Number.isNaN(low)) return Number.isNaN(estimate);
  return estimate >= low - ALPHA * Math.abs(low) && estimate <= high + ALPHA * Math.abs(high);
}

function valuesOf({ n, distribution = '', observations }: Case): readonly number[] {
  if (Array.isArray(observations)) return observations;
  if (observations === '100 down to 1') return Array.from({ length: 100 }, (_, i) => 100 - i);
  const length = typeof n === 'number' ? n : 20_000;
  const random = randomNumbers();
  // 7919 is prime and divides no length there is: this is a permutation.
  if (distribution.startsWith('permutation')) return Array.from({ length }, (_, i) => 1 + ((i * 7919) % length));
  if (!distribution.startsWith('standard normal')) throw new Error(`What is distributed as ${distribution}?`);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const isMixed = distribution.includes('index % 20 == 0');
  return Array.from({ length }, normal).map((v, i) => (isMixed && i % 20 === 0 ? v * v + 1 : v));
}

/** The same ones each time (xorshift, Marsaglia 2003). */
function randomNumbers(): () => number {
  let state = 2463534242;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
