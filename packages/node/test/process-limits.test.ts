import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from '@prometer/core';
import { HeldMetrics } from '../src/held-metrics.ts';
import { collectDefaultMetrics } from '../src/index.ts';
import { collectProcessLimits } from '../src/process-limits.ts';

const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describeOnLinux('process_max_fds and process_virtual_memory_max_bytes on Linux', () => {
  it.each([
    ['process_max_fds', 'nofile', -1],
    ['process_virtual_memory_max_bytes', 'as', 2 ** 46],
  ])('%s is the soft limit, also after it has changed', (name, resource, change) => {
    const registry = new Registry();
    collectDefaultMetrics({ registry, only: ['process'] });
    const shown = () => registry.getSampleValue(name);
    const text = prlimit(`--${resource}`, '--output=SOFT', '--noheadings').trim();
    const soft = text === 'unlimited' ? Infinity : Number(text);
    const other = soft === Infinity ? change : soft - 1;
    expect(shown()).toBe(soft);

    prlimit(`--${resource}=${other}:`);
    const changed = shown();
    prlimit(`--${resource}=${text}:`);

    expect(changed).toBe(other);
    expect(shown()).toBe(soft);
  });
});

describe('process_max_fds and process_virtual_memory_max_bytes', () => {
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(join(tmpdir(), 'proc-'));
  });

  afterEach(() => fs.rmSync(folder, { recursive: true }));

  it('are infinite where there is no limit', () => {
    const registry = withLimits(`\
Max open files            unlimited            unlimited            files
Max address space         unlimited            unlimited            bytes
`);

    expect(registry.getSampleValue('process_max_fds')).toBe(Infinity);
    expect(registry.getSampleValue('process_virtual_memory_max_bytes')).toBe(Infinity);
  });

  it('are left out, each, where the file does not tell', () => {
    const registry = withLimits('Max open files            1024                 4096                 files\n');

    expect(registry.getSampleValue('process_max_fds')).toBe(1024);
    expect(registry.get('process_virtual_memory_max_bytes')).toBeUndefined();
  });

  it('stay as they were where the file cannot be read again', async () => {
    const registry = withLimits('Max open files            1024                 4096                 files\n');
    fs.rmSync(join(folder, 'limits'));

    expect(registry.getSampleValue('process_max_fds')).toBe(1024);
    expect(await registry.metrics()).toContain('\nprocess_max_fds 1024\n');
  });

  it('come later where there is no descriptor left just now', () => {
    const opened = jest.spyOn(fs, 'readFileSync').mockImplementation(() => {
      throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
    });
    const registry = withLimits('Max open files            1024                 4096                 files\n');
    expect(() => registry.getSampleValue('process_max_fds')).toThrow('too many open files');
    opened.mockRestore();

    expect(registry.getSampleValue('process_max_fds')).toBe(1024);
  });

  it('are left out where there is no /proc', async () => {
    const registry = new Registry();
    collectProcessLimits(new HeldMetrics(registry), '/nonexistent');

    expect(await registry.metrics()).toBe('');
  });

  function withLimits(text: string): Registry {
    fs.writeFileSync(join(folder, 'limits'), text);
    const registry = new Registry();
    collectProcessLimits(new HeldMetrics(registry), folder);
    return registry;
  }
});

/** Asks the kernel for a limit of this process, or sets one. */
function prlimit(...options: string[]): string {
  return execFileSync('prlimit', [`--pid=${process.pid}`, ...options], { encoding: 'utf8' });
}
