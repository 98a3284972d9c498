import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Registry } from '@prometer/core';
import { HttpMetrics, instrumentServer, type InstrumentServerOptions } from '../src/index.ts';
import { ask, talk, until } from './client.ts';
import { warningsOf } from './warnings.ts';

describe('instrumentServer', () => {
  let registry: Registry;
  let server: Server;
  let metrics: HttpMetrics<string>;

  beforeEach(() => {
    registry = new Registry();
  });

  afterEach(() => {
    metrics.close();
    server.closeAllConnections();
    server.close();
  });

  async function serve(listener: RequestListener, options: InstrumentServerOptions<string> = {}): Promise<number> {
    server = createServer(listener);
    metrics = instrumentServer(server, { registry, defaultMetrics: false, ...options });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  async function requests(): Promise<string[]> {
    const lines = async (): Promise<string[]> =>
      (await registry.metrics()).match(/^http_requests_total.*$/gm)?.map(String) ?? [];
    await until(async () => (await lines()).length > 0);
    return lines();
  }

  it('measures every request, with the route that it is told', async () => {
    const port = await serve((_request, response) => response.end('x'), {
      route: ({ url }) => (url?.startsWith('/users/') === true ? '/users/:id' : undefined),
    });
    for (const path of ['/users/1', '/users/2', '/other']) await ask(port, path);
    await until(async () => (await requests()).length === 2);

    expect(await requests()).toEqual([
      'http_requests_total{method="GET",route="/users/:id",status_code="200"} 2',
      'http_requests_total{method="GET",route="unmatched",status_code="200"} 1',
    ]);
  });

  it('answers /metrics itself, and doesn’t count that', async () => {
    const seen: unknown[] = [];
    const port = await serve((request, response) => {
      seen.push(request.url);
      response.end('x');
    });
    const { status, headers } = await ask(port, '/metrics?name[]=http_requests');
    await ask(port, '/');

    expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(seen).toEqual(['/']);
    expect(await requests()).toEqual(['http_requests_total{method="GET",route="unmatched",status_code="200"} 1']);
  });

  it('lets the listeners answer /metrics if it is told to serve nothing', async () => {
    const port = await serve((_request, response) => response.end('mine'), { path: false });

    expect((await ask(port, '/metrics')).body).toBe('mine');
    expect(await requests()).toEqual(['http_requests_total{method="GET",route="unmatched",status_code="200"} 1']);
  });

  it('shows nothing to those who aren’t authorized', async () => {
    const port = await serve((_request, response) => response.end('x'), {
      authorize: ({ headers }) => headers.authorization === 'Bearer token',
    });

    expect((await ask(port, '/metrics')).status).toBe(401);
    expect((await ask(port, '/metrics', 'GET', { authorization: 'Bearer token' })).status).toBe(200);
  });

  it('measures a listener that fails after a while with what it answers', async () => {
    const port = await serve((_request, response) => void setImmediate(() => response.writeHead(500).end()));
    await ask(port, '/');

    expect(await requests()).toEqual(['http_requests_total{method="GET",route="unmatched",status_code="500"} 1']);
  });

  it('measures what asks before it sends its body, and doesn’t change how that is answered', async () => {
    const port = await serve(() => {});
    server.on('checkContinue', (_request, response) => response.writeHead(417).end());
    await talk(port, 'POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n', (read) =>
      read.includes('417'),
    );

    expect(await requests()).toEqual(['http_requests_total{method="POST",route="unmatched",status_code="417"} 1']);
  });

  it('measures what has an expectation that nobody knows', async () => {
    const port = await serve(() => {});
    server.on('checkExpectation', (_request, response) => response.writeHead(417).end());
    await talk(port, 'GET / HTTP/1.1\r\nHost: x\r\nExpect: the unexpected\r\n\r\n', (read) => read.includes('417'));

    expect(await requests()).toEqual(['http_requests_total{method="GET",route="unmatched",status_code="417"} 1']);
  });

  it('counts a request once together with who knows its route', async () => {
    const middleware = new HttpMetrics({ registry, defaultMetrics: false });
    const port = await serve(
      (request, response) => {
        middleware.measure(request, response, ({ url }) => (url === '/known' ? '/known' : undefined));
        response.end('x');
      },
      { route: () => '/fallback' },
    );
    await ask(port, '/known');
    await ask(port, '/unknown');
    await until(async () => (await requests()).length === 2);

    expect(await requests()).toEqual([
      'http_requests_total{method="GET",route="/known",status_code="200"} 1',
      'http_requests_total{method="GET",route="/fallback",status_code="200"} 1',
    ]);
  });

  it('outlives a route function that throws, or tells what is no route', async () => {
    const port = await serve((_request, response) => response.end('x'), {
      route: ({ url }) => {
        if (url === '/throws') throw new Error('x');
        return 5 as never;
      },
    });
    await ask(port, '/throws');
    await ask(port, '/');
    await until(() => registry.getSampleValue('http_requests_in_flight', { method: 'GET' }) === 0);

    expect(await requests()).toEqual(['http_requests_total{method="GET",route="unmatched",status_code="200"} 2']);
  });

  it('lets go of the server when it is closed', async () => {
    const port = await serve((_request, response) => response.end('mine'));
    metrics.close();
    metrics.close();

    expect((await ask(port, '/metrics')).body).toBe('mine');
    expect(Object.hasOwn(server, 'emit')).toBe(false);
  });

  it.each([
    [
      'fails',
      (): string => {
        throw new Error('boom');
      },
      'has thrown Error: boom',
    ],
    [
      'is asynchronous and fails',
      (): string => Promise.reject(new Error('boom')) as never,
      'has returned a promise, and nothing waits for one',
    ],
    ['returns an object', (): string => ({}) as never, 'has returned {}, which is no text'],
    ['returns a body', (): string => 'x'.repeat(1025), 'has returned 1025 characters, more than 1024'],
  ])('has no route, and warns of that once, if the function of the route %s', async (_name, route, wrong) => {
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => {
      unhandled.push(error);
    };
    process.on('unhandledRejection', note);
    const { result, warnings } = await warningsOf(async () => {
      const port = await serve((_request, response) => response.end('x'), { route });
      for (let i = 0; i < 2; i++) await ask(port, '/');
      const labels = { method: 'GET', route: 'unmatched', status_code: 200 };
      await until(() => registry.getSampleValue('http_requests_total', labels) === 2).catch(() => {});
      return requests();
    });
    process.off('unhandledRejection', note);

    expect(result).toEqual(['http_requests_total{method="GET",route="unmatched",status_code="200"} 2']);
    expect(warnings).toEqual([
      {
        code: 'PROMETER_ROUTE_ERROR',
        message: expect.stringContaining(`The function "route" ${wrong}: such requests have no route.`) as string,
      },
    ]);
    expect(unhandled).toEqual([]);
  });

  it('takes the route of a function as long as a label may be', async () => {
    const route = `/${'x'.repeat(1023)}`;
    const port = await serve((_request, response) => response.end('x'), { route: () => route });
    await ask(port, '/');

    expect(await requests()).toEqual([`http_requests_total{method="GET",route="${route}",status_code="200"} 1`]);
  });

  it('measures HTTP/2', async () => {
    const secure = createHttp2Server((_request, response) => response.end('x')).listen(0, '127.0.0.1');
    server = secure as unknown as Server;
    (server as { closeAllConnections?: unknown }).closeAllConnections = () => {};
    metrics = instrumentServer(secure, { registry, defaultMetrics: false, route: () => '/x' });
    await once(secure, 'listening');
    const session = connectHttp2(`http://127.0.0.1:${(secure.address() as AddressInfo).port}`);
    session.request().resume();
    const found = await requests();
    const shown = session.request({ ':path': '/metrics' });
    const [headers] = (await once(shown.resume(), 'response')) as [Record<string, unknown>];
    session.destroy();

    expect(found).toEqual(['http_requests_total{method="GET",route="/x",status_code="200"} 1']);
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('refuses what is no server, and adds nothing then', async () => {
    await serve((_request, response) => response.end());
    const other = new Registry();

    expect(() => instrumentServer({} as Server, { registry: other })).toThrow('{} is no server: give one that');
    // The app of Express is like this.
    const app = Object.assign(() => {}, { emit: () => false, listen: () => server });
    expect(() => instrumentServer(app as unknown as Server, { registry: other })).toThrow(
      '[Function (anonymous)] { emit: [Function: emit], listen: [Function: listen] } is no server: give one that http.createServer has made, or one of its kind, as app.listen() returns it.',
    );
    expect([other.get('process_cpu_seconds'), other.get('http_requests')]).toEqual([undefined, undefined]);
  });

  it('refuses a route that is no function, and options that there aren’t', async () => {
    await serve((_request, response) => response.end());

    expect(() => instrumentServer(server, { route: '/x' as never })).toThrow(
      'The option "route" is "/x": give a function that tells the template of a request\'s route, or leave it out.',
    );
    expect(() => instrumentServer(server, { rout: undefined } as never)).toThrow(
      'There is no option "rout" of instrumentServer. Is "route" meant?',
    );
    expect(() => instrumentServer(server, null as never)).toThrow(
      'The options of instrumentServer are null: give an object, or leave them out.',
    );
  });
});
