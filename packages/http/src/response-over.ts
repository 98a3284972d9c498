import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Http2ServerResponse } from 'node:http2';

/** On a socket: what ends the exchanges whose responses wait there. Shared by all copies of this package. */
const WAITING: unique symbol = Symbol.for('@prometer/http.waiting') as never;

type SocketWithWaiting = Socket & { [WAITING]?: Set<() => void> };

/** Calls `end` once, when the response is over or the client is gone, whichever comes first. */
export function whenOver(request: IncomingMessage, response: ServerResponse, end: () => void): void {
  // A client may have left before the request got as far as here.
  if (isOver(response)) end();
  else if (response.socket === null) whenNoLongerWaiting(request.socket, response, end);
  else response.once('close', end);
}

/**
 * A response waits for its socket until those of the requests before it, on the same connection, are sent. When the
 * connection closes meanwhile, Node.js tells the response that has the socket and none that waits.
 */
export function whenNoLongerWaiting(socket: SocketWithWaiting, response: ServerResponse, end: () => void): void {
  if (socket.destroyed) {
    end();
    return;
  }
  const waiting = (socket[WAITING] ??= endAllOnClose(socket));
  waiting.add(end);
  response.once('close', () => {
    if (waiting.delete(end)) end();
  });
}

/** One listener for a socket, however many requests come through it at once. */
function endAllOnClose(socket: Socket): Set<() => void> {
  const waiting = new Set<() => void>();
  // Node.js warns of more listeners than this, which others, such as Express, may come close to.
  const most = socket.getMaxListeners();
  if (most > 0) socket.setMaxListeners(most + 1);
  socket.once('close', () => {
    for (const end of waiting) {
      waiting.delete(end);
      end();
    }
  });
  return waiting;
}

export function isOver(response: ServerResponse | Http2ServerResponse): boolean {
  const { closed } = response as { closed?: boolean };
  if (closed !== undefined) return closed;
  // HTTP/2's response doesn't say that it is closed, but has no socket from then on.
  return 'stream' in response && response.socket === undefined;
}
