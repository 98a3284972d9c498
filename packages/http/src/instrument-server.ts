import type { IncomingMessage } from 'node:http';
import { HttpMetrics } from './http-metrics.ts';
import { HTTP_METRICS_OPTIONS, type HttpMetricsOptions } from './measure/http-metrics-options.ts';
import { checkOptions, invalidOption, show } from './options.ts';
import { checkServer, type WatchableServer } from './measure/watch-server.ts';

/** What can be chosen about the metrics of a plain server. */
export interface InstrumentServerOptions<Labels extends string = never> extends HttpMetricsOptions<Labels> {
  /**
   * Tells the template of a request's route, such as `/users/:id`, never its URL; undefined if it has none. All requests
   * are `unmatched` if left out.
   */
  route?: ((request: IncomingMessage) => string | undefined) | undefined;
}

/**
 * Measures a server of `node:http`, `node:https` or `node:http2`, and answers GET /metrics unless told otherwise: then its
 * own listeners don't see that request. The server works as before in all else. With a framework's middleware or plugin
 * that measures into the same registry, each request is counted once, with the route that the framework knows.
 *
 * @returns the metrics; their `close()` lets go of the server
 * @throws MetricError when an option is not usable or the registry has other metrics of the same names
 *
 * @example
 * ```ts
 * const server = http.createServer((request, response) => response.end('Hello'));
 * const metrics = instrumentServer(server, { route: (request) => (request.url === '/' ? '/' : undefined) });
 * metrics.close();
 * ```
 */
export function instrumentServer<Labels extends string = never>(
  server: WatchableServer,
  options: InstrumentServerOptions<Labels> = {},
): HttpMetrics<Labels> {
  checkServer(server);
  checkOptions('instrumentServer', options, [...HTTP_METRICS_OPTIONS, 'route']);
  const { route, ...others } = options;
  if (route !== undefined && typeof route !== 'function') {
    throw invalidOption(
      `The option "route" is ${show(route)}: give a function that tells the template of a request's route, or leave it out.`,
    );
  }
  const metrics = new HttpMetrics<Labels>(others);
  metrics.watch(server, { requests: true, serve: true, route });
  return metrics;
}
