import fs from 'node:fs';
import { Registry } from '@prometer/core';
import { collectFileDescriptors } from '../src/file-descriptors.ts';
import { HeldMetrics } from '../src/held-metrics.ts';
import { collectDefaultMetrics } from '../src/index.ts';

const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describe('process_open_fds', () => {
  let registry: Registry;

  beforeEach(() => {
    registry = new Registry();
    collectDefaultMetrics({ registry, only: ['process'] });
  });

  afterEach(() => jest.restoreAllMocks());

  const open = () => registry.getSampleValue('process_open_fds') as number;

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

    it('is left out of a scrape that cannot read it, and the others stay', async () => {
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

  it('is left out where there is no /proc', async () => {
    const elsewhere = new Registry();
    collectFileDescriptors(new HeldMetrics(elsewhere), '/nonexistent');

    expect(await elsewhere.metrics()).toBe('');
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
