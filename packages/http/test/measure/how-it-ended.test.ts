import { once } from 'node:events';
import { connect as connectHttp2, createServer as createHttp2Server, type ClientHttp2Session } from 'node:http2';
import type { ClientHttp2Stream, Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Registry } from '@prometer/core';
import { HttpMetrics } from '../../src/index.ts';
import { errorType } from '../../src/measure/how-it-ended.ts';
import { withCertificates } from '../certificates.ts';
import { until } from '../client.ts';
import { get, measuredServers, type Handle, type MeasuredServer, type ServerConfig } from '../measured-server.ts';

/** How an exchange over a connection of its own ends. */
interface Case {
  sent?: string;
  handle?: Handle;
  /** What the client does once its request has arrived. */
  client?: (socket: Socket) => void;
  config?: ServerConfig;
  /** Not with TLS, which can't do it. */
  plainOnly?: true;
  status: number;
  /** Undefined if it isn't broken off. */
  abort?: `${'headers' | 'body'} ${'client' | 'server'}`;
}

const upload = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf';
const nothing: Handle = () => {};
const reads: Handle = (request) => request.resume().on('error', () => {});
const begins: Handle = (_request, response) => {
  response.writeHead(202);
  response.write('a piece');
};
const writes = (size: number): Handle => {
  return (_request, response) => {
    response.writeHead(202);
    const timer = setInterval(() => response.write('x'.repeat(size)), 2);
    response.on('close', () => clearInterval(timer));
  };
};
/** Does something soon after the head is sent, or without one. */
const soon = (act: (...given: Parameters<Handle>) => void): Handle => {
  return (...given) => {
    setTimeout(() => act(...given), 10);
  };
};
const both = (first: Handle, then: Handle): Handle => {
  return (...given) => {
    first(...given);
    then(...given);
  };
};

/** More than the buffers of a connection hold. */
const givesAtOnce: Handle = (_request, response) => {
  response.writeHead(202).end(Buffer.alloc(50_000_000));
};
const leavesUnread = (leave: (socket: Socket) => void): ((socket: Socket) => void) => {
  return (socket) => {
    socket.pause();
    setTimeout(() => leave(socket), 50);
  };
};

