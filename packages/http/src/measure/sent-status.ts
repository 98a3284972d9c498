import type { ServerResponse } from 'node:http';
import { CLIENT_CLOSED_REQUEST } from './labels.ts';

/** On a response whose head nobody got. Shared by all copies of this package. */
const UNSENT: unique symbol = Symbol.for('@prometer/http.unsent') as never;

/** What Node.js keeps in a response beside what it documents. */
interface Kept {
  [UNSENT]?: boolean;
  /** The head of the response, from its status line on; in HTTP/2 a boolean. */
  _header?: unknown;
  /** HTTP/1's. */
  _headerSent?: boolean;
  /** What could not be sent yet. */
  outputData?: readonly { data: unknown }[];
  /** HTTP/2's. */
  stream?: { sentHeaders?: { ':status'?: number } };
}

/**
 * The status that the client was sent, once the response is over; 499 if it left before. Not `statusCode`: handlers
 * assign it after the head is on its way, an error handler's 500 for example, and that reaches nobody.
 *
 * @param answered what {@link isAnswered} says of it
 */
export function sentStatus(response: ServerResponse, answered: boolean): number {
  if (!answered) return CLIENT_CLOSED_REQUEST;
  const { _header: head } = response as Kept;
  // HTTP/1.1 200 OK
  const sent =
    typeof head === 'string' ? Number(head.slice(9, 12)) : (response as Kept).stream?.sentHeaders?.[':status'];
  return sent || response.statusCode;
}

/** Notes that a head was written to a connection that was gone: Node.js says that it has been sent all the same. */
export function noteUnsent(response: ServerResponse): void {
  if (!('stream' in response) && response.socket?.destroyed === true) (response as Kept)[UNSENT] = true;
}

/** Whether the response had begun before the client left. */
export function isAnswered(response: ServerResponse): boolean {
  if ((response as Kept)[UNSENT] === true) return false;
  const { headersSent } = response;
  if (!headersSent || response.writableFinished) return headersSent;
  const { _header: head, _headerSent: isSent } = response as Kept;
  // What writeHead has written waits for the first piece of the body, or for flushHeaders.
  if (typeof head === 'string' && isSent === false) return false;
  // A body parser answers 400 when its client is gone; Node.js keeps here what it could send to nobody.
  const unsent = (response as Kept).outputData?.[0]?.data;
  return !(typeof unsent === 'string' && unsent.startsWith('HTTP/1.'));
}
