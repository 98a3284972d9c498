import type { IncomingMessage, ServerResponse } from 'node:http';

/** How many bytes of bodies have come and gone. */
interface BodySizes {
  received: number;
  sent: number;
  /** While `end` runs, which may write what it was given by `write`. */
  isEnding: boolean;
}

/** On a request and its response. Shared by all copies of this package. */
const BODY_SIZES: unique symbol = Symbol.for('@prometer/http.bodySizes') as never;

interface Counted {
  [BODY_SIZES]?: BodySizes;
}

/**
 * Begins to count the bytes of the bodies: of the request as they are taken out of their chunks, of the response as they
 * are handed to Node.js. What packs them, if it comes later, stands before this and is counted with what it makes.
 */
export function countBodies(request: IncomingMessage & Counted, response: ServerResponse & Counted): void {
  if (request[BODY_SIZES] !== undefined) return;
  const sizes: BodySizes = { received: 0, sent: 0, isEnding: false };
  request[BODY_SIZES] = sizes;
  response[BODY_SIZES] = sizes;

  const push = request.push.bind(request);
  request.push = (chunk, encoding) => {
    if (chunk !== null && chunk !== undefined) sizes.received += bytesOf(chunk, encoding);
    return push(chunk, encoding);
  };

  // oxlint-disable-next-line typescript/unbound-method -- `this` is given by apply()
  const write = response.write as Write;
  response.write = function (this: ServerResponse, ...given: unknown[]) {
    count(this, sizes, given);
    return write.apply(this, given);
  } as ServerResponse['write'];

  // oxlint-disable-next-line typescript/unbound-method -- `this` is given by apply()
  const end = response.end as unknown as Write<ServerResponse>;
  response.end = function (this: ServerResponse, ...given: unknown[]) {
    count(this, sizes, given);
    const { isEnding } = sizes;
    sizes.isEnding = true;
    try {
      return end.apply(this, given);
    } finally {
      sizes.isEnding = isEnding;
    }
  } as ServerResponse['end'];
}

type Write<Result = boolean> = (this: ServerResponse, ...given: unknown[]) => Result;

function count(response: ServerResponse, sizes: BodySizes, [chunk, encoding]: readonly unknown[]): void {
  // After the end, Node.js refuses what is written.
  if (sizes.isEnding || response.writableEnded || typeof chunk === 'function') return;
  sizes.sent += bytesOf(chunk, encoding);
}

/** Nothing for what can't be written, which Node.js refuses itself. */
function bytesOf(chunk: unknown, encoding: unknown): number {
  if (typeof chunk === 'string') {
    return Buffer.byteLength(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
  }
  return chunk instanceof Uint8Array ? chunk.byteLength : 0;
}

/** The bytes of the bodies of an exchange that is over; undefined if they have not been counted. */
export function bodySizes(
  request: IncomingMessage & Counted,
  response: ServerResponse | undefined,
  status: number,
): { received: number; sent: number } | undefined {
  const sizes = request[BODY_SIZES];
  if (sizes === undefined) return undefined;
  const { received, sent } = sizes;
  // RFC 9110, 6.4.1: these have no body, whatever was written.
  const hasBody = request.method !== 'HEAD' && status !== 204 && status !== 304;
  return { received: Math.max(received, dumped(request)), sent: hasBody && response !== undefined ? sent : 0 };
}

/** What Node.js has thrown away because nobody wanted to read it: it doesn't say how much, but was told. */
function dumped(request: IncomingMessage): number {
  const length = request.headers['content-length'];
  // HTTP/2 takes what is closed for complete: only a client's word tells how much it would have sent.
  if (length === undefined || !request.complete || 'stream' in request) return 0;
  return Number(length) || 0;
}
