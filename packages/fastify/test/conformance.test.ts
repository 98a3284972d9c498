import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import fastify, { type FastifyInstance } from 'fastify';
import { conforms } from '../../http/test/conformance.ts';
import { inPieces, RefusedError, thenBroken } from '../../http/test/fixture-parts.ts';
import { metricsPlugin, type FastifyMetricsOptions } from '../src/index.ts';
import { listening } from './listening.ts';

conforms({
  name: 'Fastify 5.12',
  templates: { wildcard: '/files/*', expression: String.raw`/rx/:id(^\\d+$)` },
  ignoresTrailingSlash: false,
  statusOfOptions: 404,
  tellsErrors: true,
  // It is refused before there is a route.
  nameOfUndecodable: 'unmatched',
  async start(...installed) {
    const app = fastify({ forceCloseConnections: true });
    for (const options of installed) app.register(metricsPlugin, options as FastifyMetricsOptions<string>);
    addRoutes(app);
    try {
      return await listening(app);
    } catch (error) {
      await app.close();
      throw error;
    }
  },
});

function addRoutes(app: FastifyInstance): void {
  app.get<{ Params: { id: string } }>('/users/:id', (request) => request.params.id);
  app.post('/echo', (request) => request.body);
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
  app.post('/pipe', (request, reply) => reply.send(request.body));

  app.get('/slow', async () => {
    await setTimeout(1000);
    return 'At last';
  });
  app.get('/never', (_request, _reply) => {});
  app.get('/pieces', (_request, reply) => reply.send(Readable.from(inPieces('a', 'b'))));
  app.get('/stream', (_request, reply) => {
    reply.hijack();
    reply.raw.write('a piece');
  });
  app.get('/events', (_request, reply) =>
    reply.type('text/event-stream').send(Readable.from(inPieces('data: first\n\n', 'data: last\n\n'))),
  );

  app.get('/fail', () => {
    throw new TypeError('This route fails');
  });
  app.get('/reject', async () => Promise.reject(new Error('This route rejects')));
  app.get('/refuse', () => {
    throw new RefusedError('This route refuses');
  });
  app.get('/broken', (_request, reply) => reply.send(Readable.from(thenBroken())));
  app.get('/late', (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200).write('a piece');
    reply.raw.statusCode = 500;
    reply.raw.end();
  });
  app.get('/fall/:id', (_request, reply) => reply.callNotFound());

  app.register(
    async (api) => {
      api.register(
        async (v1) => {
          v1.setErrorHandler((_error, _request, reply) => reply.code(500).send('An error'));
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
  app.register(async (sub) => void sub.get('/p/:id', () => 'a p'), { prefix: '/sub' });

  app.get('/rx/:id(^\\d+$)', () => 'An expression');
  app.get('/files/*', () => 'a file');
  app.get('/static/*', () => 'a file');
  app.register(
    async (secure) => {
      secure.addHook('onRequest', (_request, reply) => reply.code(401).send('No'));
      secure.get('/*', () => 'a secret');
    },
    { prefix: '/secure' },
  );
  app.get('/health', { config: { metrics: false } }, () => 'ok');
  app.get('/named/:id', { config: { metrics: { route: 'a name' } } }, () => 'named');
}
