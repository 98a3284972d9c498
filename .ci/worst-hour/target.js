// A measured app in a process of its own, which its parent tells by messages what to do:
// `node target.js FRAMEWORK SUBJECT SETTINGS`. What is special about it is in SUBJECT-target.js.
import { setImmediate } from 'node:timers/promises';
import { core } from '../prometer.js';
import { FRAMEWORKS } from './frameworks.js';

const [framework, subject, settings] = process.argv.slice(2);
const warnings = [];
process.on('warning', ({ code, message }) => warnings.push({ code, message }));

const registry = new core.Registry();
const { prepare } = await import(`./${subject}-target.js`);
const {
  options = {},
  calls: own = {},
  listen,
} = await prepare({ registry, framework, settings: JSON.parse(settings) });
const start = listen ?? FRAMEWORKS[framework];
const app = await start({ registry, defaultMetrics: false, ...options });

const calls = {
  /** In bytes, once all that is garbage is gone. */
  async memory() {
    for (let i = 0; i < 4; i++) {
      globalThis.gc();
      await setImmediate();
    }
    const { heapUsed, external, rss } = process.memoryUsage();
    return { heap: heapUsed, external, rss };
  },
  warnings: () => warnings,
  /** One sample, as a scrape would show it. */
  value: (name, labels) => registry.getSampleValue(name, labels),
  close: () => app.close(),
  ...own,
};

// oxlint-disable-next-line typescript/no-misused-promises -- it answers also when it fails
process.on('message', async ({ id, name, given }) => {
  try {
    process.send({ id, result: await calls[name](...given) });
  } catch (error) {
    process.send({ id, failure: String(error?.stack ?? error) });
  }
});
// Who listens to its parent would never end by itself.
process.channel.unref();
process.send({ port: app.port ?? app.server.address().port });
