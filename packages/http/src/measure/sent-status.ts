import type { ServerResponse } from 'node:http';
import { CLIENT_CLOSED_REQUEST } from './labels.ts';

/** What Node.js keeps in a response beside what it documents. */
interface Kept {
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
 * @param seen what {@link writtenStatus} said of it when its head was written, if anybody asked then
 * @param answered what {@link isAnswered} says of it
 */
export function sentStatus(response: ServerResponse, seen: number | undefined, answered: boolean): number {
  if (!answered) return CLIENT_CLOSED_REQUEST;
  if (seen !== undefined) return seen;
  const { _header: head } = response as Kept;
  // HTTP/1.1 200 OK
  const sent =
    typeof head === 'string' ? Number(head.slice(9, 12)) : (response as Kept).stream?.sentHeaders?.[':status'];
  return sent || response.statusCode;
}

/**
 * The status in the head that has just been written; undefined if it hasn't been, as somebody holds it back. It could be
 * read out of the head later, but that takes much longer.
 */
export function writtenStatus(response: ServerResponse): number | undefined {
  const { _header: head } = response as Kept;
  return head ? response.statusCode : undefined;
}

/** Whether the head that has just been written went to a connection that was gone: Node.js says that it has been sent. */
export function isSentToNobody(response: ServerResponse): boolean {
  return response.socket?.destroyed === true && !('stream' in response);
}

/** Whether the response had begun before the client left, if its head was written while there was one. */
export function isAnswered(response: ServerResponse): boolean {
  const { _header: head, _headerSent: isSent, outputData } = response as Kept;
  // Most often nothing of it waits any more.
  if (typeof head === 'string' && isSent === true && outputData?.length === 0) return true;
  const { headersSent } = response;
  if (!headersSent || response.writableFinished) return headersSent;
  // What writeHead has written waits for the first piece of the body, or for flushHeaders.
  if (typeof head === 'string' && isSent === false) return false;
  // A body parser answers 400 when its client is gone; Node.js keeps here what it could send to nobody.
  const unsent = outputData?.[0]?.data;
  return !(typeof unsent === 'string' && unsent.startsWith('HTTP/1.'));
}
