import { execFileSync } from 'node:child_process';
import v8, { getHeapStatistics } from 'node:v8';
import { Registry } from '@prometer/core';
import { collectDefaultMetrics } from '../src/index.ts';
import { collectGarbage, growthOf } from './collect-garbage.ts';

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
    const growth = growthOf(
      () => sample('heap_size_used'),
      () => Array.from({ length: 2e6 }, (_, i) => ({ i })),
    );

    expect(growth).toBeGreaterThan(40 * MB);
    // The heap may have had room for them already, but it is never smaller than what is used of it.
    expect(sample('heap_size_total')).toBeGreaterThan(sample('heap_size_used') - MB);
    expect(Math.abs(sample('heap_size_total') - process.memoryUsage().heapTotal)).toBeLessThan(64 * MB);
  });

  it('shows external memory and array buffers grow with a buffer, and the heap not', () => {
    const growth = (name: Parameters<typeof sample>[0]): number =>
      growthOf(
        () => sample(name),
        () => Buffer.alloc(64 * MB),
      );

    expect(growth('external_memory')).toBeGreaterThanOrEqual(63 * MB);
    expect(growth('array_buffers')).toBeGreaterThanOrEqual(63 * MB);
    expect(growth('heap_size_used')).toBeLessThan(32 * MB);
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

  it('is what V8 says, read once a scrape', async () => {
    // So that no reading grows old within a scrape.
    jest.spyOn(performance, 'now').mockReturnValue(performance.now());
    const statistics = jest.spyOn(v8, 'getHeapStatistics').mockReturnValue({
      ...getHeapStatistics(),
      total_heap_size: 2,
      used_heap_size: 3,
      external_memory: 4,
      heap_size_limit: 6,
    });
    jest
      .spyOn(process, 'memoryUsage')
      .mockReturnValue({ rss: 11, heapTotal: 12, heapUsed: 13, external: 14, arrayBuffers: 5 });
    const text = await registry.metrics();

    expect(text.replace(/.*nodejs_heap_space.*\n/g, '')).toBe(`\
# HELP nodejs_heap_size_total_bytes Size of V8's heap in bytes, used or not.
# TYPE nodejs_heap_size_total_bytes gauge
nodejs_heap_size_total_bytes 2
# HELP nodejs_heap_size_used_bytes Used size of V8's heap in bytes.
# TYPE nodejs_heap_size_used_bytes gauge
nodejs_heap_size_used_bytes 3
# HELP nodejs_heap_size_limit_bytes Size of V8's heap in bytes at which the process ends.
# TYPE nodejs_heap_size_limit_bytes gauge
nodejs_heap_size_limit_bytes 6
# HELP nodejs_external_memory_bytes Memory outside V8's heap that its objects hold, array buffers included, in bytes.
# TYPE nodejs_external_memory_bytes gauge
nodejs_external_memory_bytes 4
# HELP nodejs_array_buffers_bytes Memory of array buffers, Buffers included, in bytes.
# TYPE nodejs_array_buffers_bytes gauge
nodejs_array_buffers_bytes 5
`);
    expect(statistics).toHaveBeenCalledTimes(1);
    await registry.metrics();
    expect(statistics).toHaveBeenCalledTimes(2);
  });

  it('has the numbers of process.memoryUsage', () => {
    const { heapTotal, heapUsed, external } = process.memoryUsage();

    expect(Math.abs(sample('heap_size_total') - heapTotal)).toBeLessThan(MB);
    expect(Math.abs(sample('heap_size_used') - heapUsed)).toBeLessThan(MB);
    expect(Math.abs(sample('external_memory') - external)).toBeLessThan(MB);
  });

  describe('where no file can be opened', () => {
    beforeEach(() => jest.spyOn(process, 'emitWarning').mockReturnValue());

    it.each([
      ['there is no /proc', 'ENOENT', false],
      ['there is no descriptor left just now', 'EMFILE', true],
    ])('has the heap although %s', async (_, code, comesBack) => {
      const memoryUsage = jest.spyOn(process, 'memoryUsage').mockImplementation(() => {
        throw Object.assign(new Error('uv_resident_set_memory'), { code });
      });
      const elsewhere = new Registry();
      collectDefaultMetrics({ registry: elsewhere, only: ['memory'] });
      const text = await elsewhere.metrics();
      memoryUsage.mockRestore();

      for (const what of ['heap_size_total', 'heap_size_used', 'heap_size_limit', 'external_memory']) {
        expect(text).toMatch(new RegExp(`^nodejs_${what}_bytes \\S+$`, 'm'));
      }
      expect(text).not.toMatch(/^nodejs_array_buffers_bytes/m);
      expect(/^nodejs_array_buffers_bytes \S+$/m.test(await elsewhere.metrics())).toBe(comesBack);
    });
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
