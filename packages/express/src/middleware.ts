import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { HttpMetrics, MetricError, warn, type HttpMetricsOptions } from '@prometer/http';
import type { Middleware } from './measure-as.ts';
import { followRoute, isShownBefore, nameRoute, prepareRequest, routeOf, serverOf } from './route-progress.ts';
import { watchRouters, type ExpressApp } from './watch-routers.ts';

/** A middleware that measures what comes after it, and what it measures with. */
export interface MetricsMiddleware<Labels extends string = never> extends Middleware {
  /** `metrics.registry` is where the metrics are; `metrics.close()` takes those about the process out of it again. */
  readonly metrics: HttpMetrics<Labels>;
}

type MeasuredRequest = IncomingMessage & { app?: ExpressApp };

/**
 * Makes a middleware that measures an app as it is told to, and answers GET /metrics unless told otherwise.
 *
 * Functions among the options are given Express' request; say so where its types are needed: `(request: Request) => …`.
 *
 * @throws MetricError when an option is not usable or the registry has other metrics of the same names
 *
 * @example
 * ```ts
 * app.use(createMetricsMiddleware({ path: '/internal/metrics' }));
 * ```
 */
export function createMetricsMiddleware<
  Labels extends string = never,
  Request extends IncomingMessage = IncomingMessage,
>(options?: HttpMetricsOptions<Labels, Request>): MetricsMiddleware<Labels> {
  if (isRequest(options)) throw givenItself();
  // What a function asks for beyond Node.js' request, Express puts there.
  const metrics = new HttpMetrics<Labels>(options as HttpMetricsOptions<Labels> | undefined);
  let isWarned = false;
  let isWarnedOfShown = false;
  let watched: unknown;

  function metricsMiddleware(request: IncomingMessage, response: ServerResponse, next: () => void): void {
    const server = serverOf(request);
    if (server !== watched) {
      watched = server;
      if (server !== undefined) metrics.watch(server as Server, { prepare: prepareRequest });
    }
    if (metrics.serves(request)) {
      // What came before, such as the middleware of an app around this one, may be measuring it.
      nameRoute(request, false);
      metrics.handler(request, response);
      return;
    }
    const { app } = request as MeasuredRequest;
    // Without an app, as in `connect` or in a router alone, there is no telling where a request goes.
    if (app !== undefined && !watchRouters(app) && !isWarned) {
      isWarned = true;
      warnOfUnknownRouter();
    }
    if (!isWarnedOfShown && isShownBefore(request, metrics)) {
      isWarnedOfShown = true;
      warnOfShown(metrics.path as string);
    }
    if (followRoute(request, metrics)) metrics.measure(request, response, routeTaken);
    else metrics.skip(request);
    next();
  }

  return Object.assign(metricsMiddleware, { metrics });
}

function routeTaken(request: IncomingMessage, response: ServerResponse): string | undefined {
  const { app } = request as MeasuredRequest;
  // An app in the app that another version of Express has made is found when it has answered for the first time: that
  // one request is named by its mount.
  if (app !== undefined) watchRouters(app);
  return routeOf(request, response);
}

let ofAllDefaults: Middleware | undefined;

/**
 * Measures an Express app and answers GET /metrics, all by default: requests, their durations by method, route
 * and status, requests in flight, and metrics about the process, all in the default registry.
 *
 * Use it before everything that is to be measured. Where the default registry has other metrics of the same names, it
 * warns and measures nothing; {@link createMetricsMiddleware} throws.
 *
 * @example
 * ```ts
 * app.use(metricsMiddleware);
 * ```
 */
export const metricsMiddleware: Middleware = (request, response, next) => {
  if (typeof next !== 'function') {
    const message =
      'metricsMiddleware is a middleware already: give it to app.use as it is. For options there is createMetricsMiddleware(options).';
    throw new MetricError('INVALID_OPTION', message);
  }
  // Made with the first request: to import this package changes no registry.
  ofAllDefaults ??= createOrPass();
  ofAllDefaults(request, response, next);
};

/** What fails when an app starts should be seen; what fails with its first request must not take it down. */
function createOrPass(): Middleware {
  try {
    return createMetricsMiddleware();
  } catch (error) {
    warn('PROMETER_NOT_MEASURED', `Requests are not measured: ${(error as Error).message}`);
    return (_request, _response, next) => next();
  }
}

/** Express calls what it is given with a request, a response and what comes next. */
function isRequest(given: unknown): boolean {
  return typeof given === 'object' && given !== null && 'httpVersion' in given && 'socket' in given;
}

function givenItself(): MetricError {
  const message =
    'createMetricsMiddleware was given to app.use itself: call it, as in app.use(createMetricsMiddleware()), or use metricsMiddleware.';
  return new MetricError('INVALID_OPTION', message);
}

function warnOfShown(path: string): void {
  warn(
    'PROMETER_NOT_PRIVATE',
    `The metrics at ${path} are shown by an earlier middleware, which has another "authorize" or none: take that one out, or give it path: false.`,
  );
}

function warnOfUnknownRouter(): void {
  warn(
    'PROMETER_UNKNOWN_ROUTER',
    'This version of Express keeps its routes in a way that is not known: requests are measured as unmatched. Use Express 4 or 5, or name routes by measureAs.',
  );
}
