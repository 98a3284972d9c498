import fastify, { type FastifyPluginAsync, type FastifyRequest } from 'fastify';
import { Registry } from '@prometer/core';
import { metricsPlugin, type FastifyMetricsOptions } from '../src/index.ts';

const registry = (): { registry: Registry; defaultMetrics: false } => ({
  registry: new Registry(),
  defaultMetrics: false,
});

/** What matters here is that it compiles, or doesn't. */
describe('The types', () => {
  it('tell a plugin, its options and what it decorates the app with', async () => {
    const plugin: FastifyPluginAsync<FastifyMetricsOptions<string>> = metricsPlugin;
    const app = fastify();
    app.register(plugin, {
      ...registry(),
      labels: {
        host: (request) => request.hostname,
        plan: { values: ['free', 'pro'], from: (request: FastifyRequest) => request.headers['x-plan'] as string },
      },
      ignore: (request) => request.routeOptions.url === '/health',
      exemplars: (request) => ({ request_id: request.id }),
      authorize: (request) => request.headers.authorization === 'Bearer x',
    });
    await app.ready();
    const registryOfApp: Registry = app.metrics.registry;
    const requests = app.metrics.classic?.requests;
    await app.close();

    expect([registryOfApp.get('http_requests') === requests, app.hasDecorator('metrics')]).toEqual([true, true]);
  });

  it('tell what the config of a route may say', async () => {
    const app = fastify();
    app.get('/1', { config: { metrics: false } }, () => '');
    app.get('/2', { config: { metrics: { route: 'two' } } }, () => '');
    // @ts-expect-error -- A name is a text.
    app.get('/3', { config: { metrics: { route: 3 } } }, () => '');
    // @ts-expect-error -- There is no such setting.
    app.get('/4', { config: { metrics: { name: 'four' } } }, () => '');
    await app.close();

    expect(app.hasRoute({ method: 'GET', url: '/4' })).toBe(true);
  });

  it.each([
    // @ts-expect-error -- There is no such option.
    () => fastify().register(metricsPlugin, { ...registry(), registy: new Registry() }),
    // @ts-expect-error -- There is no such naming.
    () => fastify().register(metricsPlugin, { ...registry(), naming: 'otel' }),
    // @ts-expect-error -- A label is read by a function.
    () => fastify().register(metricsPlugin, { ...registry(), labels: { tenant: 'acme' } }),
    // @ts-expect-error -- What isn't measured is told by paths, or by a function.
    () => fastify().register(metricsPlugin, { ...registry(), ignore: '/health' }),
  ])('refuse what is refused when it runs: %p', async (register) => {
    await expect(register().ready()).rejects.toMatchObject({ name: 'MetricError' });
  });
});
