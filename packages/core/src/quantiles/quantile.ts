import { upperBound } from '../native/bucket-index.ts';
import type { BucketSpan, NativeHistogram } from '../model.ts';

/**
 * A quantile as PromQL's `histogram_quantile` estimates it from classic buckets: evenly spread within a bucket, the
 * first of which begins at 0 unless its bound is below; from the last one, `+Inf`, nothing is told but where it begins.
 */
export function classicQuantile(q: number, upperBounds: readonly number[], counts: ArrayLike<number>): number {
  const last = upperBounds.length;
  const total = Array.from(counts).reduce((sum, count) => sum + count, 0);
  const told = withoutBuckets(q, total);
  if (told !== undefined) return told;
  if (last === 0) return NaN;
  const rank = q * total;
  let below = 0;
  let i = 0;
  while (i < last && below + (counts[i] as number) < rank) below += counts[i++] as number;
  if (i === last) return upperBounds[last - 1] as number;
  const end = upperBounds[i] as number;
  if (i === 0 && end <= 0) return end;
  const start = i === 0 ? 0 : (upperBounds[i - 1] as number);
  return start + (end - start) * ((rank - below) / (counts[i] as number));
}

/**
 * The same from native buckets: evenly spread on a logarithmic scale, but in the zero bucket. NaN, which none of them has,
 * counts as above all others.
 */
export function nativeQuantile(
  q: number,
  native: Omit<NativeHistogram, 'exemplars'>,
  observed: { readonly count: number; readonly sum: number },
): number {
  const { schema, zeroThreshold, zeroCount } = native;
  const positive = decode(native.positiveSpans, native.positiveDeltas);
  const negative = decode(native.negativeSpans, native.negativeDeltas).toReversed();
  const buckets = [
    ...negative.map(({ index, count }) => ({ count, at: (share: number) => -between(index, schema, 1 - share) })),
    {
      count: zeroCount,
      at(share: number) {
        const start = negative.length === 0 && positive.length > 0 ? 0 : -zeroThreshold;
        const end = positive.length === 0 && negative.length > 0 ? 0 : zeroThreshold;
        return start + (end - start) * share;
      },
    },
    ...positive.map(({ index, count }) => ({ count, at: (share: number) => between(index, schema, share) })),
  ];
  const told = withoutBuckets(q, observed.count);
  if (told !== undefined) return told;
  // From the nearer end, as PromQL does it, which matters where a gap is; NaN is at the upper one.
  const fromBelow = q < 0.5 || Number.isNaN(observed.sum);
  const rank = (fromBelow ? q : 1 - q) * observed.count;
  const filled = buckets.filter(({ count }) => count > 0);
  let passed = 0;
  for (const { count, at } of fromBelow ? filled : filled.toReversed()) {
    passed += count;
    if (passed >= rank) return at((fromBelow ? rank - (passed - count) : passed - rank) / count);
  }
  return NaN;
}

/** What needs no buckets to be told. */
function withoutBuckets(q: number, count: number): number | undefined {
  if (q < 0) return -Infinity;
  if (q > 1) return Infinity;
  return Number.isNaN(q) || count === 0 ? NaN : undefined;
}

/** A share of the way through a bucket. */
function between(index: number, schema: number, share: number): number {
  const [start, end] = [upperBound(index - 1, schema), upperBound(index, schema)];
  return start * (end / start) ** share;
}

function decode(spans: readonly BucketSpan[], deltas: readonly number[]): { index: number; count: number }[] {
  const buckets = [];
  let index = 0;
  let count = 0;
  let i = 0;
  for (const { offset, length } of spans) {
    index += offset;
    for (const end = index + length; index < end; index++) {
      count += deltas[i++] as number;
      buckets.push({ index, count });
    }
  }
  return buckets;
}
