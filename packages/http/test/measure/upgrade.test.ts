import { createHash } from 'node:crypto';
import { ServerResponse, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { Registry } from '@prometer/core';
import { HttpMetrics } from '../../src/index.ts';
import { ask, until } from '../client.ts';
import { get, measuredServers, type MeasuredServer } from '../measured-server.ts';

const start = measuredServers();

const asks = get('/chat', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==');

/** What a library for WebSockets writes when it accepts. */
function accept(request: IncomingMessage): string {
  const key = createHash('sha1')
    .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`;
}

type OnUpgrade = (request: IncomingMessage, socket: Socket, head: Buffer) => void;

const answers = (_request: IncomingMessage, response: ServerResponse): void => void response.end('x');

async function startUpgrading(onUpgrade: OnUpgrade, watched = true): Promise<MeasuredServer> {
  const measured = await start(answers, {}, { watched });
  measured.server.on('upgrade', (request, socket, head) => {
    // As libraries do: a socket that is upgraded stays half open otherwise.
    socket.on('error', () => {}).on('end', () => socket.destroy());
    onUpgrade(request, socket as Socket, head);
    socket.resume();
  });
  return measured;
}

const open = ({ value }: MeasuredServer): number | undefined => value('http_streams_active', { kind: 'websocket' });
const inFlight = ({ value }: MeasuredServer): number | undefined => value('http_requests_in_flight', { method: 'GET' });
const total = (status: number): string[] => [`http_requests_total{method="GET",route="/x",status_code="${status}"} 1`];

describe('A connection that is upgraded', () => {
  const ways: Record<string, (socket: Socket, head: string) => void> = {
    'a text': (socket, head) => void socket.write(head),
    bytes: (socket, head) => void socket.write(Buffer.from(head)),
    'an interim response before': (socket, head) => {
      socket.write('HTTP/1.1 103 Early Hints\r\n\r\n');
      socket.write(head);
    },
  };

  it.each(Object.keys(ways))('is a stream from its 101, written as %s, to its end', async (way) => {
    const measured = await startUpgrading((request, socket) => ways[way]?.(socket, accept(request)));
    const client = await measured.connect();
    client.write(asks);
    await until(() => open(measured) === 1);

    expect(inFlight(measured)).toBe(0);
    expect(await measured.samples('http_requests_total')).toEqual([]);
    expect(await measured.samples('http_response_start_seconds')).toEqual([
      'http_response_start_seconds_count{method="GET",route="/x"} 1',
    ]);
    client.destroy();
    expect(await measured.someSamples('http_requests_total')).toEqual(total(101));
    expect(open(measured)).toBe(0);
    expect(await measured.samples('http_request_duration_seconds')).toEqual([]);
    expect(await measured.samples('http_request_aborts_total')).toEqual([]);
  });

  it('carries what is written to it unchanged', async () => {
    const measured = await startUpgrading((request, socket) => {
      socket.write(accept(request));
      socket.on('data', (piece) => socket.write(`echo ${piece.toString()}`));
    });
    const client = await measured.connect();
    let read = '';
    client.on('data', (piece) => (read += piece.toString()));
    client.write(asks);
    await until(() => read.includes('\r\n\r\n'));
    client.write('abc');
    await until(() => read.endsWith('echo abc'));

    expect(read).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n[^]*\r\n\r\necho abc$/);
  });

  it('has nothing standing before its functions once it is open', async () => {
    let own: boolean[] = [];
    const measured = await startUpgrading((request, socket) => {
      socket.write(accept(request));
      own = ['write', 'end'].map((name) => Object.hasOwn(socket, name));
    });
    (await measured.connect()).write(asks);
    await until(() => open(measured) === 1);

    expect(own).toEqual([false, false]);
  });

  it('is known by the plugin of a framework that only sees a response of its own', async () => {
    const measured = await startUpgrading((request, socket) => {
      const response = new ServerResponse(request);
      response.assignSocket(socket);
      measured.metrics.measure(request, response, () => '/x');
      socket.write(accept(request));
    }, false);
    const client = await measured.connect();
    client.write(asks);
    await until(() => open(measured) === 1);
    client.destroy();

    expect(await measured.someSamples('http_requests_total')).toEqual(total(101));
  });

  it('is known by a middleware that sees it when it has been accepted', async () => {
    const measured = await startUpgrading((request, socket) => {
      socket.write(accept(request));
      measured.metrics.measure(request, new ServerResponse(request), () => '/x');
    }, false);
    const client = await measured.connect();
    client.write(asks);
    await until(() => open(measured) === 1);
    client.destroy();

    expect(await measured.someSamples('http_requests_total')).toEqual(total(101));
  });

  it('is a stream too if what is written to it first is no head, which has been sent before anybody looked', async () => {
    const measured = await startUpgrading((_request, socket) => {
      socket.write('');
      socket.write(new Uint8Array([0x81, 0x01, 0x78]));
    });
    const client = await measured.connect();
    client.write(asks);
    await until(() => open(measured) === 1);
    client.destroy();

    expect(await measured.someSamples('http_requests_total')).toEqual(total(101));
  });

  it('has the route of the framework that knows it, and is counted once', async () => {
    const measured = await startUpgrading((request, socket) => {
      measured.metrics.measure(request, new ServerResponse(request), () => '/chat');
      socket.write(accept(request));
    });
    const client = await measured.connect();
    client.write(asks);
    await until(() => open(measured) === 1);
    client.destroy();

    expect(await measured.someSamples('http_requests_total')).toEqual([
      'http_requests_total{method="GET",route="/chat",status_code="101"} 1',
    ]);
  });

  it('is measured into each of several registries', async () => {
    const registry = new Registry();
    const measured = await startUpgrading((request, socket) => socket.write(accept(request)));
    new HttpMetrics({ registry, defaultMetrics: false }).watch(measured.server);
    const client = await measured.connect();
    client.write(asks);
    await until(() => open(measured) === 1);
    const both = [open(measured), registry.getSampleValue('http_streams_active', { kind: 'websocket' })];
    client.destroy();
    await until(() => open(measured) === 0);

    expect(both).toEqual([1, 1]);
    expect(
      registry.getSampleValue('http_requests_total', { method: 'GET', route: 'unmatched', status_code: 101 }),
    ).toBe(1);
  });

  it('is ignored where its path is', async () => {
    const measured = await start(answers, { ignore: ['/chat'] }, { watched: true });
    const sockets: Socket[] = [];
    measured.server.on('upgrade', (request, given: Socket) => {
      sockets.push(given);
      given.write(accept(request));
    });
    const client = await measured.connect();
    client.write(asks);
    await until(() => sockets.length === 1);

    expect([open(measured), inFlight(measured)]).toEqual([0, undefined]);
  });
});

describe('A connection that is not upgraded after all', () => {
  it.each([
    ['ended with', (socket: Socket) => socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n')],
    [
      'written before it is destroyed',
      (socket: Socket) => {
        socket.once('finish', () => socket.destroy());
        socket.end(Buffer.from('HTTP/1.1 401 Unauthorized\r\n\r\n'));
      },
    ],
    [
      'written in pieces',
      (socket: Socket) => {
        socket.write('HTTP/');
        socket.write('1.1 40');
        socket.end('1 Unauthorized\r\nConnection: close\r\n\r\n');
      },
    ],
    [
      'written, and the client leaves',
      (socket: Socket) => {
        socket.write('HTTP/1.1 401 Unauthorized\r\n\r\n', () => socket.destroy());
      },
    ],
  ])('is counted with the status of its refusal, %s', async (_name, refuse) => {
    const measured = await startUpgrading((_request, socket) => refuse(socket));
    (await measured.connect({ allowHalfOpen: true })).write(asks);

    expect(await measured.someSamples('http_requests_total')).toEqual(total(401));
    expect(await measured.samples('http_request_duration_seconds_count')).toEqual([
      'http_request_duration_seconds_count{method="GET",route="/x",status_code="401"} 1',
    ]);
    expect([open(measured), inFlight(measured)]).toEqual([0, 0]);
  });

  it('is counted with the status that a framework answers', async () => {
    const measured = await startUpgrading((request, socket) => {
      const response = new ServerResponse(request);
      response.assignSocket(socket);
      measured.metrics.measure(request, response, () => '/x');
      response.writeHead(403, { connection: 'close' }).end('no', () => socket.destroy());
    }, false);
    (await measured.connect()).write(asks);

    expect(await measured.someSamples('http_requests_total')).toEqual(total(403));
  });

  it('is counted as 499 if its client has left before it is measured', async () => {
    let isClosed = false;
    const measured = await startUpgrading((request, socket) => {
      socket.once('close', () => {
        isClosed = true;
        setImmediate(() => measured.metrics.measure(request, new ServerResponse(request), () => '/x'));
      });
    }, false);
    const client = await measured.connect();
    client.write(asks);
    client.end();

    expect(await measured.someSamples('http_requests_total')).toEqual(total(499));
    expect(isClosed).toBe(true);
    expect(inFlight(measured)).toBe(0);
  });

  it('has the route of whoever watches its server and knows it, in whatever order', async () => {
    const measured = await start(answers);
    measured.server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'));
    measured.metrics.watch(measured.server, { requests: true });
    const other = new HttpMetrics({ registry: measured.registry, defaultMetrics: false });
    other.watch(measured.server, { requests: true, route: () => '/chat' });
    (await measured.connect()).write(asks);

    expect(await measured.someSamples('http_requests_total')).toEqual([
      'http_requests_total{method="GET",route="/chat",status_code="403"} 1',
    ]);
  });

  it.each([
    ['client', (client: Socket) => client.destroy()],
    ['server', (_client: Socket, socket: Socket) => socket.destroy()],
  ])('is counted as 499 if its %s leaves before', async (who, leave) => {
    const sockets: Socket[] = [];
    const measured = await startUpgrading((_request, given) => void sockets.push(given));
    const client = await measured.connect();
    client.write(asks);
    await until(() => sockets.length === 1);
    leave(client, sockets[0] as Socket);

    expect(await measured.someSamples('http_requests_total')).toEqual(total(499));
    expect(await measured.samples('http_request_aborts_total')).toEqual([
      `http_request_aborts_total{method="GET",route="/x",phase="headers",reason="${who}"} 1`,
    ]);
    expect(inFlight(measured)).toBe(0);
  });
});

describe('A server that is watched', () => {
  it('answers a request to upgrade as any other if nothing listens for it', async () => {
    const measured = await start(answers, {}, { watched: true });
    const client = await measured.connect();
    client.write(asks);

    expect(await measured.someSamples('http_requests_total')).toEqual(total(200));
    expect((measured.server as Server).listenerCount('upgrade')).toBe(0);
  });

  it('has its own emit again when nobody watches it any more', async () => {
    const measured = await start(answers, {}, { watched: true });
    const stop = new HttpMetrics({ registry: new Registry(), defaultMetrics: false }).watch(measured.server);
    stop();
    const during = Object.hasOwn(measured.server, 'emit');
    measured.metrics.close();

    expect([during, Object.hasOwn(measured.server, 'emit')]).toEqual([true, false]);
  });

  it('keeps an emit that somebody else has put before it', async () => {
    const measured = await start(answers, {}, { watched: true });
    const { server } = measured;
    const watched = server.emit;
    const events: unknown[] = [];
    server.emit = function (this: Server, ...given: [string]) {
      events.push(given[0]);
      return Reflect.apply(watched, this, given) as boolean;
    } as Server['emit'];
    measured.metrics.close();
    await ask(measured.port, '/');

    expect(events).toContain('request');
    expect(await measured.samples('http_requests_total')).toEqual([]);
  });

  it('gets back an emit of its own that it had before', async () => {
    const measured = await start(answers);
    const { server } = measured;
    const { emit } = server;
    const own = function (this: Server, ...given: [string]): boolean {
      return Reflect.apply(emit, this, given) as boolean;
    } as Server['emit'];
    server.emit = own;
    measured.metrics.watch(server)();

    expect(server.emit).toBe(own);
  });

  it('counts a request once, however often it is watched', async () => {
    const measured = await start(answers, {}, { watched: true });
    measured.metrics.watch(measured.server);
    new HttpMetrics({ registry: measured.registry, defaultMetrics: false }).watch(measured.server, { requests: true });
    await ask(measured.port, '/');

    expect(await measured.someSamples('http_requests_total')).toEqual(total(200));
  });

  it('can be watched for more than before', async () => {
    const measured = await start(answers, { path: '/metrics' });
    const metrics = new HttpMetrics({ registry: new Registry(), defaultMetrics: false });
    const stop = metrics.watch(measured.server);
    metrics.watch(measured.server, { requests: true, route: () => '/more' });
    await ask(measured.port, '/');
    const labels = { method: 'GET', route: '/more', status_code: 200 };
    await until(() => metrics.registry.getSampleValue('http_requests_total', labels) === 1);
    stop();

    expect(Object.hasOwn(measured.server, 'emit')).toBe(false);
  });

  it('doesn’t count requests for the metrics', async () => {
    const measured = await start(answers, {}, { watched: true });
    await ask(measured.port, '/metrics');
    await ask(measured.port, '/');

    expect(await measured.someSamples('http_requests_total')).toEqual(total(200));
  });

  it.each([[undefined], [null], [5], [{}]])('is refused if it is none: %p', (server) => {
    const metrics = new HttpMetrics({ registry: new Registry(), defaultMetrics: false });

    expect(() => metrics.watch(server as never)).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringContaining('is no server: give one that http.createServer has made'),
      }),
    );
  });
});
