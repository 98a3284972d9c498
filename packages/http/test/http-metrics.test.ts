import { once } from 'node:events';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { Registry } from '@prometer/core';
import { HttpMetrics, type HttpMetricsOptions } from '../src/index.ts';
import { ask, leave, talk, until } from './client.ts';

describe('HttpMetrics', () => {
  let registry: Registry;
  let server: Server;

  beforeEach(() => {
    registry = new Registry();
  });

  afterEach(() => {
    server.closeAllConnections?.();
    server.close();
  });

  async function serve(
    handle: (metrics: HttpMetrics, request: IncomingMessage, response: ServerResponse) => void,
  ): Promise<number> {
    const metrics = new HttpMetrics({ registry, defaultMetrics: false });
    server = createServer((request, response) => handle(metrics, request, response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  const requests = async (): Promise<string[]> => (await registry.metrics()).match(/^http_requests_total.*$/gm) ?? [];

  it('exposes the metrics of an HTTP server, all with help', async () => {
    const port = await serve((metrics, request, response) => {
      metrics.measure(request, response, () => '/x');
      response.end();
    });
    await ask(port, '/');
    await until(async () => (await requests()).length === 1);
    const text = await registry.metrics();

    expect(text.match(/^# .*$/gm)).toEqual([
      '# HELP http_requests_total HTTP requests that were answered or given up.',
      '# TYPE http_requests_total counter',
      '# HELP http_request_duration_seconds Time from the arrival of an HTTP request to the end of its response.',
      '# TYPE http_request_duration_seconds histogram',
      '# HELP http_requests_in_flight HTTP requests that are being handled.',
      '# TYPE http_requests_in_flight gauge',
      '# HELP http_request_aborts_total HTTP requests that were broken off, by whom, and whether the head of the response was sent by then.',
      '# TYPE http_request_aborts_total counter',
      '# HELP http_response_start_seconds Time from the arrival of an HTTP request for an event stream to the start of the stream.',
      '# TYPE http_response_start_seconds histogram',
      '# HELP http_streams_active Event streams that are open: Server-Sent Events and upgraded connections.',
      '# TYPE http_streams_active gauge',
    ]);
    expect(text.match(/le="[^"]+"/g)).toEqual(
      [
        '0.005',
        '0.01',
        '0.025',
        '0.05',
        '0.075',
        '0.1',
        '0.25',
        '0.5',
        '0.75',
        '1.0',
        '2.5',
        '5.0',
        '7.5',
        '10.0',
        '+Inf',
      ].map((le) => `le="${le}"`),
    );
  });

  it('takes other buckets', async () => {
    server = createServer();
    new HttpMetrics({ registry, defaultMetrics: false, buckets: [1] });

    expect(registry.get('http_request_duration_seconds')).toMatchObject({ upperBounds: [1] });
  });

  it('counts the status that was sent where somebody before it holds the head back', async () => {
    const port = await serve((metrics, request, response) => {
      const { writeHead, end } = response;
      response.writeHead = (status) => Object.assign(response, { statusCode: status });
      response.end = () => {
        Object.assign(response, { writeHead, end, statusCode: 304 });
        return response.end();
      };
      metrics.measure(request, response, () => '/x');
      response.writeHead(200);
      response.end();
    });
    expect((await ask(port, '/')).status).toBe(304);
    await until(async () => (await requests()).length === 1);

    expect(await requests()).toEqual(['http_requests_total{method="GET",route="/x",status_code="304"} 1']);
  });

  it('counts the status of its own response where another one is made for the request', async () => {
    const others = new HttpMetrics({ registry: new Registry(), defaultMetrics: false });
    const port = await serve((metrics, request, response) => {
      metrics.measure(request, response, () => '/x');
      response.writeHead(200).write('x');
      const other = new ServerResponse(request);
      others.measure(request, other, () => '/y');
      other.writeHead(500).end();
      response.end();
    });
    await ask(port, '/');
    await until(async () => (await requests()).length === 1);

    expect(await requests()).toEqual(['http_requests_total{method="GET",route="/x",status_code="200"} 1']);
  });

  it('asks for the route when the response is over', async () => {
    let route: string | undefined;
    const port = await serve((metrics, request, response) => {
      metrics.measure(request, response, () => route);
      route = '/known/:later';
      response.end();
    });
    await ask(port, '/');
    await until(async () => (await requests()).length === 1);

    expect(await requests()).toEqual(['http_requests_total{method="GET",route="/known/:later",status_code="200"} 1']);
  });

  it('counts a request once that is measured twice, with the route of who knows it later', async () => {
    const port = await serve((metrics, request, response) => {
      metrics.measure(request, response, () => undefined);
      new HttpMetrics({ registry, defaultMetrics: false }).measure(request, response, () => '/x');
      response.end();
    });
    await ask(port, '/');
    await until(async () => (await requests()).length === 1);

    expect(await requests()).toEqual(['http_requests_total{method="GET",route="/x",status_code="200"} 1']);
  });

  it('lets an adapter prepare each request of a server, before its listeners see it', async () => {
    const seen: string[] = [];
    const port = await serve((_metrics, request, response) => {
      seen.push(`listener ${request.url}`);
      response.end();
    });
    const metrics = new HttpMetrics({ registry, defaultMetrics: false });
    metrics.watch(server, { prepare: (request) => seen.push(`prepare ${request.url}`) });
    await ask(port, '/1');
    await ask(port, '/2');

    expect(seen).toEqual(['prepare /1', 'listener /1', 'prepare /2', 'listener /2']);
    expect(await requests()).toEqual([]);
  });

  it('counts a client that has left before it is measured', async () => {
    const port = await serve((metrics, request, response) => {
      response.once('close', () => setImmediate(() => metrics.measure(request, response, () => '/x')));
    });
    await leave(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', () => once(server, 'request'));
    await until(async () => (await requests()).length === 1);

    expect(await requests()).toEqual(['http_requests_total{method="GET",route="/x",status_code="499"} 1']);
    expect(registry.getSampleValue('http_requests_in_flight', { method: 'GET' })).toBe(0);
  });

  it('counts a client that resets its connection as one that left, also if its handler answers then', async () => {
    const port = await serve((metrics, request, response) => {
      metrics.measure(request, response, () => '/x');
      request.socket.once('error', () => response.end('late'));
    });
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(server, 'request');
    socket.resetAndDestroy();
    await until(async () => (await requests()).length === 1);

    expect(await requests()).toEqual(['http_requests_total{method="GET",route="/x",status_code="499"} 1']);
  });

  it('counts a client of HTTP/2 that has left before it is measured', async () => {
    const metrics = new HttpMetrics({ registry, defaultMetrics: false });
    const secure = createHttp2Server((request, response) => {
      const measure = (): void =>
        metrics.measure(request as unknown as IncomingMessage, response as unknown as ServerResponse, () => '/x');
      response.once('close', () => setImmediate(measure));
      response.stream.close();
    }).listen(0, '127.0.0.1');
    server = secure as unknown as Server;
    await once(secure, 'listening');
    const session = connectHttp2(`http://127.0.0.1:${(secure.address() as AddressInfo).port}`);
    session.request().on('error', () => {});
    await until(async () => (await requests()).length === 1);
    await new Promise<void>((resolve) => session.close(resolve));

    expect(await requests()).toEqual(['http_requests_total{method="GET",route="/x",status_code="499"} 1']);
  });

  it('listens to a socket once for all the responses that wait for it', async () => {
    const listeners: number[] = [];
    const port = await serve((metrics, request, response) => {
      metrics.measure(request, response, () => '/x');
      listeners.push(request.socket.listenerCount('close'));
    });
    await leave(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(50), () => until(() => listeners.length === 50));
    await until(async () => (await requests()).length === 1);

    expect(new Set(listeners.slice(1)).size).toBe(1);
    expect(await requests()).toEqual(['http_requests_total{method="GET",route="/x",status_code="499"} 50']);
  });

  it('counts a request whose response waited for its socket, and then had it, once', async () => {
    const responses: ServerResponse[] = [];
    const port = await serve((metrics, request, response) => {
      metrics.measure(request, response, () => '/x');
      responses.push(response);
      if (responses.length === 2) for (const each of responses) each.end();
    });
    await talk(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2), (read) => read.split('200 OK').length === 3);
    await until(async () => (await requests()).length === 1);
    await once(responses[1]?.req.socket as Socket, 'close').catch(() => {});

    expect(await requests()).toEqual(['http_requests_total{method="GET",route="/x",status_code="200"} 2']);
  });

  it('counts a client that left while its request waited, before it is measured', async () => {
    let late: (() => void) | undefined;
    const port = await serve((metrics, request, response) => {
      if (request.url === '/first') request.socket.once('close', () => setImmediate(() => late?.()));
      else late = () => metrics.measure(request, response, () => '/x');
    });
    const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
    await leave(port, get('/first') + get('/second'), () => until(() => late !== undefined));
    await until(async () => (await requests()).length === 1);

    expect(await requests()).toEqual(['http_requests_total{method="GET",route="/x",status_code="499"} 1']);
  });

  it('takes an answer that the client did not wait for to read, while it was uploading, for given', async () => {
    const port = await serve((metrics, request, response) => {
      metrics.measure(request, response, () => '/x');
      response.writeHead(200);
      response.write('a piece');
      request.resume();
    });
    await talk(port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf', (read) =>
      read.includes('a piece'),
    );
    await until(async () => (await requests()).length === 1);

    expect(await requests()).toEqual(['http_requests_total{method="POST",route="/x",status_code="200"} 1']);
  });

  it.each([
    ['/metrics', true],
    ['/metrics?name=x', true],
    ['/metrics/', false],
    ['/metricsx', false],
    ['/', false],
  ])('says of %s that it serves it: %p', (url, expected) => {
    server = createServer();
    const metrics = new HttpMetrics({ registry, defaultMetrics: false });

    expect(metrics.serves({ url } as IncomingMessage)).toBe(expected);
  });

  it('adds the metrics about the process that it is told to, until it is closed', () => {
    server = createServer();
    const metrics = new HttpMetrics({ registry, defaultMetrics: { only: ['version'] } });
    const during = [
      registry.get('nodejs_version_info') !== undefined,
      registry.get('process_cpu_seconds') !== undefined,
    ];
    metrics.close();

    expect([...during, registry.get('nodejs_version_info')]).toEqual([true, false, undefined]);
  });

  it('watches no server any more once it is closed, whoever asks', () => {
    server = createServer();
    const metrics = new HttpMetrics({ registry, defaultMetrics: false });
    metrics.watch(server);
    const during = Object.hasOwn(server, 'emit');
    metrics.close();
    metrics.watch(server);

    expect([during, Object.hasOwn(server, 'emit')]).toEqual([true, false]);
  });

  it('measures a response once, also for another request object in the place of its own', async () => {
    const port = await serve((metrics, request, response) => {
      const copy = Object.assign(new IncomingMessage(request.socket), { method: 'GET', headers: request.headers });
      metrics.measure(request, response, () => undefined);
      metrics.measure(copy, response, () => '/x');
      response.end();
    });
    await ask(port, '/');
    await until(async () => (await requests()).length === 1);

    expect(await requests()).toEqual(['http_requests_total{method="GET",route="/x",status_code="200"} 1']);
  });

  it('measures from when it is told that the request began', async () => {
    const port = await serve((metrics, request, response) => {
      metrics.measure(request, response, () => '/x', performance.now() - 2000);
      response.end();
    });
    await ask(port, '/');
    await until(async () => (await requests()).length === 1);

    const labels = { method: 'GET', route: '/x', status_code: 200 };
    const seconds = registry.getSampleValue('http_request_duration_seconds_sum', labels) as number;
    expect(seconds).toBeGreaterThan(1.99);
    expect(seconds).toBeLessThan(5);
  });

  it('measures no time less than none', async () => {
    const port = await serve((metrics, request, response) => {
      metrics.measure(request, response, () => '/x', performance.now() + 60_000);
      response.end();
    });
    await ask(port, '/');
    await until(async () => (await requests()).length === 1);

    const labels = { method: 'GET', route: '/x', status_code: 200 };
    expect(registry.getSampleValue('http_request_duration_seconds_sum', labels)).toBe(0);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('x');
      },
      'unmatched',
    ],
    ['tells a number', () => 5, 'unmatched'],
    ['tells null', () => null, 'unmatched'],
    ['tells a promise', () => Promise.resolve('/x'), 'unmatched'],
    ['tells nothing but an empty text', () => '', 'unmatched'],
    ['tells a text that is very long', () => `/${'x'.repeat(100_000)}`, `/${'x'.repeat(100_000)}`],
    ['tells half of a character', () => '/\uD800', '/\uFFFD'],
    ['tells what has to be escaped', () => '/"\\\n', String.raw`/\"\\\n`],
  ])('counts a request whose route function %s', async (_name, routeOf, expected) => {
    const port = await serve((metrics, request, response) => {
      metrics.measure(request, response, routeOf as never);
      response.end();
    });
    await ask(port, '/');
    await until(async () => (await requests()).length === 1);

    expect(await requests()).toEqual([`http_requests_total{method="GET",route="${expected}",status_code="200"} 1`]);
    expect(registry.getSampleValue('http_requests_in_flight', { method: 'GET' })).toBe(0);
  });

  it('falls back to who measured it first if the later route function fails', async () => {
    const port = await serve((metrics, request, response) => {
      metrics.measure(request, response, () => '/first');
      metrics.measure(request, response, () => {
        throw new Error('x');
      });
      metrics.measure(request, response, () => undefined);
      response.end();
    });
    await ask(port, '/');
    await until(async () => (await requests()).length === 1);

    expect(await requests()).toEqual(['http_requests_total{method="GET",route="/first",status_code="200"} 1']);
  });

  it('counts a request into each of several registries', async () => {
    const other = new Registry();
    const port = await serve((metrics, request, response) => {
      metrics.measure(request, response, () => '/x');
      new HttpMetrics({ registry: other, defaultMetrics: false }).measure(request, response, () => '/other');
      response.end();
    });
    await ask(port, '/');
    await until(async () => (await requests()).length === 1);

    expect(await requests()).toEqual(['http_requests_total{method="GET",route="/x",status_code="200"} 1']);
    expect(other.getSampleValue('http_requests_total', { method: 'GET', route: '/other', status_code: 200 })).toBe(1);
  });

  it('listens once to a response, however many registries it is measured into', async () => {
    let listeners: number | undefined;
    const port = await serve((metrics, request, response) => {
      const before = response.listenerCount('close');
      metrics.measure(request, response, () => '/x');
      new HttpMetrics({ registry: new Registry(), defaultMetrics: false }).measure(request, response, () => '/x');
      listeners = response.listenerCount('close') - before;
      response.end();
    });
    await ask(port, '/');

    expect(listeners).toBe(1);
  });

  it('counts a request that is measured into another registry when it is over already', async () => {
    const other = new HttpMetrics({ registry: new Registry(), defaultMetrics: false });
    const port = await serve((metrics, request, response) => {
      metrics.measure(request, response, () => '/x');
      response.once('close', () => setImmediate(() => other.measure(request, response, () => '/late')));
      response.end();
    });
    await ask(port, '/');
    const labels = { method: 'GET', route: '/late', status_code: 200 };
    await until(() => other.registry.getSampleValue('http_requests_total', labels) === 1);

    expect(other.registry.getSampleValue('http_requests_in_flight', { method: 'GET' })).toBe(0);
  });

  it('counts a request once that two copies of this package measure', async () => {
    jest.resetModules();
    const copy = (await import('../src/index.ts')) as typeof import('../src/index.ts');
    const other = new Registry();
    const port = await serve((metrics, request, response) => {
      new copy.HttpMetrics({ registry, defaultMetrics: false }).measure(request, response, () => undefined);
      new copy.HttpMetrics({ registry: other, defaultMetrics: false }).measure(request, response, () => '/other');
      metrics.measure(request, response, () => '/x');
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end();
    });
    await ask(port, '/');
    await until(async () => (await requests()).length === 1);

    expect(copy.HttpMetrics).not.toBe(HttpMetrics);
    expect(await requests()).toEqual(['http_requests_total{method="GET",route="/x",status_code="200"} 1']);
    expect(other.getSampleValue('http_response_start_seconds_count', { method: 'GET', route: '/other' })).toBe(1);
  });

  it('shares its metrics with another one that is defined alike', () => {
    server = createServer();
    const [first, second] = [{}, {}].map(() => new HttpMetrics({ registry, defaultMetrics: false }));

    expect(second?.requests).toBe(first?.requests);
    expect(second?.durations).toBe(first?.durations);
  });

  it.each([
    ['other labels', { labels: { tenant: () => 'x' } }],
    ['other buckets', { buckets: [1] }],
    ['native buckets', { native: true }],
    ['other labels of the durations', { histogramLabels: ['route'] }],
  ] as [string, HttpMetricsOptions<string>][])(
    'refuses a registry that has these metrics with %s',
    async (_name, options) => {
      server = createServer();
      new HttpMetrics({ registry, defaultMetrics: false });
      const before = await registry.metrics();

      expect(() => new HttpMetrics({ registry, ...options })).toThrow(
        expect.objectContaining({ code: 'DIFFERENT_DEFINITION' }),
      );
      expect(await registry.metrics()).toBe(before);
    },
  );

  it('adds nothing to a registry that it refuses', () => {
    server = createServer();
    registry.gauge({ name: 'http_streams_active', help: 'Mine' });

    expect(() => new HttpMetrics({ registry })).toThrow(expect.objectContaining({ code: 'DIFFERENT_DEFINITION' }));
    expect(registry.get('http_requests')).toBeUndefined();
    expect(registry.get('process_cpu_seconds')).toBeUndefined();
  });

  it('has native buckets of the durations if it is told to', async () => {
    server = createServer();
    const { durations } = new HttpMetrics({ registry, defaultMetrics: false, native: true, buckets: [] });
    durations.observe({ method: 'GET', route: '/x', status_code: 200 }, 0.1);

    expect(durations.get({ method: 'GET', route: '/x', status_code: 200 })).toMatchObject({
      count: 1,
      buckets: [{ upperBound: Infinity, count: 1 }],
      native: { schema: 3 },
    });
  });
});
