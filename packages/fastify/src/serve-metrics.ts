import { MetricError, type HttpMetrics, type HttpMetricsOptions } from '@prometer/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

type Authorize = HttpMetricsOptions['authorize'];

/** What is served, and to whom. */
interface Served {
  registry: unknown;
  authorize: Authorize;
}

/** On the server of an app: what is served there, by path. Shared by all copies of this package. */
const SERVED: unique symbol = Symbol.for('@prometer/fastify.served') as never;

/** Answers a request if it is one for the metrics that no route takes; returns whether it is. */
export type Serve = (request: FastifyRequest, reply: FastifyReply) => boolean;

const BODILESS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/**
 * Adds the route of the metrics to a scope of the app, unless an earlier registration of the plugin has.
 *
 * @returns what is to be asked when a request comes; undefined if there is nothing to answer
 * @throws MetricError `INVALID_OPTION` when the app has another route there, or shows the metrics there to others
 */
export function serveMetrics(app: FastifyInstance, metrics: HttpMetrics): Serve | undefined {
  const { path, registry, handler, authorize } = metrics;
  if (path === undefined) return undefined;
  const url = app.prefix + path;
  const server = app.server as { [SERVED]?: Map<string, Served> };
  const served = (server[SERVED] ??= new Map());
  const known = served.get(url);
  if (known?.registry === registry) {
    checkSame(url, known.authorize, authorize);
    return undefined;
  }
  const answer = (request: FastifyRequest, reply: FastifyReply): void => {
    reply.hijack();
    handler(request.raw, reply.raw);
  };
  // What may have a body is refused for its method, not for a type of body that the app doesn't read.
  const onRequest = (request: FastifyRequest, reply: FastifyReply, next: () => void): void =>
    BODILESS.has(request.method) ? next() : answer(request, reply);
  try {
    app.all(routeAt(path), { config: { metrics: false }, onRequest }, answer);
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'FST_ERR_DUPLICATED_ROUTE') throw cause;
    const message = `The metrics can't be served at ${url}: the app has a route there already. Give the option "path" another path, or false to serve them nowhere.`;
    throw Object.assign(new MetricError('INVALID_OPTION', message), { cause });
  }
  served.set(url, { registry, authorize });
  // There is no route for a method that Fastify isn't told of. What a scope has no route for is seen by no hook of its own.
  return (request, reply) => {
    const isAsked = request.is404 && !BODILESS.has(request.method) && metrics.serves(request.raw);
    if (isAsked) answer(request, reply);
    return isAsked;
  };
}

/**
 * The path as a route: Fastify decodes what is asked for and not what is declared, and takes `:name` for a parameter.
 *
 * @throws MetricError `INVALID_OPTION` for a wildcard, which it can't be told not to be one
 */
function routeAt(path: string): string {
  if (!path.includes('*')) return decodeURI(path).replaceAll(':', '::');
  throw new MetricError(
    'INVALID_OPTION',
    `The option "path" is ${JSON.stringify(path)}, in which Fastify takes * for any text: give a path without it.`,
  );
}

/** Whoever was meant to be kept out by one of two registrations would be let in by the other. */
function checkSame(url: string, first: Authorize, second: Authorize): void {
  if (first === second) return;
  throw new MetricError(
    'INVALID_OPTION',
    `The metrics at ${url} are served already, with another option "authorize". Give both registrations the very same function, or one of them another "path", or false for none.`,
  );
}
