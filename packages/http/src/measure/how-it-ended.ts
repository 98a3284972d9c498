import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ServerHttp2Stream } from 'node:http2';

/** How an exchange was broken off: before the head of the response was sent or after, and by whom. */
export interface Abort {
  readonly phase: 'headers' | 'body';
  readonly reason: 'client' | 'server';
}

const ABORTS = {
  headers: {
    client: { phase: 'headers', reason: 'client' },
    server: { phase: 'headers', reason: 'server' },
  },
  body: {
    client: { phase: 'body', reason: 'client' },
    server: { phase: 'body', reason: 'server' },
  },
} as const satisfies Record<Abort['phase'], Record<Abort['reason'], Abort>>;

/** How a response that is over was broken off; undefined if it is whole. */
export function abortOf(request: IncomingMessage, response: ServerResponse, answered: boolean): Abort | undefined {
  if (answered && isWhole(request, response)) return undefined;
  return ABORTS[answered ? 'body' : 'headers'][brokenOffBy(request, response)];
}

/** How a socket that was upgraded, or was to be, was broken off before anything was sent. */
export function abortOfSocket(socket: Socket): Abort {
  return ABORTS.headers[closedBy(socket)];
}

function isWhole(request: IncomingMessage, response: ServerResponse): boolean {
  // HTTP/2 takes what a client has reset for finished, though nobody has ended it. The older name of `writableEnded` is
  // a property of the response itself, which is found sooner.
  const { finished: isEnded } = response as { finished?: boolean };
  if (!(isEnded ?? response.writableEnded)) return false;
  // Without a socket, as in tests of light-my-request, nothing is ever sent, and nobody leaves.
  if (!request.socket?.destroyed) return true;
  // Node.js takes a write that has failed for a finished one. A response that was whole is over before its socket fails.
  return response.writableFinished && !isError(request.socket.errored);
}

function brokenOffBy(request: IncomingMessage, response: ServerResponse): Abort['reason'] {
  const { stream } = response as { stream?: ServerHttp2Stream };
  if (stream !== undefined) return resetBy(stream);
  if (isError(response.errored)) return 'server';
  return closedBy(request.socket);
}

/** What Node.js from 20 to 26, Bun and Deno leave in a socket that is closed. */
function closedBy(socket: Socket | null | undefined): Abort['reason'] {
  if (socket === null || socket === undefined) return 'server';
  // A client that leaves ends its side; a server that destroys the socket doesn't wait for that.
  const { errored, readableEnded } = socket;
  if (isError(errored)) {
    const { syscall, code } = errored as NodeJS.ErrnoException;
    // The system has found nobody there any more, or what came was cut off or no HTTP.
    if (syscall !== undefined || code?.startsWith('HPE_') === true) return 'client';
    // Deno makes an error of its own of an end that comes before the answer's.
    return code === 'ECONNRESET' && readableEnded ? 'client' : 'server';
  }
  return readableEnded ? 'client' : 'server';
}

/** RFC 9113, section 7. */
const NO_ERROR = 0x0;
const INTERNAL_ERROR = 0x2;
const CANCEL = 0x8;

/** What the system says of a connection that the other side has given up. */
const GONE: ReadonlySet<unknown> = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT']);

/** A stream that is reset by the other side has its code; one that is destroyed here has none, or that of an error. */
function resetBy(stream: ServerHttp2Stream): Abort['reason'] {
  const { rstCode, errored, readableEnded } = stream;
  if (rstCode === CANCEL) return 'client';
  // Node.js reads to the end what the other side has closed, and breaks that off where it is destroyed here.
  if (rstCode === NO_ERROR && !isError(errored)) return readableEnded ? 'client' : 'server';
  const { code, syscall } = (errored ?? {}) as { code?: unknown; syscall?: unknown };
  if (GONE.has(code) && (syscall === 'read' || syscall === 'write')) return 'client';
  return code === 'ERR_HTTP2_STREAM_ERROR' && rstCode !== INTERNAL_ERROR ? 'client' : 'server';
}

function isError(errored: unknown): boolean {
  return errored !== undefined && errored !== null;
}

/** What broke off or failed a request, where Node.js keeps it. */
export function errorOf(request: IncomingMessage, response: ServerResponse | undefined): unknown {
  const { stream } = (response ?? {}) as { stream?: ServerHttp2Stream };
  return response?.errored ?? (stream === undefined ? request.socket?.errored : stream.errored);
}

/** As names are written in code: anything else may have been made up from what a client sent. */
const ERROR_NAME = /^[A-Za-z_$][\w$]{0,99}$/;

/**
 * The value of `error_type` (OpenTelemetry, "Semantic conventions for HTTP metrics"): of a failure, the error's name where
 * there is one; empty for what went well.
 */
export function errorType(status: number, abort: Abort | undefined, error: unknown): string {
  if (abort?.reason === 'client') return 'client_abort';
  if (abort !== undefined) return nameOf(error) ?? 'server_abort';
  return status >= 500 ? (nameOf(error) ?? String(status)) : '';
}

function nameOf(error: unknown): string | undefined {
  try {
    const { name } = (error ?? {}) as { name?: unknown };
    return typeof name === 'string' && ERROR_NAME.test(name) ? name : undefined;
  } catch {
    return undefined;
  }
}