const CASES: Record<string, Case> = {
  'the client ends its side': { client: (socket) => socket.end(), status: 499, abort: 'headers client' },
  'the client closes the connection': { client: (socket) => socket.destroy(), status: 499, abort: 'headers client' },
  'the client resets the connection': {
    client: (socket) => socket.resetAndDestroy(),
    plainOnly: true,
    status: 499,
    abort: 'headers client',
  },
  'the client closes it while it is written to': {
    handle: writes(100_000),
    client: (socket) => socket.destroy(),
    status: 202,
    abort: 'body client',
  },
  'the client resets it while it is written to': {
    handle: writes(100_000),
    client: (socket) => socket.resetAndDestroy(),
    plainOnly: true,
    status: 202,
    abort: 'body client',
  },
  'the client reads nothing, then closes it': {
    handle: writes(1_000_000),
    client: (socket) => {
      socket.pause();
      setTimeout(() => socket.destroy(), 50);
    },
    status: 202,
    abort: 'body client',
  },
  'the client leaves in the middle of its upload': {
    sent: upload,
    client: (socket) => socket.destroy(),
    status: 499,
    abort: 'headers client',
  },
  'the client leaves in the middle of an upload that is read': {
    sent: upload,
    handle: reads,
    client: (socket) => socket.destroy(),
    status: 499,
    abort: 'headers client',
  },
  'the client resets in the middle of an upload that is read': {
    sent: upload,
    handle: reads,
    client: (socket) => socket.resetAndDestroy(),
    plainOnly: true,
    status: 499,
    abort: 'headers client',
  },
  'the client sends what is no HTTP': {
    sent: 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    handle: reads,
    status: 499,
    abort: 'headers client',
  },
  'response.destroy()': {
    handle: soon((_request, response) => response.destroy()),
    status: 499,
    abort: 'headers server',
  },
  'response.destroy(error)': {
    handle: soon((_request, response) => response.on('error', () => {}).destroy(new Error('x'))),
    status: 499,
    abort: 'headers server',
  },
  'response.destroy() after the head': {
    handle: both(
      begins,
      soon((_request, response) => response.destroy()),
    ),
    status: 202,
    abort: 'body server',
  },
  'response.destroy(error) after the head': {
    handle: both(
      begins,
      soon((_request, response) => response.on('error', () => {}).destroy(new Error('x'))),
    ),
    status: 202,
    abort: 'body server',
  },
  'request.destroy()': { handle: soon((request) => request.destroy()), status: 499, abort: 'headers server' },
  'request.destroy(error)': {
    handle: soon((request) => request.on('error', () => {}).destroy(new Error('x'))),
    status: 499,
    abort: 'headers server',
  },
  'socket.destroy()': { handle: soon(({ socket }) => socket.destroy()), status: 499, abort: 'headers server' },
  'socket.destroy(error)': {
    handle: soon(({ socket }) => socket.on('error', () => {}).destroy(new Error('x'))),
    status: 499,
    abort: 'headers server',
  },
  'socket.resetAndDestroy()': {
    handle: soon(({ socket }) => socket.resetAndDestroy()),
    plainOnly: true,
    status: 499,
    abort: 'headers server',
  },
  'server.closeAllConnections()': {
    handle: soon((_request, _response, server) => server.closeAllConnections()),
    status: 499,
    abort: 'headers server',
  },
  'a timeout of the socket': {
    handle: ({ socket }) => socket.setTimeout(10),
    status: 499,
    abort: 'headers server',
  },
  'server.requestTimeout': {
    sent: upload,
    handle: reads,
    config: { requestTimeout: 60, headersTimeout: 50, connectionsCheckingInterval: 20 },
    status: 499,
    abort: 'headers server',
  },
  'the client closes it in the middle of a body that was given at once': {
    handle: givesAtOnce,
    client: leavesUnread((socket) => socket.destroy()),
    status: 202,
    abort: 'body client',
  },
  'the client resets it in the middle of a body that was given at once': {
    handle: givesAtOnce,
    client: leavesUnread((socket) => socket.resetAndDestroy()),
    plainOnly: true,
    status: 202,
    abort: 'body client',
  },
  'socket.destroy(error) in the middle of a body that was given at once': {
    handle: both(
      givesAtOnce,
      soon(({ socket }) => socket.on('error', () => {}).destroy(new Error('x'))),
    ),
    client: (socket) => socket.pause(),
    status: 202,
    abort: 'body server',
  },
  'the client leaves when a head is written but not sent': {
    handle: (_request, response) => response.writeHead(200, { 'content-type': 'application/json' }),
    client: (socket) => socket.destroy(),
    status: 499,
    abort: 'headers client',
  },
  'the client leaves when a head is sent ahead of its body': {
    handle: (_request, response) => response.writeHead(202).flushHeaders(),
    client: (socket) => socket.destroy(),
    status: 202,
    abort: 'body client',
  },
  'a whole response': { handle: (_request, response) => response.writeHead(202).end('x'), status: 202 },
  'a whole response, after which the client resets the connection': {
    handle: (_request, response) => response.writeHead(202).end('x'),
    client: (socket) => socket.resetAndDestroy(),
    plainOnly: true,
    status: 202,
  },
  'a whole response, destroyed when it has been written': {
    handle: (_request, response) => response.writeHead(202).end('x').destroy(),
    status: 202,
  },
  'a whole response to HTTP/1.0': {
    sent: 'GET / HTTP/1.0\r\n\r\n',
    handle: (_request, response) => response.writeHead(202).end('x'),
    status: 202,
  },
  'a whole response without a body': { handle: (_request, response) => response.writeHead(304).end(), status: 304 },
};

const start = measuredServers();

