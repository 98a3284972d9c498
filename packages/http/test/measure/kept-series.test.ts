import { Registry } from '@prometer/core';
import { HttpMetrics } from '../../src/index.ts';
import { KeptSeries } from '../../src/measure/kept-series.ts';
import { ask, until } from '../client.ts';
import { measuredServers } from '../measured-server.ts';
import { warningsOf } from '../warnings.ts';

describe('KeptSeries', () => {
  const [a, b] = [{ is: 'a' }, { is: 'b' }];

  it('finds what it keeps, by all its labels', () => {
    const kept = new KeptSeries([{ name: 'x', removals: 0 }]);
    kept.keep(['GET', '/x', '200'], a);
    kept.keep(['GET', '/x', '404'], b);

    expect([
      kept.find(['GET', '/x', '200']),
      kept.find(['GET', '/x', '404']),
      kept.find(['GET', '/y', '200']),
      kept.find(['POST', '/x', '200']),
    ]).toEqual([a, b, undefined, undefined]);
  });

  it('forgets everything as soon as a series has been taken out of one of its metrics', () => {
    const metrics = [
      { name: 'x', removals: 3 },
      { name: 'y', removals: 0 },
    ];
    const kept = new KeptSeries(metrics);
    kept.keep(['GET'], a);
    const before = kept.find(['GET']);
    (metrics[1] as { removals: number }).removals++;
    const after = kept.find(['GET']);
    kept.keep(['GET'], b);

    expect([before, after, kept.find(['GET'])]).toEqual([a, undefined, b]);
  });

  it('keeps nothing of a metric that doesn’t tell what is taken out of it', () => {
    const kept = new KeptSeries([{ name: 'x', removals: 0 }, { name: 'y' }]);
    kept.keep(['GET'], a);

    expect(kept.find(['GET'])).toBeUndefined();
  });

  it('keeps no more than a memory can hold', () => {
    const kept = new KeptSeries([{ name: 'x', removals: 0 }]);
    for (let i = 0; i < 20_000; i++) kept.keep(['GET', `/${i}`], a);

    expect([kept.find(['GET', '/9999']), kept.find(['GET', '/10000'])]).toEqual([a, undefined]);
  });
});

const start = measuredServers();
const labels = { method: 'GET', route: '/x', status_code: 200 };

describe('HttpMetrics, whose series are kept,', () => {
  it.each([
    [
      'clear',
      ({ requests, durations, classic }: HttpMetrics<string>) =>
        [requests, durations, classic?.inFlight].forEach((each) => each?.clear()),
    ],
    [
      'remove',
      ({ requests, durations, classic }: HttpMetrics<string>) => {
        requests.remove(labels);
        durations.remove(labels);
        classic?.inFlight.remove({ method: 'GET' });
      },
    ],
    [
      'removeMatching',
      ({ requests, durations, classic }: HttpMetrics<string>) => {
        requests.removeMatching({ route: '/x' });
        durations.removeMatching({ route: '/x' });
        classic?.inFlight.removeMatching({ method: 'GET' });
      },
    ],
  ])('begins again after %s()', async (_name, forget) => {
    const measured = await start((_request, response) => response.end('x'));
    const { metrics, value } = measured;
    for (let i = 0; i < 3; i++) await ask(measured.port, '/');
    await until(() => value('http_requests_total', labels) === 3);
    forget(metrics);
    const between = [value('http_requests_total', labels), value('http_request_duration_seconds_count', labels)];
    for (let i = 0; i < 2; i++) await ask(measured.port, '/');
    await until(() => value('http_requests_total', labels) === 2);

    expect(between).toEqual([undefined, undefined]);
    expect(value('http_request_duration_seconds_count', labels)).toBe(2);
    expect(value('http_requests_in_flight', { method: 'GET' })).toBe(0);
  });

  it('counts every request past the limit of series, also those that come again', async () => {
    const { result: measured } = await warningsOf(async () => {
      const server = await start((_request, response) => response.end('x'), {
        maxSeries: 2,
        labels: { path: ({ url }) => url },
      });
      for (const path of ['/a', '/b', '/c', '/c', '/a']) await ask(server.port, path);
      await until(() => server.value('http_requests_total', { ...labels, path: '/a' }) === 2);
      return server;
    });

    expect(await measured.samples('http_requests_total')).toEqual([
      'http_requests_total{method="GET",route="/x",status_code="200",path="/a"} 2',
      'http_requests_total{method="GET",route="/x",status_code="200",path="/b"} 1',
      'http_requests_total{method="_overflow",route="_overflow",status_code="_overflow",path="_overflow"} 2',
    ]);
    expect(measured.value('prometer_series_overflow_total', { metric: 'http_requests' })).toBe(2);
    expect(measured.value('prometer_series_overflow_total', { metric: 'http_request_duration_seconds' })).toBe(2);
  });

  it('has room for 2,000 series in each metric unless it is told otherwise', async () => {
    const registry = new Registry();
    const { requests } = new HttpMetrics({ registry, defaultMetrics: false });
    await warningsOf(() => {
      for (let i = 0; i < 2002; i++) requests.inc({ ...labels, route: `/${i}` });
    });

    expect(registry.getSampleValue('prometer_series_overflow_total', { metric: 'http_requests' })).toBe(2);
  });
});

