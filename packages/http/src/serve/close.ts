import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { whenOver } from '../measure/exchange-end.ts';

/** How to close a server once its running answers are sent, and not before. */
export function closeOf(server: Server): () => Promise<void> {
  const connections = new Set<Socket>();
  const running = new Set<ServerResponse>();
  let closing = false;
  const closeConnections = (): void => {
    if (!closing || running.size > 0) return;
    server.close(() => {});
    // All of them: http knows none that hasn't got as far as a request, in TLS' handshake for example.
    for (const socket of connections) socket.destroy();
  };
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.prependListener('request', (request, response) => {
    running.add(response);
    if (closing) announceClose(response);
    whenOver(request, response, () => {
      running.delete(response);
      closeConnections();
    });
  });

  return () =>
    new Promise((resolve) => {
      closing = true;
      for (const response of running) {
        announceClose(response);
        // Who waits for an answer to be sent waits in vain if the process ends before.
        response.req.socket.ref();
      }
      // http's own close would cut off the answers that are written but not sent yet, so it has to wait for those.
      NetServer.prototype.close.call(server, () => resolve());
      closeConnections();
    });
}

/** So that the client doesn't send another request through this connection. */
function announceClose(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
