import { Registry } from '@prometer/core';
import { ask } from '../../http/test/client.ts';
import { createMetricsMiddleware } from '../src/index.ts';
import { serve, versions } from './fixture.ts';

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

  it('may be another one for each of two registries', async () => {
    const app = express();
    app.use(createMetricsMiddleware(options()), createMetricsMiddleware({ ...options(), path: '/other' }));
    const fixture = await serve(app);
    const statuses = [(await ask(fixture.port, '/metrics')).status, (await ask(fixture.port, '/other')).status];
    await fixture.close();

    expect(statuses).toEqual([200, 200]);
  });
});
