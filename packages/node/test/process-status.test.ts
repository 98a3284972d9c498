import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Registry } from '@prometer/core';
import { HeldMetrics } from '../src/held-metrics.ts';
import { collectDefaultMetrics } from '../src/index.ts';
import { collectProcessStatus } from '../src/process-status.ts';
import { collectGarbage } from './collect-garbage.ts';

const MB = 2 ** 20;
const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describeOnLinux('process_virtual_memory_bytes and process_threads on Linux', () => {
  let registry: Registry;

  beforeEach(() => {
    registry = new Registry();
    collectDefaultMetrics({ registry, only: ['process'] });
    collectGarbage();
  });

  const virtual = () => registry.getSampleValue('process_virtual_memory_bytes') as number;
  const threads = () => registry.getSampleValue('process_threads') as number;

  // Before the test that takes much memory: that may be given back at any moment, between two readings too.
  it('shows as virtual size what the kernel calls VmSize', () => {
    const kernel = /^VmSize:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];

    expect(Math.abs(virtual() - Number(kernel) * 1024)).toBeLessThan(64 * MB);
  });

  it('shows the virtual size grow when memory is allocated', () => {
    const before = virtual();
    // Far more than earlier tests can have left to be used again.
    const kept = Buffer.alloc(1024 * MB);

    expect(virtual() - before).toBeGreaterThan(512 * MB);
    expect(kept).toHaveLength(1024 * MB);
  });

  it('counts a thread more for each worker, as the kernel lists them', async () => {
    const before = threads();
    const workers = Array.from({ length: 4 }, () => new Worker('setInterval(() => {}, 1000)', { eval: true }));
    await Promise.all(workers.map((worker) => once(worker, 'online')));
    const [during, listed] = [threads(), readdirSync('/proc/self/task').length];
    await Promise.all(workers.map((worker) => worker.terminate()));

    expect(during).toBe(listed);
    expect(during - before).toBeGreaterThanOrEqual(4);
    expect(threads()).toBe(readdirSync('/proc/self/task').length);
    expect(threads()).toBeLessThan(during);
  });
});

it('process_virtual_memory_bytes and process_threads are left out where there is no /proc', async () => {
  const registry = new Registry();
  collectProcessStatus(new HeldMetrics(registry), '/nonexistent');

  expect(await registry.metrics()).toBe('');
});

it('process_virtual_memory_bytes is in bytes, of 1024 to the kB of the kernel', () => {
  const folder = mkdtempSync(join(tmpdir(), 'proc-'));
  writeFileSync(join(folder, 'status'), 'Name:\tnode\nVmSize:\t    3000 kB\nThreads:\t11\n');
  const registry = new Registry();
  collectProcessStatus(new HeldMetrics(registry), folder);
  const values = ['process_virtual_memory_bytes', 'process_threads'].map((name) => registry.getSampleValue(name));
  rmSync(folder, { recursive: true });

  expect(values).toEqual([3_072_000, 11]);
});
