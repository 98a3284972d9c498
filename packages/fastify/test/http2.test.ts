import { once } from 'node:events';
import { connect, constants, type ClientHttp2Session } from 'node:http2';
import fastify from 'fastify';
import { Registry } from '@prometer/core';
import { until } from '../../http/test/client.ts';
import { metricsPlugin } from '../src/index.ts';

describe('metricsPlugin in HTTP/2', () => {
  const registry = new Registry();
  const app = fastify({ http2: true });
  let session: ClientHttp2Session;

  const counted = (route: string, status: number): number | undefined =>
    registry.getSampleValue('http_requests_total', { method: 'GET', route, status_code: status });

  beforeAll(async () => {
    app.register(metricsPlugin, { registry, defaultMetrics: false, sizes: true });
    app.get('/users/:id', () => 'somebody');
    app.get('/never', (_request, _reply) => {});
    app.get('/late', (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200);
      reply.raw.statusCode = 500;
      reply.raw.end();
    });
    session = connect(await app.listen({ port: 0, host: '127.0.0.1' }));
  });

  afterAll(async () => {
    session.close();
    await app.close();
  });

  async function ask(path: string): Promise<string> {
    let body = '';
    const stream = session.request({ ':path': path }).setEncoding('utf8');
    stream.on('data', (piece: string) => (body += piece));
    await once(stream, 'close');
    return body;
  }

  it('R1 counts whole requests by their route', async () => {
    await Promise.all([ask('/users/1'), ask('/users/2?q=1')]);
    await until(() => counted('/users/:id', 200) === 2);

    expect(await ask('/metrics')).toContain(
      'http_requests_total{method="GET",route="/users/:id",status_code="200"} 2\n',
    );
    expect(registry.getSampleValue('http_response_size_bytes_sum', { method: 'GET', route: '/users/:id' })).toBe(16);
  });

  it('A4 counts a request that is given up as 499', async () => {
    const given = session.request({ ':path': '/never' }).on('error', () => {});
    await until(() => registry.getSampleValue('http_requests_in_flight', { method: 'GET' }) === 1);
    given.close(constants.NGHTTP2_CANCEL);
    await until(() => counted('/never', 499) === 1);

    expect(registry.getSampleValue('http_requests_in_flight', { method: 'GET' })).toBe(0);
    expect(
      registry.getSampleValue('http_request_aborts_total', {
        method: 'GET',
        route: '/never',
        phase: 'headers',
        reason: 'client',
      }),
    ).toBe(1);
  });

  it('counts the status that was sent', async () => {
    await ask('/late');
    await until(() => counted('/late', 200) === 1);

    expect(counted('/late', 500)).toBeUndefined();
  });

  it('H2 counts what is refused before any hook', async () => {
    await ask('/users/%E0%A4%A');
    await until(() => counted('unmatched', 400) === 1);

    expect(registry.getSampleValue('http_requests_in_flight', { method: 'GET' })).toBe(0);
  });
});
