import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { until } from '../../http/test/client.ts';
import { metricsPlugin } from '../src/index.ts';
import { apps } from './measured-app.ts';
import { twoAddresses } from './two-addresses.ts';

describe('metricsPlugin', () => {
  const { listen, make, options, registry, start } = apps();

  it('says what to do when it is called where it should be given', async () => {
    const call = metricsPlugin as unknown as () => Promise<void>;
    const message =
      'metricsPlugin is a plugin already: give it to app.register as it is, and options after it: app.register(metricsPlugin, options).';

    await expect(call()).rejects.toMatchObject({ name: 'MetricError', code: 'INVALID_OPTION', message });
  });

  it.each(['onRequest', 'preParsing'] as const)(
    'H1 counts what an earlier %s hook answers with its route',
    async (hook) => {
      const app = make();
      app.addHook(hook as 'onRequest', (_request, reply) => reply.code(401).send('No'));
      app.register(metricsPlugin, options());
      app.get('/users/:id', () => '');
      const client = await listen(app);
      await client.ask('/users/1');
      await client.ask('/nowhere');

      expect(await client.counted(2)).toEqual({ 'GET /users/:id 401': 1, 'GET unmatched 401': 1 });
    },
  );

  it('H1 counts the whole time of a slow hook before it, in a scope too', async () => {
    const app = make();
    app.addHook('onRequest', async (_request, reply) => {
      await setTimeout(200);
      return reply.code(401).send('No');
    });
    app.register(
      async (child) => {
        child.register(metricsPlugin, options());
        child.get('/x', () => '');
      },
      { prefix: '/child' },
    );
    const client = await listen(app);
    await client.ask('/child/x');

    expect(await client.counted(1)).toEqual({ 'GET /child/x 401': 1 });
    const [sum] = await client.lines('http_request_duration_seconds_sum');
    expect(Number(sum?.split(' ').at(-1))).toBeGreaterThan(0.15);
  });

  it('H1 counts what an earlier hook fails in with its route', async () => {
    const app = make();
    app.addHook('onRequest', async () => {
      throw new Error('No');
    });
    app.register(metricsPlugin, options());
    app.get('/users/:id', () => '');
    const client = await listen(app);
    await client.ask('/users/1');

    expect(await client.counted(1)).toEqual({ 'GET /users/:id 500': 1 });
  });

  it('H1 does not count /metrics when an earlier hook refuses it', async () => {
    const app = make();
    app.addHook('onRequest', (_request, reply) => reply.code(401).send('No'));
    app.register(metricsPlugin, options());
    app.get('/health', { config: { metrics: false } }, () => '');
    const client = await listen(app);
    const refused = [await client.ask('/metrics'), await client.ask('/health')];
    await client.ask('/');

    expect(refused.map(({ status }) => status)).toEqual([401, 401]);
    expect(await client.counted(1)).toEqual({ 'GET unmatched 401': 1 });
    expect(client.inFlight()).toBe(0);
  });

  it('H2 counts what Fastify refuses before any hook', async () => {
    const client = await start((app) => app.get('/users/:id', () => ''));
    await client.target('/users/%E0%A4%A');
    await client.target(`/users/${'x'.repeat(101)}`);

    expect(await client.counted(2)).toEqual({ 'GET unmatched 400': 1, 'GET unmatched 414': 1 });
    expect(client.inFlight()).toBe(0);
  });

  it('H2 counts it in requests by inject neither, as there is no server then', async () => {
    const app = make();
    app.register(metricsPlugin, options());
    app.get('/users/:id', () => '');
    const { statusCode } = await app.inject('/users/%E0%A4%A');
    await app.inject('/users/1');

    expect(statusCode).toBe(400);
    expect(await registry().metrics()).toContain(
      'http_requests_total{method="GET",route="/users/:id",status_code="200"} 1',
    );
    expect(await registry().metrics()).not.toContain('status_code="400"');
  });

  it('S3 counts a response that the handler sends by itself', async () => {
    const client = await start((app) => {
      app.get('/hijacked', async (_request, reply) => {
        reply.hijack();
        await setTimeout(100);
        reply.raw.writeHead(201).end('Made');
      });
    });
    await client.ask('/hijacked');

    expect(await client.counted(1)).toEqual({ 'GET /hijacked 201': 1 });
    const seconds = client.value('http_request_duration_seconds_sum', {
      method: 'GET',
      route: '/hijacked',
      status_code: 201,
    });
    expect(seconds).toBeGreaterThan(0.08);
    expect(seconds).toBeLessThan(4);
  });

  it('R12 counts a route that passes a request on to a handler of its own for nothing found', async () => {
    const client = await start((app) => {
      app.setNotFoundHandler((_request, reply) => reply.code(410).send('Gone'));
      app.get('/fall/:id', (_request, reply) => reply.callNotFound());
    });
    await client.ask('/fall/1');
    await client.ask('/nowhere');

    expect(await client.counted(2)).toEqual({ 'GET /fall/:id 410': 1, 'GET unmatched 410': 1 });
  });

  it('C2 counts what a scope’s own handler for nothing found answers as unmatched', async () => {
    const client = await start((app) => {
      app.register(
        async (child) => child.setNotFoundHandler((_request, reply) => reply.code(404).send('Nothing here')),
        { prefix: '/child' },
      );
    });
    await client.askAll(['/child/x', '/child/y']);

    expect(await client.counted(2)).toEqual({ 'GET unmatched 404': 2 });
  });

  it('A4 counts a request to which no answer comes in time as 503, with its route', async () => {
    const client = await start((app) => {
      app.get('/users/:id', { handlerTimeout: 50 }, () => new Promise(() => {}));
    });
    const { status } = await client.ask('/users/1');

    expect(await client.counted(1)).toEqual({ [`GET /users/:id ${status}`]: 1 });
    expect(client.inFlight()).toBe(0);
  });

  it('A5 tells the kind of error that breaks a stream off before its first piece', async () => {
    const client = await start(
      (app) => {
        app.get('/broken', (_request, reply) =>
          reply.send(
            new Readable({
              read() {
                this.destroy(new RangeError('There is nothing'));
              },
            }),
          ),
        );
      },
      { naming: 'semconv' },
    );
    await client.ask('/broken');
    await until(
      () =>
        client.value('http_server_request_duration_seconds_count', {
          http_request_method: 'GET',
          http_route: '/broken',
          http_response_status_code: 500,
          error_type: 'RangeError',
        }) === 1,
    );

    expect(await client.lines('http_server_request_duration_seconds_count')).toHaveLength(1);
  });

  it.each([
    ['a web stream', (stream: ReadableStream) => stream],
    ['the body of a Response', (stream: ReadableStream) => new Response(stream)],
  ])('A5 tells the kind of error that breaks %s off', async (_what, sent) => {
    const client = await start(
      (app) => {
        app.get('/broken', (_request, reply) => {
          let pieces = 0;
          const stream = new ReadableStream({
            async pull(controller) {
              if (pieces++ > 0) {
                await setTimeout(50);
                throw new RangeError('There is no more');
              }
              controller.enqueue(new TextEncoder().encode('a piece'));
            },
          });
          return reply.send(sent(stream));
        });
        app.get('/whole', (_request, reply) => reply.send(sent(new Blob(['all of it']).stream())));
      },
      { naming: 'semconv' },
    );
    await client.ask('/broken').catch(() => {});
    const { body } = await client.ask('/whole');
    await client.countedTotal(2, 'http_server_request_duration_seconds_count');

    expect(body).toBe('all of it');
    expect(await client.lines('http_server_request_duration_seconds_count')).toEqual([
      'http_server_request_duration_seconds_count{http_request_method="GET",http_route="/broken",http_response_status_code="200",error_type="RangeError"} 1',
      'http_server_request_duration_seconds_count{http_request_method="GET",http_route="/whole",http_response_status_code="200",error_type=""} 1',
    ]);
  });

  it('listens to no errors of a stream, which would be nobody’s then if a hook put another one in its place', async () => {
    const listeners: number[] = [];
    const client = await start((app) => {
      app.addHook('onSend', async (_request, _reply, payload) => {
        listeners.push((payload as Readable).listenerCount('error'));
        return payload;
      });
      app.get('/stream', () => Readable.from(['a piece']));
    });
    await client.ask('/stream');

    expect(listeners).toEqual([0]);
  });

  it.each([
    ['bytes', () => Buffer.from('all of it'), 'all of it'],
    ['a Response of text', () => new Response('all of it'), 'all of it'],
    ['a Response without a body', () => new Response(null), ''],
    ['nothing', () => undefined, ''],
  ])('leaves %s as it is', async (_what, sent, expected) => {
    const client = await start((app) => app.get('/whole', (_request, reply) => reply.send(sent())));
    const { status, body } = await client.ask('/whole');
    await client.countedTotal(1);

    expect([status, body]).toEqual([200, expected]);
    expect(await client.lines('http_requests_total')).toEqual([
      'http_requests_total{method="GET",route="/whole",status_code="200"} 1',
    ]);
  });

  it('M5 M7 refuses a method at /metrics that Fastify does not know, behind the hooks before it', async () => {
    const app = make();
    app.addHook('onRequest', (request, reply, next) => {
      if (request.headers['x-refuse'] === undefined) next();
      else reply.code(403).send('No');
    });
    app.register(metricsPlugin, options());
    const client = await listen(app);
    const { status, headers } = await client.ask('/metrics?x=1', 'PROPFIND');
    const refused = await client.ask('/metrics', 'PROPFIND', { 'x-refuse': 'yes' });
    const elsewhere = await client.ask('/metrics/x', 'PROPFIND');

    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
    expect([refused.status, elsewhere.status]).toEqual([403, 404]);
    expect(await client.counts()).toEqual({ '_OTHER unmatched 403': 1, '_OTHER unmatched 404': 1 });
    expect(client.inFlight('_OTHER')).toBe(0);
  });

  it('M5 shows nobody without authorization that a method is refused', async () => {
    const client = await start(() => {}, { authorize: () => false });

    expect((await client.ask('/metrics', 'PROPFIND')).status).toBe(401);
  });

  it('counts a route with constraints by its template', async () => {
    const client = await start((app) => {
      for (const version of ['1.0.0', '2.0.0']) app.get('/x', { constraints: { version } }, () => version);
    });
    await client.ask('/x', 'GET', { 'accept-version': '1.x' });
    await client.ask('/x', 'GET', { 'accept-version': '2.x' });

    expect(await client.counted(2)).toEqual({ 'GET /x 200': 2 });
  });

  it('H2 sees what comes to all addresses of a name, once a request has come there', async () => {
    const restore = twoAddresses();
    const app = make();
    app.register(metricsPlugin, options());
    app.get('/users/:id', () => '');
    await app.listen({ port: 0, host: 'localhost' });
    restore();
    const addresses = app.addresses() as AddressInfo[];
    const statuses: number[] = [];
    for (const { address, port } of addresses) {
      for (const path of ['/users/1', '/users/%E0%A4%A']) {
        statuses.push((await fetch(`http://${address}:${port}${path}`)).status);
      }
    }
    const n = addresses.length;
    const counted = (route: string, status: number): number | undefined =>
      registry().getSampleValue('http_requests_total', { method: 'GET', route, status_code: status });
    await until(() => counted('unmatched', 400) === n);

    expect(statuses).toEqual(addresses.flatMap(() => [200, 400]));
    expect(counted('/users/:id', 200)).toBe(n);
  });
});
