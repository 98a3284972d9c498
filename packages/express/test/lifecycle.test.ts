import { resolve } from 'node:path';
import { defaultRegistry, Registry } from '@prometer/core';
import express5 from 'express';
import { ask, until } from '../../http/test/client.ts';
import { Leftovers, seriesIn } from '../../http/test/leftovers.ts';
import { runProgram } from '../../http/test/run-program.ts';
import { createMetricsMiddleware, metricsMiddleware } from '../src/index.ts';
import { serve } from '../../http/test/fixture-parts.ts';
import { versions } from './fixture.ts';

describe.each(versions)('In $name, apps that come and go', ({ express }) => {
  it('leave no listener, timer or series behind', async () => {
    const openAndClose = async (): Promise<void> => {
      const app = express();
      app.use(metricsMiddleware, createMetricsMiddleware());
      app.get('/users/:id', (_request, response) => void response.send('somebody'));
      const fixture = await serve(app);
      await ask(fixture.port, '/users/1');
      await fixture.close();
    };
    const httpSeries = async (): Promise<[string, number][]> =>
      Object.entries(await seriesIn(defaultRegistry)).filter(([name]) => name.startsWith('http_'));
    const left = new Leftovers();
    await openAndClose();
    const before = [left.listeners, await httpSeries()];
    for (let i = 0; i < 100; i++) await Promise.all(Array.from({ length: 10 }, openAndClose));
    await until(() => left.timers < 50);
    const after = [left.listeners, await httpSeries()];
    left.stop();

    expect(after).toEqual(before);
    expect(left.warnings).toEqual([]);
    expect(
      defaultRegistry.getSampleValue('http_requests_total', { method: 'GET', route: '/users/:id', status_code: 200 }),
    ).toBeGreaterThanOrEqual(1001);
  }, 60_000);
});

describe('A program with a middleware', () => {
  it('ends when its server does', async () => {
    const program = `
      import express from 'express';
      import { metricsMiddleware } from '@prometer/express';
      const server = express().use(metricsMiddleware).listen(0, '127.0.0.1', async () => {
        const response = await fetch('http://127.0.0.1:' + server.address().port + '/metrics', { headers: { connection: 'close' } });
        console.log(response.status, (await response.text()).includes('process_cpu_seconds_total'));
        server.close();
      });
    `;

    expect(await runProgram(resolve(__dirname, '..'), program)).toEqual({ code: 0, signal: null, out: '200 true\n' });
  }, 15_000);
});

describe('createMetricsMiddleware', () => {
  it('ends what it began when its metrics are closed', async () => {
    const registry = new Registry();
    const { metrics } = createMetricsMiddleware({ registry });
    const before = registry.get('process_cpu_seconds');
    metrics.close();

    expect([before === undefined, registry.get('process_cpu_seconds')]).toEqual([false, undefined]);
  });

  it('lets go of a server for good when its metrics are closed, though requests go on coming there', async () => {
    const middleware = createMetricsMiddleware({ registry: new Registry(), defaultMetrics: false });
    const app = express5();
    app.use(middleware);
    app.get('/', (_request, response) => void response.send('Hello'));
    const fixture = await serve(app);
    const isWatched = (): boolean => Object.hasOwn(fixture.server, 'emit');
    const watched = [isWatched()];
    await ask(fixture.port, '/');
    watched.push(isWatched());
    middleware.metrics.close();
    watched.push(isWatched());
    const { body } = await ask(fixture.port, '/');
    watched.push(isWatched());
    await fixture.close();

    expect(body).toBe('Hello');
    expect(watched).toEqual([false, true, false, false]);
  });
});
