import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect as connectPlain, type AddressInfo, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import { Registry } from '@prometer/core';
import { HttpMetrics, type HttpMetricsOptions } from '../src/index.ts';
import type { Certificate } from './certificates.ts';
import { until } from './client.ts';

export type Handle = (request: IncomingMessage, response: ServerResponse, server: Server) => void;

/** How a server is to be. */
export interface ServerConfig extends ServerOptions {
  certificate?: Certificate | undefined;
  /** Whether the metrics are told of a request by the server itself, not by its listener. */
  watched?: boolean;
}

/** A server on this machine whose requests are measured as those of the route `/x`, and what has been measured. */
export interface MeasuredServer {
  readonly server: Server;
  readonly port: number;
  readonly registry: Registry;
  readonly metrics: HttpMetrics<string>;
  /** Connects to it. */
  connect(options?: { allowHalfOpen?: boolean }): Promise<Socket>;
  /** The samples with names that begin so, without the buckets and their sums, in the order in which they are exposed. */
  samples(beginning: string): Promise<string[]>;
  /** The same once there are some. */
  someSamples(beginning: string): Promise<string[]>;
  value(name: string, labels?: Record<string, string | number>): number | undefined;
}

/** Starts servers for the tests of the block that it is called in, each closed when its test is over. */
export function measuredServers(): (
  handle: Handle,
  options?: HttpMetricsOptions<string>,
  config?: ServerConfig,
) => Promise<MeasuredServer> {
  const closing: (() => void)[] = [];

  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  return async (handle, options = {}, { certificate, watched = false, ...serverOptions } = {}) => {
    const registry = options.registry ?? new Registry();
    const metrics = new HttpMetrics<string>({ registry, defaultMetrics: false, ...options });
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      if (!watched) metrics.measure(request, response, () => '/x');
      handle(request, response, server);
    };
    const server: Server =
      certificate === undefined
        ? createServer(serverOptions, listener)
        : createSecureServer({ ...serverOptions, ...certificate }, listener);
    if (watched) metrics.watch(server, { requests: true, route: () => '/x' });
    server.on('connection', (socket) => socket.on('error', () => {}));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => {
      server.closeAllConnections();
      server.close();
      metrics.close();
    });
    const { port } = server.address() as AddressInfo;
    const samples = async (beginning: string): Promise<string[]> => linesOf(await registry.metrics(), beginning);

    return {
      server,
      port,
      registry,
      metrics,
      samples,
      value: (name, labels) => registry.getSampleValue(name, labels),
      async someSamples(beginning) {
        await until(async () => (await samples(beginning)).length > 0);
        return samples(beginning);
      },
      async connect(given = {}) {
        const where = { port, host: '127.0.0.1', ...given };
        const socket =
          certificate === undefined
            ? connectPlain(where)
            : connectSecure({ ...where, ca: certificate.cert, rejectUnauthorized: false });
        await once(socket, certificate === undefined ? 'connect' : 'secureConnect');
        closing.push(() => socket.destroy());
        return socket.on('error', () => {});
      },
    };
  };
}

function linesOf(text: string, beginning: string): string[] {
  return text.split('\n').filter((line) => line.startsWith(beginning) && !/^\w+_(bucket|sum)[ {]/.test(line));
}

export function get(path = '/', ...headers: readonly string[]): string {
  return [`GET ${path} HTTP/1.1`, 'Host: x', ...headers, '', ''].join('\r\n');
}
