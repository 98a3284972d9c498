import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpMetrics, type HttpMetricsOptions } from '@prometer/http';
import { followRoute, routeOf, type ExpressRequest } from './route-progress.ts';
import { watchRouters, type ExpressApp } from './watch-routers.ts';

/** A middleware for `app.use`, in the types of plain `node:http`, which those of Express 4 and of 5 extend. */
export type MetricsMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * Makes a middleware that measures an app as it is told to, and answers GET /metrics unless told otherwise.
 *
 * @throws MetricError when an option is not usable or the registry has other metrics of the same names
 *
 * @example
 * ```ts
 * app.use(createMetricsMiddleware({ path: '/internal/metrics' }));
 * ```
 */
export function createMetricsMiddleware(options?: HttpMetricsOptions): MetricsMiddleware {
  const metrics = new HttpMetrics(options);
  const watched = new WeakSet<object>();

  return function metricsMiddleware(request, response, next) {
    if (metrics.serves(request)) {
      metrics.handler(request, response);
      return;
    }
    const { app } = request as IncomingMessage & { app?: ExpressApp };
    // Without an app, as in `connect` or in a router alone, there is no telling where a request goes.
    if (app !== undefined) {
      if (!watched.has(app)) {
        watched.add(app);
        if (!watchRouters(app)) warnOfUnknownRouter();
      }
      followRoute(request as ExpressRequest);
    }
    metrics.measure(request, response, routeOf);
    next();
  };
}

let ofAllDefaults: MetricsMiddleware | undefined;

/**
 * Measures an Express app and answers GET /metrics, all by default: requests, their durations by method, route
 * and status, requests in flight, and metrics about the process, all in the default registry.
 *
 * Use it before everything that is to be measured.
 *
 * @example
 * ```ts
 * app.use(metricsMiddleware);
 * ```
 */
export const metricsMiddleware: MetricsMiddleware = (request, response, next) => {
  // Made with the first request: to import this package changes no registry.
  ofAllDefaults ??= createMetricsMiddleware();
  ofAllDefaults(request, response, next);
};

function warnOfUnknownRouter(): void {
  process.emitWarning(
    'This version of Express keeps its routes in a way that is not known: requests are measured as route="unmatched".',
    {
      type: 'PrometerWarning',
      code: 'PROMETER_UNKNOWN_ROUTER',
    },
  );
}
