import type { IncomingMessage } from 'node:http';
import type { HttpMetrics } from '@prometer/http';
import type { FastifyInstance } from 'fastify';

type Server = Parameters<HttpMetrics['watch']>[0];

/**
 * Measures what no hook sees: upgraded sockets, and requests that Fastify refuses before there is a route.
 *
 * @returns what is to be told of each request: an app that listens at a name with several addresses, such as `localhost`,
 * has a server for each of them
 */
export function watchServers(app: FastifyInstance, metrics: HttpMetrics<string>): (request: IncomingMessage) => void {
  metrics.watch(app.server, { requests: true });
  let watched: unknown = app.server;
  return (request) => {
    const server = serverOf(request);
    if (server === undefined || server === watched) return;
    watched = server;
    metrics.watch(server, { requests: true });
  };
}

/** Not there in a request by `inject`. */
function serverOf({ socket }: IncomingMessage): Server | undefined {
  try {
    const { server } = (socket ?? {}) as { server?: Server };
    return typeof server?.emit === 'function' ? server : undefined;
  } catch {
    // In HTTP/2 it stands for the socket of a session, which may be gone by now.
    return undefined;
  }
}
