import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { connect, type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Registry } from '@prometer/core';
import { metricsHandler, type RequestHandler } from '../../src/index.ts';
import { ask, leave, talk, until } from '../client.ts';
import { Endless } from './endless.ts';
import { registryOf, serving } from '../servers.ts';

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const GET_GZIP = 'GET / HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n';

describe('an answer that is large', () => {
  let registry: Registry;
  beforeEach(() => (registry = registryOf(20_000)));

  it('is streamed whole', async () => {
    const { status, headers, body } = await serving(metricsHandler({ registry }), (port) => ask(port, '/'));

    expect([status, headers['content-length'], headers['transfer-encoding']]).toEqual([200, undefined, 'chunked']);
    expect(body).toBe(await registry.metrics({ names: ['gauge_with_lines'] }));
  });

  it('is streamed to HTTP/1.0 until the connection ends', async () => {
    const answer = await serving(metricsHandler({ registry }), (port) =>
      talk(port, 'GET / HTTP/1.0\r\n\r\n', () => false),
    );

    expect(answer.slice(answer.indexOf('\r\n\r\n') + 4)).toBe(await registry.metrics({ names: ['gauge_with_lines'] }));
  });

  it('is streamed through HTTP/2', async () => {
    const server = createHttp2Server(metricsHandler({ registry }) as unknown as () => void).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const body = await buffer(session.request({ ':path': '/' }));
    session.close();
    server.close();

    expect(body.toString()).toBe(await registry.metrics({ names: ['gauge_with_lines'] }));
  });

  it('answers HEAD with the headers of GET, without making it', async () => {
    const endless = new Endless();
    const { status, headers, body } = await serving(endless.handler, (port) =>
      ask(port, '/', 'HEAD', { 'accept-encoding': 'gzip' }),
    );

    expect([status, headers['content-type'], headers['content-encoding'], headers.vary, body]).toEqual([
      200,
      'text/plain',
      'gzip',
      'Accept, Accept-Encoding',
      '',
    ]);
    expect(headers['content-length']).toBeUndefined();
    expect([endless.made, endless.hasEnded]).toEqual([2, true]);
  });

  it.each([
    ['as it is', GET],
    ['packed', GET_GZIP],
  ])('is made no faster than the client reads it, %s', async (_how, get) => {
    const endless = new Endless();
    await serving(endless.handler, async (port) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(get));
      await once(socket.pause(), 'readable');
      let before = -1;
      // What the system takes of it on both sides is some megabytes.
      await until(async () => {
        const isSame = endless.made === before;
        before = endless.made;
        await new Promise((resolve) => setTimeout(resolve, 100));
        return isSame;
      });

      expect(before).toBeLessThan(1000);
      socket.resume();
      await until(() => endless.made > before + 100);
      socket.destroy();
      await until(() => endless.hasEnded);
    });
  });

  it.each([
    ['as it is', GET],
    ['packed', GET_GZIP],
    ['with more requests behind it', GET.repeat(5)],
  ])('is made no further when the client leaves in the middle, %s', async (_how, get) => {
    const endless = new Endless();
    await serving(endless.handler, async (port) => {
      await leave(port, get, () => until(() => endless.made > 20));
      await until(() => endless.hasEnded);
    });

    expect(endless.begun).toBe(1);
  });

  it.each([
    ['as it is', {}],
    ['packed', { 'accept-encoding': 'gzip' }],
  ])('is broken off when it can not be made to its end, %s', async (_how, headers: Record<string, string>) => {
    const handler = new Endless({ failsAfter: 5 }).handler;

    await serving(handler, async (port) => {
      await expect(ask(port, '/', 'GET', headers)).rejects.toMatchObject({ code: 'ECONNRESET' });
      await expect(talk(port, 'GET / HTTP/1.0\r\n\r\n', () => false)).rejects.toMatchObject({ code: 'ECONNRESET' });
    });
  });

  it('is broken off when something in it is no bytes', async () => {
    const handler = new Endless({ piece: 5 }).handler;

    await expect(serving(handler, (port) => ask(port, '/'))).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('a scrape', () => {
  it('is ended when its client leaves while collectors run', async () => {
    const calls: string[] = [];
    const stream = {
      contentType: 'text/plain',
      next: () => new Promise(() => calls.push('next')),
      return: async () => calls.push('return'),
    };
    const handler = metricsHandler({ registry: { stream: () => stream } as unknown as Registry });
    await serving(handler, async (port) => {
      await leave(port, GET, () => until(() => calls.length > 0));
      await until(() => calls.length > 1);
    });

    expect(calls).toEqual(['next', 'return']);
  });

  it('is no harm when its client leaves and ending it fails', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    let isAsked = false;
    const registry = {
      stream: () => ({
        next: () => new Promise((_resolve, reject) => ((isAsked = true), setTimeout(reject, 50, new Error('No way')))),
        return: () => Promise.reject(new Error('No end')),
      }),
    } as unknown as Registry;
    await serving(metricsHandler({ registry }), async (port) => {
      await leave(port, GET, () => until(() => isAsked));
      await new Promise((resolve) => setTimeout(resolve, 100));
    });
    process.off('unhandledRejection', note);

    expect(unhandled).toEqual([]);
  });

  it('shares one gather with those that come while it runs', async () => {
    let gathers = 0;
    let finish: (() => void) | undefined;
    const registry = new Registry();
    registry.gauge({
      name: 'g',
      help: '',
      collect: () => {
        gathers++;
        return new Promise<void>((resolve) => (finish = resolve));
      },
    });
    let arrived = 0;
    const handler = metricsHandler({ registry });
    const bodies = await serving(
      (request, response) => {
        arrived++;
        handler(request, response);
      },
      async (port) => {
        const asked = Array.from({ length: 5 }, () => ask(port, '/'));
        await until(() => arrived === 5);
        finish?.();
        return Promise.all(asked);
      },
    );

    expect(gathers).toBe(1);
    expect(bodies.map(({ body }) => body)).toEqual(Array(5).fill('# HELP g \n# TYPE g gauge\ng 0\n'));
  });

  it('begins after those before it on its connection have been answered', async () => {
    const gathers: (() => void)[] = [];
    const registry = new Registry();
    registry.gauge({
      name: 'g',
      help: '',
      collect: () => new Promise<void>((resolve) => gathers.push(resolve)),
    });
    let arrived = 0;
    const handler = metricsHandler({ registry });
    const count: RequestHandler = (request, response) => {
      arrived++;
      handler(request, response);
    };
    const [counts, answers] = await serving(count, async (port) => {
      const answered = talk(port, GET.repeat(2), (read) => read.split('\ng 0\n').length > 2);
      const counts: number[] = [];
      for (const n of [1, 2]) {
        await until(() => arrived === 2 && gathers.length >= n);
        counts.push(gathers.length);
        gathers[n - 1]?.();
      }
      return [counts, await answered];
    });

    expect(counts).toEqual([1, 2]);
    expect(answers.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  });

  it('is one of a hundred at once', async () => {
    const registry = registryOf(5000);
    const expected = await registry.metrics();
    const answers = await serving(metricsHandler({ registry }), (port) =>
      Promise.all(Array.from({ length: 100 }, () => ask(port, '/?name[]=gauge_with_lines'))),
    );

    expect(answers.filter(({ status, body }) => status !== 200 || body !== expected)).toEqual([]);
  });

  it('leaves its connection open for the next one', async () => {
    const registry = registryOf(5000);
    const answers = await serving(metricsHandler({ registry }), async (port) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const sockets = [await socketOfAnswer(port, agent), await socketOfAnswer(port, agent)];
      agent.destroy();
      return sockets;
    });

    expect(answers[0]).toBe(answers[1]);
  });
});

/** By which local port a connection is told from others. */
async function socketOfAnswer(port: number, agent: Agent): Promise<number | undefined> {
  const [response] = (await once(get({ host: '127.0.0.1', port, agent }), 'response')) as [IncomingMessage];
  const { localPort } = response.socket;
  await buffer(response);
  await new Promise((resolve) => setImmediate(resolve));
  return localPort;
}
