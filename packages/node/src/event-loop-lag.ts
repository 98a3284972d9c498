import { createHistogram, performance, type Histogram as NodeHistogram } from 'node:perf_hooks';
import { watchTurns } from './event-loop-turns.ts';
import type { HeldMetrics } from './held-metrics.ts';
import { runtime } from './runtime.ts';
import { sharedReading } from './shared-reading.ts';
import { sharedSource } from './shared-source.ts';

type Lag = 'expected' | 'min' | 'max' | 'mean' | 'stddev' | 'p50' | 'p90' | 'p99';
type Lags = Readonly<Record<Lag, number>>;

const GAUGES: readonly (readonly [lag: Lag, name: string, help: string])[] = [
  ['expected', 'nodejs_eventloop_lag_seconds', 'Lag of event loop in seconds.'],
  ['min', 'nodejs_eventloop_lag_min_seconds', 'The minimum recorded event loop delay.'],
  ['max', 'nodejs_eventloop_lag_max_seconds', 'The maximum recorded event loop delay.'],
  ['mean', 'nodejs_eventloop_lag_mean_seconds', 'The mean of the recorded event loop delays.'],
  ['stddev', 'nodejs_eventloop_lag_stddev_seconds', 'The standard deviation of the recorded event loop delays.'],
  ['p50', 'nodejs_eventloop_lag_p50_seconds', 'The 50th percentile of the recorded event loop delays.'],
  ['p90', 'nodejs_eventloop_lag_p90_seconds', 'The 90th percentile of the recorded event loop delays.'],
  ['p99', 'nodejs_eventloop_lag_p99_seconds', 'The 99th percentile of the recorded event loop delays.'],
];

/**
 * The delays of the event loop as prom-client exposes them: as gauges of what was since the last scrape. They are those
 * of each turn, where prom-client's begin at the 10 ms of its timer. Scrapes within a second see the same.
 */
export function collectEventLoopLag(metrics: HeldMetrics): void {
  if (runtime() !== 'node') return;
  const lags = new IntervalLags();
  const lag = sharedReading(() => lags.read());
  // For all gauges, until the last of them is left.
  const watch = sharedSource<never>(() => watchTurns((seconds) => lags.record(seconds)));
  const start = (): (() => void) => {
    const source = watch(() => {});
    return () => source.stop();
  };
  for (const [which, name, help] of GAUGES) metrics.gauge({ name, help }, () => lag(which), start);
}

const NONE: Lags = { expected: 0, min: 0, max: 0, mean: 0, stddev: 0, p50: 0, p90: 0, p99: 0 };
/** In seconds: who scrapes at the same time, or reads one value, takes nothing from the others. */
const SHORTEST = 1;

// Kept as it is now, for programs that fake their clock.
const monotonic: () => number = performance.now.bind(performance);

/** The delays of one interval after the other: each begins when the one before was read. */
export class IntervalLags {
  /** In nanoseconds, of which it keeps three digits. */
  readonly #turns = createHistogram();
  readonly #now: () => number;
  #since: number;
  #last: Lags | undefined;

  constructor(now: () => number = monotonic) {
    this.#now = now;
    this.#since = now();
  }

  record(seconds: number): void {
    this.#turns.record(Math.max(1, Math.round(seconds * 1e9)));
  }

  /** Those of the interval that ends now; of the last one, while this is short or the loop has not turned in it. */
  read(): Lags {
    const now = this.#now();
    const seconds = (now - this.#since) / 1000;
    if (this.#turns.count === 0) return this.#last ?? NONE;
    if (seconds < SHORTEST) return this.#last ?? lagsOf(this.#turns, seconds);
    this.#last = lagsOf(this.#turns, seconds);
    this.#turns.reset();
    this.#since = now;
    return this.#last;
  }
}

function lagsOf(turns: NodeHistogram, seconds: number): Lags {
  const [mean, stddev] = [turns.mean / 1e9, turns.stddev / 1e9];
  return {
    // What prom-client tries at each scrape: how long something that is due at any time waits. With the probability
    // turn / seconds it meets a turn, of which half is still to come on average.
    expected: (turns.count * (mean ** 2 + stddev ** 2)) / 2 / seconds,
    min: turns.min / 1e9,
    max: turns.max / 1e9,
    mean,
    stddev,
    p50: turns.percentile(50) / 1e9,
    p90: turns.percentile(90) / 1e9,
    p99: turns.percentile(99) / 1e9,
  };
}
