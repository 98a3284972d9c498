import { resolve } from 'node:path';
import fastify from 'fastify';
import { defaultRegistry, Registry } from '@prometer/core';
import { ask, until } from '../../http/test/client.ts';
import { Leftovers, seriesIn } from '../../http/test/leftovers.ts';
import { runProgram } from '../../http/test/run-program.ts';
import { metricsPlugin } from '../src/index.ts';
import { listening } from './listening.ts';

describe('A program with the plugin', () => {
  it('ends when its app is closed', async () => {
    const program = `
      import fastify from 'fastify';
      import { metricsPlugin } from '@prometer/fastify';
      const app = fastify();
      app.register(metricsPlugin);
      const response = await fetch((await app.listen({ port: 0 })) + '/metrics', { headers: { connection: 'close' } });
      console.log(response.status, (await response.text()).includes('process_cpu_seconds_total'));
      await app.close();
    `;

    expect(await runProgram(resolve(__dirname, '..'), program)).toEqual({ code: 0, signal: null, out: '200 true\n' });
  }, 15_000);
});

describe('Apps that come and go', () => {
  it('leave no listener, timer or series behind', async () => {
    const openAndClose = async (): Promise<void> => {
      const app = fastify({ forceCloseConnections: true });
      app.register(metricsPlugin);
      app.get('/users/:id', () => 'somebody');
      const { port, close } = await listening(app);
      await ask(port, '/users/1');
      await close();
    };
    const left = new Leftovers();
    await openAndClose();
    const before = [left.listeners, await seriesIn(defaultRegistry)];
    for (let i = 0; i < 100; i++) await Promise.all(Array.from({ length: 10 }, openAndClose));
    await until(() => left.timers < 50);
    const after = [left.listeners, await seriesIn(defaultRegistry)];
    left.stop();

    expect(after).toEqual(before);
    expect(left.warnings).toEqual([]);
    expect(
      defaultRegistry.getSampleValue('http_requests_total', { method: 'GET', route: '/users/:id', status_code: 200 }),
    ).toBe(1001);
  }, 60_000);

  it('take the metrics about the process out of the registry with the last of them', async () => {
    const registry = new Registry();
    const apps = [fastify(), fastify()];
    for (const app of apps) await app.register(metricsPlugin, { registry });
    const held: boolean[] = [];
    for (const app of apps) {
      held.push(registry.get('process_start_time_seconds') !== undefined);
      await app.close();
    }

    expect([...held, registry.get('process_start_time_seconds') !== undefined]).toEqual([true, true, false]);
  });

  it('let go of their server', async () => {
    const app = fastify();
    const { emit } = app.server;
    app.register(metricsPlugin, { registry: new Registry() });
    await app.ready();
    const isWatched = app.server.emit !== emit;
    await app.close();

    expect([isWatched, app.server.emit === emit]).toEqual([true, true]);
  });

  it('take back what was begun when they do not get ready', async () => {
    const registry = new Registry();
    const app = fastify();
    app.get('/metrics', () => 'mine');
    app.register(metricsPlugin, { registry });
    await expect(app.ready()).rejects.toMatchObject({ name: 'MetricError' });
    await app.close();

    expect(registry.get('process_start_time_seconds')).toBeUndefined();
  });
});
