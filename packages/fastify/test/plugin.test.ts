import { once } from 'node:events';
import { connect, constants } from 'node:http2';
import fastify, { type FastifyInstance } from 'fastify';
import { defaultRegistry, Registry } from '@prometer/core';
import { ask, until } from '../../http/test/client.ts';
import asDefault, { metricsPlugin, type HttpMetricsOptions } from '../src/index.ts';

const counted = (registry: Registry, route: string, status = 200): number | undefined =>
  registry.getSampleValue('http_requests_total', { method: 'GET', route, status_code: status });

describe('metricsPlugin', () => {
  let registry: Registry;
  let app: FastifyInstance;

  beforeEach(() => {
    registry = new Registry();
    app = fastify();
  });

  afterEach(() => app.close());

  const options = (): { registry: Registry; defaultMetrics: false } => ({ registry, defaultMetrics: false });

  it('is the default export too', () => {
    expect(asDefault).toBe(metricsPlugin);
  });

  it('measures into the default registry, with metrics about the process, and answers GET /metrics', async () => {
    app.register(metricsPlugin);
    app.get('/', () => 'Hello');
    const url = await app.listen({ port: 0 });
    await ask(Number(new URL(url).port), '/');
    await until(() => counted(defaultRegistry, '/') === 1);
    const { body } = await ask(Number(new URL(url).port), '/metrics');

    expect(body).toContain('http_requests_total{method="GET",route="/",status_code="200"} 1\n');
    expect(body).toContain('\nprocess_cpu_seconds_total ');
  });

  it('measures the routes before and after it, and those of plugins, when it is not awaited', async () => {
    app.get('/before', () => '');
    app.register(async (child) => void child.get('/child', () => ''), { prefix: '/first' });
    app.register(metricsPlugin, options());
    app.get('/after', () => '');
    app.register(async (child) => void child.get('/child', () => ''), { prefix: '/last' });
    const routes = ['/before', '/first/child', '/after', '/last/child'];
    for (const route of routes) await app.inject(route);

    expect(routes.map((route) => counted(registry, route))).toEqual([1, 1, 1, 1]);
  });

  it('measures a route declared before it is awaited', async () => {
    app.get('/before', () => '');
    await app.register(metricsPlugin, options());
    await app.inject('/before');

    expect(counted(registry, '/before')).toBe(1);
  });

  it('counts a request once when it is registered twice', async () => {
    app.register(metricsPlugin, options());
    app.register(metricsPlugin, options());
    app.get('/', () => '');
    await app.inject('/');

    expect(counted(registry, '/')).toBe(1);
    expect((await app.inject('/metrics')).statusCode).toBe(200);
  });

  it('measures only its own scope in a plugin with one, and is served under its prefix', async () => {
    app.get('/outside', () => '');
    app.register(
      async (child) => {
        child.register(metricsPlugin, options());
        child.get('/inside', () => '');
      },
      { prefix: '/child' },
    );
    await app.inject('/outside');
    await app.inject('/child/inside');

    expect([counted(registry, '/outside'), counted(registry, '/child/inside')]).toEqual([undefined, 1]);
    expect((await app.inject('/child/metrics')).statusCode).toBe(200);
  });

  it('counts two apps together in one registry', async () => {
    const other = fastify();
    for (const each of [app, other]) {
      each.register(metricsPlugin, options());
      each.get('/', () => '');
      await each.inject('/');
    }
    await other.close();

    expect(counted(registry, '/')).toBe(2);
  });

  it('keeps two apps apart in two registries', async () => {
    const other = fastify();
    const otherRegistry = new Registry();
    app.register(metricsPlugin, options());
    app.get('/', () => '');
    other.register(metricsPlugin, { registry: otherRegistry, defaultMetrics: false });
    await app.inject('/');
    await other.ready();
    await other.close();

    expect([counted(registry, '/'), counted(otherRegistry, '/')]).toEqual([1, undefined]);
  });

  it('takes a request by inject for an answered one', async () => {
    app.register(metricsPlugin, options());
    app.get('/users/:id', () => '');
    await app.inject('/users/1');

    expect(await registry.metrics()).toContain(
      'http_requests_total{method="GET",route="/users/:id",status_code="200"} 1\n',
    );
    expect(registry.getSampleValue('http_requests_in_flight', { method: 'GET' })).toBe(0);
  });

  it('counts a response that the handler sends by itself', async () => {
    app.register(metricsPlugin, options());
    app.get('/hijacked', (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(201).end('Made');
    });
    const url = await app.listen({ port: 0 });
    await ask(Number(new URL(url).port), '/hijacked');
    await until(() => counted(registry, '/hijacked', 201) === 1);

    expect(counted(registry, '/hijacked', 201)).toBe(1);
  });

  it('does not measure a route that says so', async () => {
    app.register(metricsPlugin, options());
    app.get('/health', { config: { metrics: false } }, () => 'ok');
    await app.inject('/health');

    expect(await registry.metrics()).not.toContain('/health');
  });

  it('shows the app where its metrics are', async () => {
    app.register(metricsPlugin, options());
    await app.ready();

    expect(app.metrics.registry).toBe(registry);
  });

  it('shows a child scope with a registry of its own where its metrics are', async () => {
    const ofChild = new Registry();
    let hasOwn = false;
    app.register(metricsPlugin, options());
    app.register(
      async (child) => {
        await child.register(metricsPlugin, { registry: ofChild, defaultMetrics: false });
        hasOwn = child.metrics.registry === ofChild;
      },
      { prefix: '/child' },
    );
    await app.ready();

    expect([hasOwn, app.metrics.registry === registry]).toEqual([true, true]);
  });

  it.each([null, { registry: 'mine' }])('leaves a decorator %p of the app alone', async (mine) => {
    app.decorate('metrics', mine as never);
    app.register(metricsPlugin, options());
    app.register(async (child) => void child.register(metricsPlugin, options()), { prefix: '/child' });
    app.get('/', () => '');
    await app.inject('/');

    expect(app.metrics).toBe(mine);
    expect(counted(registry, '/')).toBe(1);
    expect((await app.inject('/metrics')).statusCode).toBe(200);
  });

  it.each(['GET', 'POST'])('says what to do when the app has a %s route where the metrics are', async (method) => {
    app.route({ method, url: '/child/metrics', handler: () => 'mine' });
    app.register(async (child) => void child.register(metricsPlugin, options()), { prefix: '/child' });

    await expect(app.ready()).rejects.toMatchObject({
      name: 'MetricError',
      code: 'INVALID_OPTION',
      message:
        'The metrics can\'t be served at /child/metrics: the app has a route there already. Give the option "path" another path, or false to serve them nowhere.',
      cause: { code: 'FST_ERR_DUPLICATED_ROUTE' },
    });
  });

  it('says the same when other metrics are there already', async () => {
    app.register(metricsPlugin, options());
    app.register(metricsPlugin, { registry: new Registry(), defaultMetrics: false });

    await expect(app.ready()).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('counts a request once when it is registered twice in a child with a prefix', async () => {
    app.register(
      async (child) => {
        child.register(metricsPlugin, options());
        child.register(metricsPlugin, options());
        child.get('/x', () => '');
      },
      { prefix: '/child' },
    );
    await app.inject('/child/x');

    expect(counted(registry, '/child/x')).toBe(1);
    expect((await app.inject('/child/metrics')).statusCode).toBe(200);
  });

  it('serves a child under its prefix though the app serves the same metrics at its root', async () => {
    app.register(metricsPlugin, options());
    app.register(async (child) => void child.register(metricsPlugin, options()), { prefix: '/child' });

    expect((await app.inject('/metrics')).statusCode).toBe(200);
    expect((await app.inject('/child/metrics')).statusCode).toBe(200);
  });

  it('takes what Fastify is told together with its own options', async () => {
    app.register(metricsPlugin, { ...options(), logLevel: 'warn', prefix: '/unused' });

    await expect(app.ready()).resolves.toBe(app);
  });

  it('measures HTTP/2, whole and given up requests and the status that was sent', async () => {
    const two = fastify({ http2: true });
    two.register(metricsPlugin, options());
    two.get('/never', (_request, _reply) => {});
    two.get('/late', (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200);
      reply.raw.statusCode = 500;
      reply.raw.end();
    });
    const session = connect(await two.listen({ port: 0, host: '127.0.0.1' }));
    await once(session.request({ ':path': '/late' }).resume(), 'close');
    const given = session.request({ ':path': '/never' }).on('error', () => {});
    await until(() => registry.getSampleValue('http_requests_in_flight', { method: 'GET' }) === 1);
    given.close(constants.NGHTTP2_CANCEL);
    await until(() => counted(registry, '/never', 499) === 1);
    session.close();
    await two.close();

    expect(counted(registry, '/late')).toBe(1);
    expect(registry.getSampleValue('http_requests_in_flight', { method: 'GET' })).toBe(0);
  });

  it('answers at another path if told to', async () => {
    app.register(metricsPlugin, { ...options(), path: '/internal/metrics' });

    expect((await app.inject('/internal/metrics')).statusCode).toBe(200);
    expect((await app.inject('/metrics')).statusCode).toBe(404);
  });

  it('only measures if told to', async () => {
    app.register(metricsPlugin, { ...options(), path: false });

    expect((await app.inject('/metrics')).statusCode).toBe(404);
    expect(counted(registry, 'unmatched', 404)).toBe(1);
  });

  it('takes the metrics about the process out of the registry when the app is closed', async () => {
    app.register(metricsPlugin, { registry });
    await app.ready();
    const before = registry.get('process_open_fds');
    await app.close();

    expect([before === undefined, registry.get('process_open_fds')]).toEqual([false, undefined]);
  });

  it.each([
    { path: 'metrics' },
    { path: 5n },
    { registry: null },
    { registry: {} },
    { defaultMetrics: 'x' },
    { registy: new Registry() },
  ])('refuses %p when the app gets ready', async (bad) => {
    app.register(metricsPlugin, { ...options(), ...bad } as HttpMetricsOptions);

    await expect(app.ready()).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});