async function aborts({ samples }: MeasuredServer): Promise<string[]> {
  const pattern = /phase="(.*)",reason="(.*)"\} (.*)$/;
  return (await samples('http_request_aborts_total')).map((line) => (pattern.exec(line) ?? []).slice(1).join(' '));
}

/** What has been counted when an exchange has ended. */
interface Counted {
  requests: string[];
  aborts: string[];
  inFlight: number | undefined;
}

async function counted(one: Case, certificate?: ServerConfig['certificate']): Promise<Counted> {
  const { sent = get(), handle = nothing, client, config } = one;
  let arrived = false;
  const handled: Handle = (...given) => {
    arrived = true;
    handle(...given);
  };
  const measured = await start(handled, {}, { ...config, certificate });
  const socket = await measured.connect();
  socket.resume().write(sent);
  await until(() => arrived);
  await sleep(10);
  client?.(socket);
  const requests = await measured.someSamples('http_requests_total');
  const inFlight = measured.value('http_requests_in_flight', { method: methodOf(one) });
  return { requests, aborts: await aborts(measured), inFlight };
}

/** What has to be counted, once. */
function expected(one: Case): Counted {
  const { status, abort } = one;
  return {
    requests: [`http_requests_total{method="${methodOf(one)}",route="/x",status_code="${status}"} 1`],
    aborts: abort === undefined ? [] : [`${abort} 1`],
    inFlight: 0,
  };
}

function methodOf({ sent = get() }: Case): string {
  return sent.slice(0, sent.indexOf(' '));
}

describe('It is told how an exchange has ended, over a plain connection:', () => {
  it.each(Object.keys(CASES))('%s', async (name) => {
    const one = CASES[name] as Case;

    expect(await counted(one)).toEqual(expected(one));
  });

  it('every response that waits behind another one when the server destroys the connection', async () => {
    let arrived = 0;
    const measured = await start((request) => {
      if (++arrived === 3) request.socket.destroy();
    });
    (await measured.connect()).write(get().repeat(3));
    await until(async () => (await aborts(measured)).length > 0);

    expect(await aborts(measured)).toEqual(['headers server 3']);
  });

  it('a response of a connection that is kept, after one that was whole', async () => {
    let arrived = 0;
    const measured = await start((_request, response) => {
      if (++arrived === 1) response.end();
    });
    const socket = await measured.connect();
    socket.write(get());
    await measured.someSamples('http_requests_total');
    socket.write(get());
    await until(() => arrived === 2);
    socket.destroy();
    await until(async () => (await aborts(measured)).length > 0);

    expect(await measured.samples('http_requests_total')).toEqual([
      'http_requests_total{method="GET",route="/x",status_code="200"} 1',
      'http_requests_total{method="GET",route="/x",status_code="499"} 1',
    ]);
    expect(await aborts(measured)).toEqual(['headers client 1']);
  });

  it('a response that was whole, though the connection is reset while the next one is handled', async () => {
    let arrived = 0;
    const measured = await start((_request, response) => {
      if (++arrived < 3) response.end('x');
    });
    const socket = await measured.connect();
    socket.write(get().repeat(3));
    await until(() => arrived === 3);
    await sleep(10);
    socket.resetAndDestroy();
    await until(async () => (await aborts(measured)).length > 0);

    expect(await measured.samples('http_requests_total')).toEqual([
      'http_requests_total{method="GET",route="/x",status_code="200"} 2',
      'http_requests_total{method="GET",route="/x",status_code="499"} 1',
    ]);
    expect(await aborts(measured)).toEqual(['headers client 1']);
  });

  it('a client that has ended its side and still gets its response, where the server allows that', async () => {
    const measured = await start(soon((_request, response) => response.end('x')));
    (measured.server as { httpAllowHalfOpen?: boolean }).httpAllowHalfOpen = true;
    const socket = await measured.connect({ allowHalfOpen: true });
    socket.end(get());

    expect(await measured.someSamples('http_requests_total')).toEqual([
      'http_requests_total{method="GET",route="/x",status_code="200"} 1',
    ]);
    expect(await aborts(measured)).toEqual([]);
  });
});

