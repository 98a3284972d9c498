import { once } from 'node:events';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
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

  it('exposes the three metrics of an HTTP server, all with help', async () => {
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

  it('counts a client that has left before it is measured', async () => {
    const port = await serve((metrics, request, response) => {
      response.once('close', () => setImmediate(() => metrics.measure(request, response, () => '/x')));
    });
    await leave(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', () => once(server, 'request'));
    await until(async () => (await requests()).length === 1);

    expect(await requests()).toEqual(['http_requests_total{method="GET",route="/x",status_code="499"} 1']);
    expect(registry.getSampleValue('http_requests_in_flight', { method: 'GET' })).toBe(0);
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

  it.each([
    [null, 'The options of HTTP metrics are null: give an object, or leave them out.'],
    [5, 'The options of HTTP metrics are 5: give an object, or leave them out.'],
    [{ registry: null }, 'The option "registry" is null: give a Registry, or leave it out for the default registry.'],
    [{ registry: 5 }, 'The option "registry" is 5: give a Registry, or leave it out for the default registry.'],
    [{ registry: {} }, 'The option "registry" is {}: give a Registry, or leave it out for the default registry.'],
    [
      { defaultMetrics: 'x' },
      `The option "defaultMetrics" is "x": give true, false, or an object such as { only: ['process'] }.`,
    ],
    [
      { defaultMetrics: null },
      `The option "defaultMetrics" is null: give true, false, or an object such as { only: ['process'] }.`,
    ],
    [{ defaultMetrics: { onyl: [] } }, 'There is no option "onyl" of "defaultMetrics". Is "only" meant?'],
    [
      { path: 5n },
      'The path 5n can\'t be asked for: give one that begins with a slash and has no query, such as "/metrics".',
    ],
    [{ registy: undefined }, 'There is no option "registy" of HTTP metrics. Is "registry" meant?'],
    [{ defaultmetrics: false }, 'There is no option "defaultmetrics" of HTTP metrics. Is "defaultMetrics" meant?'],
    [
      { colour: 'red' },
      'There is no option "colour" of HTTP metrics. The options are registry, path, defaultMetrics, buckets.',
    ],
  ])('refuses the options %p', (options, message) => {
    server = createServer();
    const given = typeof options === 'object' && options !== null ? { registry, ...options } : options;

    expect(() => new HttpMetrics(given as HttpMetricsOptions)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message }),
    );
  });

  it('takes options that are undefined for left out', () => {
    server = createServer();
    const metrics = new HttpMetrics({ registry, path: undefined, defaultMetrics: undefined, buckets: undefined });
    metrics.close();

    expect(metrics.path).toBe('/metrics');
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
});
