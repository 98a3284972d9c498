import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { Registry } from '@prometer/core';
import {
  bearerAuth,
  startHttpServer,
  type Authorize,
  type HttpServerOptions,
  type MetricsServer,
} from '../src/index.ts';
import { ask, leave, talk, until } from './client.ts';

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
      '<a href="./%22%3E%3Cscript%3E&#39;&#38;amp;">/&#34;&#62;&#60;script&#62;&#39;&#38;amp;</a>',
    );
  });

  it.each([
    ['/métriques', '/m%C3%A9triques'],
    ['/m%c3%a9triques', '/m%c3%a9triques'],
    ['/a"b', '/a%22b'],
    ['/<script>', '/%3Cscript%3E'],
    ['/a|b^`{}', '/a%7Cb%5E%60%7B%7D'],
    ['/a%20b', '/a%20b'],
    ['/100%25', '/100%25'],
    ['/a%2Fb', '/a%2Fb'],
    ["/it's(1)!*;x", "/it's(1)!*;x"],
    ['//example.com/x', '//example.com/x'],
    ['/.../.x', '/.../.x'],
    ['/😀', '/%F0%9F%98%80'],
  ])('serves the metrics at %s, and says in its url and its link %s', async (path, encoded) => {
    server = await startHttpServer({ port: 0, host: '127.0.0.1', registry, path });
    const home = `http://127.0.0.1:${server.port}/`;
    const link = /href="([^"]+)"/.exec(await (await fetch(home)).text())?.[1] ?? '';
    const linked = new URL(
      link.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))),
      home,
    );

    expect([server.url, linked.href]).toEqual([home.slice(0, -1) + encoded, home.slice(0, -1) + encoded]);
    expect([(await fetch(server.url)).status, (await fetch(`${server.url}?x=1`)).status]).toEqual([200, 200]);
    expect((await fetch(`${server.url}x`)).status).toBe(404);
  });

  it.each([
    ['in small letters', '/m%c3%a9triques%7c'],
    ['for more than need be', '/%6d%C3%A9triques|'],
  ])('serves them too where a client has encoded the path %s', async (_how, target) => {
    server = await startHttpServer({ port: 0, registry, path: '/métriques|' });

    expect(await talk(server.port, `GET ${target} HTTP/1.0\r\n\r\n`, () => false)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it.each(['/a/b', '/a%252Fb', '/a%2Fb/', '/a', '/%', '/%zz', '/a%2'])(
    'takes %s for another path than /a%%2Fb',
    async (target) => {
      server = await startHttpServer({ port: 0, registry, path: '/a%2Fb' });

      expect((await ask(server.port, target)).status).toBe(404);
    },
  );

  it.each([
    ['http://127.0.0.1:9464/metrics', 200],
    ['HTTP://prometheus.example/metrics?name[]=g', 200],
    ['https://[::1]/metrics', 200],
    ['http://user:password@host/metrics', 200],
    ['http://host/', 200],
    ['http://host', 200],
    ['http://host?x', 200],
    ['http://host/metricsx', 404],
    ['http://host/x/metrics', 404],
    ['http://', 404],
    ['http:///metrics', 404],
    ['http://http://metrics', 404],
    ['x://%zz/metrics', 200],
    ['http://[/metrics', 200],
  ])('answers a request for %s with %i', async (target, status) => {
    server = await startHttpServer({ port: 0, registry });
    const answer = await talk(
      server.port,
      `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      () => false,
    );

    expect(Number(answer.slice(9, 12))).toBe(status);
    expect((await ask(server.port, '/metrics')).status).toBe(200);
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

  it('says that a host is none of this machine, and what to do', async () => {
    await expect(startHttpServer({ port: 0, host: '203.0.113.1' })).rejects.toMatchObject({
      code: 'EADDRNOTAVAIL',
      message: expect.stringMatching(
        /^Can't listen at host "203\.0\.113\.1", port 0: give a port that is free to you and, if a host, an address of this machine, such as '127\.0\.0\.1' \(.*EADDRNOTAVAIL.*\)\.$/,
      ),
    });
  });

  it.each([
    ['metrics', /begins with a slash/],
    ['', /begins with a slash/],
    ['/a?b', /no query/],
    ['/a#b', /no query/],
    ['/a b', /write %20 for a space/],
    ['/a\\b', /write %20 for a space/],
    ['/metrics\n', /write %20 for a space/],
    ['/a\u0000b', /write %20 for a space/],
    ['/a\u007fb', /write %20 for a space/],
    ['/../x', /leave out the dots/],
    ['/./m', /leave out the dots/],
    ['/a/..', /leave out the dots/],
    ['/%2e%2E/x', /leave out the dots/],
    ['/100%', /Write %25 for a % itself/],
    ['/%zz', /Write %25 for a % itself/],
    ['/%ff', /Write %25 for a % itself/],
    ['/\ud800', /Write %25 for a % itself/],
  ])('refuses the path %p, which no request can ask for', async (path, advice) => {
    await expect(startHttpServer({ port: 0, path })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(/^The path ".*" can't be asked for: /),
    });
    await expect(startHttpServer({ port: 0, path })).rejects.toThrow(advice);
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
        message: expect.stringMatching(
          /^(No port is given|.+ is no port): give a number from 0 to 65535; 0 takes any free one\.$/,
        ),
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

  it('serves on when a connection can not be accepted', async () => {
    let inner: { emit(event: 'error', error: Error): boolean } | undefined;
    const authorize: Authorize = ({ socket }) => {
      inner = (socket as unknown as { server: typeof inner }).server;
      return true;
    };
    server = await startHttpServer({ port: 0, registry, authorize });
    await ask(server.port, '/metrics');
    inner?.emit('error', Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' }));

    expect((await ask(server.port, '/metrics')).status).toBe(200);
  });

  it.each([
    ['is not decided', () => new Promise<boolean>(() => {})],
    ['is decided later', () => new Promise<boolean>((resolve) => setTimeout(resolve, 300, true).unref())],
  ])('does not wait for a request of which it %s who may see the metrics', async (_what, authorize) => {
    let asked = 0;
    const deciding: Authorize = () => {
      asked++;
      return authorize();
    };
    server = await startHttpServer({ port: 0, registry, authorize: deciding });
    const answer = ask(server.port, '/metrics').catch(({ code }: NodeJS.ErrnoException) => code);
    await until(() => asked > 0);
    const begin = performance.now();
    await server.close();

    expect(performance.now() - begin).toBeLessThan(200);
    expect(await answer).toBe('ECONNRESET');
  });

  it('waits for a running answer of one who may see it, though others may be undecided', async () => {
    let finish: (() => void) | undefined;
    let asked = 0;
    const slow = new Registry();
    slow.gauge({ name: 'g', help: '', collect: () => new Promise<void>((resolve) => (finish = resolve)) });
    const authorize: Authorize = () => (asked++ === 0 ? true : new Promise(() => {}));
    server = await startHttpServer({ port: 0, registry: slow, authorize });
    const { port } = server;
    const answer = ask(port, '/metrics');
    await until(() => finish !== undefined);
    const undecided = ask(port, '/metrics').catch(({ code }: NodeJS.ErrnoException) => code);
    await until(() => asked === 2);
    const closed = server.close();
    setTimeout(() => finish?.(), 50);
    await closed;

    expect((await answer).body).toContain('g 0\n');
    expect(await undecided).toBe('ECONNRESET');
  });

  it('does not wait for one who has left before it was decided', async () => {
    let decide: ((decision: boolean) => void) | undefined;
    let isOver = false;
    const authorize: Authorize = ({ socket }) => {
      socket.once('close', () => (isOver = true));
      return new Promise((resolve) => (decide = resolve));
    };
    server = await startHttpServer({ port: 0, registry, authorize });
    await leave(server.port, 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n', () => until(() => decide !== undefined));
    await until(() => isOver);
    decide?.(true);
    const idle = connect(server.port, '127.0.0.1');
    await once(idle, 'connect');
    await Promise.all([server.close(), once(idle.on('error', () => {}).resume(), 'close')]);

    expect(idle.destroyed).toBe(true);
  });

  it('answers a request that comes while it closes, and says that it is the last one there', async () => {
    let finish: (() => void) | undefined;
    const slow = new Registry();
    slow.gauge({ name: 'g', help: '', collect: () => new Promise<void>((resolve) => (finish = resolve)) });
    server = await startHttpServer({ port: 0, registry: slow });
    const other = connect(server.port, '127.0.0.1');
    const get = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
    other.write(get);
    const [first] = (await once(other, 'data')) as [Buffer];
    const running = keepAlive(server.port);
    await until(() => finish !== undefined);
    const closed = server.close();
    other.write(get);
    const [second] = (await once(other, 'data')) as [Buffer];
    finish?.();
    await Promise.all([closed, once(running.socket, 'close'), once(other, 'close')]);

    expect([first, second].map((answer) => /\r\nConnection: (.+)\r\n/.exec(answer.toString())?.[1])).toEqual([
      'keep-alive',
      'close',
    ]);
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