describe('It is told how an exchange has ended, over TLS:', () => {
  const names = Object.keys(CASES).filter((name) => CASES[name]?.plainOnly !== true);
  withCertificates(({ server }) => {
    it.each(names)('%s', async (name) => {
      const one = CASES[name] as Case;

      expect(await counted(one, server)).toEqual(expected(one));
    });
  });
});

type Http2Handle = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

interface Http2Case {
  handle?: Http2Handle;
  client?: (stream: ClientHttp2Stream, session: ClientHttp2Session, socket: Socket) => void;
  /** Whether the client reads nothing. */
  pause?: true;
  status: number;
  abort?: Case['abort'];
}

const http2Begins: Http2Handle = (_request, response) => {
  response.writeHead(202);
  response.write('a piece');
};
const http2Soon = (act: Http2Handle, begin: Http2Handle = () => {}): Http2Handle => {
  return (request, response) => {
    begin(request, response);
    setTimeout(() => act(request, response), 10);
  };
};
const CANCEL = 8;
const INTERNAL_ERROR = 2;
const REFUSED_STREAM = 7;

const HTTP2_CASES: Record<string, Http2Case> = {
  'the client resets the stream': { client: (stream) => stream.close(CANCEL), status: 499, abort: 'headers client' },
  'the client resets it with another code': {
    client: (stream) => stream.close(REFUSED_STREAM),
    status: 499,
    abort: 'headers client',
  },
  'the client resets it after the head': {
    handle: http2Begins,
    client: (stream) => stream.close(CANCEL),
    status: 202,
    abort: 'body client',
  },
  'the client ends its session': {
    client: (_stream, session) => session.destroy(),
    status: 499,
    abort: 'headers client',
  },
  'the client resets the connection': {
    client: (_stream, _session, socket) => socket.resetAndDestroy(),
    status: 499,
    abort: 'headers client',
  },
  'the client resets the connection after the head': {
    handle: http2Begins,
    client: (_stream, _session, socket) => socket.resetAndDestroy(),
    status: 202,
    abort: 'body client',
  },
  'the client closes the connection': {
    client: (_stream, _session, socket) => socket.destroy(),
    status: 499,
    abort: 'headers client',
  },
  'the client closes the stream': { client: (stream) => stream.close(0), status: 499, abort: 'headers client' },
  'the client closes the stream after the head': {
    handle: http2Begins,
    client: (stream) => stream.close(0),
    status: 202,
    abort: 'body client',
  },
  'the client destroys the stream': { client: (stream) => stream.destroy(), status: 499, abort: 'headers client' },
  'the client destroys the stream after the head': {
    handle: http2Begins,
    client: (stream) => stream.destroy(),
    status: 202,
    abort: 'body client',
  },
  'the client resets the stream in the middle of a body that was given at once': {
    handle: (_request, response) => response.writeHead(202).end(Buffer.alloc(5_000_000)),
    client: (stream) => stream.close(CANCEL),
    pause: true,
    status: 202,
    abort: 'body client',
  },
  'stream.destroy(error) with the error of a file': {
    handle: http2Soon((_request, { stream }) => {
      stream.destroy(Object.assign(new Error('x'), { code: 'ENOENT', syscall: 'open' }));
    }),
    status: 499,
    abort: 'headers server',
  },
  'response.destroy()': {
    handle: http2Soon((_request, response) => response.destroy()),
    status: 499,
    abort: 'headers server',
  },
  'response.destroy(error)': {
    handle: http2Soon((_request, response) => response.destroy(new Error('x'))),
    status: 499,
    abort: 'headers server',
  },
  'stream.destroy() after the head': {
    handle: http2Soon((_request, { stream }) => stream.destroy(), http2Begins),
    status: 202,
    abort: 'body server',
  },
  'stream.destroy(error) after the head': {
    handle: http2Soon((_request, { stream }) => stream.destroy(new Error('x')), http2Begins),
    status: 202,
    abort: 'body server',
  },
  'stream.close() with an internal error': {
    handle: http2Soon((_request, { stream }) => stream.close(INTERNAL_ERROR), http2Begins),
    status: 202,
    abort: 'body server',
  },
  'session.destroy()': {
    handle: http2Soon((_request, { stream }) => stream.session?.destroy()),
    status: 499,
    abort: 'headers server',
  },
  'a whole response': { handle: (_request, response) => response.writeHead(202).end('x'), status: 202 },
};

