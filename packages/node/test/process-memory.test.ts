import { readFileSync } from 'node:fs';
import v8 from 'node:v8';
import { Registry } from '@prometer/core';
import { collectDefaultMetrics } from '../src/index.ts';
import { collectGarbage, growthOf } from './collect-garbage.ts';

const MB = 2 ** 20;
const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describe('process_resident_memory_bytes and process_heap_bytes', () => {
  let registry: Registry;

  beforeEach(() => {
    registry = new Registry();
    collectDefaultMetrics({ registry, only: ['process'] });
    collectGarbage();
  });

  const sample = (name: string) => registry.getSampleValue(`process_${name}_bytes`) as number;

  // Before the tests that take much memory: what they leave may be given back at any moment, between two readings too.
  it('shows as resident size what Node.js calls rss', () => {
    expect(Math.abs(sample('resident_memory') - process.memoryUsage().rss)).toBeLessThan(64 * MB);
  });

  describeOnLinux('on Linux', () => {
    it('shows as resident size what the kernel calls VmRSS', () => {
      const kernel = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];

      expect(Math.abs(sample('resident_memory') - Number(kernel) * 1024)).toBeLessThan(64 * MB);
    });
  });

  it('shows the resident size grow when memory is touched', () => {
    const growth = growthOf(
      () => sample('resident_memory'),
      () => Buffer.alloc(256 * MB, 1),
    );

    expect(growth).toBeGreaterThan(128 * MB);
  });

  it('shows the heap grow with the objects in it, and not with what is kept outside of it', () => {
    const before = sample('heap');
    const outside = Buffer.alloc(64 * MB, 1);
    expect(sample('heap') - before).toBeLessThan(16 * MB);

    // The heap may have had room for some of them already, so that it need not grow by all that they take.
    const inside = Array.from({ length: 4 * MB }, (_, i) => ({ i }));
    expect(sample('heap')).toBeGreaterThan(100 * MB);
    expect(Math.abs(sample('heap') - process.memoryUsage().heapTotal)).toBeLessThan(64 * MB);
    expect([outside.length, inside.length]).toEqual([64 * MB, 4 * MB]);
  });

  it('shows the whole size of the heap that V8 tells', () => {
    jest.spyOn(v8, 'getHeapStatistics').mockReturnValue({
      ...v8.getHeapStatistics(),
      total_heap_size: 5,
      used_heap_size: 4,
      total_physical_size: 3,
    });

    expect(sample('heap')).toBe(5);
    jest.restoreAllMocks();
  });

  it('leaves out the heap in a worker thread, which knows its own only', async () => {
    await jest.isolateModulesAsync(async () => {
      jest.doMock('node:worker_threads', () => ({
        ...jest.requireActual<object>('node:worker_threads'),
        isMainThread: false,
      }));
      const thread = await import('../src/index.ts');
      const elsewhere = new Registry();
      thread.collectDefaultMetrics({ registry: elsewhere, only: ['process'] });
      const text = await elsewhere.metrics();

      expect(text).toContain('\nprocess_resident_memory_bytes ');
      expect(text).not.toContain('process_heap_bytes');
    });
    jest.dontMock('node:worker_threads');
  });
});
