import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from '@prometer/core';
import { metricsHandler, respond } from './metrics-handler.ts';
import { checkPath, DEFAULT_PATH, isAt } from './path.ts';

/** What can be chosen about a server of its own for the metrics. */
export interface HttpServerOptions {
  /** The port; 0 takes any free one. */
  port: number;
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
 * Serves the metrics on a port of their own: for programs without a web framework, or beside one.
 *
 * @throws Error with the `code` of the system's error, such as `EADDRINUSE` when the port is in use
 *
 * @example
 * ```ts
 * const server = await startHttpServer({ port: 0 }); // or a port's number alone
 * server.url; // http://localhost:43627/metrics, for example
 * await server.close();
 * ```
 */
export async function startHttpServer(where: number | HttpServerOptions): Promise<MetricsServer> {
  const { port, host, registry, path = DEFAULT_PATH } = typeof where === 'number' ? { port: where } : where;
  checkPath(path);
  const metrics = metricsHandler({ registry });
  const server = createServer((request, response) => {
    if (isAt(path, request.url)) metrics(request, response);
    else respond(request, response, 404, 'text/plain; charset=utf-8', `Nothing is here. The metrics are at ${path}.\n`);
  });
  await listen(server, port, host);

  const bound = (server.address() as AddressInfo).port;
  let closed: Promise<void> | undefined;
  return {
    port: bound,
    url: `http://${host === undefined ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${bound}${path}`,
    close() {
      closed ??= new Promise((resolve) => server.close(() => resolve()));
      return closed;
    },
  };
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
