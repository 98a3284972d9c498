import express5, { type Request as Request5 } from 'express';
import express4, { type Request as Request4 } from 'express-4';
import { Registry } from '@prometer/core';
import { createMetricsMiddleware, measureAs, metricsMiddleware } from '../src/index.ts';

/** What matters here is that it compiles, or doesn't. */
describe('The types', () => {
  it('are those of a middleware of Express 4', () => {
    const app = express4();
    app.use(metricsMiddleware);
    app.use('/api', createMetricsMiddleware({ registry: new Registry() }), measureAs('api'));
    app.get('/users/:id', measureAs('users'), (request, response) => {
      // @ts-expect-error -- The types of the route are still there.
      response.send(request.params.id + request.params.name);
    });
    express4.Router().use(metricsMiddleware);

    expect(typeof app).toBe('function');
  });

  it('are those of a middleware of Express 5', () => {
    const app = express5();
    app.use(metricsMiddleware);
    app.use('/api', createMetricsMiddleware({ registry: new Registry() }), measureAs('api'));
    app.get('/users/:id', measureAs('users'), (request, response) => {
      // @ts-expect-error -- The types of the route are still there.
      response.send(request.params.id + request.params.name);
    });
    express5.Router().use(metricsMiddleware);

    expect(typeof app).toBe('function');
  });

  it('let functions have Express’ own request', () => {
    const five = createMetricsMiddleware({
      registry: new Registry(),
      labels: { host: (request: Request5) => request.hostname },
      ignore: (request: Request5) => request.path === '/health',
      exemplars: (request: Request5) => ({ trace_id: request.get('x-trace') ?? '' }),
    });
    const four = createMetricsMiddleware({
      registry: new Registry(),
      labels: { host: (request: Request4) => request.hostname },
    });

    expect([typeof five, typeof four]).toEqual(['function', 'function']);
  });

  it('E6 know the labels of the metrics', () => {
    const { metrics } = createMetricsMiddleware({
      registry: new Registry(),
      labels: { tenant: (request) => request.headers['x-tenant'] as string },
      histogramLabels: ['method', 'tenant'],
    });
    metrics.requests.inc({ method: 'GET', route: '/', status_code: '200', tenant: 'acme' });
    // @ts-expect-error -- There is no such label.
    expect(() => metrics.requests.inc({ method: 'GET', route: '/', status_code: '200', user: 'x' })).toThrow(/user/);
    // @ts-expect-error -- One is missing.
    expect(() => metrics.requests.inc({ method: 'GET', route: '/', status_code: '200' })).toThrow(/tenant/);

    expect(metrics.requests.get({ method: 'GET', route: '/', status_code: '200', tenant: 'acme' })).toBe(1);
  });

  it.each([
    // @ts-expect-error -- There is no such option.
    () => createMetricsMiddleware({ registy: new Registry() }),
    // @ts-expect-error -- A path is a text, or false.
    () => createMetricsMiddleware({ registry: new Registry(), path: true }),
    // @ts-expect-error -- There is no such naming.
    () => createMetricsMiddleware({ registry: new Registry(), naming: 'otel' }),
    // @ts-expect-error -- There is no such label.
    () => createMetricsMiddleware({ registry: new Registry(), histogramLabels: ['tenant'] }),
    // @ts-expect-error -- A label is read by a function.
    () => createMetricsMiddleware({ registry: new Registry(), labels: { tenant: 'acme' } }),
    // @ts-expect-error -- A route has a name, or isn't measured.
    () => measureAs(true),
  ])('refuse what is refused when it runs: %p', (make) => {
    expect(make).toThrow(expect.objectContaining({ name: 'MetricError' }));
  });
});
