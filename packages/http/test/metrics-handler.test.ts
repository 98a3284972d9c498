import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defaultRegistry, Registry } from '@prometer/core';
import { metricsHandler } from '../src/index.ts';
import { ask } from './client.ts';

describe('metricsHandler', () => {
  let server: Server;

  async function serve(registry?: Registry): Promise<number> {
    server = createServer(metricsHandler({ registry })).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  afterEach(() => server.close());

  it('answers GET with the metrics in the text format, whatever the path', async () => {
    const registry = new Registry();
    registry.gauge({ name: 'g', help: 'Ein Maß' }).set(1);
    const { status, headers, body } = await ask(await serve(registry), '/anything?x=1');

    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(headers['content-length']).toBe('37');
    expect(body).toBe('# HELP g Ein Maß\n# TYPE g gauge\ng 1\n');
  });

  it('shows the default registry unless it is given another one', async () => {
    const counter = defaultRegistry.counter({ name: 'of_the_default', help: '' });
    const { body } = await ask(await serve(), '/');
    defaultRegistry.unregister(counter);

    expect(body).toContain('of_the_default_total 0\n');
  });

  it('answers HEAD with the headers alone', async () => {
    const registry = new Registry();
    registry.gauge({ name: 'g', help: '' }).set(1);
    const { status, headers, body } = await ask(await serve(registry), '/', 'HEAD');

    expect([status, headers['content-type'], headers['content-length'], body]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
      '29',
      '',
    ]);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('answers %s with 405 and the methods there are', async (method) => {
    const { status, headers } = await ask(await serve(new Registry()), '/', method);

    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  it('leaves a response alone that was begun meanwhile', async () => {
    let answered: (() => void) | undefined;
    const registry = new Registry();
    registry.gauge({ name: 'g', help: '', collect: () => new Promise<void>((resolve) => (answered = resolve)) });
    const handler = metricsHandler({ registry });
    server = createServer((request, response) => {
      handler(request, response);
      response.writeHead(503).write('Too ');
      setImmediate(() => {
        answered?.();
        setImmediate(() => response.end('slow'));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');

    expect(await ask((server.address() as AddressInfo).port, '/')).toMatchObject({ status: 503, body: 'Too slow' });
  });

  it.each([
    ['throws', { expose: () => fail('No way') }],
    ['rejects', { expose: async () => fail('No way') }],
    ['has no bytes', { expose: async () => ({ contentType: 'text/plain', body: 5 }) }],
    ['has no content type', { expose: async () => ({ contentType: 'a\nb', body: '' }) }],
  ])('answers 500 when the registry, of another version perhaps, %s', async (_what, registry) => {
    const { status, body } = await ask(await serve(registry as unknown as Registry), '/');

    expect(status).toBe(500);
    expect(body).toMatch(/^The metrics can't be shown: .+\n$/);
  });

  it.each([null, 5, { registry: null }, { registry: 5 }, { registry: {} }, { registy: new Registry() }])(
    'refuses the options %p',
    (options) => {
      server = createServer();

      expect(() => metricsHandler(options as { registry: Registry })).toThrow(
        expect.objectContaining({ name: 'MetricError', code: 'INVALID_OPTION' }),
      );
    },
  );

  it('serves all other metrics when one of them fails', async () => {
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const registry = new Registry();
    registry.gauge({
      name: 'bad',
      help: '',
      collect() {
        throw new Error('No value');
      },
    });
    registry.gauge({ name: 'good', help: '' }).set(1);
    const { status, body } = await ask(await serve(registry), '/');
    emitWarning.mockRestore();

    expect(status).toBe(200);
    expect(body).toContain('good 1\n');
    expect(body).toContain('prometer_collector_errors_total{collector="bad"} 1\n');
    expect(body).not.toContain('\nbad ');
  });
});

function fail(message: string): never {
  throw new Error(message);
}
