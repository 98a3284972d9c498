import { Registry } from '@prometer/core';
import { collectDefaultMetrics } from '../src/index.ts';

describe('process_cpu_*_seconds_total', () => {
  let registry: Registry;

  beforeEach(() => {
    registry = new Registry();
    collectDefaultMetrics({ registry, only: ['process'] });
  });

  afterEach(() => jest.restoreAllMocks());

  const sample = (kind: '' | 'user_' | 'system_') =>
    registry.getSampleValue(`process_cpu_${kind}seconds_total`) as number;

  it('include all CPU time since the process started, from the first scrape on', () => {
    const before = process.cpuUsage();
    const [total, user, system] = [sample(''), sample('user_'), sample('system_')];
    const after = process.cpuUsage();

    expect(user).toBeGreaterThanOrEqual(before.user / 1e6);
    expect(user).toBeLessThanOrEqual(after.user / 1e6);
    expect(system).toBeGreaterThanOrEqual(before.system / 1e6);
    expect(system).toBeLessThanOrEqual(after.system / 1e6);
    expect(total).toBeGreaterThanOrEqual((before.user + before.system) / 1e6);
    expect(total).toBeLessThanOrEqual((after.user + after.system) / 1e6);
  });

  it('rise by the CPU time that is burnt between scrapes', async () => {
    await registry.metrics();
    const [total, user] = [sample(''), sample('user_')];
    const burnt = burn(0.1);
    await registry.metrics();

    expect(sample('user_') - user).toBeGreaterThanOrEqual(burnt);
    expect(sample('') - total).toBeGreaterThanOrEqual(burnt);
  });

  it('come from one reading a scrape, so that the total is the sum', async () => {
    const cpuUsage = jest.spyOn(process, 'cpuUsage');
    cpuUsage.mockReturnValueOnce({ user: 900e6, system: 100e6 }).mockReturnValueOnce({ user: 901e6, system: 102e6 });

    expect(samplesOf(await registry.metrics())).toEqual({ total: 1000, user: 900, system: 100 });
    expect(samplesOf(await registry.metrics())).toEqual({ total: 1003, user: 901, system: 102 });
  });

  it('stay where they are when the system reports less than before', () => {
    const cpuUsage = jest.spyOn(process, 'cpuUsage');
    cpuUsage.mockReturnValue({ user: 900e6, system: 100e6 });
    expect(sample('')).toBe(1000);
    cpuUsage.mockReturnValue({ user: 899e6, system: 99e6 });
    expect(sample('')).toBe(1000);
    cpuUsage.mockReturnValue({ user: 901e6, system: 100e6 });
    expect(sample('')).toBe(1001);
  });

  it('are left out where the runtime does not tell', async () => {
    jest.spyOn(process, 'cpuUsage').mockImplementation(() => {
      throw new Error('not implemented');
    });
    const elsewhere = new Registry();
    collectDefaultMetrics({ registry: elsewhere, only: ['process'] });

    expect(await elsewhere.metrics()).not.toContain('process_cpu_');
    expect(elsewhere.getSampleValue('process_start_time_seconds')).toBeGreaterThan(0);
  });
});

/** Keeps the CPU busy until the process has used this much more of it; returns how much it was. */
function burn(seconds: number): number {
  const start = process.cpuUsage();
  let used = 0;
  while (used < seconds) used = process.cpuUsage(start).user / 1e6;
  return used;
}

function samplesOf(text: string): { total: number; user: number; system: number } {
  const value = (name: string): number => Number.parseFloat(text.slice(text.indexOf(`\n${name} `) + name.length + 2));
  return {
    total: value('process_cpu_seconds_total'),
    user: value('process_cpu_user_seconds_total'),
    system: value('process_cpu_system_seconds_total'),
  };
}
