import type { IncomingMessage, Server, ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import { whenOver } from '../response-over.ts';
import { AUTHORIZE_MS } from './authorization.ts';

/** What keeps an open port from hurting the program: no client can hold much of it, or hold it for long. */
export interface ConnectionLimits {
  /** Of a request's head; Node.js' own, whatever it was told on its command line. */
  readonly headerBytes: number;
  /** From a connection's first byte, or a TLS connection's beginning, until the head of its request is there. */
  readonly headersMs: number;
  /** The same until the request is there with its body, which nobody reads. */
  readonly requestMs: number;
  /** How often the two are looked at. */
  readonly checkMs: number;
  /** Between two requests: a Prometheus that scrapes once a minute keeps its connection. */
  readonly keepAliveMs: number;
  /** How long a client may take nothing of what is streamed to it; Node.js notices after once to twice that time. */
  readonly stallMs: number;
  /** Until it is decided who may see something. */
  readonly authorizeMs: number;
  /**
   * From a request's arrival to the end of its answer, for who reads a byte a second; more where collectors may take
   * that long.
   */
  readonly answerMs: number;
  /** Many more than there are scrapers, few enough to leave the program file descriptors. */
  readonly connections: number;
  /** Requests that wait on one connection: scrapers send none before they have an answer. */
  readonly pipelined: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  headerBytes: 16 * 1024,
  headersMs: 10_000,
  requestMs: 30_000,
  checkMs: 2000,
  keepAliveMs: 75_000,
  stallMs: 10_000,
  authorizeMs: AUTHORIZE_MS,
  answerMs: 120_000,
  connections: 256,
  pipelined: 16,
};

/** The limits that a server is made with. */
export function serverOptions(limits: ConnectionLimits): ServerOptions & { handshakeTimeout: number } {
  return {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    handshakeTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkMs,
    keepAliveTimeout: limits.keepAliveMs,
  };
}

/** The limits that it hasn't by itself; each request has its own for the time until it is answered. */
export function limitConnections(
  server: Server,
  { connections, pipelined }: ConnectionLimits,
  answerMs: (request: IncomingMessage) => number,
): void {
  server.maxConnections = connections;
  const waiting = new WeakMap<Socket, number>();
  server.prependListener('request', (request, response) => {
    const { socket } = request;
    const before = waiting.get(socket) ?? 0;
    waiting.set(socket, before + 1);
    const deadline = setTimeout(() => socket.destroy(), answerMs(request)).unref();
    whenOver(request, response, () => {
      clearTimeout(deadline);
      waiting.set(socket, (waiting.get(socket) as number) - 1);
    });
    if (before >= pipelined) socket.destroy();
  });
}
