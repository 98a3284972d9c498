import { once } from 'node:events';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { ServerResponse, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from '@prometer/core';
import { HttpMetrics } from '../../src/index.ts';
import { ask, until } from '../client.ts';
import { get, measuredServers, type Handle, type MeasuredServer } from '../measured-server.ts';

const start = measuredServers();

const streams = ({ value }: MeasuredServer): number | undefined => value('http_streams_active', { kind: 'sse' });
const inFlight = ({ value }: MeasuredServer): number | undefined => value('http_requests_in_flight', { method: 'GET' });

/** The message of what an act throws; undefined if it throws nothing. */
function messageOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Another object with its methods and all that its names find, as careless wrappers make it. */
function copyOf(response: ServerResponse): ServerResponse {
  const copy: Record<string, unknown> = {};
  for (const name in response) copy[name] = response[name as keyof ServerResponse];
  return copy as unknown as ServerResponse;
}

describe('The status of a response', () => {
  const ways: Record<string, (response: ServerResponse) => void> = {
    'is that of its head, not one that is assigned later': (response) => {
      response.statusCode = 404;
      response.flushHeaders();
      response.statusCode = 500;
      response.end();
    },
    'is that of its head where a method of its own sends it, past whoever watches': (response) => {
      response.writeHead = ServerResponse.prototype.writeHead;
      response.writeHead(404).flushHeaders();
      response.statusCode = 500;
      response.end();
    },
    'is that of its head where another object with its methods was given another one': (response) => {
      const { writeHead } = response;
      const other = Object.create(response) as ServerResponse;
      writeHead.call(other, 500);
      response.writeHead(404).end();
    },
  };

  it.each(Object.keys(ways))('%s', async (way) => {
    const measured = await start((_request, response) => ways[way]?.(response));
    const { status } = await ask(measured.port, '/');

    expect(status).toBe(404);
    expect(await measured.someSamples('http_requests_total')).toEqual([
      'http_requests_total{method="GET",route="/x",status_code="404"} 1',
    ]);
  });
});

describe('An event stream', () => {
  const ways: Record<string, (response: ServerResponse) => void> = {
    'setHeader and write': (response) => {
      response.setHeader('Content-Type', 'text/event-stream');
      response.write('data: 1\n\n');
    },
    'setHeader and flushHeaders': (response) => {
      response.setHeader('content-type', 'text/event-stream; charset=utf-8');
      response.flushHeaders();
    },
    'setHeader of an array': (response) => {
      response.setHeader('content-type', ['text/event-stream']).flushHeaders();
    },
    'writeHead with an object': (response) => {
      response.writeHead(200, { 'X-A': '1', 'CONTENT-TYPE': 'Text/Event-Stream' }).write('data: 1\n\n');
    },
    'writeHead with a reason and an object': (response) => {
      response.writeHead(200, 'Fine', { 'content-type': 'text/event-stream ;charset=utf-8' }).write('data: 1\n\n');
    },
    'writeHead with an array': (response) => {
      response.writeHead(200, ['X-A', '1', 'Content-Type', 'text/event-stream']).write('data: 1\n\n');
    },
    'writeHead with an array of pairs': (response) => {
      const pairs = [
        ['X-A', '1'],
        ['Content-Type', 'text/event-stream'],
      ];
      response.writeHead(200, pairs as unknown as OutgoingHttpHeaders).write('data: 1\n\n');
    },
    'writeHead with an object and nothing after it': (response) => {
      const headers = { 'content-type': 'text/event-stream' };
      response.writeHead(200, headers as never, undefined as never).write('data: 1\n\n');
    },
    'writeHead with a type and a tab': (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream\t;charset=utf-8' }).write('data: 1\n\n');
    },
    'writeHead with a space and a type': (response) => {
      response.writeHead(200, { 'content-type': ' text/event-stream' }).write('data: 1\n\n');
    },
    'setHeader, and writeHead with other headers': (response) => {
      response.setHeader('Content-Type', 'text/event-stream');
      response.writeHead(200, { 'X-A': '1' }).write('data: 1\n\n');
    },
    'a middleware that stands before writeHead and sets headers': (response) => {
      const { writeHead } = response;
      response.writeHead = function (this: ServerResponse, ...given: never[]) {
        this.setHeader('Content-Type', 'text/event-stream');
        return Reflect.apply(writeHead, this, given) as ServerResponse;
      } as ServerResponse['writeHead'];
      response.write('data: 1\n\n');
    },
  };

  it.each(Object.keys(ways))('is known by its head, sent by %s', async (way) => {
    const responses: ServerResponse[] = [];
    const measured = await start((_request, response) => {
      responses.push(response);
      ways[way]?.(response);
    });
    const answer = ask(measured.port, '/');
    await until(() => streams(measured) === 1);

    expect(inFlight(measured)).toBe(0);
    expect(await measured.samples('http_requests_total')).toEqual([]);
    expect(await measured.samples('http_response_start_seconds')).toEqual([
      'http_response_start_seconds_count{method="GET",route="/x"} 1',
    ]);
    responses[0]?.end();
    await answer;
    await until(() => streams(measured) === 0);
    expect(await measured.samples('http_requests_total')).toEqual([
      'http_requests_total{method="GET",route="/x",status_code="200"} 1',
    ]);
    expect(await measured.samples('http_request_duration_seconds')).toEqual([]);
  });

  it.each([
    ['none', {}],
    ['another', { 'content-type': 'text/html' }],
    ['one that is longer', { 'content-type': 'text/event-streams' }],
    ['one that goes on after a space', { 'content-type': 'text/event-stream x' }],
    ['one that goes on otherwise', { 'content-type': 'text/event-stream+x' }],
    ['one that is shorter', { 'content-type': 'text/event' }],
    ['a number', { 'content-type': 5 }],
  ])('isn’t a response with the content type %s', async (_name, headers) => {
    const measured = await start((_request, response) => response.writeHead(200, headers).end('x'));
    await ask(measured.port, '/');

    expect(await measured.someSamples('http_request_duration_seconds')).toEqual([
      'http_request_duration_seconds_count{method="GET",route="/x",status_code="200"} 1',
    ]);
    expect(await measured.samples('http_response_start_seconds')).toEqual([]);
  });

  const serve: Handle = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
  };

  it('is no abort if its client leaves', async () => {
    const measured = await start(serve);
    const socket = await measured.connect();
    socket.write(get());
    await until(() => streams(measured) === 1);
    socket.destroy();
    await until(() => streams(measured) === 0);

    expect(await measured.samples('http_request_aborts_total')).toEqual([]);
    expect(await measured.samples('http_requests_total')).toEqual([
      'http_requests_total{method="GET",route="/x",status_code="200"} 1',
    ]);
  });

  it('is an abort if its server breaks it off', async () => {
    const measured = await start((request, response, server) => {
      serve(request, response, server);
      setTimeout(() => response.destroy(), 10);
    });
    (await measured.connect()).write(get());

    expect(await measured.someSamples('http_request_aborts_total')).toEqual([
      'http_request_aborts_total{method="GET",route="/x",phase="body",reason="server"} 1',
    ]);
    expect(streams(measured)).toBe(0);
  });

  it('tells how long it took to start, not how long it was open', async () => {
    const measured = await start((...given) => {
      setTimeout(() => serve(...given), 200);
      setTimeout(() => given[1].end(), 600);
    });
    await ask(measured.port, '/');
    await measured.someSamples('http_requests_total');

    const seconds = measured.value('http_response_start_seconds_sum', { method: 'GET', route: '/x' });
    expect(seconds).toBeGreaterThan(0.18);
    expect(seconds).toBeLessThan(0.55);
  });

  it('tells of its start when it is over if its route isn’t known before', async () => {
    const registry = new Registry();
    const metrics = new HttpMetrics({ registry, defaultMetrics: false });
    let route: string | undefined;
    const measured = await start(
      (request, response, server) => {
        metrics.measure(request, response, () => route);
        serve(request, response, server);
        setTimeout(() => {
          route = '/known/:later';
          response.end();
        }, 20);
      },
      { registry: new Registry() },
    );
    await ask(measured.port, '/');
    const labels = { method: 'GET', route: '/known/:later' };
    await until(() => registry.getSampleValue('http_response_start_seconds_count', labels) === 1);

    expect(await registry.metrics({ names: ['http_response_start_seconds_count'] })).not.toContain('unmatched');
  });

  it('leaves alone what a handler does wrong', async () => {
    const errors: unknown[] = [];
    const measured = await start((_request, response) => {
      response.end('x');
      try {
        response.writeHead(500);
      } catch (error) {
        errors.push((error as { code: unknown }).code);
      }
    });
    await ask(measured.port, '/');

    expect(errors).toEqual(['ERR_HTTP_HEADERS_SENT']);
  });

  it('leaves alone what copies the methods of a response', async () => {
    const outcomes: unknown[] = [];
    const measured = await start((_request, response) => {
      const own = messageOf(() => copyOf(response).writeHead(200));
      const nodes = messageOf(() => ServerResponse.prototype.writeHead.call(copyOf(response), 200));
      outcomes.push([own, nodes]);
      response.end('x');
    });
    await ask(measured.port, '/');

    expect(outcomes).toEqual([[undefined, undefined]]);
    expect(await measured.someSamples('http_requests_total')).toEqual([
      'http_requests_total{method="GET",route="/x",status_code="200"} 1',
    ]);
  });

  it('is known by a head that the way of a framework sends, given to the response when the server has looked', async () => {
    const ofFramework = Object.create(ServerResponse.prototype, {
      writeHead: {
        value(this: ServerResponse, status: number) {
          this.setHeader('Content-Type', 'text/event-stream');
          return ServerResponse.prototype.writeHead.call(this, status);
        },
      },
    }) as ServerResponse;
    const measured = await start((_request, response) => {
      Object.setPrototypeOf(response, ofFramework);
      response.end('data: 1\n\n');
    });
    measured.metrics.watch(measured.server);

    expect((await ask(measured.port, '/')).headers['content-type']).toBe('text/event-stream');
    await until(async () => (await measured.samples('http_requests_total')).length === 1);
    expect(await measured.samples('http_response_start_seconds')).toEqual([
      'http_response_start_seconds_count{method="GET",route="/x"} 1',
    ]);
  });

  it('leaves alone what calls the method on something that has no headers', async () => {
    const written: unknown[] = [];
    const measured = await start((_request, response) => {
      const { writeHead } = response;
      const other = Object.create(response, { getHeader: { value: undefined } }) as ServerResponse;
      written.push(messageOf(() => writeHead.call(other, 200)));
      response.end('x');
    });
    await ask(measured.port, '/');

    expect(written).toEqual([undefined]);
  });

  it('is known in HTTP/2 too', async () => {
    const registry = new Registry();
    const metrics = new HttpMetrics({ registry, defaultMetrics: false });
    const server = createHttp2Server((request, response) => {
      metrics.measure(request as unknown as IncomingMessage, response as unknown as ServerResponse, () => '/x');
      response.setHeader('content-type', 'text/event-stream');
      response.write('data: 1\n\n');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const stream = session.request().resume();
    await until(() => registry.getSampleValue('http_streams_active', { kind: 'sse' }) === 1);
    stream.close();
    await until(() => registry.getSampleValue('http_streams_active', { kind: 'sse' }) === 0);
    session.destroy();
    server.close();

    expect(await registry.metrics({ names: ['http_requests', 'http_request_duration_seconds_count'] })).toContain(
      'http_requests_total{method="GET",route="/x",status_code="200"} 1\n',
    );
  });

  it('is measured into each of several registries', async () => {
    const registry = new Registry();
    const other = new HttpMetrics({ registry, defaultMetrics: false });
    const measured = await start((request, response, server) => {
      other.measure(request, response, () => '/other');
      serve(request, response, server);
    });
    const socket = await measured.connect();
    socket.write(get());
    await until(() => streams(measured) === 1);
    const open = registry.getSampleValue('http_streams_active', { kind: 'sse' });
    socket.destroy();
    await until(() => streams(measured) === 0);

    expect(open).toBe(1);
    expect(registry.getSampleValue('http_requests_total', { method: 'GET', route: '/other', status_code: 200 })).toBe(
      1,
    );
  });
});
