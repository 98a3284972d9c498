import { once } from 'node:events';
import { connect, constants, type ClientHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import fastify from 'fastify';
import { Registry } from '@prometer/core';
import { until } from '../../http/test/client.ts';
import { metricsPlugin } from '../src/index.ts';
import { twoAddresses } from './two-addresses.ts';

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

it('H2 sees what comes to all addresses of a name in HTTP/2, once a request has come there', async () => {
  const registry = new Registry();
  const app = fastify({ http2: true });
  app.register(metricsPlugin, { registry, defaultMetrics: false });
  app.get('/users/:id', () => 'somebody');
  const restore = twoAddresses();
  await app.listen({ port: 0, host: 'localhost' });
  restore();
  const addresses = app.addresses() as AddressInfo[];
  const sessions = addresses.map(({ address, port }) => connect(`http://${address}:${port}`));
  for (const session of sessions) {
    for (const path of ['/users/1', '/users/%E0%A4%A']) {
      await once(session.request({ ':path': path }).resume(), 'close');
    }
  }
  const counted = (route: string, status: number): number | undefined =>
    registry.getSampleValue('http_requests_total', { method: 'GET', route, status_code: status });
  await until(() => counted('unmatched', 400) === addresses.length);
  for (const session of sessions) session.close();
  await app.close();

  expect(counted('/users/:id', 200)).toBe(addresses.length);
});

it('A4 counts a request in HTTP/2 whose session is gone before the metrics see it', async () => {
  const registry = new Registry();
  const app = fastify({ http2: true });
  const failed: unknown[] = [];
  let goOn = (): void => {};
  const hasArrived = new Promise<void>((resolve) => {
    app.addHook('onRequest', (_request, _reply, next) => {
      goOn = next;
      resolve();
    });
  });
  app.register(metricsPlugin, { registry, defaultMetrics: false });
  app.addHook('onError', async (_request, _reply, error) => void failed.push(error));
  app.get('/users/:id', () => 'somebody');
  const session = connect(await app.listen({ port: 0, host: '127.0.0.1' }));
  session.on('error', () => {});
  const given = session.request({ ':path': '/users/1' }).on('error', () => {});
  await hasArrived;
  session.destroy();
  await once(given, 'close');
  await setTimeout(50);
  goOn();
  const counted = async (): Promise<boolean> => /^http_requests_total\{.*\} 1$/m.test(await registry.metrics());
  await until(counted);
  await app.close();

  expect(failed).toEqual([]);
});
