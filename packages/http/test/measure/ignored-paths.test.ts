import type { IncomingMessage } from 'node:http';
import { Registry } from '@prometer/core';
import { HttpMetrics, type HttpMetricsOptions } from '../../src/index.ts';
import { ask, until } from '../client.ts';
import { measuredServers, type MeasuredServer } from '../measured-server.ts';
import { warningsOf } from '../warnings.ts';

const start = measuredServers();

type IgnoreOption = HttpMetricsOptions<string>['ignore'];

/** How many of the requests for these paths were measured; the last one has to be. */
async function measuredOf(ignore: IgnoreOption, ...paths: readonly string[]): Promise<number | undefined> {
  const measured = await start((_request, response) => response.end('x'), { ignore });
  for (const path of paths) await ask(measured.port, path);
  await ask(measured.port, '/last', 'PUT');
  const labels = { route: '/x', status_code: 200 };
  await until(() => measured.value('http_requests_total', { method: 'PUT', ...labels }) === 1);
  return measured.value('http_requests_total', { method: 'GET', ...labels }) ?? 0;
}

describe('The option "ignore"', () => {
  it.each([
    ['a path', ['/health'], '/health', 0],
    ['a path with a query', ['/health'], '/health?x=1', 0],
    ['no longer path', ['/health'], '/healthy', 1],
    ['no path below', ['/health'], '/health/x', 1],
    ['no path with a slash more', ['/health'], '/health/', 1],
    ['all that begins so', ['/static/*'], '/static/a/b.css', 0],
    ['where it begins itself', ['/static/*'], '/static/', 0],
    ['not what is shorter', ['/static/*'], '/static', 1],
    ['all that begins so within a name', ['/st*'], '/static', 0],
    ['a path of a whole URL', ['/health'], 'http://x/health?y', 0],
    ['all that begins so in a whole URL', ['/static/*'], 'HTTP://x:1/static/a', 0],
    ['the root of a whole URL', ['/'], 'http://x', 0],
    ['not what a whole URL has elsewhere', ['/health'], 'http://x/y?http://x/health', 1],
    ['one of several', ['/a', '/b/*', '/c'], '/c', 0],
    ['nothing', [], '/x', 1],
    ['not what only the query has', ['/health'], '/x?/health', 1],
  ] as [string, string[], string, number][])('leaves out %s', async (_name, ignore, path, expected) => {
    expect(await measuredOf(ignore, path)).toBe(expected);
  });

  it('looks at the path as it was asked for, wherever a router is mounted', () => {
    const registry = new Registry();
    const metrics = new HttpMetrics({ registry, defaultMetrics: false, ignore: ['/mounted/health'] });
    const request = { method: 'GET', url: '/health', originalUrl: '/mounted/health?x', headers: {} };
    metrics.measure(request as unknown as IncomingMessage, {} as never, () => '/x');

    expect(registry.getSampleValue('http_requests_in_flight', { method: 'GET' })).toBeUndefined();
  });

  it('asks a function, once for each request', async () => {
    const asked: unknown[] = [];
    const ignore = ({ url }: IncomingMessage): boolean => {
      asked.push(url);
      return url === '/health';
    };

    expect(await measuredOf(ignore, '/health', '/x')).toBe(1);
    expect(asked).toEqual(['/health', '/x', '/last']);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no');
      },
      'has thrown Error: no',
    ],
    ['returns a promise', async () => true, 'has returned a promise, and nothing waits for one'],
    ['rejects', () => Promise.reject(new Error('no')), 'has returned a promise, and nothing waits for one'],
  ])('measures what its function %s for, with one warning', async (_name, ignore, said) => {
    const { result, warnings } = await warningsOf(() => measuredOf(ignore as never, '/a', '/b'));

    expect(result).toBe(2);
    expect(warnings).toEqual([
      { code: 'PROMETER_IGNORE_ERROR', message: `The function "ignore" ${said}: such requests are measured.` },
    ]);
  });

  it.each([
    ['/health', 'The option "ignore" is "/health": give an array of paths, such as'],
    [null, 'The option "ignore" is null: give an array of paths'],
    [[5], 'The option "ignore" has the path 5: give one that begins with a slash'],
    [['health'], 'The option "ignore" has the path "health": give one that begins with a slash'],
    [['/a?b'], 'The option "ignore" has the path "/a?b": give one'],
    [['/a*b'], 'The option "ignore" has the path "/a*b": give one'],
    [[/a/], 'The option "ignore" has the path /a/: give one'],
  ])('is refused as %p', (ignore, message) => {
    expect(() => new HttpMetrics({ registry: new Registry(), defaultMetrics: false, ignore: ignore as never })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(message) }),
    );
  });
});

describe('HttpMetrics#skip', () => {
  async function skipping(act: (measured: MeasuredServer, request: IncomingMessage) => void): Promise<MeasuredServer> {
    const measured = await start((request, response) => {
      if (request.method === 'GET') act(measured, request);
      response.end('x');
    });
    await ask(measured.port, '/');
    await ask(measured.port, '/last', 'PUT');
    await measured.someSamples('http_requests_total');
    return measured;
  }

  const last = ['http_requests_total{method="PUT",route="/x",status_code="200"} 1'];

  it('takes a request out that is being measured, at once', async () => {
    const inFlight: unknown[] = [];
    const { samples } = await skipping(({ metrics, value }, request) => {
      inFlight.push(value('http_requests_in_flight', { method: 'GET' }));
      metrics.skip(request);
      inFlight.push(value('http_requests_in_flight', { method: 'GET' }));
      metrics.skip(request);
      inFlight.push(value('http_requests_in_flight', { method: 'GET' }));
    });

    expect(inFlight).toEqual([1, 0, 0]);
    expect(await samples('http_requests_total')).toEqual(last);
    expect(await samples('http_request_duration_seconds')).toEqual([expect.stringContaining('method="PUT"')]);
  });

  it('keeps it out if somebody else would measure it too', async () => {
    const { samples } = await skipping(({ metrics, registry }, request) => {
      metrics.skip(request);
      new HttpMetrics({ registry, defaultMetrics: false }).measure(request, {} as never, () => '/again');
    });

    expect(await samples('http_requests_total')).toEqual(last);
  });

  it('says nothing of other registries', async () => {
    const other = new Registry();
    const { samples } = await skipping(({ metrics }, request) => {
      new HttpMetrics({ registry: other, defaultMetrics: false }).skip(request);
      expect(metrics.registry).not.toBe(other);
    });

    expect(await samples('http_requests_total')).toHaveLength(2);
  });

  it('takes a request that nobody measures as it is', async () => {
    const metrics = new HttpMetrics({ registry: new Registry(), defaultMetrics: false });

    expect(() => metrics.skip({} as IncomingMessage)).not.toThrow();
  });
});
