import fastify from 'fastify';
import { ANSWER } from './routes.js';

/** A Fastify 5 app with these routes, and with the adapter of this name; `metrics()` is its text. */
export async function fastifyApp(adapter, routes) {
  const app = fastify();
  const metrics = await ADAPTERS[adapter](app);
  for (const route of routes) app.get(route, async () => ANSWER);
  await app.ready();
  return { listener: (request, response) => app.routing(request, response), metrics };
}

/** Each counts and times requests by method, route and status. */
export const ADAPTERS = {
  'without metrics': async () => undefined,

  Prometer: async (app) => {
    const [{ metricsPlugin }, { defaultRegistry }] = await Promise.all([
      import('@prometer/fastify'),
      import('@prometer/core'),
    ]);
    await app.register(metricsPlugin);
    return () => defaultRegistry.metrics();
  },

  'fastify-metrics': (app) => fastifyMetrics(app, {}),

  'fastify-metrics without its summary': (app) =>
    fastifyMetrics(app, { routeMetrics: { enabled: { histogram: true, summary: false } } }),

  'prom-client by hand': async (app) => {
    const { default: client } = await import('prom-client');
    const histogram = new client.Histogram({
      name: 'http_request_duration_seconds',
      help: 'Duration of requests',
      labelNames: ['method', 'route', 'status_code'],
    });
    app.addHook('onResponse', (request, reply, done) => {
      const labels = { method: request.method, route: request.routeOptions.url, status_code: reply.statusCode };
      histogram.observe(labels, reply.elapsedTime / 1000);
      done();
    });
    return () => client.register.metrics();
  },
};

async function fastifyMetrics(app, options) {
  const { default: plugin } = await import('fastify-metrics');
  await app.register(plugin.default ?? plugin, options);
  return () => app.metrics.client.register.metrics();
}
