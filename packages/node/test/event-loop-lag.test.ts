import { Registry } from '@prometer/core';
import { IntervalLags } from '../src/event-loop-lag.ts';
import { collectDefaultMetrics } from '../src/index.ts';
import { block, turns } from './event-loop.ts';

describe('nodejs_eventloop_lag_*', () => {
  let registry: Registry;
  let runtime: ReturnType<typeof collectDefaultMetrics>;
  let start: number;

  beforeEach(async () => {
    registry = new Registry();
    start = performance.now();
    runtime = collectDefaultMetrics({ registry, only: ['eventLoop'], names: 'prom-client' });
    await turns();
  });

  afterEach(() => runtime.stop());

  it('tell of the turns since they are collected', async () => {
    block(0.6);
    for (let i = 0; i < 50; i++) await turns();
    const lag = await lags(registry);
    const seconds = (performance.now() - start) / 1000;

    expect(lag.max).toBeGreaterThanOrEqual(0.599);
    expect(lag.min).toBeLessThan(0.3);
    expect(lag.p50).toBeLessThan(0.3);
    expect(lag.p99).toBeGreaterThanOrEqual(lag.p90);
    expect(lag.mean).toBeGreaterThan(lag.min);
    expect(lag.mean).toBeLessThan(lag.max);
    expect(lag.stddev).toBeGreaterThan(0);
    // What comes in during the block waits for half of it on average.
    expect(lag.expected).toBeGreaterThan((0.599 / 2) * (0.599 / seconds));
    expect(lag.expected).toBeLessThan(lag.max / 2);
  });

  it('are 0 where the loop has not turned yet', () => {
    const other = new Registry();
    const collected = collectDefaultMetrics({ registry: other, only: ['eventLoop'], names: 'prom-client' });

    expect(other.getSampleValue('nodejs_eventloop_lag_max_seconds')).toBe(0);
    expect(other.getSampleValue('nodejs_eventloop_lag_min_seconds')).toBe(0);
    collected.stop();
  });

  it('are the same for two scrapes at once, and after one value was read', async () => {
    block(0.6);
    await turns();
    const max = registry.getSampleValue('nodejs_eventloop_lag_max_seconds');
    const both = await Promise.all([lags(registry), lags(registry)]);
    await registry.metrics({ names: ['nodejs_eventloop_lag_min_seconds'] });
    const after = await lags(registry);

    expect(max).toBeGreaterThanOrEqual(0.599);
    for (const lag of [...both, after]) expect(lag.max).toBe(max);
  });

  it('leave out the time of a scrape', async () => {
    await lags(registry);
    registry.gauge({ name: 'slow', help: 'Slow', collect: () => block(0.6) });
    await registry.metrics({ names: ['slow'] });
    registry.unregister('slow');
    await turns();

    expect((await lags(registry)).max).toBeLessThan(0.5);
  });
});

describe('IntervalLags', () => {
  let now: number;
  let lags: IntervalLags;

  beforeEach(() => {
    now = 5000;
    lags = new IntervalLags(() => now);
  });

  it('tells of the turns of an interval', () => {
    for (let i = 1; i <= 100; i++) lags.record(i / 1000);
    lags.record(0.4);
    now += 10_000;

    const told = Object.entries(lags.read()).map(([which, seconds]) => [which, Number(seconds.toFixed(3))]);
    expect(Object.fromEntries(told)).toEqual({
      // The sum of all squares, 0.498, by twice the 10 s.
      expected: 0.025,
      min: 0.001,
      max: 0.4,
      mean: 0.054,
      stddev: 0.045,
      p50: 0.051,
      p90: 0.091,
      p99: 0.1,
    });
  });

  it('begins a new interval when one was read', () => {
    lags.record(0.5);
    now += 2000;
    lags.read();
    lags.record(0.1);
    now += 4000;

    // A turn of 0.1 s in 4 s: one in 40 meets it, and waits for half of it.
    expect(lags.read()).toEqual(
      expect.objectContaining({ max: expect.closeTo(0.1, 3), expected: expect.closeTo(0.1 / 40 / 2, 5) }),
    );
  });

  it('keeps what it told until a second has passed', () => {
    lags.record(0.5);
    now += 1000;
    const first = lags.read();
    lags.record(0.1);
    now += 999;
    expect(lags.read()).toEqual(first);
    now += 1;
    expect(lags.read().max).toBeCloseTo(0.1, 3);
  });

  it('keeps what it told until the loop has turned again, for however long', () => {
    lags.record(0.5);
    now += 1000;
    const first = lags.read();
    now += 60_000;
    expect(lags.read()).toEqual(first);
    lags.record(0.1);
    expect(lags.read().max).toBeCloseTo(0.1, 3);
  });

  it('tells of all turns so far in the first second', () => {
    lags.record(0.1);
    now += 200;
    expect(lags.read().max).toBeCloseTo(0.1, 3);
    lags.record(0.2);
    now += 200;
    expect(lags.read()).toEqual(expect.objectContaining({ min: expect.closeTo(0.1, 3), max: expect.closeTo(0.2, 3) }));
  });
});

type Lag = 'expected' | 'min' | 'max' | 'mean' | 'stddev' | 'p50' | 'p90' | 'p99';

async function lags(registry: Registry): Promise<Record<Lag, number>> {
  const text = await registry.metrics();
  return Object.fromEntries(
    Array.from(text.matchAll(/^nodejs_eventloop_lag_(?:(\w+)_)?seconds (\S+)$/gm), ([, name, value]) => [
      name ?? 'expected',
      Number(value),
    ]),
  ) as Record<Lag, number>;
}
