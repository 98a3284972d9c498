import { Registry } from '@prometer/core';
import { collectDefaultMetrics } from '../src/index.ts';
import { block, turns } from './event-loop.ts';

describe('nodejs_eventloop_lag_*', () => {
  let registry: Registry;
  let runtime: ReturnType<typeof collectDefaultMetrics>;

  beforeEach(async () => {
    registry = new Registry();
    runtime = collectDefaultMetrics({ registry, only: ['eventLoop'], names: 'prom-client' });
    await turns();
  });

  afterEach(() => runtime.stop());

  it('tell of the turns since the last scrape', async () => {
    await lags(registry);
    const start = performance.now();
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

    await turns();
    expect((await lags(registry)).max).toBeLessThan(0.5);
  });

  it('are 0 where the loop has not turned since', () => {
    registry.getSampleValue('nodejs_eventloop_lag_max_seconds');

    expect(registry.getSampleValue('nodejs_eventloop_lag_max_seconds')).toBe(0);
    expect(registry.getSampleValue('nodejs_eventloop_lag_min_seconds')).toBe(0);
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
