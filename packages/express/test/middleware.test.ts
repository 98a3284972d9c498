import { once } from 'node:events';
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { Socket, type AddressInfo } from 'node:net';
import { defaultRegistry, Registry } from '@prometer/core';
import { bearerAuth, type HttpMetricsOptions } from '@prometer/http';
import { ask, until } from '../../http/test/client.ts';
import { createMetricsMiddleware, metricsMiddleware, type Middleware } from '../src/index.ts';
import { serve } from '../../http/test/fixture-parts.ts';
import { warningsOf } from '../../http/test/warnings.ts';
import { versions, type Version } from './fixture.ts';

const { express } = versions.at(-1) as Version;

const requests = (registry: Registry): number | undefined =>
  registry.getSampleValue('http_requests_total', { method: 'GET', route: '/', status_code: 200 });

function app(...middlewares: Middleware[]): ReturnType<typeof express> {
  const made = express();
  for (const middleware of middlewares) made.use(middleware);
  made.get('/', (_request, response) => void response.send('Hello'));
  return made;
}

describe('metricsMiddleware', () => {
  it('measures into the default registry, with metrics about the process, and answers GET /metrics', async () => {
    const fixture = await serve(app(metricsMiddleware));
    await ask(fixture.port, '/');
    await until(() => requests(defaultRegistry) === 1);
    const { body } = await ask(fixture.port, '/metrics');
    await fixture.close();

    expect(body).toContain('http_requests_total{method="GET",route="/",status_code="200"} 1\n');
    expect(body).toContain('\nprocess_cpu_seconds_total ');
  });
});

describe('metricsMiddleware', () => {
  it('says what to do when it is called where it should be given', () => {
    const call = metricsMiddleware as unknown as () => void;
    const message =
      'metricsMiddleware is a middleware already: give it to app.use as it is. For options there is createMetricsMiddleware(options).';

    expect(() => call()).toThrow(expect.objectContaining({ name: 'MetricError', code: 'INVALID_OPTION', message }));
  });
});

