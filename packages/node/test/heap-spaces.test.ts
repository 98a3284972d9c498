import v8 from 'node:v8';
import { Registry } from '@prometer/core';
import { collectDefaultMetrics } from '../src/index.ts';
import { collectGarbage } from './collect-garbage.ts';

const MB = 2 ** 20;

describe('nodejs_heap_space_size_*_bytes', () => {
  let registry: Registry;

  beforeEach(() => {
    registry = new Registry();
    collectDefaultMetrics({ registry, only: ['memory'] });
    collectGarbage();
  });

  afterEach(() => jest.restoreAllMocks());

  const sample = (what: string, space: string) =>
    registry.getSampleValue(`nodejs_heap_space_size_${what}_bytes`, { space }) as number;

  it('shows the space of large objects grow with one, and the others not', () => {
    // A large object begins in a space for new ones, until it has outlived a collection.
    const large = (what: string) => sample(what, 'large_object') + sample(what, 'new_large_object');
    const before = { large: large('used'), old: sample('used', 'old') };
    const kept = new Array<number>(16 * MB).fill(1);

    expect(large('used') - before.large).toBeGreaterThan(60 * MB);
    expect(large('total')).toBeGreaterThanOrEqual(large('used'));
    expect(Math.abs(sample('used', 'old') - before.old)).toBeLessThan(32 * MB);
    expect(kept).toHaveLength(16 * MB);
  });

  it('adds up to what is used of the heap', () => {
    const spaces = v8.getHeapSpaceStatistics().map(({ space_name }) => space_name.replace('_space', ''));
    const used = spaces.reduce((sum, space) => sum + sample('used', space), 0);

    expect(spaces).toEqual(expect.arrayContaining(['new', 'old', 'code', 'large_object']));
    expect(Math.abs(used - process.memoryUsage().heapUsed)).toBeLessThan(16 * MB);
  });

  it('is what V8 says, read once a scrape', async () => {
    // So that no reading grows old within a scrape.
    jest.spyOn(performance, 'now').mockReturnValue(performance.now());
    const statistics = jest.spyOn(v8, 'getHeapSpaceStatistics').mockReturnValue([
      { space_name: 'new_space', space_size: 3, space_used_size: 2, space_available_size: 1, physical_space_size: 9 },
      { space_name: 'old_space', space_size: 6, space_used_size: 5, space_available_size: 4, physical_space_size: 9 },
    ]);
    const elsewhere = new Registry();
    collectDefaultMetrics({ registry: elsewhere, only: ['memory'] });
    statistics.mockClear();
    await Promise.resolve();

    expect((await elsewhere.metrics()).match(/^nodejs_heap_space.*$/gm)).toEqual([
      'nodejs_heap_space_size_total_bytes{space="new"} 3',
      'nodejs_heap_space_size_total_bytes{space="old"} 6',
      'nodejs_heap_space_size_used_bytes{space="new"} 2',
      'nodejs_heap_space_size_used_bytes{space="old"} 5',
      'nodejs_heap_space_size_available_bytes{space="new"} 1',
      'nodejs_heap_space_size_available_bytes{space="old"} 4',
    ]);
    expect(statistics).toHaveBeenCalledTimes(1);
  });

  it('is left out where V8 does not tell', async () => {
    jest.spyOn(v8, 'getHeapSpaceStatistics').mockImplementation(() => {
      throw new Error('not implemented');
    });
    const elsewhere = new Registry();
    collectDefaultMetrics({ registry: elsewhere, only: ['memory'] });

    expect(await elsewhere.metrics()).not.toContain('nodejs_heap_space');
    expect(elsewhere.get('nodejs_heap_size_used_bytes')).toBeDefined();
  });
});
