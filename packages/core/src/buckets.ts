import { MetricError, show } from './errors.ts';

/** So many are more than any histogram has use for. */
const MOST = 10_000;

/** Upper bounds, in seconds, that suit the time which a network service takes to answer. */
export const DEFAULT_BUCKETS: readonly number[] = Object.freeze([
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
]);

/**
 * `count` upper bounds, each `width` above the one before, for a histogram; `+Inf` is not counted.
 *
 * @throws MetricError `INVALID_BUCKETS`
 *
 * @example
 * ```ts
 * linearBuckets(20, 5, 3); // [20, 25, 30]
 * ```
 */
export function linearBuckets(start: number, width: number, count: number): number[] {
  return generate('linearBuckets', [start, width, count], width > 0, 'a width above 0', (i) => start + i * width);
}

/**
 * `count` upper bounds, each `factor` times the one before, for a histogram; `+Inf` is not counted.
 *
 * @throws MetricError `INVALID_BUCKETS`
 *
 * @example
 * ```ts
 * exponentialBuckets(1, 2, 4); // [1, 2, 4, 8]
 * ```
 */
export function exponentialBuckets(start: number, factor: number, count: number): number[] {
  return generate(
    'exponentialBuckets',
    [start, factor, count],
    start > 0 && factor > 1,
    'a start above 0 and a factor above 1',
    (i) => start * factor ** i,
  );
}

/** Checks a histogram's upper bounds and copies them: the caller's array stays the caller's. */
export function checkBuckets(metric: string, given: readonly number[] | undefined): readonly number[] {
  if (given === undefined) return [...DEFAULT_BUCKETS];
  const isTyped = ArrayBuffer.isView(given) && 'length' in given;
  if (!Array.isArray(given) && !isTyped) throw unusable(metric, given, 'is not an array of numbers');
  const bounds = Array.from(given as readonly number[]);
  if (bounds.at(-1) === Infinity) bounds.pop();
  bounds.forEach((bound, i) => {
    if (typeof bound !== 'number' || Number.isNaN(bound))
      throw unusable(metric, given, `has ${show(bound)} in it, which is not a number`);
    if (Math.abs(bound) === Infinity)
      throw unusable(metric, given, `has ${bound} in it, which only the last one, +Inf, may be`);
    if (i > 0 && !(bound > (bounds[i - 1] as number))) {
      throw unusable(metric, given, `has ${bound} after ${bounds[i - 1]}, so that it doesn't ascend`);
    }
  });
  // Not frozen: V8 reads the numbers of a frozen array six times slower.
  return bounds;
}

function unusable(metric: string, given: unknown, wrong: string): MetricError {
  return new MetricError(
    'INVALID_BUCKETS',
    `The option "buckets" of metric ${show(metric)} is ${show(given)}, which ${wrong}: give ascending numbers, each once, such as [0.1, 1, 10].`,
  );
}

function generate(
  name: string,
  given: readonly [number, number, number],
  usable: boolean,
  needed: string,
  bound: (i: number) => number,
): number[] {
  const [, , count] = given;
  const bounds =
    usable && given.every(Number.isFinite) && Number.isInteger(count) && count <= MOST
      ? Array.from({ length: count }, (_, i) => bound(i))
      : [];
  if (
    bounds.length > 0 &&
    bounds.every((value, i) => Number.isFinite(value) && (i === 0 || value > (bounds[i - 1] as number)))
  )
    return bounds;
  throw new MetricError(
    'INVALID_BUCKETS',
    `${name}(${given.map(show).join(', ')}) makes no list of ascending numbers: give finite numbers, ${needed} and a count from 1 to ${MOST}.`,
  );
}
