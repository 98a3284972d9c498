import { Gauge, onScrapeWork, Registry } from '../src/index.ts';
import type * as Core from '../src/index.ts';
import { asScrapeWork } from '../src/scrape-work.ts';

function block(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

describe('onScrapeWork', () => {
  let told: number[];
  let stop: () => void;

  beforeEach(() => {
    told = [];
    stop = onScrapeWork((milliseconds) => told.push(milliseconds));
  });

  afterEach(() => stop());

  const sum = (): number => told.reduce((all, each) => all + each, 0);

  it('tells how long a scrape keeps the event loop busy, of any registry', async () => {
    const registry = new Registry();
    new Gauge({ name: 'slow', help: '', registry, collect: () => block(100) });
    await registry.metrics();

    expect(sum()).toBeGreaterThanOrEqual(100);
  });

  it('leaves out what a collector waits for, and what others do meanwhile', async () => {
    const registry = new Registry();
    new Gauge({ name: 'slow', help: '', registry, collect: () => new Promise((resolve) => setTimeout(resolve, 300)) });
    const scrape = registry.metrics();
    block(300);
    await scrape;

    expect(sum()).toBeLessThan(200);
  });

  it('tells of a step within a step once, also if it throws', () => {
    expect(() =>
      asScrapeWork(() => {
        asScrapeWork(() => block(50));
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(told).toHaveLength(1);
    asScrapeWork(() => block(1));

    expect(told).toHaveLength(2);
  });

  it('tells of the work of other copies of the package too', async () => {
    await jest.isolateModulesAsync(async () => {
      const copy = jest.requireActual<typeof Core>('../src/index.ts');
      expect(copy.Registry).not.toBe(Registry);
      const registry = new copy.Registry();
      registry.gauge({ name: 'slow', help: '', collect: () => block(50) });
      await registry.metrics();
    });

    expect(sum()).toBeGreaterThanOrEqual(50);
  });

  it('tells everybody who listens', () => {
    const others: number[] = [];
    const stopOther = onScrapeWork((milliseconds) => others.push(milliseconds));
    asScrapeWork(() => block(1));
    stopOther();

    expect([told.length, others.length]).toEqual([1, 1]);
  });

  it('tells nobody who has stopped', async () => {
    stop();
    await new Registry().metrics();

    expect(told).toEqual([]);
  });
});
