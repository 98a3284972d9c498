import { MetricError, show } from '../errors.ts';
import { QuantileSketch } from './quantile-sketch.ts';

/** How long, and in how many steps, a summary forgets. */
export interface WindowOptions {
  /** How long an observation counts at most, in seconds. */
  readonly maxAgeSeconds: number;
  /** In how many parts the window moves on. */
  readonly ageBuckets: number;
}

/** What a summary with quantiles is made from; without any quantile it has no window. */
export interface QuantileOptions extends WindowOptions {
  /** From 0 to 1, ascending, each once. */
  readonly quantiles: readonly number[];
}

interface Slot {
  /** The number of the span of time that it covers, each `maxAgeSeconds / ageBuckets` long. */
  readonly span: number;
  readonly sketch: QuantileSketch;
}

/**
 * Quantiles of what was observed lately. Time is cut into spans of `maxAgeSeconds / ageBuckets`, each with a sketch of
 * its own, into which its observations go once; the window is the current span and those before it, `ageBuckets` in
 * all. Its length lies between `maxAgeSeconds * (1 - 1 / ageBuckets)`, when a span has just begun, and `maxAgeSeconds`:
 * 480 to 600 seconds by default.
 *
 * What is too old is dropped whenever the window is used; there is no timer. Only spans with observations take memory.
 */
export class SlidingWindow {
  readonly #spanMs: number;
  readonly #ageBuckets: number;
  /** The newest first. */
  #slots: Slot[] = [];

  constructor({ maxAgeSeconds, ageBuckets }: WindowOptions) {
    this.#spanMs = (maxAgeSeconds * 1000) / ageBuckets;
    this.#ageBuckets = ageBuckets;
  }

  /** Observes a value now. NaN has no rank and is left out. */
  observe(value: number): void {
    const span = this.#span();
    const newest = this.#slots[0];
    (newest?.span === span ? newest : this.#begin(span)).sketch.observe(value);
  }

  /** How many observations are in the window. */
  get count(): number {
    return this.#inWindow().reduce((sum, { sketch }) => sum + sketch.count, 0);
  }

  /** For each `q` the quantile of the observations in the window; NaN when there are none. */
  quantiles(qs: readonly number[]): number[] {
    const merged = new QuantileSketch();
    for (const { sketch } of this.#inWindow()) merged.merge(sketch);
    return qs.map((q) => merged.quantile(q));
  }

  /** Forgets everything. */
  clear(): void {
    this.#slots = [];
  }

  /** By the clock that nobody sets: one set back or forward would keep old observations or drop young ones. */
  #span(): number {
    return Math.floor(performance.now() / this.#spanMs);
  }

  #begin(span: number): Slot {
    this.#drop(span);
    const slot = { span, sketch: new QuantileSketch() };
    this.#slots.unshift(slot);
    return slot;
  }

  #inWindow(): readonly Slot[] {
    this.#drop(this.#span());
    return this.#slots;
  }

  /** Also what is in the future: a test may have replaced the clock since. */
  #drop(now: number): void {
    this.#slots = this.#slots.filter(({ span }) => span <= now && span > now - this.#ageBuckets);
  }
}

/**
 * Checks what a summary's quantiles are made from, copies and sorts them: the caller's array stays the caller's.
 *
 * @throws MetricError `INVALID_OPTION`
 */
export function checkQuantiles(
  metric: string,
  {
    quantiles = [],
    maxAgeSeconds = 600,
    ageBuckets = 5,
  }: {
    readonly quantiles?: readonly number[] | undefined;
    readonly maxAgeSeconds?: number | undefined;
    readonly ageBuckets?: number | undefined;
  },
): QuantileOptions {
  // The clock's unit, a millisecond, is the least that can be told apart.
  if (!Number.isFinite(maxAgeSeconds) || maxAgeSeconds < 0.001) {
    throw unusable(
      `maxAgeSeconds ${show(maxAgeSeconds)} of metric ${show(metric)} is not a number of seconds from 0.001`,
      'give one such as 600',
    );
  }
  if (!Number.isSafeInteger(ageBuckets) || ageBuckets < 1) {
    throw unusable(
      `ageBuckets ${show(ageBuckets)} of metric ${show(metric)} is not an integer from 1`,
      'give one such as 5',
    );
  }
  return { quantiles: sorted(metric, quantiles), maxAgeSeconds, ageBuckets };
}

function sorted(metric: string, given: readonly number[]): number[] {
  const list = `quantile list ${show(given)} of metric ${show(metric)}`;
  const remedy = 'give numbers from 0 to 1, each once, such as [0.5, 0.9, 0.99]';
  const isTyped = ArrayBuffer.isView(given) && 'length' in given;
  if (!Array.isArray(given) && !isTyped) throw unusable(`${list} is not an array of numbers`, remedy);
  const quantiles = Array.from(given as readonly number[]);
  const wrong = quantiles.findIndex((q) => typeof q !== 'number' || !(q >= 0 && q <= 1));
  if (wrong >= 0) throw unusable(`${list} has ${show(quantiles[wrong])} in it, which is no number from 0 to 1`, remedy);
  const repeated = quantiles.find((q, i) => quantiles.indexOf(q) < i);
  if (repeated !== undefined) throw unusable(`${list} has ${repeated} in it more than once`, remedy);
  // Without the sign of -0.
  return quantiles.map((q) => q + 0).toSorted((a, b) => a - b);
}

function unusable(what: string, remedy: string): MetricError {
  return new MetricError('INVALID_OPTION', `The ${what}: ${remedy}.`);
}
