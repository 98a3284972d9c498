import { Registry } from '@prometer/core';
import { instrumentServer } from '@prometer/http';
import { ask } from '../../http/test/client.ts';
import { createMetricsMiddleware } from '../src/index.ts';
import { serve } from '../../http/test/fixture-parts.ts';
import { versions } from './fixture.ts';

/** A request that has been counted, or that is in flight. */
const COUNTED = /^http_requests_(total\{|in_flight\{.*[^0]$)/m;

describe.each(versions)('In $name, the path of the metrics', ({ express }) => {
  const options = (): { registry: Registry; defaultMetrics: false } => ({
    registry: new Registry(),
    defaultMetrics: false,
  });

  it('is the app’s where the app has a route there before the metrics', async () => {
    const app = express();
    app.get('/metrics', (_request, response) => void response.send('mine'));
    app.use(createMetricsMiddleware(options()));
    const fixture = await serve(app);
    const { body } = await ask(fixture.port, '/metrics');
    await fixture.close();

    expect(body).toBe('mine');
  });

  it('is the metrics’ where the app has a route there after them', async () => {
    const app = express();
    app.use(createMetricsMiddleware(options()));
    app.get('/metrics', (_request, response) => void response.send('mine'));
    const fixture = await serve(app);
    const { body } = await ask(fixture.port, '/metrics');
    await fixture.close();

    expect(body).toContain('# TYPE http_requests_total counter\n');
  });

  it('is not measured where an app and an app in it are measured into one registry', async () => {
    const given = options();
    const app = express();
    const admin = express();
    for (const each of [app, admin]) each.use(createMetricsMiddleware(given));
    app.use('/admin', admin);
    const fixture = await serve(app);
    const statuses = [(await ask(fixture.port, '/metrics')).status, (await ask(fixture.port, '/admin/metrics')).status];
    await fixture.close();

    expect(statuses).toEqual([200, 200]);
    expect(await given.registry.metrics()).not.toMatch(COUNTED);
  });

  it('is not measured into the other one of two registries that are served', async () => {
    const [first, second] = [options(), options()];
    const app = express();
    app.use(createMetricsMiddleware(first), createMetricsMiddleware({ ...second, path: '/other' }));
    const fixture = await serve(app);
    const { status } = await ask(fixture.port, '/other');
    await fixture.close();

    expect(status).toBe(200);
    expect(await first.registry.metrics()).not.toMatch(COUNTED);
  });

  it('is not measured where one registry is served at two paths', async () => {
    const given = options();
    const app = express();
    for (const path of ['/one', '/other']) app.use(createMetricsMiddleware({ ...given, path }));
    const fixture = await serve(app);
    const statuses = [(await ask(fixture.port, '/one')).status, (await ask(fixture.port, '/other')).status];
    await fixture.close();

    expect(statuses).toEqual([200, 200]);
    expect(await given.registry.metrics()).not.toMatch(COUNTED);
  });

  it('is not measured by what measures the server itself and serves nothing', async () => {
    const given = options();
    const app = express();
    app.use(createMetricsMiddleware({ ...given, path: '/m' }));
    const fixture = await serve(app);
    const ofServer = instrumentServer(fixture.server, { ...given, path: false });
    const { status } = await ask(fixture.port, '/m');
    ofServer.close();
    await fixture.close();

    expect(status).toBe(200);
    expect(await given.registry.metrics()).not.toMatch(COUNTED);
  });

  it('may be another one for each of two registries', async () => {
    const app = express();
    app.use(createMetricsMiddleware(options()), createMetricsMiddleware({ ...options(), path: '/other' }));
    const fixture = await serve(app);
    const statuses = [(await ask(fixture.port, '/metrics')).status, (await ask(fixture.port, '/other')).status];
    await fixture.close();

    expect(statuses).toEqual([200, 200]);
  });
});
