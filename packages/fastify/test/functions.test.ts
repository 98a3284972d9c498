import { inspect } from 'node:util';
import { basicAuth } from '@prometer/http';
import { Registry } from '@prometer/core';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { talk, until } from '../../http/test/client.ts';
import { metricsPlugin } from '../src/index.ts';
import { listening } from './listening.ts';
import { apps } from './measured-app.ts';

declare module 'fastify' {
  interface FastifyRequest {
    user?: { plan: string };
  }
}

describe('A function among the options', () => {
  const { start } = apps();

  /** An app whose requests have what a hook found out. */
  function withUsers(app: FastifyInstance): void {
    app.decorateRequest('user');
    app.addHook('preHandler', async (request) => {
      request.user = { plan: request.headers['x-plan'] as string };
    });
    app.get('/users/:id', () => '');
  }

  it('in labels is given Fastify’s request, with what hooks have found out', async () => {
    const client = await start(withUsers, { labels: { plan: (request) => request.user?.plan } });
    await client.ask('/users/1', 'GET', { 'x-plan': 'pro' });
    await client.countedTotal(1);

    expect(await client.lines('http_requests_total')).toEqual([
      'http_requests_total{method="GET",route="/users/:id",status_code="200",plan="pro"} 1',
    ]);
  });

  it.each(['PROPFIND /metrics', 'GET /taken'])(
    'in labels is given it too where another registration, or a hook after that, answers first: %s',
    async (asked) => {
      const app = fastify();
      const [before, registry] = [new Registry(), new Registry()];
      app.register(metricsPlugin, { registry: before, defaultMetrics: false });
      app.addHook('onRequest', (request, reply, next) => {
        if (request.url !== '/taken') return next();
        reply.hijack();
        reply.raw.end();
      });
      const labels = { who: (request: FastifyRequest) => `who asks for ${request.url}` };
      app.register(metricsPlugin, { registry, path: false, defaultMetrics: false, labels });
      const { port } = await listening(app);
      try {
        const [method = '', path = ''] = asked.split(' ');
        await talk(port, `${method} ${path} HTTP/1.1\r\nHost: x\r\n\r\n`, (read) => read.includes('\r\n\r\n'));
        await until(async () => (await registry.metrics()).includes('http_requests_total{'));
        expect(await registry.metrics()).toContain(`who="who asks for ${path}"} 1`);
      } finally {
        await app.close();
      }
    },
  );

  it('in labels with values is given it too', async () => {
    const client = await start(withUsers, {
      labels: { plan: { values: ['free'], from: (request) => request.user?.plan } },
    });
    await client.ask('/users/1', 'GET', { 'x-plan': 'pro' });
    await client.countedTotal(1);

    expect(await client.lines('http_requests_total')).toEqual([
      'http_requests_total{method="GET",route="/users/:id",status_code="200",plan="other"} 1',
    ]);
  });

  it('in labels is not asked about what never becomes a request of Fastify', async () => {
    const client = await start(withUsers, { labels: { plan: (request) => request.query as string } });
    await client.target('/users/%E0%A4%A');
    await client.countedTotal(1);

    expect(await client.lines('http_requests_total')).toEqual([
      'http_requests_total{method="GET",route="unmatched",status_code="400",plan=""} 1',
    ]);
    expect(client.value('prometer_label_errors_total', { label: 'plan' })).toBeUndefined();
  });

  it('in exemplars is given it too', async () => {
    const client = await start(withUsers, { exemplars: (request) => ({ request_id: request.id }) });
    await client.ask('/users/1');
    await client.counted(1);

    expect(await client.registry.metrics({ format: 'openmetrics' })).toMatch(/ # \{request_id="req-[^"]+"\} /);
  });

  it('in ignore is given it too, when it arrives', async () => {
    const client = await start(withUsers, { ignore: (request) => request.routeOptions.url === '/users/:id' });
    await client.ask('/users/1');
    await client.ask('/nowhere');

    expect(await client.counted(1)).toEqual({ 'GET unmatched 404': 1 });
    expect(client.inFlight()).toBe(0);
  });

  it.each([
    [
      'gives a promise that is rejected',
      () => Promise.reject(new Error('No')) as never,
      'has returned a promise, and nothing waits for one',
    ],
    ['gives a promise', (async () => true) as never, 'has returned a promise, and nothing waits for one'],
    [
      'throws',
      () => {
        throw new Error('No');
      },
      'has thrown Error: No',
    ],
    [
      'throws what can not be shown',
      () => {
        throw Object.defineProperty({}, Symbol.toStringTag, {
          get: () => {
            throw new Error('No');
          },
        });
      },
      'has thrown',
    ],
  ])('in ignore that %s leaves requests measured and warns once', async (_what, ignore, said) => {
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const client = await start(withUsers, { ignore });
    await client.askAll(['/users/1', '/users/2']);
    const counts = await client.counted(2);
    const warnings = emitWarning.mock.calls.map(([message]) => message);
    emitWarning.mockRestore();

    expect(counts).toEqual({ 'GET /users/:id 200': 2 });
    expect(warnings).toEqual([expect.stringContaining(said)]);
  });

  it('in authorize is given Node.js’ request, as basicAuth needs', async () => {
    const client = await start(withUsers, { authorize: basicAuth('prometheus', 'a password') });
    const authorization = `Basic ${Buffer.from('prometheus:a password').toString('base64')}`;

    expect((await client.ask('/metrics')).headers['www-authenticate']).toMatch(/^Basic /);
    expect((await client.ask('/metrics', 'GET', { authorization })).status).toBe(200);
  });
});

describe('The config of a route', () => {
  const { start } = apps();

  it('may name the route', async () => {
    const client = await start((app) => app.get('/users/:id', { config: { metrics: { route: 'users' } } }, () => ''));
    await client.ask('/users/1');

    expect(await client.counted(1)).toEqual({ 'GET users 200': 1 });
  });

  it('may take the route out, also when a client leaves or a handler fails', async () => {
    const client = await start((app) => {
      app.get('/never', { config: { metrics: false } }, () => {});
      app.get('/fail', { config: { metrics: false } }, () => {
        throw new Error('No');
      });
      app.get('/users/:id', { config: { metrics: true } }, () => '');
    });
    await client.leave(
      'GET /never HTTP/1.1\r\nHost: x\r\n\r\n',
      () => new Promise((resolve) => setTimeout(resolve, 50)),
    );
    await client.ask('/fail');
    await client.ask('/users/1');

    expect(await client.counted(1)).toEqual({ 'GET /users/:id 200': 1 });
    expect(client.inFlight()).toBe(0);
    expect(await client.lines('http_request_aborts_total')).toEqual([]);
  });

  it.each([null, 5, 'users', {}, { route: '' }, { route: 5 }])(
    'that is %p leaves the route measured by its template and warns once',
    async (metrics) => {
      const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
      const client = await start((app) => app.get('/users/:id', { config: { metrics: metrics as never } }, () => ''));
      await client.askAll(['/users/1', '/users/2']);
      const counts = await client.counted(2);
      const warnings = emitWarning.mock.calls;
      emitWarning.mockRestore();

      expect(counts).toEqual({ 'GET /users/:id 200': 2 });
      expect(warnings).toEqual([
        [
          `The config "metrics" of the route "/users/:id" is ${inspect(metrics)}: give false, or { route: 'a name' }. It is measured by its template.`,
          { type: 'PrometerWarning', code: 'PROMETER_ROUTE_CONFIG' },
        ],
      ]);
    },
  );
});
