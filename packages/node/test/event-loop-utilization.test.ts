import { setTimeout as sleep } from 'node:timers/promises';
import { Registry } from '@prometer/core';
import { collectDefaultMetrics } from '../src/index.ts';
import { block } from './event-loop.ts';

describe('nodejs_eventloop_active_seconds_total and nodejs_eventloop_idle_seconds_total', () => {
  const registry = new Registry();
  const runtime = collectDefaultMetrics({ registry, only: ['eventLoop'] });
  afterAll(() => runtime.stop());

  const sample = (state: string) => registry.getSampleValue(`nodejs_eventloop_${state}_seconds_total`) as number;

  it('rise by the time in which the loop is blocked, and in which it waits', async () => {
    await sleep(1);
    const [active, idle] = [sample('active'), sample('idle')];
    block(0.3);
    expect(sample('active') - active).toBeGreaterThanOrEqual(0.299);
    await sleep(500);
    expect(sample('idle') - idle).toBeGreaterThan(0.1);
  });

  it('are what Node.js says, and together the time that passes', async () => {
    const lower = performance.eventLoopUtilization();
    const [active, idle] = [sample('active') * 1000, sample('idle') * 1000];
    const upper = performance.eventLoopUtilization();

    expect(active).toBeGreaterThanOrEqual(lower.active - 0.001);
    expect(active).toBeLessThanOrEqual(upper.active + 0.001);
    expect(idle).toBeCloseTo(lower.idle, 3);

    const start = performance.now();
    const before = sample('active') + sample('idle');
    await sleep(200);
    const passed = sample('active') + sample('idle') - before;
    expect(Math.abs(passed - (performance.now() - start) / 1000)).toBeLessThan(0.1);
  });
});
