import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { Registry } from '@prometer/core';
import { collectDefaultMetrics } from '../src/index.ts';

const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describe('process_start_time_seconds', () => {
  afterEach(() => jest.useRealTimers());

  it('is the time at which the process started, also when the program fakes its timers', () => {
    const started = Date.now() / 1000 - process.uptime();
    jest.useFakeTimers({ now: 0 });

    expect(Math.abs(shown() - started)).toBeLessThan(1);
  });

  it('stays what it is', async () => {
    const registry = new Registry();
    collectDefaultMetrics({ registry, only: ['process'] });
    const first = await registry.metrics();
    const second = await registry.metrics();
    const line = /^process_start_time_seconds .*$/m;

    expect(line.exec(second)?.[0]).toBe(line.exec(first)?.[0]);
  });

  it('comes from a clock that is the same in a worker thread', async () => {
    const code = `const { parentPort } = require('node:worker_threads');
      parentPort.postMessage(require('node:perf_hooks').performance.timeOrigin / 1000);`;
    const [inWorker] = await once(new Worker(code, { eval: true }), 'message');

    expect(inWorker).toBe(shown());
  });

  describeOnLinux('on Linux', () => {
    it('agrees with the kernel', () => {
      const afterName = readFileSync('/proc/self/stat', 'utf8').replace(/^.*\) /, '');
      const startedAfterBoot = Number(afterName.split(' ')[19]) / 100;
      const upSinceBoot = Number.parseFloat(readFileSync('/proc/uptime', 'utf8'));

      expect(Math.abs(shown() - (Date.now() / 1000 - upSinceBoot + startedAfterBoot))).toBeLessThan(1);
    });
  });
});

function shown(): number {
  const registry = new Registry();
  collectDefaultMetrics({ registry, only: ['process'] });
  return registry.getSampleValue('process_start_time_seconds') as number;
}
