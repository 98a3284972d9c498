import { Counter, Gauge, Histogram, Registry, Summary } from '@prometer/core';
import { sumOf } from '../exposition.js';

export function open() {
  const registry = new Registry();
  const all = { help: 'help', registry, maxSeries: Infinity };
  return {
    registry,
    counter: (definition) => new Counter({ ...all, ...definition }),
    gauge: (definition) => new Gauge({ ...all, ...definition }),
    histogram: (definition) => new Histogram({ ...all, ...definition }),
    nativeHistogram: (definition) => new Histogram({ ...all, ...definition, buckets: [], native: true }),
    summary: (definition) => new Summary({ ...all, ...definition }),
    text: () => registry.metrics(),
    openMetrics: () => registry.metrics({ format: 'openmetrics' }),
    expose: async (accept) => (await registry.expose(accept)).body,
    total: async (sample) => sumOf(await registry.metrics(), sample),
  };
}
