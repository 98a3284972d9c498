import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { checkAuthorize } from './serve/authorization.ts';
import { endOf } from './serve/close.ts';
import {
  CONNECTION_LIMITS,
  limitConnections,
  serverOptions,
  type ConnectionLimits,
} from './serve/connection-limits.ts';
import { LANDING_HEADERS, landingPage } from './serve/landing-page.ts';
import {
  authorized,
  METRICS_HANDLER_OPTIONS,
  scrapeHandler,
  type MetricsHandlerOptions,
  type RequestHandler,
  type TimedHandler,
} from './metrics-handler.ts';
import { checkOptions, checkSwitch, invalidOption, show } from './options.ts';
import { checkPath, DEFAULT_PATH, encodedPath, targetMatcher } from './path.ts';
import { checkPort } from './serve/port.ts';
import { isRead, PLAIN_TEXT, respond } from './serve/respond.ts';
import { answerTimeoutMs, TIMEOUT_HEADER } from './serve/scrape-timeout.ts';
import { withTls, type MetricsTlsOptions } from './serve/tls.ts';

/** What can be chosen about a server of its own for the metrics; `authorize` is asked before anything is shown there. */
export interface HttpServerOptions extends MetricsHandlerOptions {
  /** The port, also as text; 0 takes any free one. */
  port: number | string;
  /** The address to listen at; every interface if left out. */
  host?: string | undefined;
  /** Where the metrics are shown, as text or as a URL has it; `/metrics` if left out. */
  path?: string | undefined;
  /** Serves by TLS, with these certificates; with `ca`, only clients whose certificate it has signed. */
  tls?: MetricsTlsOptions | undefined;
  /**
   * Whether the program goes on for as long as the server is open. Off if left out: metrics are beside what a program does,
   * and it ends when that is done, though an answer that is being sent is sent first. On for an exporter, a program that
   * does nothing else.
   */
  keepProcessAlive?: boolean | undefined;
}

const OPTIONS: readonly (keyof HttpServerOptions)[] = [
  'port',
  'host',
  'path',
  'tls',
  'keepProcessAlive',
  ...METRICS_HANDLER_OPTIONS,
];

/** A server that {@link startHttpServer} started. */
export interface MetricsServer {
  /** The port it listens at. */
  readonly port: number;
  /** Where to read the metrics from this machine. */
  readonly url: string;
  /**
   * Stops listening and resolves once running answers are sent; doesn't wait for idle connections, nor for requests of
   * which it isn't decided who may see the metrics. May be called again.
   */
  close(): Promise<void>;
}

/**
 * Serves the metrics on a port of their own: for programs without a web framework, or beside one. The port may be
 * text, as it is in `process.env`.
 *
 * The program ends when it has nothing else to do, as with Python's `start_http_server`; an exporter, which never has,
 * says `keepProcessAlive: true`. What a client can hold is limited: 256 connections, 10 s for a request's head, 10 s until
 * `authorize` has decided, and 2 minutes for an answer, or a minute more than collectors may take by `timeoutSeconds` and
 * by what the scrape says.
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
export function startHttpServer(where: number | string | HttpServerOptions): Promise<MetricsServer> {
  return startLimitedServer(where, CONNECTION_LIMITS);
}

/** The same with limits that can be reached sooner. */
export async function startLimitedServer(
  where: number | string | HttpServerOptions,
  limits: ConnectionLimits,
): Promise<MetricsServer> {
  const options = checkWhere(where);
  const { port, host, path, tls, keepProcessAlive = false, timeoutSeconds } = options;
  const handler = handlerOf(options, limits, (response) => end.waitFor(response));
  const chosen = serverOptions(limits);
  const server =
    tls === undefined
      ? createServer(chosen, handler)
      : withTls(tls, (checked) => createTlsServer({ ...checked, ...chosen }, handler));
  // Collectors that may take long must be able to.
  limitConnections(server, limits, ({ headers }) =>
    answerTimeoutMs(headers[TIMEOUT_HEADER], timeoutSeconds, limits.answerMs),
  );
  const end = endOf(server);
  if (!keepProcessAlive) server.unref().on('connection', (socket) => socket.unref());
  await listen(server, port, host);

  const bound = (server.address() as AddressInfo).port;
  const name = host === undefined ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const url = `${tls === undefined ? 'http' : 'https'}://${name}:${bound}${encodedPath(path)}`;
  return { port: bound, url, close: () => end.close() };
}

/** The metrics at their path, the way to them at `/`, and nothing elsewhere; `begun` is told of those who may see it. */
function handlerOf(
  options: HttpServerOptions & { path: string },
  { stallMs, authorizeMs }: ConnectionLimits,
  begun: (response: ServerResponse) => void,
): RequestHandler {
  const { path } = options;
  const isForMetrics = targetMatcher(path);
  const isForRoot = targetMatcher('/');
  const showMetrics = scrapeHandler(options, stallMs);
  const answer: TimedHandler = (request, response, arrival) => {
    begun(response);
    if (isForMetrics(request.url)) return showMetrics(request, response, arrival);
    if (!isForRoot(request.url)) {
      respond(request, response, 404, PLAIN_TEXT, `Nothing is here. The metrics are at ${path}.\n`);
    } else if (isRead(request, response, 'This page is')) {
      respond(request, response, 200, 'text/html; charset=utf-8', landingPage(path), LANDING_HEADERS);
    }
    return undefined;
  };
  return authorized(checkAuthorize(options.authorize), answer, authorizeMs);
}

function checkWhere(where: number | string | HttpServerOptions): HttpServerOptions & { port: number; path: string } {
  const options = typeof where === 'object' && where !== null ? where : { port: where };
  checkOptions('startHttpServer', options, OPTIONS);
  const { host, path = DEFAULT_PATH, keepProcessAlive } = options;
  if (host !== undefined && (typeof host !== 'string' || host === '')) {
    throw invalidOption(`${show(host)} is no host: give an address or a name, or leave it out for all interfaces.`);
  }
  checkSwitch('keepProcessAlive', keepProcessAlive);
  return { ...options, port: checkPort(options.port), path: checkPath(path) };
}

async function listen(server: Server, port: number, host: string | undefined): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const at = host === undefined ? `port ${port}` : `host ${show(host)}, port ${port}`;
    const what =
      code === 'EADDRINUSE'
        ? `The port ${port} is in use: choose another one, or 0 for any free one`
        : `Can't listen at ${at}: give a port that is free to you and, if a host, an address of this machine, such as '127.0.0.1'`;
    throw Object.assign(new Error(`${what} (${message}).`, { cause }), { code });
  }
  // A connection that can't be accepted, for want of file descriptors perhaps, is one scrape less and nothing more.
  server.on('error', () => {});
}
