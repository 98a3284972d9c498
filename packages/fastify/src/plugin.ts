import { HttpMetrics, type HttpMetricsOptions } from '@prometer/http';
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { serveMetrics } from './serve-metrics.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** What measures this scope of the app: `metrics.registry` is where its metrics are. */
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
 * a plugin of its own scope it measures that scope, is served under its prefix and is what `metrics` is there. Where
 * the app has a decorator of its own called `metrics`, that one stays.
 *
 * @throws MetricError when an option is not usable, the app has a route of its own where the metrics are to be, or the
 * registry has other metrics of the same names
 *
 * @example
 * ```ts
 * app.register(metricsPlugin);
 * ```
 */
export const metricsPlugin: FastifyPluginAsync<HttpMetricsOptions> = fastifyPlugin(
  async (app: FastifyInstance, given: HttpMetricsOptions) => {
    const metrics = new HttpMetrics(withoutFastifys(given));
    decorate(app, metrics);
    app.addHook('onRequest', (request, reply, next) => {
      if (request.routeOptions.config.metrics !== false) {
        metrics.measure(request.raw, reply.raw, () => routeOf(request));
      }
      next();
    });
    serveMetrics(app, metrics);
    app.addHook('onClose', () => metrics.close());
  },
  { name: '@prometer/fastify', fastify: '5.x' },
);

/** What can be given to `register` with any plugin. */
const OF_FASTIFY: ReadonlySet<string> = new Set(['prefix', 'logLevel', 'logSerializers']);

/** Fastify hands on what it was told itself together with the rest. */
function withoutFastifys(given: HttpMetricsOptions): HttpMetricsOptions {
  if (typeof given !== 'object' || given === null) return given;
  return Object.fromEntries(Object.entries(given).filter(([name]) => !OF_FASTIFY.has(name)));
}

function decorate(app: FastifyInstance, metrics: HttpMetrics): void {
  const { metrics: inherited } = app as { metrics?: Partial<HttpMetrics> | null };
  if (app.hasDecorator('metrics') && typeof inherited?.measure !== 'function') return;
  // Of several in one scope, the first stays.
  if (!Object.hasOwn(app, 'metrics')) app.decorate('metrics', metrics);
}

/** The root of a prefix is one route, with or without a slash at its end. */
function routeOf(request: FastifyRequest): string | undefined {
  const { url } = request.routeOptions;
  return url !== undefined && url.length > 1 && url.endsWith('/') ? url.slice(0, -1) : url;
}
