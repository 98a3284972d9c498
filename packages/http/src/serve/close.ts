import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { whenOver } from '../response-over.ts';

/** How a server ends. */
export interface ServerEnd {
  /** Lets the server wait for an answer before it closes. */
  waitFor(response: ServerResponse): void;
  /** Closes it once the answers that it waits for are sent, and not before. */
  close(): Promise<void>;
}

export function endOf(server: Server): ServerEnd {
  const connections = new Set<Socket>();
  const open = new Set<ServerResponse>();
  const awaited = new Set<ServerResponse>();
  let closing = false;
  const closeConnections = (): void => {
    if (!closing || awaited.size > 0) return;
    server.close(() => {});
    // All of them: http knows none that hasn't got as far as a request, in TLS' handshake for example.
    for (const socket of connections) socket.destroy();
  };
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.prependListener('request', (request, response) => {
    open.add(response);
    if (closing) announceClose(response);
    whenOver(request, response, () => {
      open.delete(response);
      awaited.delete(response);
      closeConnections();
    });
  });

  return {
    waitFor(response) {
      if (open.has(response)) awaited.add(response);
    },
    close: () =>
      new Promise((resolve) => {
        closing = true;
        for (const response of open) announceClose(response);
        // Who waits for an answer to be sent waits in vain if the process ends before.
        for (const response of awaited) response.req.socket.ref();
        // http's own close would cut off the answers that are written but not sent yet, so it has to wait for those.
        stopListening(server, resolve);
        closeConnections();
      }),
  };
}

function stopListening(server: Server, done: () => void): void {
  // Bun's servers of HTTP are none of net's, and wait by themselves.
  if ((server as object) instanceof NetServer) NetServer.prototype.close.call(server, () => done());
  else server.close(() => done());
}

/** So that the client doesn't send another request through this connection. */
function announceClose(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
