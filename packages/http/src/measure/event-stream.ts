import type { ServerResponse } from 'node:http';
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
  const first = this[EXCHANGE];
  let exchange = first;
  while (exchange?.writeHead === undefined) exchange = exchange?.next as Exchange;
  const result = (exchange.writeHead as WriteHead).apply(this, given);
  const isStream = isEventStream(contentType(this, given.at(-1)));
  for (exchange = first; exchange !== undefined; exchange = exchange.next) {
    exchange.keepExemplar();
    if (isStream) exchange.startStream('sse');
  }
  return result;
}

/** Of a response whose head has been written, with `headers` as the last of what was given for that. */
function contentType(response: ServerResponse, headers: unknown): unknown {
  if (Array.isArray(headers)) {
    const [first] = headers as readonly unknown[];
    // Pairs, or names and values by turns.
    const flat: readonly unknown[] = Array.isArray(first) ? headers.flat() : headers;
    for (let i = 0; i + 1 < flat.length; i += 2) if (isContentType(flat[i])) return flat[i + 1];
  } else if (typeof headers === 'object' && headers !== null) {
    for (const name in headers) if (isContentType(name)) return (headers as Record<string, unknown>)[name];
  }
  return response.getHeader('content-type');
}

const CONTENT_TYPE = 'content-type';

function isContentType(name: unknown): boolean {
  return typeof name === 'string' && name.length === CONTENT_TYPE.length && name.toLowerCase() === CONTENT_TYPE;
}

/** WHATWG HTML, "Server-sent events"; with parameters, such as a charset, or without. */
const EVENT_STREAM = 'text/event-stream';

function isEventStream(given: unknown): boolean {
  const type: unknown = Array.isArray(given) ? given[0] : given;
  if (typeof type !== 'string' || type.length < EVENT_STREAM.length) return false;
  const end = type[EVENT_STREAM.length];
  return (
    (end === undefined || end === ';' || end === ' ') &&
    type.slice(0, EVENT_STREAM.length).toLowerCase() === EVENT_STREAM
  );
}
