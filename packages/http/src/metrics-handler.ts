import type { IncomingMessage, ServerResponse } from 'node:http';
import { defaultRegistry, type Registry } from '@prometer/core';

/** What `http.createServer` takes, and what Express and Fastify can hand their raw request and response to. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Answers each request with the metrics, whatever its path: GET and HEAD, 405 to any other method.
 *
 * @example
 * ```ts
 * const server = http.createServer(metricsHandler());
 * ```
 */
export function metricsHandler({
  registry = defaultRegistry,
}: { registry?: Registry | undefined } = {}): RequestHandler {
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      respond(request, response, 405, 'text/plain; charset=utf-8', 'Metrics are read with GET.\n', {
        Allow: 'GET, HEAD',
      });
      return;
    }
    registry.expose().then(
      ({ contentType, body }) => respond(request, response, 200, contentType, body),
      (error: unknown) =>
        respond(request, response, 500, 'text/plain; charset=utf-8', `The metrics can't be shown: ${String(error)}\n`),
    );
  };
}

/** Sends a whole answer; to HEAD, all but its body. */
export function respond(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...headers, 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
}