describe('createMetricsMiddleware', () => {
  it('says what to do when it is given where it should be called', () => {
    const request = new IncomingMessage(new Socket());
    const middleware = createMetricsMiddleware as unknown as Middleware;
    const message =
      'createMetricsMiddleware was given to app.use itself: call it, as in app.use(createMetricsMiddleware()), or use metricsMiddleware.';

    expect(() => middleware(request, new ServerResponse(request), () => {})).toThrow(
      expect.objectContaining({ name: 'MetricError', code: 'INVALID_OPTION', message }),
    );
  });

  describe('with "authorize", after another one', () => {
    const authorize = bearerAuth('token');
    const warning = {
      code: 'PROMETER_NOT_PRIVATE',
      message:
        'The metrics at /metrics are shown by an earlier middleware, which has another "authorize" or none: take that one out, or give it path: false.',
    };

    it.each<[string, HttpMetricsOptions, HttpMetricsOptions, string, boolean]>([
      ['that shows them to all', {}, { authorize }, '/', true],
      ['that shows them to others', { authorize: () => true }, { authorize }, '/', true],
      ['that shows them to the same', { authorize }, { authorize }, '/', false],
      ['that shows them nowhere', { path: false }, { authorize }, '/', false],
      ['that shows them elsewhere', { path: '/other' }, { authorize }, '/', false],
      ['that shows them at the root, itself in a mount', {}, { authorize }, '/mount', false],
      ['and without one', { authorize }, {}, '/', false],
      ['and shows them nowhere itself', {}, { authorize, path: false }, '/', false],
    ])('%s', async (_what, first, second, mount, isWarnedOf) => {
      const registry = new Registry();
      const [before, after] = [first, second].map((options) =>
        createMetricsMiddleware({ registry, defaultMetrics: false, ...options }),
      ) as unknown as [Middleware, Middleware];
      const made = express();
      made.use(before);
      made.use(mount, after);
      made.use((_request, response) => void response.send('Hello'));
      const { warnings } = await warningsOf(async () => {
        const fixture = await serve(made);
        for (let i = 0; i < 2; i++) await ask(fixture.port, mount);
        await fixture.close();
      });

      expect(warnings).toEqual(isWarnedOf ? [warning] : []);
    });
  });

  it('leaves out what the app answers before it, also once it knows the routers', async () => {
    const registry = new Registry();
    const made = express();
    made.use('/early', (_request, response, next) => (response.headersSent ? undefined : next()));
    made.get('/early/route', (_request, response) => void response.send('Hello'));
    made.use(createMetricsMiddleware({ registry, defaultMetrics: false }));
    made.get('/', (_request, response) => void response.send('Hello'));
    const fixture = await serve(made);
    for (const path of ['/early/route', '/', '/early/route']) await ask(fixture.port, path);
    await until(() => requests(registry) === 1);
    const [counted] = (await registry.gather()).filter(({ name }) => name === 'http_requests');
    await fixture.close();

    expect(counted?.series.map(({ labels }) => labels)).toEqual([{ method: 'GET', route: '/', status_code: '200' }]);
  });

  it('leaves out what a route with several paths answers before it', async () => {
    const registry = new Registry();
    const app = express();
    app.get(['/early', '/first'], (_request, response) => void response.send('Early'));
    app.use(createMetricsMiddleware({ registry, defaultMetrics: false }));
    app.get('/', (_request, response) => void response.send('Hello'));
    const fixture = await serve(app);
    const bodies = [];
    for (const path of ['/', '/first']) bodies.push((await ask(fixture.port, path)).body);
    await fixture.close();

    expect(bodies).toEqual(['Hello', 'Early']);
    expect((await registry.metrics()).match(/^http_requests_total.*/gm)).toEqual([
      'http_requests_total{method="GET",route="/",status_code="200"} 1',
    ]);
  });

  it('leaves alone another app, whose routers it watches with those of its own', async () => {
    const other = express();
    other.get(['/first', '/second'], (_request, response) => void response.send('Other'));
    const measured = express();
    measured.use(createMetricsMiddleware({ registry: new Registry(), defaultMetrics: false }));
    const [fixture, unmeasured] = [await serve(measured), await serve(other)];
    await ask(fixture.port, '/');
    const { status, body } = await ask(unmeasured.port, '/second');
    await Promise.all([fixture.close(), unmeasured.close()]);

    expect([status, body]).toEqual([200, 'Other']);
  });

  it('measures a request that comes from no server', async () => {
    const registry = new Registry();
    const middleware = createMetricsMiddleware({ registry, defaultMetrics: false });
    const fixture = await serve(app(middleware));
    await ask(fixture.port, '/');
    await fixture.close();
    const request = Object.assign(new IncomingMessage(new Socket()), { method: 'GET', url: '/alone' });
    const response = new ServerResponse(request);
    let passed = 0;
    middleware(request, response, () => passed++);
    response.emit('close');
    const samples = await registry.metrics({ names: ['http_requests'] });

    expect(passed).toBe(1);
    expect(samples).toContain('http_requests_total{method="GET",route="/",status_code="200"} 1\n');
    expect(samples.match(/^http_requests_total/gm)).toHaveLength(2);
  });

  it('counts a request in each of two registries when both measure one app', async () => {
    const [first, second] = [new Registry(), new Registry()];
    const middlewares = [first, second, first].map((registry) =>
      createMetricsMiddleware({ registry, defaultMetrics: false }),
    );
    const fixture = await serve(app(...middlewares));
    await ask(fixture.port, '/');
    await fixture.close();

    expect([requests(first), requests(second)]).toEqual([1, 1]);
  });

  it('answers under the path it is mounted at', async () => {
    const registry = new Registry();
    const made = express();
    made.use('/internal', createMetricsMiddleware({ registry, defaultMetrics: false }));
    const fixture = await serve(made);
    const { status } = await ask(fixture.port, '/internal/metrics');
    await fixture.close();

    expect(status).toBe(200);
  });

  it('measures a plain server that has no routes', async () => {
    const registry = new Registry();
    const middleware = createMetricsMiddleware({ registry, defaultMetrics: false });
    const server = createServer((request, response) => middleware(request, response, () => response.end())).listen(0);
    await once(server, 'listening');
    const { status } = await ask((server.address() as AddressInfo).port, '/');
    server.close();

    expect(status).toBe(200);
    expect(
      registry.getSampleValue('http_requests_total', { method: 'GET', route: 'unmatched', status_code: 200 }),
    ).toBe(1);
  });

  it.each([
    ['no layers', []],
    ['layers of another kind', [{}]],
  ])('warns once of an Express whose routers have %s, and measures all the same', async (_what, stack) => {
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const registry = new Registry();
    const middleware = createMetricsMiddleware({ registry, defaultMetrics: false });
    const unknown = { router: { stack } };
    const server = createServer((request, response) => {
      Object.assign(request, { app: unknown, baseUrl: '' });
      middleware(request, response, () => response.end());
    }).listen(0);
    await once(server, 'listening');
    for (let i = 0; i < 2; i++) await ask((server.address() as AddressInfo).port, '/');
    server.close();
    const warnings = emitWarning.mock.calls.map(([, options]) => options);
    emitWarning.mockRestore();

    expect(warnings).toEqual([{ type: 'PrometerWarning', code: 'PROMETER_UNKNOWN_ROUTER' }]);
    expect(
      registry.getSampleValue('http_requests_total', { method: 'GET', route: 'unmatched', status_code: 200 }),
    ).toBe(2);
  });

  it.each([
    ['a Registry', () => new Registry(), /: give \{ registry \}, or leave them out\.$/],
    ['a list', () => [], /^The options of HTTP metrics are \[\]: give a plain object/],
    ['a Map', () => new Map(), /^The options of HTTP metrics are Map\(0\) \{\}: give a plain object/],
  ])('refuses %s as options', (_what, given, message) => {
    expect(() => createMetricsMiddleware(given() as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(message) }),
    );
  });

  it('refuses a registry in which a name is taken by something else', () => {
    const registry = new Registry();
    registry.counter({ name: 'http_requests', help: 'Requests', labelNames: ['path'] });

    expect(() => createMetricsMiddleware({ registry, defaultMetrics: false })).toThrow(
      expect.objectContaining({ code: 'DIFFERENT_DEFINITION' }),
    );
  });
});
