import { readFileSync } from 'node:fs';
import { Registry } from '@prometer/core';
import { collectDefaultMetrics } from '../src/index.ts';
import { collectGarbage } from './collect-garbage.ts';

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

  it('shows the resident size grow when memory is touched', () => {
    const before = sample('resident_memory');
    // Far more than may be given back meanwhile.
    const kept = Buffer.alloc(256 * MB, 1);

    expect(sample('resident_memory') - before).toBeGreaterThan(128 * MB);
    expect(Math.abs(sample('resident_memory') - process.memoryUsage().rss)).toBeLessThan(64 * MB);
    expect(kept).toHaveLength(256 * MB);
  });

  describeOnLinux('on Linux', () => {
    it('shows as resident size what the kernel calls VmRSS', () => {
      const kernel = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];

      expect(Math.abs(sample('resident_memory') - Number(kernel) * 1024)).toBeLessThan(64 * MB);
    });
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
});