describe('It is told how an exchange has ended, over HTTP/2:', () => {
  it.each(Object.keys(HTTP2_CASES))('%s', async (name) => {
    const { handle, client, pause, status, abort } = HTTP2_CASES[name] as Http2Case;
    const registry = new Registry();
    const metrics = new HttpMetrics({ registry, defaultMetrics: false });
    let arrived = false;
    const server = createHttp2Server((request, response) => {
      for (const each of [request, response, response.stream]) each.on('error', () => {});
      metrics.measure(request as unknown as IncomingMessage, response as unknown as ServerResponse, () => '/x');
      handle?.(request, response);
      arrived = true;
    }).listen(0, '127.0.0.1');
    server.on('session', (session) => session.on('error', () => {}));
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {});
    const session = connectHttp2('http://127.0.0.1', { createConnection: () => socket }).on('error', () => {});
    const stream = session.request();
    stream.on('error', () => {});
    if (pause !== true) stream.resume();
    await until(() => arrived);
    await sleep(10);
    client?.(stream, session, socket);
    const labels = { method: 'GET', route: '/x', status_code: status };
    await until(() => registry.getSampleValue('http_requests_total', labels) === 1);
    session.destroy();
    server.close();

    const broken = abort === undefined ? [] : [{ labels: abortLabels(abort), value: 1 }];
    const families = await registry.gather({ names: ['http_request_aborts'] });
    expect(families[0]?.series.map((each) => ({ labels: each.labels, value: 'value' in each && each.value }))).toEqual(
      broken,
    );
    expect(registry.getSampleValue('http_requests_in_flight', { method: 'GET' })).toBe(0);
  });
});

function abortLabels(abort: string): Record<string, string> {
  const [phase = '', reason = ''] = abort.split(' ');
  return { method: 'GET', route: '/x', phase, reason };
}

describe('errorType', () => {
  const client = { phase: 'headers', reason: 'client' } as const;
  const server = { phase: 'body', reason: 'server' } as const;
  class Broken extends Error {
    override name = 'Broken';
  }

  it.each([
    ['is empty for what went well', 200, undefined, undefined, ''],
    ['is empty for the fault of a client', 404, undefined, new Broken(), ''],
    ['is the status of a failure of which no error is known', 503, undefined, undefined, '503'],
    ['is the name of the error of a failure', 500, undefined, new Broken(), 'Broken'],
    ['tells of a client that has left', 499, client, undefined, 'client_abort'],
    ['tells of a client that has left, whatever the handler said of it', 499, client, new Broken(), 'client_abort'],
    ['tells of a server that has broken off', 200, server, undefined, 'server_abort'],
    ['tells with what error the server has broken off', 200, server, new Broken(), 'Broken'],
    ['takes no name that is none', 500, undefined, { name: 'no name' }, '500'],
    ['takes no name that is too long', 500, undefined, { name: 'x'.repeat(101) }, '500'],
    ['takes no name that is no text', 500, undefined, { name: 5 }, '500'],
    ['takes what was thrown for no error if it is none', 500, undefined, 'boom', '500'],
    ['takes null for no error', 500, undefined, null, '500'],
    [
      'outlives an error that can’t be read',
      500,
      undefined,
      Object.defineProperty({}, 'name', {
        get() {
          throw new Error('x');
        },
      }),
      '500',
    ],
  ] as const)('%s', (_name, status, abort, error, expected) => {
    expect(errorType(status, abort, error)).toBe(expected);
  });
});
