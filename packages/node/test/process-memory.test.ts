import { readFileSync } from 'node:fs';
import { Registry } from '@prometer/core';
import { HeldMetrics } from '../src/held-metrics.ts';
import { collectDefaultMetrics } from '../src/index.ts';
import { collectProcessMemory } from '../src/process-memory.ts';
import { collectGarbage } from './collect-garbage.ts';

const MB = 2 ** 20;
const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describe('process_*_memory_bytes and process_heap_bytes', () => {
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
    expect(Math.abs(sample('resident_memory') - process.memoryUsage().rss)).toBeLessThan(16 * MB);
    expect(kept).toHaveLength(256 * MB);
  });

  describeOnLinux('on Linux', () => {
    it('shows the virtual size grow when memory is allocated', () => {
      const before = sample('virtual_memory');
      // Far more than earlier tests can have left to be used again.
      const kept = Buffer.alloc(1024 * MB);

      expect(sample('virtual_memory') - before).toBeGreaterThan(512 * MB);
      expect(kept).toHaveLength(1024 * MB);
    });

    it.each([
      ['resident_memory', 'VmRSS'],
      ['virtual_memory', 'VmSize'],
    ])('shows as %s what the kernel calls %s', (name, field) => {
      const kernel = kilobytes(field) * 1024;

      expect(Math.abs(sample(name) - kernel)).toBeLessThan(16 * MB);
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

  it('leaves out the virtual size where there is no /proc', () => {
    const elsewhere = new Registry();
    collectProcessMemory(new HeldMetrics(elsewhere), '/nonexistent');

    expect(elsewhere.get('process_resident_memory_bytes')).toBeDefined();
    expect(elsewhere.get('process_virtual_memory_bytes')).toBeUndefined();
    expect(elsewhere.get('process_heap_bytes')).toBeDefined();
  });
});

function kilobytes(field: string): number {
  const line = readFileSync('/proc/self/status', 'utf8')
    .split('\n')
    .find((text) => text.startsWith(`${field}:`));
  return Number.parseInt((line as string).slice(field.length + 1), 10);
}
