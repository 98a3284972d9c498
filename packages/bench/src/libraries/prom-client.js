import { sumOf } from '../exposition.js';

/** prom-client, and those that descend from it and have its calls. */
export function promClient({ Registry, Counter, Gauge, Histogram, Summary }) {
  return () => {
    const registry = new Registry();
    const all = { help: 'help', registers: [registry] };
    return {
      registry,
      counter: (definition) => new Counter({ ...all, ...definition }),
      gauge: (definition) => new Gauge({ ...all, ...definition }),
      histogram: (definition) => new Histogram({ ...all, ...definition }),
      summary: ({ quantiles, ...definition }) => new Summary({ ...all, ...definition, percentiles: quantiles }),
      text: () => registry.metrics(),
      total: async (sample) => sumOf(await registry.metrics(), sample),
    };
  };
}
