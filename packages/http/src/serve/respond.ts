import type { IncomingMessage, ServerResponse } from 'node:http';

export const PLAIN_TEXT = 'text/plain; charset=utf-8';

/**
 * Sends a whole answer, unless somebody else has begun one; to HEAD, all but its body.
 *
 * @throws what kept it from being sent: then it isn't begun, or the response is destroyed
 */
export function respond(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): void {
  const length = Buffer.byteLength(body);
  if (isTaken(response)) return;
  beginResponse(request, response, status, {
    'Content-Type': contentType,
    ...headers,
    'Content-Length': String(length),
  });
  orDestroy(response, () => response.end(request.method === 'HEAD' ? undefined : body));
}

/**
 * Sends the head of an answer.
 *
 * @throws what kept it from being sent, such as a listener that somebody else has for it: then none of the headers is
 * kept, or the response is destroyed
 */
export function beginResponse(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
): void {
  const isChunked = !('Content-Length' in headers) && request.method !== 'HEAD' && request.httpVersion !== '1.0';
  // Somebody else's, that only come after what is sent in chunks: Node.js throws where they can't.
  if (!isChunked) response.removeHeader('Trailer');
  const before = Object.keys(headers).map((name) => [name, response.getHeader(name)] as const);
  orDestroy(response, () => {
    try {
      response.writeHead(status, headers);
    } catch (error) {
      if (!response.headersSent) restoreHeaders(response, before);
      throw error;
    }
  });
}

/** Says that there is no answer; where that can't be said either, the end of the connection does. Never throws. */
export function respondFailure(request: IncomingMessage, response: ServerResponse): void {
  try {
    respond(request, response, 500, PLAIN_TEXT, "The answer can't be sent.\n");
  } catch {
    response.destroy();
  }
}

/** Whether somebody else has answered meanwhile, or nobody can. */
export function isTaken(response: ServerResponse): boolean {
  return response.headersSent || response.writableEnded || response.destroyed;
}

/** Whether a request only reads; refuses it otherwise (RFC 9110, 15.5.6). */
export function isRead(request: IncomingMessage, response: ServerResponse, what: string): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  respond(request, response, 405, PLAIN_TEXT, `${what} read with GET.\n`, { Allow: 'GET, HEAD' });
  return false;
}

/** What has been begun and can't go on would be waited for. */
function orDestroy(response: ServerResponse, send: () => void): void {
  try {
    send();
  } catch (error) {
    if (response.headersSent) response.destroy();
    throw error;
  }
}

/** An answer that says why must not be packed, or as long, as the one that wasn't sent. */
function restoreHeaders(
  response: ServerResponse,
  before: readonly (readonly [string, number | string | readonly string[] | undefined])[],
): void {
  for (const [name, value] of before) {
    if (value === undefined) response.removeHeader(name);
    else response.setHeader(name, value);
  }
}
