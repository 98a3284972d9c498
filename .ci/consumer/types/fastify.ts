import { Registry } from '@prometer/core';
import byDefault, { metricsPlugin } from '@prometer/fastify';
import fastify from 'fastify';

export async function start(): Promise<string> {
  const app = fastify();
  app.register(metricsPlugin);
  await app.register(byDefault, { registry: new Registry(), path: '/internal/metrics', defaultMetrics: false });
  const registry: Registry = app.metrics.registry;
  app.get('/health', { config: { metrics: false } }, () => registry.metrics());
  return app.listen({ port: 0 });
}
export const wrong = () => {
  // @ts-expect-error: no such option's type
  fastify().register(metricsPlugin, { path: 5 });
};
