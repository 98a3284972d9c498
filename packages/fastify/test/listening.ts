import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Fixture } from '../../http/test/framework.ts';

/** Lets an app listen on this machine. */
export async function listening(app: FastifyInstance): Promise<Fixture> {
  await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    server: app.server,
    port: (app.server.address() as AddressInfo).port,
    close: () => app.close(),
  };
}
