import { defaultRegistry, Registry, type MetricType } from '@prometer/core';
import { HttpMetrics } from '@prometer/http';

const SUFFIXES: { readonly [Type in MetricType]?: readonly string[] } = {
  counter: ['_total'],
  // A native histogram is asked for by its name alone.
  histogram: ['', '_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
  info: ['_info'],
};

/** The labels of all samples that apps show of themselves, by the sample's name: of requests, in both namings, and of the process. */
export async function samplesOfAll(): Promise<Map<string, readonly string[]>> {
  const registry = new Registry();
  registry.register({
    collect() {
      throw new Error('This one always fails.');
    },
  });
  // It says so once, as it should.
  const silence = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const metrics = [
    new HttpMetrics({ registry, naming: ['classic', 'semconv'], sizes: true }),
    new HttpMetrics({ registry, defaultMetrics: { names: 'prom-client' } }),
  ];
  await registry.gather();
  const samples = new Map<string, readonly string[]>();
  for (const { name, type } of await registry.gather()) {
    for (const suffix of SUFFIXES[type] ?? ['']) {
      const labelNames: readonly string[] = registry.get(name)?.labelNames ?? [];
      samples.set(`${name}${suffix}`, suffix === '_bucket' ? [...labelNames, 'le'] : labelNames);
    }
  }
  for (const each of metrics) each.close();
  silence.mockRestore();
  defaultRegistry.clear();
  return samples;
}
