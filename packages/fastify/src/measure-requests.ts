import type { IncomingMessage } from 'node:http';
import type { HttpMetrics } from '@prometer/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { keepRequest } from './fastify-request.ts';
import type { Ignore } from './options.ts';
import { nameOfRoute } from './route-name.ts';
import type { Serve } from './serve-metrics.ts';
import { whenStreamFails } from './stream-error.ts';

/** What watches an app beside its hooks. */
interface Watching {
  /** Is told of each request; undefined in a scope, of which the server knows nothing. */
  readonly watch: ((request: IncomingMessage) => void) | undefined;
  readonly ignore: Ignore | undefined;
  /** Answers what is asked of the metrics where there is no route for it. */
  readonly serve: Serve | undefined;
}

/** Measures the requests that the hooks of an app, or of a scope in it, see. */
export function measureRequests(
  app: FastifyInstance,
  metrics: HttpMetrics<string>,
  { watch, ignore, serve }: Watching,
): void {
  /** On a request that these hooks have seen. */
  const SEEN = Symbol('@prometer/fastify.seen');

  function see(request: FastifyRequest, reply: FastifyReply, start?: number): void {
    (request as { [SEEN]?: true })[SEEN] = true;
    const name = nameOfRoute(request);
    if (name === false) {
      metrics.skip(request.raw);
      return;
    }
    keepRequest(request);
    if (ignore?.(request) === true) metrics.skip(request.raw);
    else metrics.measure(request.raw, reply.raw, name, start);
  }

  app.addHook('onRequest', (request, reply, next) => {
    see(request, reply);
    watch?.(request.raw);
    if (serve?.(request, reply) !== true) next();
  });
  // A hook before this one may have answered by itself.
  app.addHook('onSend', (request, reply, payload, next) => {
    if (!(SEEN in request)) see(request, reply, performance.now() - reply.elapsedTime);
    // Fastify ends the response then, and doesn't say why.
    whenStreamFails(payload, (error) => metrics.fail(request.raw, error));
    next(null, payload);
  });
  // Where there is such a hook, Fastify keeps how long a request has taken; elsewhere the server tells when it came.
  if (watch === undefined) app.addHook('onResponse', (_request, _reply, next) => next());
  app.addHook('onError', (request, _reply, error, next) => {
    metrics.fail(request.raw, error);
    next();
  });
}
