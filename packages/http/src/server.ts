import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer, type AddressInfo } from 'node:net';
import type { Registry } from '@prometer/core';
import { whenOver } from './exchange-end.ts';
import { metricsHandler, respond } from './metrics-handler.ts';
import { checkOptions, invalidOption, show } from './options.ts';
import { checkPath, DEFAULT_PATH, isAt } from './path.ts';
import { checkPort } from './port.ts';

/** What can be chosen about a server of its own for the metrics. */
export interface HttpServerOptions {
  /** The port, also as text; 0 takes any free one. */
  port: number | string;
  /** The address to listen at; every interface if left out. */
  host?: string | undefined;
  /** What is shown; the default registry if left out. */
  registry?: Registry | undefined;
  /** Where it is shown; `/metrics` if left out. */
  path?: string | undefined;
}

/** A server that {@link startHttpServer} started. */
export interface MetricsServer {
  /** The port it listens at. */
  readonly port: number;
  /** Where to read the metrics from this machine. */
  readonly url: string;
  /** Stops listening and resolves once running answers are sent; doesn't wait for idle connections. May be called again. */
  close(): Promise<void>;
}

/**
 * Serves the metrics on a port of their own: for programs without a web framework, or beside one. The port may be
 * text, as it is in `process.env`.
 *
 * @throws MetricError `INVALID_OPTION`; Error with the `code` of the system's error, such as `EADDRINUSE` when the
 * port is in use
 *
 * @example
 * ```ts
 * const server = await startHttpServer({ port: 0 }); // or a port's number alone
 * server.url; // http://localhost:43627/metrics, for example
 * await server.close();
 * ```
 */
export async function startHttpServer(where: number | string | HttpServerOptions): Promise<MetricsServer> {
  const { port, host, registry, path } = checkWhere(where);
  const metrics = metricsHandler({ registry });
  const server = createServer((request, response) => {
    if (isAt(path, request.url)) metrics(request, response);
    else respond(request, response, 404, 'text/plain; charset=utf-8', `Nothing is here. The metrics are at ${path}.\n`);
  });
  const close = closeOf(server);
  await listen(server, port, host);

  const bound = (server.address() as AddressInfo).port;
  return {
    port: bound,
    url: `http://${host === undefined ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${bound}${path}`,
    close,
  };
}

function checkWhere(where: number | string | HttpServerOptions): HttpServerOptions & { port: number; path: string } {
  const options = typeof where === 'object' && where !== null ? where : { port: where };
  checkOptions('startHttpServer', options, ['port', 'host', 'registry', 'path']);
  const { host, path = DEFAULT_PATH } = options;
  if (host !== undefined && (typeof host !== 'string' || host === '')) {
    throw invalidOption(
      `The host ${show(host)} is none: give an address or a name, or leave it out for all interfaces.`,
    );
  }
  return { ...options, port: checkPort(options.port), path: checkPath(path) };
}

async function listen(server: Server, port: number, host: string | undefined): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const what =
      code === 'EADDRINUSE'
        ? `The port ${port} is in use: choose another one, or 0 for any free one`
        : `Can't listen at port ${port}`;
    throw Object.assign(new Error(`${what} (${message}).`, { cause }), { code });
  }
}

/** How to close a server once its running answers are sent, and not before. */
function closeOf(server: Server): () => Promise<void> {
  const running = new Set<ServerResponse>();
  let closing = false;
  const closeConnections = (): void => {
    if (!closing || running.size > 0) return;
    server.close(() => {});
    server.closeAllConnections();
  };
  server.prependListener('request', (request, response) => {
    running.add(response);
    if (closing) announceClose(response);
    whenOver(request, response, () => {
      running.delete(response);
      closeConnections();
    });
  });

  return () =>
    new Promise((resolve) => {
      closing = true;
      for (const response of running) announceClose(response);
      // http's own close would cut off the answers that are written but not sent yet, so it has to wait for those.
      NetServer.prototype.close.call(server, () => resolve());
      closeConnections();
    });
}

/** So that the client doesn't send another request through this connection. */
function announceClose(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
