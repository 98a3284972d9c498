import { execFileSync } from 'node:child_process';
import { getHeapStatistics } from 'node:v8';
import { Registry } from '@prometer/core';
import { collectDefaultMetrics } from '../src/index.ts';
import { collectGarbage } from './collect-garbage.ts';

const MB = 2 ** 20;

describe('nodejs_* memory', () => {
  let registry: Registry;

  beforeEach(() => {
    registry = new Registry();
    collectDefaultMetrics({ registry, only: ['memory'] });
    collectGarbage();
  });

  afterEach(() => jest.restoreAllMocks());

  const sample = (name: string) => registry.getSampleValue(`nodejs_${name}_bytes`) as number;

  it('shows the heap grow with the objects that are kept', () => {
    const used = sample('heap_size_used');
    const kept = Array.from({ length: 4e6 }, (_, i) => ({ i }));

    expect(sample('heap_size_used') - used).toBeGreaterThan(40 * MB);
    // The heap may have had room for them already, but it is never smaller than what is used of it.
    expect(sample('heap_size_total')).toBeGreaterThan(sample('heap_size_used') - MB);
    expect(Math.abs(sample('heap_size_total') - process.memoryUsage().heapTotal)).toBeLessThan(64 * MB);
    expect(kept).toHaveLength(4e6);
  });

  it('shows external memory and array buffers grow with a buffer, and the heap not', () => {
    const [external, buffers, used] = [sample('external_memory'), sample('array_buffers'), sample('heap_size_used')];
    const kept = Buffer.alloc(64 * MB);

    expect(sample('external_memory') - external).toBeGreaterThanOrEqual(63 * MB);
    expect(sample('array_buffers') - buffers).toBeGreaterThanOrEqual(63 * MB);
    expect(sample('heap_size_used') - used).toBeLessThan(32 * MB);
    expect(kept).toHaveLength(64 * MB);
  });

  it('shows the limit of the heap', () => {
    expect(sample('heap_size_limit')).toBe(getHeapStatistics().heap_size_limit);
    const code = `console.log(require('node:v8').getHeapStatistics().heap_size_limit)`;
    const [small, large] = [512, 1024].map((megabytes) =>
      Number(execFileSync(process.execPath, [`--max-old-space-size=${megabytes}`, '-e', code])),
    ) as [number, number];
    // What is shown follows what is set.
    expect(large - small).toBeGreaterThanOrEqual(512 * MB);
  });

  it('is what process.memoryUsage says, read once a scrape', async () => {
    const memoryUsage = jest
      .spyOn(process, 'memoryUsage')
      .mockReturnValue({ rss: 1, heapTotal: 2, heapUsed: 3, external: 4, arrayBuffers: 5 });
    const text = await registry.metrics();

    expect(text.replace(/.*nodejs_heap_(?:space|size_limit).*\n/g, '')).toBe(`\
# HELP nodejs_heap_size_total_bytes Size of V8's heap in bytes, used or not.
# TYPE nodejs_heap_size_total_bytes gauge
nodejs_heap_size_total_bytes 2
# HELP nodejs_heap_size_used_bytes Used size of V8's heap in bytes.
# TYPE nodejs_heap_size_used_bytes gauge
nodejs_heap_size_used_bytes 3
# HELP nodejs_external_memory_bytes Memory outside V8's heap that its objects hold, array buffers included, in bytes.
# TYPE nodejs_external_memory_bytes gauge
nodejs_external_memory_bytes 4
# HELP nodejs_array_buffers_bytes Memory of array buffers, Buffers included, in bytes.
# TYPE nodejs_array_buffers_bytes gauge
nodejs_array_buffers_bytes 5
`);
    expect(memoryUsage).toHaveBeenCalledTimes(1);
    await registry.metrics();
    expect(memoryUsage).toHaveBeenCalledTimes(2);
  });

  it('leaves out what a runtime does not tell', async () => {
    const { arrayBuffers: _, ...others } = process.memoryUsage();
    jest.spyOn(process, 'memoryUsage').mockReturnValue(others as NodeJS.MemoryUsage);
    const elsewhere = new Registry();
    collectDefaultMetrics({ registry: elsewhere, only: ['memory'] });

    expect(elsewhere.get('nodejs_external_memory_bytes')).toBeDefined();
    expect(await elsewhere.metrics()).not.toContain('nodejs_array_buffers_bytes');
  });
});
