import { constants, PerformanceObserver, type PerformanceEntry } from 'node:perf_hooks';
import { GCProfiler } from 'node:v8';
import { Registry } from '@prometer/core';
import { collectDefaultMetrics } from '../src/index.ts';
import { collectGarbage } from './collect-garbage.ts';
import { turns } from './event-loop.ts';

/** What V8's own profiler calls them. */
const KINDS: Record<string, string> = {
  Scavenge: 'minor',
  MinorMarkCompact: 'minor',
  MinorMarkSweep: 'minor',
  MarkSweepCompact: 'major',
  IncrementalMarking: 'incremental',
  ProcessWeakCallbacks: 'weakcb',
};

describe('nodejs_gc_duration_seconds', () => {
  let registry: Registry;
  let runtime: ReturnType<typeof collectDefaultMetrics>;

  beforeEach(() => {
    registry = new Registry();
    runtime = collectDefaultMetrics({ registry, only: ['gc'] });
  });

  afterEach(() => {
    runtime.stop();
    jest.restoreAllMocks();
  });

  const sample = (kind: string, suffix = 'count', of = registry) =>
    of.getSampleValue(`nodejs_gc_duration_seconds_${suffix}`, { kind }) as number;

  it('has every collection by its kind and pause, as V8 profiles them', async () => {
    await turns();
    const kinds = ['minor', 'major', 'incremental', 'weakcb'];
    const before = kinds.map((kind) => [sample(kind), sample(kind, 'sum')] as const);
    const profiler = new GCProfiler();
    profiler.start();
    for (let i = 0; i < 5; i++) {
      makeGarbage();
      collectGarbage();
    }
    const { statistics } = profiler.stop();
    await turns();

    expect(statistics.length).toBeGreaterThan(10);
    for (const [i, kind] of kinds.entries()) {
      const [count, sum] = before[i] as (typeof before)[number];
      const profiled = statistics.filter(({ gcType }) => KINDS[gcType] === kind);
      const seconds = profiled.reduce((total, { cost }) => total + cost, 0) / 1e6;
      // A few may follow after the profiler has stopped.
      expect(sample(kind) - count).toBeGreaterThanOrEqual(profiled.length);
      expect(sample(kind) - count).toBeLessThan(profiled.length + 10);
      expect(sample(kind, 'sum') - sum).toBeGreaterThanOrEqual(seconds * 0.8);
      expect(sample(kind, 'sum') - sum).toBeLessThan(seconds * 1.2 + 0.2);
    }
    expect(sample('major') - (before[1] as (typeof before)[number])[0]).toBeGreaterThanOrEqual(5);
  });

  it.each([
    [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
    // What --minor-ms does, in place of the other.
    [2, 'minor'],
    [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
    [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
    [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
    [64, 'other'],
  ])('has a collection of the kind %d of Node.js as %s', (kind, shown) => {
    const before = sample(shown, 'sum') ?? 0;
    jest
      .spyOn(PerformanceObserver.prototype, 'takeRecords')
      .mockReturnValueOnce([{ entryType: 'gc', duration: 5000, detail: { kind } } as unknown as PerformanceEntry]);

    expect(sample(shown, 'sum') - before).toBeGreaterThanOrEqual(5);
  });

  it('shows every kind as 0 before the first collection, in buckets for pauses', async () => {
    const text = await registry.metrics();

    for (const kind of ['minor', 'major', 'incremental', 'weakcb']) {
      expect(text).toMatch(new RegExp(`^nodejs_gc_duration_seconds_count\\{kind="${kind}"\\} \\d+$`, 'm'));
    }
    expect(boundsIn(text)).toEqual(['0.0001', '0.0005', '0.001', '0.005', '0.01', '0.05', '0.1', '0.5', '1.0', '+Inf']);
  });

  it('has the buckets of prom-client with its names', async () => {
    const other = new Registry();
    const collected = collectDefaultMetrics({ registry: other, only: ['gc'], names: 'prom-client' });

    expect(boundsIn(await other.metrics())).toEqual(['0.001', '0.01', '0.1', '1.0', '2.0', '5.0', '+Inf']);
    collected.stop();
  });

  it('needs one observer for any number of registries, until the last is stopped', async () => {
    const [observe, disconnect] = [
      jest.spyOn(PerformanceObserver.prototype, 'observe'),
      jest.spyOn(PerformanceObserver.prototype, 'disconnect'),
    ];
    const other = new Registry();
    const collected = collectDefaultMetrics({ registry: other, only: ['gc'] });
    await turns();
    const before = [sample('minor'), sample('minor', 'count', other)] as const;
    makeGarbage();
    await turns();
    expect(sample('minor', 'count', other) - before[1]).toBe(sample('minor') - before[0]);
    expect(sample('minor')).toBeGreaterThan(before[0]);

    runtime.stop();
    collected.stop();
    collected.stop();
    expect([observe.mock.calls.length, disconnect.mock.calls.length]).toEqual([0, 1]);
  });

  it('is left out where collections are not observed', async () => {
    const observer = PerformanceObserver as unknown as { supportedEntryTypes: readonly string[] };
    jest.spyOn(observer, 'supportedEntryTypes', 'get').mockReturnValue(['mark']);
    const other = new Registry();
    collectDefaultMetrics({ registry: other, only: ['gc'] });

    expect(await other.metrics()).toBe('');
  });
});

function makeGarbage(): void {
  let kept: unknown[] = [];
  for (let i = 0; i < 4e6; i++) kept = [kept.length, { i }];
  expect(kept).toHaveLength(2);
}

function boundsIn(text: string): (string | undefined)[] {
  return Array.from(text.matchAll(/_bucket\{kind="minor",le="(.*)"\}/g), ([, bound]) => bound);
}
