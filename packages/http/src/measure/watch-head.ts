import { ServerResponse } from 'node:http';
import { EXCHANGES, type Exchange, type Measured } from './exchange.ts';
import { isSentToNobody, writtenStatus } from './sent-status.ts';

type WriteHead = (this: ServerResponse, ...given: unknown[]) => unknown;

/**
 * Tells the exchanges of a response its status when its head is written, and whether that says that it is an event stream.
 * All ways to send a head lead through `writeHead`, in HTTP/1 and in HTTP/2, also those of frameworks, compression and test
 * clients.
 */
export function watchHead(response: ServerResponse): void {
  // oxlint-disable-next-line typescript/unbound-method -- `this` is given by apply()
  const own = Object.hasOwn(response, 'writeHead') ? (response.writeHead as WriteHead) : undefined;
  const watched = own === undefined ? writeHead : writeHeadBefore(own);
  response.writeHead = watched as ServerResponse['writeHead'];
}

/** One function for all responses that have none of their own. */
function writeHead(this: ServerResponse & Measured, ...given: unknown[]): unknown {
  const result = inherited(this).apply(this, given);
  noteHead(this, given);
  return result;
}

/** Somebody else stands before the response's own already. */
function writeHeadBefore(own: WriteHead): WriteHead {
  return function (...given) {
    const result = own.apply(this, given);
    noteHead(this, given);
    return result;
  };
}

/** What a response would do if nobody looked: a framework may have given it another prototype since then. */
function inherited(response: ServerResponse): WriteHead {
  // Without a response, Node.js' own way says what is wrong.
  let from = Object(response) as ServerResponse;
  do from = Object.getPrototypeOf(from) as ServerResponse;
  while (from?.writeHead === (writeHead as unknown));
  // A copy of its methods on another object, as some wrappers make, inherits none.
  // oxlint-disable-next-line typescript/unbound-method -- `this` is given by apply()
  return (from?.writeHead ?? ServerResponse.prototype.writeHead) as WriteHead;
}

/** Tells the exchanges of a response whose head has been written. */
function noteHead(response: ServerResponse & Measured, given: readonly unknown[]): void {
  const exchanges = response?.[EXCHANGES];
  if (exchanges?.first === undefined) return;
  exchanges.written = response;
  exchanges.status = writtenStatus(response);
  exchanges.isUnsent ||= isSentToNobody(response);
  const isStream = isOfEventStream(response, given);
  for (let exchange: Exchange | undefined = exchanges.first; exchange !== undefined; exchange = exchange.next) {
    exchange.keepExemplar();
    if (isStream) exchange.startStream('sse');
  }
}

/** Whether the head that has been written is that of an event stream. */
function isOfEventStream(response: ServerResponse, given: readonly unknown[]): boolean {
  try {
    // What comes after the status may be a reason, or nothing at all.
    const headers = isObject(given[2]) ? given[2] : given[1];
    return isEventStream(contentType(response, isObject(headers) ? headers : undefined));
  } catch {
    // What can't be asked for its headers is none.
    return false;
  }
}

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
