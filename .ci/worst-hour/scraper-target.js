// Metrics that fill many packets, and a collector that takes its time.
import { setTimeout } from 'node:timers/promises';
import { core, http } from '../prometer.js';

export const SERIES = 20_000;
export const COLLECT_MS = 200;

export async function prepare({ registry, settings }) {
  const { series = SERIES, padding = '', ownServer = false } = settings;
  const gauge = registry.gauge({ name: 'many', help: 'Many series', labelNames: ['id'], maxSeries: Infinity });
  for (let i = 0; i < series; i++) gauge.set({ id: `the-series-with-the-number-${i}${padding}` }, i);
  let runs = 0;
  registry.gauge({
    name: 'takes_its_time',
    help: '',
    async collect() {
      runs++;
      await setTimeout(COLLECT_MS);
      this.set(1);
    },
  });
  let steps = 0;
  core.onScrapeWork(() => steps++);
  const calls = {
    runs: () => runs,
    /** How often a part of a scrape has been made. */
    steps: () => steps,
    sockets: () => process.getActiveResourcesInfo().filter((each) => each === 'TCPSocketWrap').length,
  };
  return {
    calls,
    ...(ownServer && { listen: () => http.startHttpServer({ port: 0, registry, keepProcessAlive: true }) }),
  };
}
