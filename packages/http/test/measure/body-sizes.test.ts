import { once } from 'node:events';
import { connect as connectHttp2, constants, createServer as createHttp2Server } from 'node:http2';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGzip, gunzipSync } from 'node:zlib';
import { Registry } from '@prometer/core';
import { HttpMetrics } from '../../src/index.ts';
import { ask, talk, until } from '../client.ts';
import { get, measuredServers, type Handle, type MeasuredServer } from '../measured-server.ts';

const start = measuredServers();

async function sizes({ value, someSamples }: MeasuredServer, method = 'GET'): Promise<(number | undefined)[]> {
  await someSamples('http_response_size_bytes');
  return ['request', 'response'].map((which) => value(`http_${which}_size_bytes_sum`, { method, route: '/x' }));
}

/** Sends a request with a body in these pieces, chunked, and waits for the end of the answer. */
function post(port: number, pieces: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ port, host: '127.0.0.1', method: 'POST', agent: false }, (response) => {
      response.resume().on('end', resolve);
    });
    sent.on('error', reject);
    for (const piece of pieces) sent.write(piece);
    sent.end();
  });
}

describe('With the option "sizes"', () => {
  const responses: Record<string, [handle: Handle, bytes: number]> = {
    nothing: [(_request, response) => response.end(), 0],
    'a text': [(_request, response) => response.end('äöü'), 6],
    'a text in another encoding': [(_request, response) => response.end('äöü', 'latin1'), 3],
    bytes: [(_request, response) => response.end(new Uint8Array(5)), 5],
    pieces: [
      (_request, response) => {
        response.write('abc');
        response.write(Buffer.from('de'), () => {});
        response.write('ff', 'hex');
        response.end('g', () => {});
      },
      7,
    ],
    'pieces, and an end without one': [
      (_request, response) => {
        response.write('abc');
        response.end(() => {});
      },
      3,
    ],
    'a body whose length is given': [
      (_request, response) => response.writeHead(200, { 'content-length': 4 }).end('abcd'),
      4,
    ],
    'something after the end': [
      (_request, response) => {
        response.on('error', () => {});
        response.end('abc');
        response.write('defg');
        response.end('hi');
      },
      3,
    ],
    'no content': [(_request, response) => response.writeHead(204).end('abc'), 0],
    'not modified': [(_request, response) => response.writeHead(304).end('abc'), 0],
  };

  it.each(Object.keys(responses))('the bytes of a response are counted: %s', async (name) => {
    const [handle, bytes] = responses[name] as [Handle, number];
    const measured = await start(handle, { sizes: true });
    await ask(measured.port, '/');

    expect(await sizes(measured)).toEqual([0, bytes]);
  });

  it('a response to HEAD has no bytes', async () => {
    const measured = await start((_request, response) => response.end('abc'), { sizes: true });
    await ask(measured.port, '/', 'HEAD');

    expect(await sizes(measured, 'HEAD')).toEqual([0, 0]);
  });

  it('a response is counted as it is sent, after it has been packed', async () => {
    const measured = await start(
      (_request, response) => {
        // As compression does: it takes the place of `write` and `end` when measuring has begun.
        const [write, end] = [response.write.bind(response), response.end.bind(response)];
        const packed = createGzip();
        packed.on('data', (piece: Buffer) => write(piece)).on('end', () => end());
        response.write = ((piece: string) => packed.write(piece)) as ServerResponse['write'];
        response.end = (() => packed.end()) as unknown as ServerResponse['end'];
        response.setHeader('content-encoding', 'gzip');
        response.write('x'.repeat(10_000));
        response.end();
      },
      { sizes: true },
    );
    const { bytes } = await ask(measured.port, '/');

    expect(gunzipSync(bytes)).toHaveLength(10_000);
    expect(await sizes(measured)).toEqual([0, bytes.length]);
  });

  it('the bytes of a request are counted without what chunks them', async () => {
    const measured = await start((request, response) => request.resume().on('end', () => response.end()), {
      sizes: true,
    });
    await post(measured.port, ['abc', 'x'.repeat(100_000), 'äöü']);

    expect(await sizes(measured, 'POST')).toEqual([100_009, 0]);
  });

  it('a request that nobody reads has the bytes that it was sent with', async () => {
    const measured = await start((_request, response) => setTimeout(() => response.end(), 30), { sizes: true });
    await talk(measured.port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde', (read) =>
      read.includes('\r\n\r\n'),
    );

    expect(await sizes(measured, 'POST')).toEqual([5, 0]);
  });

  it('a request that isn’t whole has the bytes that have come, whatever it says', async () => {
    const measured = await start((request) => request.resume(), { sizes: true });
    const socket = await measured.connect();
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\nabcde');
    await until(() => measured.value('http_requests_in_flight', { method: 'POST' }) === 1);
    socket.end();

    expect(await sizes(measured, 'POST')).toEqual([5, 0]);
  });

  it('each of several requests through one connection has its own', async () => {
    const measured = await start((request, response) => response.end('x'.repeat(Number(request.url?.slice(1)))), {
      sizes: true,
    });
    await talk(measured.port, get('/3') + get('/20') + get('/0'), (read) => read.split('200 OK').length === 4);
    await until(() => measured.value('http_response_size_bytes_count', { method: 'GET', route: '/x' }) === 3);

    expect(await sizes(measured)).toEqual([0, 23]);
  });

  it('the metrics have the buckets of Prometheus’ own', async () => {
    const measured = await start((_request, response) => response.end('x'), { sizes: true });
    await ask(measured.port, '/');
    await sizes(measured);

    const text = await measured.registry.metrics({ names: ['http_response_size_bytes'] });
    expect(text.match(/le="[^"]*"/g)).toEqual(
      ['100.0', '1000.0', '10000.0', '100000.0', '1e+06', '1e+07', '1e+08', '1e+09', '+Inf'].map((le) => `le="${le}"`),
    );
  });

  it('they are measured into each of several registries', async () => {
    const registry = new Registry();
    const other = new HttpMetrics({ registry, defaultMetrics: false, sizes: true });
    const measured = await start(
      (request, response) => {
        other.measure(request, response, () => '/x');
        response.end('abc');
      },
      { sizes: true },
    );
    await ask(measured.port, '/');

    expect(await sizes(measured)).toEqual([0, 3]);
    expect(registry.getSampleValue('http_response_size_bytes_sum', { method: 'GET', route: '/x' })).toBe(3);
  });

  it('they are measured in HTTP/2, where an end writes its piece', async () => {
    const registry = new Registry();
    const metrics = new HttpMetrics({ registry, defaultMetrics: false, sizes: true });
    const server = createHttp2Server((request, response) => {
      metrics.measure(request as unknown as IncomingMessage, response as unknown as ServerResponse, () => '/x');
      request.resume().on('end', () => {
        response.write('ab');
        response.end('cde');
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    session.request({ ':method': 'POST' }).resume().end('abcdefg');
    const labels = { method: 'POST', route: '/x' };
    await until(() => registry.getSampleValue('http_response_size_bytes_count', labels) === 1);
    session.destroy();
    server.close();

    expect(registry.getSampleValue('http_request_size_bytes_sum', labels)).toBe(7);
    expect(registry.getSampleValue('http_response_size_bytes_sum', labels)).toBe(5);
  });
});

describe('In HTTP/2', () => {
  it('a request that isn’t whole has the bytes that have come, whatever it says', async () => {
    const registry = new Registry();
    const metrics = new HttpMetrics({ registry, defaultMetrics: false, sizes: true });
    const server = createHttp2Server((request, response) => {
      metrics.measure(request as unknown as IncomingMessage, response as unknown as ServerResponse, () => '/x');
      request.on('error', () => {}).once('data', () => stream.close(constants.NGHTTP2_CANCEL));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const stream = session.request({ ':method': 'POST', 'content-length': '900000000000' });
    stream.on('error', () => {}).write('abcde');
    const labels = { method: 'POST', route: '/x' };
    await until(() => registry.getSampleValue('http_request_size_bytes_count', labels) === 1);
    session.destroy();
    server.close();

    expect(registry.getSampleValue('http_request_size_bytes_sum', labels)).toBe(5);
  });
});

describe('Without the option "sizes"', () => {
  it('there are no such metrics, and nothing stands before the response’s own functions', async () => {
    const own: boolean[] = [];
    const measured = await start((request, response) => {
      own.push(Object.hasOwn(response, 'write'), Object.hasOwn(response, 'end'), Object.hasOwn(request, 'push'));
      response.end('x');
    });
    await ask(measured.port, '/');

    expect(measured.registry.get('http_request_size_bytes')).toBeUndefined();
    expect(measured.registry.get('http_response_size_bytes')).toBeUndefined();
    expect(own).toEqual([false, false, false]);
  });
});
