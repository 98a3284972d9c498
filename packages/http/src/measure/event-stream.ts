import { ServerResponse } from 'node:http';
import { EXCHANGE, type Exchange, type Measured } from './exchange.ts';

type WriteHead = (this: ServerResponse, ...given: unknown[]) => unknown;

/**
 * Tells the exchanges of a response when its head says that it is an event stream. All ways to send a head lead through
 * `writeHead`, in HTTP/1 and in HTTP/2, also those of frameworks, compression and test clients.
 */
export function watchHead(response: ServerResponse, exchange: Exchange): void {
  // oxlint-disable-next-line typescript/unbound-method -- `this` is given by apply()
  exchange.writeHead = response.writeHead;
  response.writeHead = writeHead as ServerResponse['writeHead'];
}

/** One function for all responses. */
function writeHead(this: ServerResponse & Measured, ...given: unknown[]): unknown {
  const first = (this as Measured | undefined)?.[EXCHANGE];
  const result = (ownWriteHead(first) as WriteHead).apply(this, given);
  try {
    const isStream = isEventStream(contentType(this, given.findLast(isObject)));
    for (let exchange = first; exchange !== undefined; exchange = exchange.next) {
      exchange.keepExemplar();
      if (isStream) exchange.startStream('sse');
    }
  } catch {
    // What can't be asked for its headers is no event stream.
  }
  return result;
}

/** Of a response with these exchanges, or with none: a copy of its methods on another object, as some wrappers make. */
function ownWriteHead(first: Exchange | undefined): ServerResponse['writeHead'] {
  for (let exchange = first; exchange !== undefined; exchange = exchange.next) {
    if (exchange.writeHead !== undefined) return exchange.writeHead;
  }
  // oxlint-disable-next-line typescript/unbound-method -- `this` is given by apply()
  return ServerResponse.prototype.writeHead;
}

/** Node.js takes the last one for the headers: what comes after the status may be a reason, or nothing at all. */
function isObject(given: unknown): given is object {
  return typeof given === 'object' && given !== null;
}

/** Of a response whose head has been written with these headers, beside those that were set before. */
function contentType(response: ServerResponse, headers: object | undefined): unknown {
  if (Array.isArray(headers)) {
    const [first] = headers as readonly unknown[];
    // Pairs, or names and values by turns.
    const flat: readonly unknown[] = Array.isArray(first) ? headers.flat() : headers;
    for (let i = 0; i + 1 < flat.length; i += 2) if (isContentType(flat[i])) return flat[i + 1];
  } else if (headers !== undefined) {
    for (const name in headers) if (isContentType(name)) return (headers as Record<string, unknown>)[name];
  }
  return response.getHeader('content-type');
}

const CONTENT_TYPE = 'content-type';

function isContentType(name: unknown): boolean {
  return typeof name === 'string' && name.length === CONTENT_TYPE.length && name.toLowerCase() === CONTENT_TYPE;
}

/** WHATWG HTML, "Server-sent events"; with parameters, such as a charset, or without. */
const EVENT_STREAM = /^[ \t]*text\/event-stream[ \t]*(?:;|$)/i;

function isEventStream(given: unknown): boolean {
  const type: unknown = Array.isArray(given) ? given[0] : given;
  return typeof type === 'string' && EVENT_STREAM.test(type);
}
