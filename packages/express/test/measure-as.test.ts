import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Registry } from '@prometer/core';
import { instrumentServer } from '@prometer/http';
import { ask, until } from '../../http/test/client.ts';
import { MeasuredApp } from '../../http/test/measured-app.ts';
import { createMetricsMiddleware, measureAs } from '../src/index.ts';
import { serve } from '../../http/test/fixture-parts.ts';
import { versions, type Express } from './fixture.ts';

const answer = (_request: unknown, response: { end(text: string): unknown }): void => void response.end('An answer');

describe.each(versions)('measureAs, in $name,', ({ express }) => {
  let client: MeasuredApp;

  async function start(build: (app: ReturnType<Express>, options: { registry: Registry }) => void): Promise<void> {
    const options = { registry: new Registry(), defaultMetrics: false };
    const app = express();
    build(app, options);
    client = new MeasuredApp(options.registry, await serve(app));
  }

  afterEach(() => client.fixture.close());

  it('names a route', async () => {
    await start((app, options) => {
      app.use(createMetricsMiddleware(options));
      app.get('/users/:id', measureAs('users'), answer);
    });
    await client.ask('/users/1');

    expect(await client.counted(1)).toEqual({ 'GET users 200': 1 });
  });

  it('names all that passes through a mount, also what nothing answers', async () => {
    await start((app, options) => {
      app.use(createMetricsMiddleware(options));
      const router = express.Router();
      router.get('/:name', answer);
      app.use('/assets', measureAs('assets'), router);
    });
    await client.askAll(['/assets/a.js', '/assets/b/c.js']);

    expect(await client.counted(2)).toEqual({ 'GET assets 200': 1, 'GET assets 404': 1 });
  });

  it('names by the last of several', async () => {
    await start((app, options) => {
      app.use(createMetricsMiddleware(options));
      app.use('/users', measureAs('everything about users'));
      app.get('/users/:id', measureAs('a user'), answer);
    });
    await client.ask('/users/1');

    expect(await client.counted(1)).toEqual({ 'GET a user 200': 1 });
  });

  it('names though it comes before the metrics', async () => {
    await start((app, options) => {
      app.use('/users', measureAs('users'));
      app.use(createMetricsMiddleware(options));
      app.get('/users/:id', answer);
    });
    await client.ask('/users/1');

    expect(await client.counted(1)).toEqual({ 'GET users 200': 1 });
  });

  it('takes a route out of the metrics, also out of those in flight', async () => {
    await start((app, options) => {
      app.use(createMetricsMiddleware(options));
      app.get('/never', measureAs(false), () => {});
      app.get('/health', measureAs(false), answer);
      app.get('/users/:id', answer);
    });
    await client.leave('GET /never HTTP/1.1\r\nHost: x\r\n\r\n', async () => {
      await until(() => client.inFlight() === 0);
      await client.ask('/health');
      expect(client.inFlight()).toBe(0);
    });
    await client.ask('/users/1');

    expect(await client.counted(1)).toEqual({ 'GET /users/:id 200': 1 });
    expect(await client.lines('http_request_aborts_total')).toEqual([]);
  });

  it('takes a route out of all that measures it, before and after', async () => {
    const [second, third] = [new Registry(), new Registry()];
    await start((app, options) => {
      app.use(createMetricsMiddleware(options));
      app.use(createMetricsMiddleware({ registry: second, defaultMetrics: false, path: false }));
      app.use('/health', measureAs(false), measureAs('a name, too late'));
      app.use(createMetricsMiddleware({ registry: third, defaultMetrics: false, path: false }));
      app.get('/health', answer);
      app.get('/users/:id', answer);
    });
    await client.askAll(['/health', '/users/1']);

    expect(await client.counted(1)).toEqual({ 'GET /users/:id 200': 1 });
    expect(await second.metrics()).not.toMatch(/health|late/);
    expect(await third.metrics()).not.toMatch(/health|late/);
    expect(await third.metrics()).toContain('route="/users/:id"');
  });

  it('takes a route out that the server itself is measured for, though it comes before the metrics', async () => {
    const registry = new Registry();
    const options = { registry, defaultMetrics: false };
    const app = express();
    app.use('/health', measureAs(false));
    app.use(createMetricsMiddleware(options));
    app.get(['/health', '/users/:id'], answer);
    client = new MeasuredApp(registry, await serve(app));
    instrumentServer(client.fixture.server, options);
    await client.ask('/health');
    await client.ask('/users/1');
    await client.countedTotal(1);

    expect(Object.values(await client.counts())).toEqual([1]);
  });

  it('does nothing where nothing is measured', async () => {
    await start((app) => app.get('/users/:id', measureAs('users'), answer));

    expect((await client.ask('/users/1')).body).toBe('An answer');
  });
});

describe('measureAs', () => {
  it('works in a plain server too', async () => {
    const registry = new Registry();
    const measure = createMetricsMiddleware({ registry, defaultMetrics: false });
    const named = measureAs('a name');
    const server = createServer((request, response) =>
      measure(request, response, () => named(request, response, () => response.end())),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await ask((server.address() as AddressInfo).port, '/');
    server.close();

    expect(await registry.metrics()).toContain(
      'http_requests_total{method="GET",route="a name",status_code="200"} 1\n',
    );
  });

  it.each([
    ['', 'an empty name'],
    [true, 'a value of type boolean'],
    [undefined, 'a value of type undefined'],
    [null, 'a value of type object'],
    [/x/, 'a value of type object'],
    [Symbol('x'), 'a value of type symbol'],
  ])('refuses %p', (name, given) => {
    expect(() => measureAs(name as string)).toThrow(
      expect.objectContaining({
        name: 'MetricError',
        code: 'INVALID_OPTION',
        message: `A route can't be measured as ${given}: give a name, or false to leave it out.`,
      }),
    );
  });
});
