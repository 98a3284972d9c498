import { createHook } from 'node:async_hooks';
import { readFile } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Gauge, Registry, type Histogram } from '@prometer/core';
import { collectDefaultMetrics } from '../src/index.ts';
import { block, turns } from './event-loop.ts';

describe('nodejs_eventloop_delay_seconds', () => {
  let registry: Registry;
  let runtime: ReturnType<typeof collectDefaultMetrics>;

  beforeEach(() => {
    registry = new Registry();
    runtime = collectDefaultMetrics({ registry, only: ['eventLoop'] });
  });

  afterEach(() => {
    runtime.stop();
    jest.useRealTimers();
  });

  const sum = () => registry.getSampleValue('nodejs_eventloop_delay_seconds_sum') as number;
  const count = () => registry.getSampleValue('nodejs_eventloop_delay_seconds_count') as number;
  /** How many turns took longer than half a second, which none does by itself. */
  const long = () =>
    count() - (registry.getSampleValue('nodejs_eventloop_delay_seconds_bucket', { le: '0.5' }) as number);

  it.each<[string, (work: () => void) => void]>([
    ['a timer', (work) => setTimeout(() => work(), 1)],
    ['an immediate', (work) => setImmediate(() => work())],
    ['a promise', (work) => void Promise.resolve().then(work)],
    ['a file that is read', (work) => readFile(__filename, work)],
    ['a socket', (work) => answer(work)],
  ])('counts a block in the callback of %s once, as long as it is', async (_, call) => {
    const [before, seconds] = [long(), sum()];
    const elu = performance.eventLoopUtilization();
    await new Promise<void>((resolve) => call(() => resolve(block(0.6))));
    await turns();

    expect(long() - before).toBe(1);
    expect(sum() - seconds).toBeGreaterThanOrEqual(0.6);
    // All the rest that happened meanwhile is in both.
    expect(Math.abs(sum() - seconds - performance.eventLoopUtilization(elu).active / 1000)).toBeLessThan(0.3);
  });

  it('counts each of two blocks in different turns, and two in one turn together', async () => {
    const before = long();
    block(0.6);
    await turns();
    block(0.3);
    block(0.3);
    await turns();

    expect(long() - before).toBe(2);
  });

  it('has what is blocked from when it is collected on', async () => {
    const other = new Registry();
    const collected = collectDefaultMetrics({ registry: other, only: ['eventLoop'] });
    block(0.6);
    await turns();

    expect(other.getSampleValue('nodejs_eventloop_delay_seconds_sum')).toBeGreaterThanOrEqual(0.6);
    collected.stop();
  });

  it('does not take waiting for delay', async () => {
    await turns();
    const before = [long(), sum()] as const;
    await sleep(1000);
    await turns();

    expect(long()).toBe(before[0]);
    expect(sum() - before[1]).toBeLessThan(0.5);
  });

  it('does not keep the loop turning', async () => {
    const before = count();
    await sleep(200);

    // It would make some hundred thousand.
    expect(count() - before).toBeLessThan(2000);
  });

  describe('leaves out the time of a scrape,', () => {
    it('that collectors take', async () => {
      new Gauge({ name: 'slow', help: 'Slow', registry, collect: () => block(0.6) });
      await turns();
      const before = long();
      await registry.metrics();
      registry.unregister('slow');
      await turns();

      expect(long()).toBe(before);
    });

    it('once, when two registries are scraped together', async () => {
      const other = new Registry();
      const collected = collectDefaultMetrics({ registry: other, only: ['eventLoop'] });
      new Gauge({ name: 'slow', help: 'Slow', registry: other, collect: () => block(0.6) });
      await turns();
      const before = long();
      await Promise.all([registry.metrics(), other.metrics()]);
      block(0.6);
      await turns();

      expect(long() - before).toBe(1);
      collected.stop();
    });

    it('that collectors take which were there before', async () => {
      const other = new Registry();
      new Gauge({ name: 'slow', help: 'Slow', registry: other, collect: () => block(0.6) });
      const collected = collectDefaultMetrics({ registry: other, only: ['eventLoop'] });
      await turns();
      const before = long();
      await other.metrics();
      await turns();

      expect(long()).toBe(before);
      collected.stop();
    });

    it('that collectors of a registry take which has no default metrics', async () => {
      const other = new Registry();
      new Gauge({ name: 'slow', help: 'Slow', registry: other, collect: () => block(0.6) });
      await turns();
      const before = long();
      await Registry.merge([other, registry]).metrics();
      await turns();

      expect(long()).toBe(before);
    });

    it.each<[string, (scraped: Registry) => unknown]>([
      [
        'after it has begun, in the same job',
        (scraped) => {
          const scrape = scraped.metrics();
          block(0.6);
          return scrape;
        },
      ],
      [
        'in a promise beside it',
        (scraped) => {
          void Promise.resolve().then(() => block(0.6));
          return scraped.metrics();
        },
      ],
      [
        'in a callback of the next tick',
        (scraped) => {
          process.nextTick(() => block(0.6));
          return scraped.metrics();
        },
      ],
      ['after it, in the same turn', (scraped) => scraped.metrics().then(() => block(0.6))],
      ['after the look for a sample', (scraped) => [scraped.getSampleValue('none'), block(0.6)]],
    ])('and not what is blocked %s', async (_, scrape) => {
      await turns();
      const before = long();
      await scrape(registry);
      await turns();

      expect(long() - before).toBe(1);
    });

    it('that writing takes', async () => {
      const other = new Registry();
      const gauge = new Gauge({ name: 'g', help: '', labelNames: ['a'], maxSeries: Infinity, registry: other });
      for (let i = 0; i < 50_000; i++) gauge.set({ a: i }, i);
      await turns();
      const [before, active] = [sum(), performance.eventLoopUtilization()];
      for (let i = 0; i < 5; i++) await other.metrics();
      const busy = performance.eventLoopUtilization(active).active / 1000;
      await turns();

      // Most of what the loop did meanwhile.
      expect(sum() - before).toBeLessThan(busy / 2);
    });
  });

  it('goes on from zero when it is cleared', async () => {
    block(0.6);
    await turns();
    (registry.get('nodejs_eventloop_delay_seconds') as Histogram).clear();
    await turns();

    expect(count()).toBeGreaterThan(0);
    expect(long()).toBe(0);
  });

  it('goes on while the program fakes its timers and its clock', async () => {
    const before = long();
    jest.useFakeTimers();
    await new Promise((resolve) => answer(() => resolve(block(0.6))));
    await new Promise((resolve) => answer(() => resolve(undefined)));
    const during = long();
    jest.useRealTimers();

    expect(during - before).toBe(1);
  });

  it('is the same in all registries, and stops in each when it is stopped there', async () => {
    const other = new Registry();
    const collected = collectDefaultMetrics({ registry: other, only: ['eventLoop'] });
    await turns();
    const stopped = registry.get('nodejs_eventloop_delay_seconds') as Histogram;
    const still = other.get('nodejs_eventloop_delay_seconds') as Histogram;
    const [a, b] = [stopped.get().count, still.get().count];
    await turns();
    expect(stopped.get().count - a).toBe(still.get().count - b);

    runtime.stop();
    const [c, d] = [stopped.get().count, still.get().count];
    await turns();
    expect(stopped.get().count).toBe(c);
    expect(still.get().count).toBeGreaterThan(d);
    collected.stop();
  });

  it('makes no more of the loop once it is stopped', async () => {
    let immediates = 0;
    const hook = createHook({ init: (_, type) => void (immediates += type === 'Immediate' ? 1 : 0) }).enable();
    for (let i = 0; i < 20; i++) await turns();
    const running = immediates;
    runtime.stop();
    immediates = 0;
    for (let i = 0; i < 20; i++) await turns();
    hook.disable();

    // One in each of at least as many turns; the test runner makes some too.
    expect(running - immediates).toBeGreaterThanOrEqual(20);
  });
});

/** Calls this when a server gets the first byte of a connection. */
function answer(work: () => void): void {
  const server = createServer((socket) => {
    socket.once('data', () => {
      work();
      socket.destroy();
      server.close();
    });
  });
  server.listen(0, '127.0.0.1', () => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write('x');
  });
}
