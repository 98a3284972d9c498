import type { IncomingMessage, ServerResponse } from 'node:http';
import { defaultRegistry, type Registry } from '@prometer/core';
import { checkOptions, checkRegistry } from './options.ts';

/** What `http.createServer` takes, and what Express and Fastify can hand their raw request and response to. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** What can be chosen about how metrics are shown. */
export interface MetricsHandlerOptions {
  /** What is shown; the default registry if left out. */
  registry?: Registry | undefined;
}

const PLAIN_TEXT = 'text/plain; charset=utf-8';

/**
 * Answers each request with the metrics, whatever its path, in the format that its `Accept` header asks for: Prometheus'
 * text format, OpenMetrics or protobuf. GET and HEAD, 405 to any other method. A response that
 * somebody else has begun or ended meanwhile, such as a middleware that limits the time, is left alone.
 *
 * @throws MetricError `INVALID_OPTION` when the registry is none, or for an option that doesn't exist
 *
 * @example
 * ```ts
 * const server = http.createServer(metricsHandler());
 * ```
 */
export function metricsHandler(options: MetricsHandlerOptions = {}): RequestHandler {
  checkOptions('metricsHandler', options, ['registry']);
  const registry = checkRegistry(options.registry === undefined ? defaultRegistry : options.registry, 'expose');
  return (request, response) => void answer(registry, request, response);
}

/** Never rejects: nobody waits for it, so that would end the process. */
async function answer(registry: Registry, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      respond(request, response, 405, PLAIN_TEXT, 'Metrics are read with GET.\n', { Allow: 'GET, HEAD' });
      return;
    }
    const { contentType, body } = await registry.expose(request.headers.accept);
    respond(request, response, 200, contentType, body, { Vary: 'Accept' });
  } catch (error) {
    const reason = error instanceof Error ? error.message : typeof error;
    respond(request, response, 500, PLAIN_TEXT, `The metrics can't be shown: ${reason}\n`);
  }
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
  const length = Buffer.byteLength(body);
  if (response.headersSent || response.writableEnded || response.destroyed) return;
  response.writeHead(status, { ...headers, 'Content-Type': contentType, 'Content-Length': length });
  response.end(request.method === 'HEAD' ? undefined : body);
}
