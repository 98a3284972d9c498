import { BucketCounts } from './bucket-counts.ts';
import { bucketIndex, MIN_SCHEMA, upperBound } from './bucket-index.ts';
import type { BucketSpan, NativeHistogram } from '../model.ts';
import type { NativeConfig } from './native-options.ts';

/** The lower two bits of a bucket's key, of which the others are its index: no key is 0. */
const POSITIVE = 1;
const NEGATIVE = 2;

/**
 * The native buckets of one series, kept within their limit as Prometheus' Go client does it (Prometheus, "Native
 * histograms", "Limiting the bucket count"). Their owner has the count, the sum, the classic buckets and the exemplars,
 * and starts them again when it is told to.
 */
export class NativeBuckets {
  readonly #config: NativeConfig;
  #createdMs: number;
  #schema = 0;
  #zeroThreshold = 0;
  #zeroCount = 0;
  #counts: BucketCounts = new BucketCounts();
  /** When all starts again because the limit was exceeded too early; Infinity while it wasn't. */
  #resetAtMs = Infinity;

  constructor(config: NativeConfig, createdMs: number) {
    this.#config = config;
    this.#createdMs = createdMs;
    this.#startAgain(createdMs);
  }

  /**
   * Counts a value; NaN is in no bucket. Where it returns true, all that came before the value has gone, and the
   * owner starts its parts again too before it counts the value there.
   */
  observe(value: number): boolean {
    const startedAgain = this.resetIfDue();
    if (Number.isNaN(value)) return startedAgain;
    this.#count(value);
    const { maxBuckets } = this.#config;
    if (maxBuckets === 0 || this.#counts.size <= maxBuckets) return startedAgain;
    return this.#limit(value) || startedAgain;
  }

  /** To be called before a series is read: where it returns true, the owner starts its parts again too. */
  resetIfDue(): boolean {
    // The clock is read only where a reset is to come.
    if (this.#resetAtMs === Infinity) return false;
    const now = Date.now();
    if (now < this.#resetAtMs) return false;
    this.#startAgain(now);
    return true;
  }

  /** When the counts began, in milliseconds since 1970-01-01, UTC: the time given, or that of the last reset. */
  get createdMs(): number {
    return this.#createdMs;
  }

  /** Copies what was counted into the form that is exposed. */
  read(): Omit<NativeHistogram, 'exemplars'> {
    const keys = this.#counts.keys();
    const [positiveSpans, positiveDeltas] = encodeBuckets(this.#counts, keys, POSITIVE);
    const [negativeSpans, negativeDeltas] = encodeBuckets(this.#counts, keys, NEGATIVE);
    // Without it, Prometheus would take an empty histogram for a classic one.
    if (this.#zeroThreshold === 0 && this.#zeroCount === 0 && this.#counts.size === 0)
      positiveSpans.push({ offset: 0, length: 0 });
    return {
      schema: this.#schema,
      zeroThreshold: this.#zeroThreshold,
      zeroCount: this.#zeroCount,
      positiveSpans,
      positiveDeltas,
      negativeSpans,
      negativeDeltas,
    };
  }

  #count(value: number): void {
    if (value > this.#zeroThreshold) this.#counts.add((bucketIndex(value, this.#schema) << 2) | POSITIVE, 1);
    else if (value < -this.#zeroThreshold) this.#counts.add((bucketIndex(value, this.#schema) << 2) | NEGATIVE, 1);
    else this.#zeroCount++;
  }

  /** One step towards fewer buckets, which may not be enough: the next value then takes the next one. */
  #limit(value: number): boolean {
    const minResetMs = this.#config.minResetSeconds * 1000;
    if (minResetMs > 0 && this.#resetAtMs === Infinity) {
      const now = Date.now();
      if (now - this.#createdMs >= minResetMs) {
        this.#startAgain(now);
        this.#count(value);
        return true;
      }
      this.#resetAtMs = this.#createdMs + minResetMs;
    }
    if (!this.#widenZeroBucket()) this.#halveResolution();
    return false;
  }

  #startAgain(now: number): void {
    this.#createdMs = now;
    this.#resetAtMs = Infinity;
    this.#schema = this.#config.schema;
    this.#zeroThreshold = this.#config.zeroThreshold;
    this.#zeroCount = 0;
    this.#counts = new BucketCounts();
  }

  /** Lets the zero bucket take in the positive and the negative bucket that are nearest to it. */
  #widenZeroBucket(): boolean {
    const { maxZeroThreshold } = this.#config;
    if (this.#zeroThreshold >= maxZeroThreshold) return false;
    const keys = this.#counts.keys();
    const nearest = (keys[0] as number) >> 2;
    const threshold = upperBound(nearest, this.#schema);
    if (threshold > maxZeroThreshold) return false;
    this.#zeroThreshold = threshold;
    const others = new BucketCounts();
    for (const key of keys) {
      const count = this.#counts.get(key);
      if (key >> 2 === nearest) this.#zeroCount += count;
      else others.add(key, count);
    }
    this.#counts = others;
    return true;
  }

  /** Merges each two buckets that the next coarser schema has as one. */
  #halveResolution(): void {
    if (this.#schema === MIN_SCHEMA) return;
    this.#schema--;
    const halved = new BucketCounts();
    for (const key of this.#counts.keys()) {
      const index = ((key >> 2) + 1) >> 1;
      halved.add((index << 2) | (key & 3), this.#counts.get(key));
    }
    this.#counts = halved;
  }
}

/**
 * Spans of buckets and, for each bucket in them, its count less the one before. Up to two empty buckets between others
 * take less room than a new span (Prometheus, "Native histograms", "Buckets").
 */
function encodeBuckets(
  counts: BucketCounts,
  keys: Float64Array,
  sign: number,
): [spans: BucketSpan[], deltas: number[]] {
  const spans: BucketSpan[] = [];
  const deltas: number[] = [];
  let next = 0;
  let last = 0;
  for (const key of keys) {
    if ((key & 3) !== sign) continue;
    const index = key >> 2;
    const count = counts.get(key);
    const span = spans.at(-1);
    const gap = index - next;
    if (span === undefined || gap > 2) spans.push({ offset: gap, length: 1 });
    else {
      span.length += gap + 1;
      for (let i = 0; i < gap; i++, last = 0) deltas.push(0 - last);
    }
    deltas.push(count - last);
    last = count;
    next = index + 1;
  }
  return [spans, deltas];
}
