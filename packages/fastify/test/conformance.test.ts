import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { conforms } from '../../http/test/conformance.ts';
import { metricsPlugin } from '../src/index.ts';

conforms({
  name: 'Fastify 5.12',
  wildcard: '/files/*',
  ignoresTrailingSlash: false,
  parsesBodyInRoute: true,
  async start(registry) {
    const app = fastify({ forceCloseConnections: true });
    app.register(metricsPlugin, { registry, defaultMetrics: false });

    app.get<{ Params: { id: string } }>('/users/:id', (request) => request.params.id);
    app.get('/slow', async () => {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      return 'At last';
    });
    app.get('/never', (_request, _reply) => {});
    app.get('/fail', () => {
      throw new Error('This route fails');
    });
    app.get('/reject', async () => Promise.reject(new Error('This route rejects')));
    app.get('/stream', (_request, reply) => {
      reply.hijack();
      reply.raw.write('a piece');
    });
    app.get('/late', (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200).write('a piece');
      reply.raw.statusCode = 500;
      reply.raw.end();
    });
    app.post('/echo', (request) => request.body);
    app.get('/files/*', () => 'a file');
    app.register(
      async (api) => {
        api.register(
          async (v1) => {
            v1.get('/', () => 'v1');
            v1.get('/orders/:orderId/items/:itemId', () => 'an item');
            v1.get('/boom/:id', () => {
              throw new Error('This route fails');
            });
          },
          { prefix: '/v1' },
        );
      },
      { prefix: '/api' },
    );
    app.register(async (tenants) => void tenants.get('/things/:id', () => 'a thing'), { prefix: '/tenants/:tenant' });

    await app.listen({ port: 0, host: '127.0.0.1' });
    return { port: (app.server.address() as AddressInfo).port, close: () => app.close() };
  },
});
