import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from '@prometer/core';
import { HttpMetrics } from '../src/index.ts';
import { ask, leave, talk, until } from './client.ts';

describe('HttpMetrics', () => {
  let registry: Registry;
  let server: Server;

  beforeEach(() => {
    registry = new Registry();
  });

  afterEach(() => {
    server.closeAllConnections();
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
