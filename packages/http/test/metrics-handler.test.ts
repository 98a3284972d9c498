import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defaultRegistry, Registry } from '@prometer/core';
import { metricsHandler, type MetricsHandlerOptions } from '../src/index.ts';
import { ask, talk } from './client.ts';
import { registryOf } from './servers.ts';

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
    expect(registry.get('prometer_scrape_duration_seconds')).toBeUndefined();
  });

  it.each([
    ['throws', { stream: () => fail('No way') }],
    ['rejects', { stream: () => streamOf(() => Promise.reject(new Error('No way'))) }],
    ['has no bytes', { stream: () => streamOf(async () => ({ done: false, value: 5 }), 1) }],
    ['has no content type', { stream: () => streamOf(async () => ({ done: true }), 0, 'a\nb') }],
  ])('answers 500 when the registry, of another version perhaps, %s', async (_what, registry) => {
    const { status, headers, body } = await ask(await serve(registry as unknown as Registry), '/', 'GET', {
      'accept-encoding': 'gzip, identity;q=0',
    });

    expect([status, headers['content-encoding']]).toEqual([500, undefined]);
    expect(body).toMatch(/^The metrics can't be shown: .+\n$/);
  });

  it('answers 500 unpacked where the content type can not be sent and other headers are set', async () => {
    const registry = { stream: () => streamOf(async () => ({ done: true }), 0, 'a\nb') } as unknown as Registry;
    const handler = metricsHandler({ registry });
    server = createServer((request, response) => {
      response.setHeader('X-Powered-By', 'a framework');
      handler(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { status, headers } = await ask((server.address() as AddressInfo).port, '/', 'GET', {
      'accept-encoding': 'gzip, identity;q=0',
    });

    expect([status, headers['content-encoding']]).toEqual([500, undefined]);
  });

  describe('with a response that others have a hand in', () => {
    const small = new Registry();
    small.gauge({ name: 'g', help: '' }).set(1);
    const large = registryOf(5000);
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);

    beforeAll(() => process.on('unhandledRejection', note));
    afterAll(() => process.off('unhandledRejection', note));

    /** What comes of it, after a while in which nothing may come of it for the process. */
    async function answers(options: MetricsHandlerOptions, before: (response: ServerResponse) => void, bytes: string) {
      unhandled.length = 0;
      const handler = metricsHandler(options);
      server = createServer((request, response) => {
        before(response);
        handler(request, response);
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const answer = await talk(port, bytes, () => false).catch(({ code }: NodeJS.ErrnoException) => code as string);
      await new Promise((resolve) => setTimeout(resolve, 20));
      return answer;
    }

    const cases: [string, MetricsHandlerOptions, number][] = [
      ['small metrics', { registry: small }, 200],
      ['large metrics', { registry: large }, 200],
      ['metrics that fail', { registry: { stream: () => fail('No way') } as unknown as Registry }, 500],
      ['nothing to whom may not see them', { registry: small, authorize: () => false }, 401],
      ['nothing to whom may not see them, as is known later', { registry: small, authorize: async () => false }, 401],
    ];
    const requests = ['GET / HTTP/1.1\r\nHost: x', 'HEAD / HTTP/1.1\r\nHost: x', 'GET / HTTP/1.0'].map(
      (head) => [head.replace('\r\nHost: x', ''), `${head}\r\nConnection: close\r\n\r\n`] as const,
    );
    const all = cases.flatMap(([what, options, status]) =>
      requests.map(([head, bytes]) => [what, head, options, bytes, status] as const),
    );

    it.each(all)('shows %s to %s where trailers are announced', async (_what, _head, options, bytes, status) => {
      const announce = (response: ServerResponse): void => void response.setHeader('Trailer', 'Server-Timing');

      expect(await answers(options, announce, bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(unhandled).toEqual([]);
    });

    it.each(all)('breaks off %s to %s where no head can be sent', async (_what, _head, options, bytes) => {
      const refuse = (response: ServerResponse): void => {
        response.writeHead = () => fail('No head');
      };

      expect(await answers(options, refuse, bytes)).toMatch(/^(|ECONNRESET)$/);
      expect(unhandled).toEqual([]);
    });

    it.each(all)('breaks off %s to %s where it begins and can not end', async (_what, _head, options, bytes) => {
      const refuse = (response: ServerResponse): void => {
        const { writeHead } = response;
        response.writeHead = (...given: unknown[]) => {
          writeHead.apply(response, given as Parameters<typeof writeHead>);
          return fail('No head');
        };
        response.end = () => fail('No end');
      };

      expect(await answers(options, refuse, bytes)).toMatch(/^(|ECONNRESET)$/);
      expect(unhandled).toEqual([]);
    });

    it.each([
      ['go on', 'GET', '', 'write'],
      ['end', 'GET', '', 'end'],
      ['end, without a body', 'HEAD', '', 'end'],
      ['go on, packed', 'GET', 'Accept-Encoding: gzip\r\n', 'write'],
      ['end, packed', 'GET', 'Accept-Encoding: gzip\r\n', 'end'],
    ] as const)('breaks off large metrics that begin and can not %s', async (_what, asked, header, method) => {
      const refuse = (response: ServerResponse): void => {
        response[method] = () => fail('Not now');
      };
      const uncaught: unknown[] = [];
      const noteUncaught = (error: unknown): void => void uncaught.push(error);
      process.on('uncaughtException', noteUncaught);
      const answer = await answers({ registry: large }, refuse, `${asked} / HTTP/1.1\r\nHost: x\r\n${header}\r\n`);
      process.off('uncaughtException', noteUncaught);

      expect(answer).not.toMatch(/\r\n0\r\n\r\n$/);
      expect([uncaught, unhandled]).toEqual([[], []]);
    });

    it('tells nobody why nothing can be sent who may not see the metrics', async () => {
      const failOnce = (response: ServerResponse): void => {
        const { writeHead } = response;
        response.writeHead = () => {
          response.writeHead = writeHead;
          return fail('A secret');
        };
      };
      const options: MetricsHandlerOptions = { registry: small, authorize: () => false };
      const answer = await answers(options, failOnce, 'GET / HTTP/1.0\r\n\r\n');

      expect(answer).toMatch(/^HTTP\/1\.1 500 [^]*\r\n\r\nThe answer can't be sent\.\n$/);
    });

    it.each(all)('answers 500 for %s to %s where something fails once', async (_what, _head, options, bytes) => {
      const failOnce = (response: ServerResponse): void => {
        const { writeHead } = response;
        response.setHeader('Vary', 'Origin');
        response.writeHead = (...given: unknown[]) => {
          response.writeHead = writeHead;
          // As it is for all but the first who looks at the head before it is sent.
          for (const [name, value] of Object.entries(given[1] as Record<string, string>))
            response.setHeader(name, value);
          return fail('Not now');
        };
      };
      const packed = bytes.replace('\r\n\r\n', '\r\nAccept-Encoding: gzip\r\n\r\n');
      const answer = await answers(options, failOnce, packed);

      expect(answer).toMatch(/^HTTP\/1\.1 500 [^]*\r\nVary: Origin\r\n/);
      expect(answer).not.toMatch(/Content-Encoding|WWW-Authenticate/i);
      expect(unhandled).toEqual([]);
    });
  });

  it.each([
    null,
    5,
    { registry: null },
    { registry: 5 },
    { registry: {} },
    { registry: { expose: async () => ({ contentType: 'text/plain', body: '' }) } },
    { registy: new Registry() },
    { created: 'yes' },
    { openMetrics2: 1 },
  ])('refuses the options %p', (options) => {
    server = createServer();

    expect(() => metricsHandler(options as { registry: Registry })).toThrow(
      expect.objectContaining({ name: 'MetricError', code: 'INVALID_OPTION' }),
    );
  });

  it('says which option a misspelt one may be', () => {
    server = createServer();

    expect(() => metricsHandler({ authorise: () => true } as object)).toThrow(
      'There is no option "authorise" of metricsHandler. Is "authorize" meant?',
    );
  });

  it('tells created times if it is told to', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(1_700_000_000_000);
    const registry = new Registry();
    registry.counter({ name: 'c', help: '' });
    jest.restoreAllMocks();
    server = createServer(metricsHandler({ registry, created: true })).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { body } = await ask((server.address() as AddressInfo).port, '/');

    expect(body).toBe(
      '# HELP c_total \n# TYPE c_total counter\nc_total 0\n# HELP c_created \n# TYPE c_created gauge\nc_created 1.7e+09\n',
    );
  });

  it('serves OpenMetrics 2.0 if it is told to', async () => {
    const registry = new Registry();
    server = createServer(metricsHandler({ registry, openMetrics2: true })).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const accept = 'application/openmetrics-text;version=2.0.0';
    const { headers } = await ask((server.address() as AddressInfo).port, '/', 'GET', { accept });

    expect(headers['content-type']).toMatch(/^application\/openmetrics-text; version=2\.0\.0;/);
  });

  it.each([
    [undefined, 'Accept, Accept-Encoding'],
    ['Origin', 'Origin, Accept, Accept-Encoding'],
    ['accept-encoding', 'accept-encoding, Accept'],
    [['Origin', 'Accept'], 'Origin, Accept, Accept-Encoding'],
    ['*', '*'],
  ])('varies by what it depends on, and by %p if somebody else said so', async (given, vary) => {
    const handler = metricsHandler({ registry: new Registry() });
    server = createServer((request, response) => {
      if (given !== undefined) response.setHeader('Vary', given);
      handler(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');

    expect((await ask((server.address() as AddressInfo).port, '/')).headers.vary).toBe(vary);
  });

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

/** A stream that isn't a registry's: `next` answers the first `times` calls, after which it has ended. */
function streamOf(next: () => Promise<unknown>, times = Infinity, contentType = 'text/plain'): unknown {
  let calls = 0;
  return { contentType, next: () => (calls++ < times ? next() : Promise.resolve({ done: true })) };
}
