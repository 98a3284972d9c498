import { HttpMetrics, MetricError } from '@prometer/http';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { measureRequests } from './measure-requests.ts';
import { forNode, type FastifyMetricsOptions } from './options.ts';
import type { RouteConfig } from './route-name.ts';
import { serveMetrics } from './serve-metrics.ts';
import { watchServers } from './watch-servers.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** What measures this scope of the app: `metrics.registry` is where its metrics are. */
    metrics: HttpMetrics<string>;
  }
  interface FastifyContextConfig {
    /** `false`: requests to this route are not measured. `{ route }`: they are counted with this name. */
    metrics?: RouteConfig;
  }
}

/**
 * Measures a Fastify app and answers GET /metrics: requests, their durations by method, route and status,
 * requests in flight, and metrics about the process. Registered before or after the routes, awaited or not. In
 * a plugin of its own scope it measures that scope, is served under its prefix and is what `metrics` is there. Where
 * the app has a decorator of its own called `metrics`, that one stays.
 *
 * Functions among the options are given Fastify's request. What never becomes one, such as a path that can't be decoded,
 * is counted too where the whole app is measured, with empty labels of one's own.
 *
 * @throws MetricError when an option is not usable, the app has a route of its own where the metrics are to be, an earlier
 * registration shows them there to others, or the registry has other metrics of the same names
 *
 * @example
 * ```ts
 * app.register(metricsPlugin);
 * ```
 */
export const metricsPlugin: FastifyPluginAsync<FastifyMetricsOptions<string>> = fastifyPlugin(
  async (app: FastifyInstance, given: FastifyMetricsOptions<string>) => {
    if (typeof app?.addHook !== 'function') {
      const message =
        'metricsPlugin is a plugin already: give it to app.register as it is, and options after it: app.register(metricsPlugin, options).';
      throw new MetricError('INVALID_OPTION', message);
    }
    const { options, ignore } = forNode(given);
    const metrics = new HttpMetrics(options);
    app.addHook('onClose', () => metrics.close());
    decorate(app, metrics);
    // Which of the requests that no hook sees are those of a scope can't be told.
    const watch = isScope(app) ? undefined : watchServers(app, metrics);
    const serve = serveMetrics(app, metrics);
    measureRequests(app, metrics, { watch, ignore, serve });
  },
  { name: '@prometer/fastify', fastify: '5.x' },
);

function decorate(app: FastifyInstance, metrics: HttpMetrics<string>): void {
  const { metrics: inherited } = app as { metrics?: Partial<HttpMetrics> | null };
  if (app.hasDecorator('metrics') && typeof inherited?.measure !== 'function') return;
  // Of several in one scope, the first stays.
  if (!Object.hasOwn(app, 'metrics')) app.decorate('metrics', metrics);
}

/** Whether it is a scope in the app: it inherits what the app has. */
function isScope(app: FastifyInstance): boolean {
  return 'server' in Object.getPrototypeOf(app);
}
