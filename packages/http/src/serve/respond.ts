import type { IncomingMessage, ServerResponse } from 'node:http';

export const PLAIN_TEXT = 'text/plain; charset=utf-8';

/** Sends a whole answer, unless somebody else has begun one; to HEAD, all but its body. */
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
  // The content type may be refused, and must be so before any other header is kept.
  response.writeHead(status, { 'Content-Type': contentType, ...headers, 'Content-Length': length });
  response.end(request.method === 'HEAD' ? undefined : body);
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
