import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { Registry } from '@prometer/core';
import { startHttpServer, type MetricsServer } from '../src/index.ts';
import { ask } from './client.ts';

describe('startHttpServer', () => {
  const registry = new Registry();
  registry.gauge({ name: 'g', help: '' }).set(1);
  let server: MetricsServer | undefined;

  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  it('serves the metrics at a free port and tells which', async () => {
    server = await startHttpServer({ port: 0, registry });

    expect(server.port).toBeGreaterThan(0);
    expect(server.url).toBe(`http://localhost:${server.port}/metrics`);
    expect((await ask(server.port, '/metrics')).body).toBe('# HELP g \n# TYPE g gauge\ng 1\n');
  });

  it('takes a port alone', async () => {
    const { port } = await startHttpServer({ port: 0, registry }).then(async (first) => {
      await first.close();
      return first;
    });
    server = await startHttpServer(port);

    expect(server.port).toBe(port);
    expect((await ask(port, '/metrics')).status).toBe(200);
  });

  it('serves the metrics at another path', async () => {
    server = await startHttpServer({ port: 0, registry, path: '/internal' });

    expect(server.url).toBe(`http://localhost:${server.port}/internal`);
    expect((await ask(server.port, '/internal?x=1')).status).toBe(200);
  });

  it('says at any other path where the metrics are', async () => {
    server = await startHttpServer({ port: 0, registry });

    expect(await ask(server.port, '/metricsx')).toMatchObject({
      status: 404,
      body: 'Nothing is here. The metrics are at /metrics.\n',
    });
  });

  it('listens at one address if it is told to', async () => {
    server = await startHttpServer({ port: 0, host: '127.0.0.2', registry });

    expect(server.url).toBe(`http://127.0.0.2:${server.port}/metrics`);
    await expect(ask(server.port, '/metrics')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('says that a port is in use, and what to do', async () => {
    server = await startHttpServer({ port: 0, registry });

    await expect(startHttpServer(server.port)).rejects.toMatchObject({
      code: 'EADDRINUSE',
      message: expect.stringMatching(`^The port ${server.port} is in use: choose another one, or 0 for any free one`),
    });
  });

  it('refuses a path that no request can ask for', async () => {
    await expect(startHttpServer({ port: 0, path: 'metrics' })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('closes without waiting for idle connections, and once more without harm', async () => {
    server = await startHttpServer({ port: 0, registry });
    const socket: Socket = connect(server.port, '127.0.0.1');
    socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n');
    await once(socket, 'data');
    await Promise.all([server.close(), server.close(), once(socket.resume(), 'close')]);

    await expect(ask(server.port, '/metrics')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
