import fastify from 'fastify';
import { defaultRegistry, Registry } from '@prometer/core';
import { until } from '../../http/test/client.ts';
import asDefault, { metricsPlugin } from '../src/index.ts';
import { apps } from './measured-app.ts';

const counted = (registry: Registry, route: string, status = 200): number | undefined =>
  registry.getSampleValue('http_requests_total', { method: 'GET', route, status_code: status });

describe('metricsPlugin', () => {
  const { make, listen, options, registry } = apps();

  it('is the default export too', () => {
    expect(asDefault).toBe(metricsPlugin);
  });

  it('measures into the default registry, with metrics about the process, and answers GET /metrics', async () => {
    const app = make();
    app.register(metricsPlugin);
    app.get('/', () => 'Hello');
    const client = await listen(app);
    await client.ask('/');
    await until(() => counted(defaultRegistry, '/') === 1);
    const { body } = await client.ask('/metrics');

    expect(body).toContain('http_requests_total{method="GET",route="/",status_code="200"} 1\n');
    expect(body).toContain('\nprocess_cpu_seconds_total ');
  });

  it('W4 measures the routes before and after it, and those of plugins, when it is not awaited', async () => {
    const app = make();
    app.get('/before', () => '');
    app.register(async (child) => void child.get('/child', () => ''), { prefix: '/first' });
    app.register(metricsPlugin, options());
    app.get('/after', () => '');
    app.register(async (child) => void child.get('/child', () => ''), { prefix: '/last' });
    const routes = ['/before', '/first/child', '/after', '/last/child'];
    for (const route of routes) await app.inject(route);

    expect(routes.map((route) => counted(registry(), route))).toEqual([1, 1, 1, 1]);
  });

  it('W5 measures a route declared before it is awaited', async () => {
    const app = make();
    app.get('/before', () => '');
    await app.register(metricsPlugin, options());
    await app.inject('/before');

    expect(counted(registry(), '/before')).toBe(1);
  });

  it('W6 measures only its own scope in a plugin with one, and is served under its prefix', async () => {
    const app = make();
    app.get('/outside', () => '');
    app.register(
      async (child) => {
        child.register(metricsPlugin, options());
        child.get('/inside', () => '');
      },
      { prefix: '/child' },
    );
    const client = await listen(app);
    const statuses: number[] = [];
    for (const path of ['/outside', '/child/inside', '/nowhere', '/%E0%A4%A', '/child/metrics', '/metrics'])
      statuses.push((await client.ask(path)).status);

    expect(statuses).toEqual([200, 200, 404, 400, 200, 404]);
    expect(await client.counted(1)).toEqual({ 'GET /child/inside 200': 1 });
  });

  it('W6 counts a request once that the app and a scope in it both measure into one registry', async () => {
    const app = make();
    app.register(metricsPlugin, options());
    app.register(
      async (child) => {
        child.register(metricsPlugin, options());
        child.get('/inside', () => '');
      },
      { prefix: '/child' },
    );
    const client = await listen(app);
    await client.ask('/child/inside');

    expect(await client.counted(1)).toEqual({ 'GET /child/inside 200': 1 });
    expect([(await client.ask('/metrics')).status, (await client.ask('/child/metrics')).status]).toEqual([200, 200]);
    expect(client.inFlight()).toBe(0);
  });

  it('W6 counts a request in both registries that the app and a scope in it measure', async () => {
    const ofChild = new Registry();
    const app = make();
    app.register(metricsPlugin, options());
    app.register(
      async (child) => {
        child.register(metricsPlugin, { registry: ofChild, defaultMetrics: false });
        child.get('/inside', () => '');
      },
      { prefix: '/child' },
    );
    await app.inject('/child/inside');
    await app.inject('/child/metrics');

    expect([counted(registry(), '/child/inside'), counted(ofChild, '/child/inside')]).toEqual([1, 1]);
    expect(await registry().metrics()).not.toContain('route="/child/metrics"');
  });

  it('W7 takes a request by inject for an answered one', async () => {
    const app = make();
    app.register(metricsPlugin, options());
    app.get('/users/:id', () => '');
    await app.inject('/users/1');

    expect(counted(registry(), '/users/:id')).toBe(1);
    expect(await registry().metrics()).not.toContain('http_request_aborts_total{');
    expect(registry().getSampleValue('http_requests_in_flight', { method: 'GET' })).toBe(0);
  });

  it('counts a request once when it is registered twice in a child with a prefix', async () => {
    const app = make();
    app.register(
      async (child) => {
        child.register(metricsPlugin, options());
        child.register(metricsPlugin, options());
        child.get('/x', () => '');
      },
      { prefix: '/child' },
    );
    await app.inject('/child/x');

    expect(counted(registry(), '/child/x')).toBe(1);
    expect((await app.inject('/child/metrics')).statusCode).toBe(200);
  });

  it('shows the app where its metrics are', async () => {
    const app = make();
    app.register(metricsPlugin, options());
    await app.ready();

    expect(app.metrics.registry).toBe(registry());
  });

  it('shows a child scope with a registry of its own where its metrics are', async () => {
    const ofChild = new Registry();
    let hasOwn = false;
    const app = make();
    app.register(metricsPlugin, options());
    app.register(
      async (child) => {
        await child.register(metricsPlugin, { registry: ofChild, defaultMetrics: false });
        hasOwn = child.metrics.registry === ofChild;
      },
      { prefix: '/child' },
    );
    await app.ready();

    expect([hasOwn, app.metrics.registry === registry()]).toEqual([true, true]);
  });

  it.each([null, { registry: 'mine' }])('leaves a decorator %p of the app alone', async (mine) => {
    const app = make();
    app.decorate('metrics', mine as never);
    app.register(metricsPlugin, options());
    app.register(async (child) => void child.register(metricsPlugin, options()), { prefix: '/child' });
    app.get('/', () => '');
    await app.inject('/');

    expect(app.metrics).toBe(mine);
    expect(counted(registry(), '/')).toBe(1);
    expect((await app.inject('/metrics')).statusCode).toBe(200);
  });

  it.each(['/a%20b', '/x:y', '/mé', '/metrics;v=1'])('serves the metrics at the path %p', async (path) => {
    const app = make();
    app.register(metricsPlugin, { ...options(), path });
    const client = await listen(app);

    expect((await client.ask(encodeURI(decodeURI(path)))).status).toBe(200);
    expect((await client.ask(`${path[0]}xzy`)).status).toBe(404);
  });

  it('refuses a path with a wildcard', async () => {
    const app = fastify();
    app.register(metricsPlugin, { ...options(), path: '/metrics/*' });

    await expect(app.ready()).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: 'The option "path" is "/metrics/*", in which Fastify takes * for any text: give a path without it.',
    });
  });

  it.each(['GET', 'POST'])('says what to do when the app has a %s route where the metrics are', async (method) => {
    const app = fastify();
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
    const app = fastify();
    app.register(metricsPlugin, options());
    app.register(metricsPlugin, { registry: new Registry(), defaultMetrics: false });

    await expect(app.ready()).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('takes what Fastify is told together with its own options', async () => {
    const app = make();
    app.register(metricsPlugin, { ...options(), logLevel: 'warn', prefix: '' });

    await expect(app.ready()).resolves.toBe(app);
  });

  it.each([
    ['/internal', undefined, '"/internal/metrics"'],
    ['/internal', '/m', '"/internal/m"'],
  ])('refuses the prefix %p, of which Fastify would do nothing', async (prefix, path, meant) => {
    const app = fastify();
    app.register(metricsPlugin, { ...options(), path, prefix });

    await expect(app.ready()).rejects.toMatchObject({
      name: 'MetricError',
      code: 'INVALID_OPTION',
      message: `The option "prefix" is '/internal', but the plugin is no scope of its own: give the option "path", such as ${meant}, or register it in a scope with that prefix.`,
    });
  });

  it.each([
    ['a Registry', () => new Registry(), /: give \{ registry \}, or leave them out\.$/],
    ['a list', () => [], /^The options of HTTP metrics are \[\]: give a plain object/],
    ['a Map', () => new Map(), /^The options of HTTP metrics are Map\(0\) \{\}: give a plain object/],
  ])('refuses %s as options', async (_what, given, message) => {
    const app = fastify();
    app.register(metricsPlugin, given() as never);

    await expect(app.ready()).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(message),
    });
  });

  const nobody = (): boolean => false;

  it.each([
    ['only the second', undefined, nobody],
    ['only the first', nobody, undefined],
    ['both, differently', () => true, nobody],
  ])('refuses to serve one registry twice at one path when %s of them has authorize', async (_which, first, second) => {
    const app = fastify();
    app.register(metricsPlugin, { ...options(), authorize: first });
    app.register(metricsPlugin, { ...options(), authorize: second });

    await expect(app.ready()).rejects.toMatchObject({
      name: 'MetricError',
      code: 'INVALID_OPTION',
      message:
        'The metrics at /metrics are served already, with another option "authorize". Give both registrations the very same function, or one of them another "path", or false for none.',
    });
  });

  it('serves one registry once for two registrations that agree on authorize', async () => {
    const app = make();
    for (let i = 0; i < 2; i++) app.register(metricsPlugin, { ...options(), authorize: nobody });
    const client = await listen(app);

    expect((await client.ask('/metrics')).status).toBe(401);
  });

  it('refuses labels of two registrations that differ, and says so', async () => {
    const app = fastify();
    app.register(metricsPlugin, { ...options(), labels: { tenant: () => 'a' } });
    app.register(async (child) => void child.register(metricsPlugin, options()), { prefix: '/child' });

    await expect(app.ready()).rejects.toMatchObject({ name: 'MetricError' });
  });
});
