import { HttpMetrics, type HttpMetricsOptions } from '@prometer/http';
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyInstance {
    /** What measures this app: `metrics.registry` is where its metrics are. */
    metrics: HttpMetrics;
  }
  interface FastifyContextConfig {
    /** `false`: requests to this route are not measured. */
    metrics?: boolean;
  }
}

/**
 * Measures a Fastify app and answers GET /metrics: requests, their durations by method, route and status,
 * requests in flight, and metrics about the process. Registered before or after the routes, awaited or not. In
 * a plugin of its own scope it measures that scope, and is served under its prefix.
 *
 * @throws MetricError when an option is not usable or the registry has other metrics of the same names
 *
 * @example
 * ```ts
 * app.register(metricsPlugin);
 * ```
 */
export const metricsPlugin: FastifyPluginAsync<HttpMetricsOptions> = fastifyPlugin(
  async (app: FastifyInstance, options: HttpMetricsOptions) => {
    const metrics = new HttpMetrics(options);
    const served = isServed(app, metrics);
    if (!app.hasDecorator('metrics')) app.decorate('metrics', metrics);

    app.addHook('onRequest', (request, reply, next) => {
      if (request.routeOptions.config.metrics !== false) {
        metrics.measure(request.raw, reply.raw, () => routeOf(request));
      }
      next();
    });
    if (metrics.path !== undefined && !served) {
      app.all(metrics.path, { config: { metrics: false } }, (request, reply) => {
        reply.hijack();
        metrics.handler(request.raw, reply.raw);
      });
    }
    app.addHook('onClose', () => metrics.close());
  },
  { name: '@prometer/fastify', fastify: '5.x' },
);

/** The root of a prefix is one route, with or without a slash at its end. */
function routeOf(request: FastifyRequest): string | undefined {
  const { url } = request.routeOptions;
  return url !== undefined && url.length > 1 && url.endsWith('/') ? url.slice(0, -1) : url;
}

/** Whether the same metrics are served there already, by an earlier registration of this plugin. */
function isServed(app: FastifyInstance, { registry, path }: HttpMetrics): boolean {
  if (path === undefined || !app.hasDecorator('metrics') || app.metrics.registry !== registry) return false;
  return app.metrics.path === path && app.hasRoute({ method: 'GET', url: app.prefix + path });
}
