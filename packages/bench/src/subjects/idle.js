import { setTimeout } from 'node:timers/promises';
import { check } from '../checks.js';
import { withChildren } from '../children.js';
import { OURS, PEERS } from '../libraries.js';
import { cpuMs } from '../process-figures.js';
import { comparedRow } from '../rows.js';
import { summarize } from '../statistics.js';

export const title = 'A process that idles, with default metrics';

const NOTHING = 'without metrics';

export async function run({ short }) {
  const all = [OURS, ...PEERS, NOTHING];
  const [rounds, seconds] = short ? [1, 0.3] : [5, 3];
  return withChildren(import.meta.url, all, { short }, async (children) => {
    await setTimeout(short ? 100 : 3000);
    const measured = new Map(all.map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      // All at once: they have hardly anything to do.
      await Promise.all(
        [...children].map(async ([name, running]) => measured.get(name).push(await running.call('idle', seconds))),
      );
    }
    for (const [name, running] of children) await check(`default metrics, ${name}`, () => running.call('check'));
    const results = Object.fromEntries([...measured].map(([name, figures]) => [name, summarize(figures)]));
    return {
      rows: [comparedRow('CPU in a second', 'ms', results, { times: 5, against: ['prom-client'] })],
      notes: ['The ratio is against prom-client.'],
    };
  });
}

export async function child(name) {
  const metrics = await collecting(name);
  return {
    async idle(seconds) {
      const before = cpuMs();
      await setTimeout(seconds * 1000);
      return (cpuMs() - before) / seconds;
    },
    async check() {
      if (metrics === undefined) return;
      if (!/^process_cpu_seconds_total [\d.]+$/m.test(await metrics()))
        throw new Error('There are no default metrics.');
    },
  };
}

async function collecting(name) {
  if (name === NOTHING) return undefined;
  if (name === OURS) {
    const [{ Registry }, { collectDefaultMetrics }] = await Promise.all([
      import('@prometer/core'),
      import('@prometer/node'),
    ]);
    const registry = new Registry();
    collectDefaultMetrics({ registry });
    return () => registry.metrics();
  }
  const { default: client } = await import(name);
  client.collectDefaultMetrics();
  return () => client.register.metrics();
}
