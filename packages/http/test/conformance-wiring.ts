import { once } from 'node:events';
import { Agent, get } from 'node:http';
import type { Socket } from 'node:net';
import { MetricError, Registry } from '@prometer/core';
import { until } from './client.ts';
import { instrumentServer } from '../src/index.ts';
import type { Framework } from './framework.ts';
import { startsApps } from './measured-app.ts';

/** However the metrics are installed, each request is counted once where it should be. */
export function isWired(framework: Framework): void {
  describe('as it is installed', () => {
    const start = startsApps(framework);

    it('W1 counts a request once when it is installed twice on one app', async () => {
      const registry = new Registry();
      const app = await start({ registry }, { registry });
      await app.ask('/users/1');

      expect(await app.counted(1)).toEqual({ 'GET /users/:id 200': 1 });
      expect((await app.ask('/metrics')).body).toContain('http_requests_total{');
      expect(app.inFlight()).toBe(0);
    });

    it('W1 counts a request in both registries when it is installed twice with two', async () => {
      const second = new Registry();
      const app = await start({}, { registry: second, path: '/second' });
      await app.ask('/users/1');
      await app.counted(1);

      expect(await second.metrics()).toContain(
        '\nhttp_requests_total{method="GET",route="/users/:id",status_code="200"} 1\n',
      );
    });

    it('W1 counts a request once, with its route, beside what measures the server itself', async () => {
      const registry = new Registry();
      const app = await start({ registry });
      const ofServer = instrumentServer(app.fixture.server, { registry, defaultMetrics: false });
      for (const path of ['/users/1', '/metrics', '/health', '/named/1', '/nowhere']) await app.ask(path);
      const counts = await app.counted(3);
      ofServer.close();

      expect(counts).toEqual({ 'GET /users/:id 200': 1, 'GET a name 200': 1, 'GET unmatched 404': 1 });
      expect(app.inFlight()).toBe(0);
    });

    it('W1 M7 does not count scrapes at either of two paths of one registry', async () => {
      const registry = new Registry();
      const app = await start({ registry, path: '/one' }, { registry, path: '/other' });
      const statuses: number[] = [];
      for (const path of ['/one', '/other', '/users/1']) statuses.push((await app.ask(path)).status);

      expect(statuses).toEqual([200, 200, 200]);
      expect(await app.counted(1)).toEqual({ 'GET /users/:id 200': 1 });
      expect(app.inFlight()).toBe(0);
    });

    it('W1 M7 does not count scrapes beside what measures the server itself and serves nothing', async () => {
      const registry = new Registry();
      const app = await start({ registry, path: '/m' });
      const ofServer = instrumentServer(app.fixture.server, { registry, defaultMetrics: false, path: false });
      const { status } = await app.ask('/m');
      await app.ask('/users/1');
      const counts = await app.counted(1);
      ofServer.close();

      expect(status).toBe(200);
      expect(counts).toEqual({ 'GET /users/:id 200': 1 });
      expect(app.inFlight()).toBe(0);
    });

    it('W2 counts the requests of two apps in one registry together', async () => {
      const registry = new Registry();
      const [one, other] = [await start({ registry }), await start({ registry })];
      await one.ask('/users/1');
      await other.ask('/users/2');

      expect(await one.counted(2)).toEqual({ 'GET /users/:id 200': 2 });
    });

    it('W2 refuses two apps in one registry whose labels differ', async () => {
      const registry = new Registry();
      await start({ registry });

      await expect(start({ registry, labels: { tenant: () => 'acme' } })).rejects.toThrow(MetricError);
    });

    it('W3 keeps the requests of two apps in two registries apart', async () => {
      const [one, other] = [await start(), await start()];
      await one.ask('/users/1');
      await other.ask('/slow');

      expect(await one.counted(1)).toEqual({ 'GET /users/:id 200': 1 });
      expect(await other.counted(1)).toEqual({ 'GET /slow 200': 1 });
      expect((await one.ask('/metrics')).body).not.toContain('/slow');
    });

    it('does not make Node.js warn of many listeners when many requests wait on one connection', async () => {
      const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
      const app = await start();
      const requests = 'GET /slow HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(30);
      await app.leave(requests, () => until(() => app.inFlight() === 30));
      const counts = await app.counted(30);
      const warnings = emitWarning.mock.calls;
      emitWarning.mockRestore();

      expect(counts).toEqual({ 'GET /slow 499': 30 });
      expect(warnings).toEqual([]);
    });

    it('leaves no listener on a connection that is kept', async () => {
      const app = await start();
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const sockets: Socket[] = [];
      app.fixture.server.on('connection', (socket: Socket) => sockets.push(socket));
      const askOnce = async (): Promise<number[]> => {
        const [response] = await once(
          get({ port: app.fixture.port, host: '127.0.0.1', path: '/users/1', agent }),
          'response',
        );
        await once(response.resume(), 'end');
        return sockets.flatMap((socket) => socket.eventNames().map((name) => socket.listenerCount(name)));
      };
      await askOnce();
      const before = await askOnce();
      for (let i = 0; i < 50; i++) await askOnce();
      const after = await askOnce();
      agent.destroy();

      expect(sockets).toHaveLength(1);
      expect(after).toEqual(before);
    });
  });
}
