import { PerformanceObserver } from 'node:perf_hooks';
import timers from 'node:timers';
import { Registry } from '@prometer/core';
import { HeldMetrics } from '../src/held-metrics.ts';
import type { DefaultMetricsNames } from '../src/index.ts';
import { turns } from './event-loop.ts';

type Way = readonly [string, (registry: Registry, collected: { stop(): void }) => void];

/** How a metric comes out of a registry. */
const WAYS: readonly Way[] = [
  ['the registry is cleared', (registry) => registry.clear()],
  [
    'they are unregistered',
    (registry) => {
      for (const name of ['m_seconds', ...DEFAULT]) registry.unregister(name);
    },
  ],
  ['they are stopped', (_, collected) => collected.stop()],
];

const LAGS = ['', 'min_', 'max_', 'mean_', 'stddev_', 'p50_', 'p90_', 'p99_'];
const DEFAULT = [
  'nodejs_gc_duration_seconds',
  'nodejs_eventloop_delay_seconds',
  ...LAGS.map((which) => `nodejs_eventloop_lag_${which}seconds`),
];

describe('what metrics are told by', () => {
  let registry: Registry;
  let log: string[];

  beforeEach(() => {
    registry = new Registry();
    log = [];
  });

  afterEach(() => jest.restoreAllMocks());

  const source = () => {
    log.push('start');
    return { flush() {}, stop: () => void log.push('stop') };
  };
  const hold = (kind: string): { stop(): void } => {
    const metrics = new HeldMetrics(registry);
    const naming = { name: 'm_seconds', help: 'M' };
    if (kind === 'histogram') metrics.histogram({ ...naming, labelNames: [], buckets: [1] }, source);
    else {
      metrics.gauge(
        naming,
        () => 1,
        () => source().stop,
      );
    }
    return { stop: () => metrics.release() };
  };

  describe.each(['histogram', 'gauge'])('as a %s', (kind) => {
    it.each(WAYS)('stops once when %s', (_, takeOut) => {
      const collected = hold(kind);
      expect(log).toEqual(['start']);
      takeOut(registry, collected);
      collected.stop();

      expect(log).toEqual(['start', 'stop']);
      expect(registry.get('m_seconds')).toBeUndefined();
    });

    it('starts again when the metric is put back', () => {
      const collected = hold(kind);
      const metric = registry.get('m_seconds') as NonNullable<ReturnType<Registry['get']>>;
      registry.unregister(metric);
      registry.register(metric);
      expect(log).toEqual(['start', 'stop', 'start']);
      collected.stop();

      expect(log).toEqual(['start', 'stop', 'start', 'stop']);
    });

    it('goes on while the metric is in another registry', () => {
      const collected = hold(kind);
      const other = new Registry();
      other.register(registry.get('m_seconds') as NonNullable<ReturnType<Registry['get']>>);
      collected.stop();
      expect(log).toEqual(['start']);
      other.clear();

      expect(log).toEqual(['start', 'stop']);
    });
  });

  describe.each<DefaultMetricsNames>(['prometer', 'prom-client'])('with names of %s', (names) => {
    it.each(WAYS)('ends with the metrics when %s, however often', async (_, takeOut) => {
      const [observe, disconnect] = [
        jest.spyOn(PerformanceObserver.prototype, 'observe'),
        jest.spyOn(PerformanceObserver.prototype, 'disconnect'),
      ];
      const timed = jest.spyOn(timers, 'setImmediate');
      // One that has taken the timers as they are now.
      await jest.isolateModulesAsync(async () => {
        const copy = await import('../src/index.ts');
        for (let i = 0; i < 3; i++) {
          takeOut(registry, copy.collectDefaultMetrics({ registry, only: ['gc', 'eventLoop'], names }));
        }
      });

      expect([observe.mock.calls.length, disconnect.mock.calls.length]).toEqual([3, 3]);
      expect(timed).toHaveBeenCalledTimes(3);
      await turns();
      expect(timed).toHaveBeenCalledTimes(3);
    });
  });
});
