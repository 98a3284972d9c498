import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { Registry } from '@prometer/core';
import { bearerAuth, startHttpServer, type HttpServerOptions, type MetricsServer } from '../src/index.ts';
import { ask, leave, until } from './client.ts';

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
    expect((await ask(server.port, '/metrics?name[]=g')).body).toBe('# HELP g \n# TYPE g gauge\ng 1\n');
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

  it.each(['/', '/?x=1'])('shows at %s the way to the metrics', async (path) => {
    server = await startHttpServer({ port: 0, registry });
    const { status, headers, body } = await ask(server.port, path);

    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(body).toBe(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Metrics</title></head>
<body>
<h1>Metrics</h1>
<p><a href="./metrics">/metrics</a></p>
</body>
</html>
`);
  });

  it('shows there nothing of a path that could be taken for more', async () => {
    server = await startHttpServer({ port: 0, registry, path: `/"><script>'&amp;` });
    const { body } = await ask(server.port, '/');

    expect(body).toContain(
      '<a href="./&#34;&#62;&#60;script&#62;&#39;&#38;amp;">/&#34;&#62;&#60;script&#62;&#39;&#38;amp;</a>',
    );
  });

  it('shows the metrics there if that is their path', async () => {
    server = await startHttpServer({ port: 0, registry, path: '/' });

    expect((await ask(server.port, '/')).body).toContain('g 1\n');
    expect((await ask(server.port, '/metrics')).status).toBe(404);
  });

  it('answers HEAD there, and 405 to other methods', async () => {
    server = await startHttpServer({ port: 0, registry });

    expect(await ask(server.port, '/', 'HEAD')).toMatchObject({ status: 200, body: '' });
    expect(await ask(server.port, '/', 'POST')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
      body: 'This page is read with GET.\n',
    });
  });

  it.each(['/metrics', '/', '/elsewhere'])('shows nothing at %s who is not authorized', async (path) => {
    server = await startHttpServer({ port: 0, registry, authorize: bearerAuth('a-token') });
    const authorization = 'Bearer a-token';

    expect(await ask(server.port, path)).toMatchObject({ status: 401, body: 'Unauthorized\n' });
    expect((await ask(server.port, path, 'GET', { authorization })).status).not.toBe(401);
  });

  it('shows the metrics as it is told to', async () => {
    const counting = new Registry();
    counting.counter({ name: 'c', help: '' });
    server = await startHttpServer({ port: 0, registry: counting, created: true, openMetrics2: true });
    const accept = 'application/openmetrics-text;version=2.0.0';
    const { headers } = await ask(server.port, '/metrics', 'GET', { accept });

    expect(headers['content-type']).toContain('version=2.0.0');
    expect((await ask(server.port, '/metrics')).body).toContain('\nc_created ');
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

  it('takes a port that is text, as environment variables are', async () => {
    const { port } = await startHttpServer(0).then(async (first) => {
      await first.close();
      return first;
    });
    server = await startHttpServer(String(port));

    expect(server.port).toBe(port);
  });

  it.each([undefined, null, 'abc', '', '-1', '1e3', '70000', {}, NaN, -1, 70_000, 1.5, true, 5n, { port: 'x' }])(
    'refuses the port %p',
    async (where) => {
      await expect(startHttpServer(where as number)).rejects.toMatchObject({
        name: 'MetricError',
        code: 'INVALID_OPTION',
        message: expect.stringMatching(/^The port .+ is none: give a number from 0 to 65535; 0 takes any free one\.$/),
      });
    },
  );

  it.each([
    { registry: {} },
    { registry: null },
    { path: null },
    { path: false },
    { host: 5 },
    { host: '' },
    { prot: 8000 },
    { keepProcessAlive: 'yes' },
    { authorize: null },
    { timeoutSeconds: -1 },
    { created: 1 },
    { openMetrics2: 'x' },
  ])('refuses the options %p', async (options) => {
    await expect(startHttpServer({ port: 0, ...options } as HttpServerOptions)).rejects.toMatchObject({
      name: 'MetricError',
      code: 'INVALID_OPTION',
    });
  });

  it('sends a running answer before it has closed, and ends a connection that becomes idle by that', async () => {
    let finish: (() => void) | undefined;
    const slow = new Registry();
    slow.gauge({ name: 'g', help: '', collect: () => new Promise<void>((resolve) => (finish = resolve)) });
    server = await startHttpServer({ port: 0, registry: slow });
    const client = keepAlive(server.port);
    await until(() => finish !== undefined);
    const events: string[] = [];
    const closed = [server.close(), server.close()].map((each) => each.then(() => events.push('closed')));
    await expect(ask(server.port, '/metrics')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    events.push('finish');
    finish?.();
    await Promise.all([...closed, once(client.socket, 'close')]);

    expect(events).toEqual(['finish', 'closed', 'closed']);
    expect(client.read()).toMatch(/\r\nConnection: close\r\n[^]*\ng 0\n$/);
  });

  it('sends all of an answer that is long, and read slowly, before it has closed', async () => {
    const long = 'x'.repeat(20_000_000);
    const big = new Registry();
    big.gauge({ name: 'g', help: long });
    server = await startHttpServer({ port: 0, registry: big });
    const client = keepAlive(server.port);
    client.socket.pause();
    await once(client.socket, 'readable');
    const closed = server.close();
    client.socket.resume();
    await Promise.all([closed, once(client.socket, 'close')]);

    expect(client.read().length).toBeGreaterThan(long.length);
  });

  it('does not wait for a connection through which no request has come', async () => {
    server = await startHttpServer({ port: 0, registry });
    const sockets = ['', 'GET /metr'].map((bytes) => {
      const socket = connect((server as MetricsServer).port, '127.0.0.1');
      socket.on('error', () => {}).write(bytes);
      return socket;
    });
    await ask(server.port, '/metrics');

    await Promise.all([server.close(), ...sockets.map((socket) => once(socket.resume(), 'close'))]);

    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true, true]);
  });

  it('does not wait for a request whose client has left before its turn', async () => {
    let asked = 0;
    const never = new Registry();
    never.gauge({
      name: 'g',
      help: '',
      collect: () => {
        asked++;
        return new Promise<void>(() => {});
      },
    });
    server = await startHttpServer({ port: 0, registry: never, timeoutSeconds: 0.1 });
    await leave(server.port, 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2), () => until(() => asked > 0));

    await expect(server.close()).resolves.toBeUndefined();
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

/** Asks for the metrics on a connection that stays open. */
function keepAlive(port: number): { socket: Socket; read(): string } {
  const pieces: Buffer[] = [];
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {}).write('GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n');
  socket.on('data', (piece) => pieces.push(piece));
  return { socket, read: () => Buffer.concat(pieces).toString() };
}
