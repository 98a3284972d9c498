import fastify, { type FastifyInstance } from 'fastify';
import { defaultRegistry, Registry } from '@prometer/core';
import { ask, until } from '../../http/test/client.ts';
import asDefault, { metricsPlugin } from '../src/index.ts';

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

  it('refuses options that can’t work when the app gets ready', async () => {
    app.register(metricsPlugin, { ...options(), path: 'metrics' });

    await expect(app.ready()).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});
