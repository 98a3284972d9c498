import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Fixture } from './framework.ts';

/** An error with a name of its own. */
export class BrokenError extends Error {
  override readonly name = 'BrokenError';
}

/** An error that says what is to be answered: Express reads `status`, Fastify `statusCode`. */
export class RefusedError extends Error {
  readonly status = 418;
  readonly statusCode = 418;
}

/** What comes at once, and what comes half a second later. */
export async function* inPieces(first: string, last: string): AsyncGenerator<string> {
  yield first;
  await setTimeout(500);
  yield last;
}

/** What comes at once, and then no more. */
export async function* thenBroken(): AsyncGenerator<string> {
  yield 'a piece';
  await setTimeout(50);
  throw new BrokenError('There are no more pieces');
}

/** Listens on a free port. */
export async function serve(app: { listen(port: number, host: string): Server }): Promise<Fixture> {
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    server,
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