describe('A limit of series', () => {
  it('leaves room for what can have few values only', async () => {
    const registry = new Registry();
    const { warnings } = await warningsOf(() => {
      const { classic } = new HttpMetrics({ registry, defaultMetrics: false, maxSeries: 1 });
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', '_OTHER']) classic?.inFlight.inc({ method });
    });

    expect(warnings).toEqual([]);
    expect(registry.getSampleValue('http_streams_active', { kind: 'websocket' })).toBe(0);
    expect(registry.getSampleValue('http_requests_in_flight', { method: '_OTHER' })).toBe(1);
  });
});

describe('The series of sizes, aborts and starts', () => {
  it('are looked up once, however many requests they are of', async () => {
    const measured = await start(
      (request, response) => {
        if (request.url === '/leave') response.destroy();
        else response.writeHead(200, { 'content-type': 'text/event-stream' }).end('x');
      },
      { sizes: true },
    );
    const { aborts, requestSizes, responseSizes, responseStarts } = measured.metrics.classic ?? {};
    const looked = [aborts, requestSizes, responseSizes, responseStarts].map((family) => {
      if (family === undefined) throw new Error('It is not there.');
      return jest.spyOn(family as unknown as { labels(...values: string[]): unknown }, 'labels');
    });
    for (let i = 0; i < 3; i++) {
      await ask(measured.port, '/');
      await ask(measured.port, '/leave').catch(() => {});
    }
    const labels = { method: 'GET', route: '/x' };
    await until(() => measured.value('http_request_size_bytes_count', labels) === 6);

    expect(looked.map(({ mock }) => mock.calls.length)).toEqual([1, 1, 1, 1]);
    expect(measured.value('http_response_size_bytes_count', labels)).toBe(6);
    expect(measured.value('http_response_start_seconds_count', labels)).toBe(3);
    expect(measured.value('http_request_aborts_total', { ...labels, phase: 'headers', reason: 'server' })).toBe(3);
  });

  it('are told of each time once there is no room for more', async () => {
    const registry = new Registry();
    let number = 0;
    const metrics = new HttpMetrics({ registry, defaultMetrics: false, sizes: true, maxSeries: 1 });
    const measured = await start(
      (request, response) => {
        metrics.measure(request, response, () => `/${Math.min(number++, 1)}`);
        response.end('x');
      },
      { registry: new Registry() },
    );
    await warningsOf(async () => {
      for (let i = 0; i < 3; i++) await ask(measured.port, '/');
      await until(() => number === 3);
      const metric = 'http_request_size_bytes';
      await until(() => (registry.getSampleValue('prometer_series_overflow_total', { metric }) ?? 0) >= 2);
    });

    expect(registry.getSampleValue('http_request_size_bytes_count', { method: 'GET', route: '/0' })).toBe(1);
  });
});
