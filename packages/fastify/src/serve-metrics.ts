import { MetricError, type HttpMetrics } from '@prometer/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** On the server of an app: the registries that are served there, by path. Shared by all copies of this package. */
const SERVED: unique symbol = Symbol.for('@prometer/fastify.served') as never;

const BODILESS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/**
 * Adds the route of the metrics to a scope of the app, unless an earlier registration of the plugin has.
 *
 * @throws MetricError `INVALID_OPTION` when the app has another route there
 */
export function serveMetrics(app: FastifyInstance, { path, registry, handler }: HttpMetrics): void {
  if (path === undefined) return;
  const url = app.prefix + path;
  const server = app.server as { [SERVED]?: Map<string, unknown> };
  const served = (server[SERVED] ??= new Map());
  if (served.get(url) === registry) return;
  const answer = (request: FastifyRequest, reply: FastifyReply): void => {
    reply.hijack();
    handler(request.raw, reply.raw);
  };
  // What may have a body is refused for its method, not for a type of body that the app doesn't read.
  const onRequest = (request: FastifyRequest, reply: FastifyReply, next: () => void): void =>
    BODILESS.has(request.method) ? next() : answer(request, reply);
  try {
    app.all(path, { config: { metrics: false }, onRequest }, answer);
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'FST_ERR_DUPLICATED_ROUTE') throw cause;
    const message = `The metrics can't be served at ${url}: the app has a route there already. Give the option "path" another path, or false to serve them nowhere.`;
    throw Object.assign(new MetricError('INVALID_OPTION', message), { cause });
  }
  served.set(url, registry);
}
