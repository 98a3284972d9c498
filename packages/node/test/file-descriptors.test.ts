import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from '@prometer/core';
import { collectFileDescriptors } from '../src/file-descriptors.ts';
import { HeldMetrics } from '../src/held-metrics.ts';
import { collectDefaultMetrics } from '../src/index.ts';

const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describe('process_open_fds and process_max_fds', () => {
  let registry: Registry;

  beforeEach(() => {
    registry = new Registry();
    collectDefaultMetrics({ registry, only: ['process'] });
  });

  afterEach(() => jest.restoreAllMocks());

  const open = () => registry.getSampleValue('process_open_fds') as number;
  const limit = () => registry.getSampleValue('process_max_fds') as number;

  describeOnLinux('on Linux', () => {
    it.each(['size', 'entries'])('counts the files that are opened, by the %s of the folder', (way) => {
      const stat = jest.spyOn(fs, 'statSync');
      // What a kernel before 6.2 says.
      if (way === 'entries') stat.mockReturnValue({ size: 0 } as fs.Stats);
      const before = open();
      const files = Array.from({ length: 200 }, () => fs.openSync('/dev/null', 'r'));
      const [lower, counted, upper] = [countByNumber(), open(), countByNumber()];
      for (const file of files) fs.closeSync(file);

      // Other threads may open or close a file meanwhile.
      expect(counted - before).toBeGreaterThan(190);
      expect([lower, upper]).toContain(counted);
      expect(before - open()).toBeLessThan(10);
    });

    it('shows the soft limit, also after it has changed', () => {
      const soft = Number(prlimit('--nofile', '--output=SOFT', '--noheadings'));
      expect(limit()).toBe(soft);

      prlimit(`--nofile=${soft - 1}:`);
      const lowered = limit();
      prlimit(`--nofile=${soft}:`);

      expect(lowered).toBe(soft - 1);
      expect(limit()).toBe(soft);
    });

    it('are left out of a scrape that cannot read them, and the others stay', async () => {
      const warning = jest.spyOn(process, 'emitWarning').mockReturnValue();
      jest.spyOn(fs, 'statSync').mockImplementation(() => {
        throw new Error('EACCES');
      });
      const text = await registry.metrics();

      expect(text).not.toContain('process_open_fds ');
      expect(text).toContain('\nprocess_max_fds ');
      expect(text).toContain('\nprometer_collector_errors_total{collector="process_open_fds"} 1\n');
      expect(warning).toHaveBeenCalledTimes(1);
    });
  });

  it('shows no limit as infinite', () => {
    const folder = fs.mkdtempSync(join(tmpdir(), 'proc-'));
    fs.writeFileSync(
      join(folder, 'limits'),
      'Max open files            unlimited            unlimited            files\n',
    );
    const elsewhere = new Registry();
    collectFileDescriptors(new HeldMetrics(elsewhere), folder);

    expect(elsewhere.getSampleValue('process_max_fds')).toBe(Infinity);
    fs.rmSync(folder, { recursive: true });
  });

  it.each(['no /proc', 'a /proc of another kind'])('leaves both out where there is %s', async (what) => {
    const folder = fs.mkdtempSync(join(tmpdir(), 'proc-'));
    if (what !== 'no /proc') fs.writeFileSync(join(folder, 'limits'), 'something else\n');
    const elsewhere = new Registry();
    collectFileDescriptors(new HeldMetrics(elsewhere), folder);

    expect((await elsewhere.metrics()).trim()).toBe('');
    fs.rmSync(folder, { recursive: true });
  });
});

/** Counts without opening anything: a number stands for an open file when it can be asked about. */
function countByNumber(): number {
  let count = 0;
  for (let number = 0; number < 1000; number++) {
    try {
      fs.fstatSync(number);
      count++;
    } catch {
      // Not open.
    }
  }
  return count;
}

/** Asks the kernel for a limit of this process, or sets one. */
function prlimit(...options: string[]): string {
  return execFileSync('prlimit', [`--pid=${process.pid}`, ...options], { encoding: 'utf8' });
}
