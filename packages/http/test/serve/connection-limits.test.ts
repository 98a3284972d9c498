import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Registry } from '@prometer/core';
import type { HttpServerOptions, MetricsServer } from '../../src/index.ts';
import { CONNECTION_LIMITS, type ConnectionLimits } from '../../src/serve/connection-limits.ts';
import { startHttpServer, startLimitedServer } from '../../src/server.ts';
import { ask, talk, until } from '../client.ts';
import { withCertificates } from '../certificates.ts';
import { Endless } from './endless.ts';
import { registryOf } from '../servers.ts';

const GET = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n';
const registry = new Registry();
registry.gauge({ name: 'g', help: '' }).set(1);

describe('A port of its own', () => {
  let server: MetricsServer | undefined;

  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  async function start(limits: Partial<ConnectionLimits>, options: Partial<HttpServerOptions> = {}): Promise<number> {
    const where = { port: 0, host: '127.0.0.1', registry, ...options };
    server = await startLimitedServer(where, { ...CONNECTION_LIMITS, checkMs: 20, ...limits });
    return server.port;
  }

  it.each([
    ['without a byte', ''],
    ['in its first line', 'GET /metr'],
    ['in its headers', 'GET /metrics HTTP/1.1\r\nHost: x\r\n'],
  ])('closes a connection whose request stops %s', async (_where, bytes) => {
    const port = await start({ headersMs: 100 });

    expect(await talk(port, bytes, () => false)).toMatch(/^(HTTP\/1\.1 408 |$)/);
  });

  withCertificates(({ server: tls }) =>
    it('closes a connection whose client does not begin TLS', async () => {
      const port = await start({ headersMs: 100 }, { tls });

      expect(await talk(port, '', () => false)).toBe('');
    }),
  );

  it('closes a connection whose request has a body that does not end', async () => {
    const port = await start({ headersMs: 100, requestMs: 100 });
    const answer = await talk(port, 'POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n', () => false);

    expect(answer).toMatch(/^HTTP\/1\.1 405 /);
  });

  it('answers 431 to headers that are too long', async () => {
    const port = await start({ headerBytes: 2000 });

    expect(await talk(port, `GET / HTTP/1.1\r\nHost: ${'x'.repeat(2100)}\r\n\r\n`, () => false)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
  });

  it('closes a connection that is not used again', async () => {
    const port = await start({ keepAliveMs: 100 });

    // Node.js adds a second, which it doesn't tell the client of.
    expect(await talk(port, GET, () => false)).toMatch(/\r\nKeep-Alive: timeout=/);
  });

  it('lets a Prometheus that scrapes once a minute keep its connection', async () => {
    const port = await start({});

    expect((await ask(port, '/metrics', 'GET', { connection: 'keep-alive' })).headers['keep-alive']).toBe('timeout=75');
  });

  it('leaves a client that takes nothing', async () => {
    const endless = new Endless();
    const port = await start({ stallMs: 200 }, { registry: endless.registry });
    const socket = connect(port, '127.0.0.1', () => socket.write(GET));
    await once(socket.pause(), 'readable');

    await until(() => endless.hasEnded);

    expect(await endsWithoutItsEnd(socket)).toBe(true);
  });

  it('leaves a client that takes a little now and then', async () => {
    const endless = new Endless();
    const port = await start({ stallMs: 10_000, answerMs: 300 }, { registry: endless.registry });
    const socket = connect(port, '127.0.0.1', () => socket.write(GET));
    socket.on('error', () => {});
    await once(socket.pause(), 'readable');
    const sip = setInterval(() => socket.read(1), 10);

    await until(() => endless.hasEnded);
    clearInterval(sip);

    expect(await endsWithoutItsEnd(socket)).toBe(true);
  });

  it('ends an answer that never begins', async () => {
    const port = await start({ answerMs: 100 }, { authorize: () => new Promise(() => {}) });

    expect(await talk(port, GET, () => false)).toBe('');
  });

  it.each(['/metrics', '/'])('answers 401 at %s when it takes too long to decide who may see it', async (path) => {
    const port = await start({ authorizeMs: 50 }, { authorize: () => new Promise(() => {}) });

    expect(await ask(port, path)).toMatchObject({ status: 401, body: 'Unauthorized\n' });
  });

  it('counts the time of each answer from its own request', async () => {
    const port = await start({ answerMs: 100 });
    const socket = connect(port, '127.0.0.1');
    await answerOn(socket);
    await new Promise((resolve) => setTimeout(resolve, 150));

    expect(await answerOn(socket)).toMatch(/^HTTP\/1\.1 200 OK/);
    socket.destroy();
  });

  it('gives collectors the time that they may have', async () => {
    const slow = new Registry();
    slow.gauge({ name: 'g', help: '', collect: () => new Promise((resolve) => setTimeout(resolve, 200)) });
    const port = await start({ answerMs: 100 }, { registry: slow, timeoutSeconds: 1 });

    expect((await ask(port, '/metrics')).body).toContain('\ng 0\n');
  });

  it('gives collectors the time that the scrape says it has', async () => {
    const slow = new Registry();
    slow.gauge({ name: 'g', help: '', collect: () => new Promise((resolve) => setTimeout(resolve, 200)) });
    const port = await start({ answerMs: 100 }, { registry: slow });
    const { body } = await ask(port, '/metrics', 'GET', { 'X-Prometheus-Scrape-Timeout-Seconds': '1' });

    expect(body).toContain('\ng 0\n');
  });

  it('takes any time for an answer if it may', async () => {
    const slow = new Registry();
    slow.gauge({ name: 'g', help: '', collect: () => new Promise((resolve) => setTimeout(resolve, 50)) });
    const port = await start({}, { registry: slow, timeoutSeconds: Infinity });

    expect((await ask(port, '/metrics')).status).toBe(200);
  });

  it('has so many connections at once and no more', async () => {
    const port = await start({ connections: 3 });
    const sockets = Array.from({ length: 3 }, () => connect(port, '127.0.0.1'));
    await Promise.all(sockets.map((socket) => answerOn(socket)));

    expect(await answerOn(connect(port, '127.0.0.1'))).toBe('');
    sockets[0]?.destroy();
    await until(async () => (await answerOn(connect(port, '127.0.0.1'))).startsWith('HTTP/1.1 200 OK'));
    for (const socket of sockets) socket.destroy();
  });

  it('closes a connection with more requests than a scraper ever sends', async () => {
    let gathers = 0;
    const slow = new Registry();
    slow.gauge({
      name: 'g',
      help: '',
      collect: () => {
        gathers++;
        return new Promise((resolve) => setTimeout(resolve, 50));
      },
    });
    const port = await start({ pipelined: 4 }, { registry: slow });

    expect(await talk(port, GET.repeat(5), () => false)).toBe('');
    expect(gathers).toBe(1);
    const enough = await talk(port, GET.repeat(4), (read) => read.split('\ng 0\n').length > 4);
    expect(enough.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(4);
  });

  it('serves a hundred at once', async () => {
    server = await startHttpServer({ port: 0, registry: registryOf(2000) });
    const { port } = server;
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(port, '/metrics?name[]=gauge_with_lines')));

    expect(answers.filter(({ body }) => body.split('\n').length !== 2003)).toEqual([]);
  });

  it('serves on when a client sends what is no HTTP', async () => {
    const port = await start({});
    const answer = await talk(port, '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', () => false);

    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect((await ask(port, '/metrics')).status).toBe(200);
  });
});

/** Whether what has come ends, but not as a chunked answer does. */
async function endsWithoutItsEnd(socket: Socket): Promise<boolean> {
  let end = '';
  socket.on('error', () => {}).on('data', (piece: Buffer) => (end = piece.toString('latin1').slice(-7)));
  await once(socket.resume(), 'close');
  return end !== '\r\n0\r\n\r\n';
}

/** What is answered on a connection that stays open; nothing if it is closed. */
function answerOn(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.on('error', () => {}).once('data', (piece) => resolve(piece.toString()));
    socket.once('close', () => resolve(''));
    socket.write(GET);
  });
}
