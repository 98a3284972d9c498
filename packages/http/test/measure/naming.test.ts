import { Registry } from '@prometer/core';
import { HttpMetrics, type HttpMetricsOptions } from '../../src/index.ts';
import { ask, until } from '../client.ts';
import { get, measuredServers, type Handle, type MeasuredServer } from '../measured-server.ts';

const start = measuredServers();

const semconv = { naming: 'semconv' } as const;

class BrokenError extends Error {
  override name = 'BrokenError';
}

async function durations(measured: MeasuredServer): Promise<string[]> {
  const lines = await measured.someSamples('http_server_request_duration_seconds_count');
  return lines.map((line) => line.slice('http_server_request_duration_seconds_count'.length));
}

describe('Naming "semconv"', () => {
  it('has OpenTelemetry’s names, with the units that Prometheus adds', async () => {
    const measured = await start((_request, response) => response.end('x'), { ...semconv, sizes: true });
    await ask(measured.port, '/');
    await durations(measured);
    const text = await measured.registry.metrics();

    expect(text.match(/^# TYPE .*$/gm)).toEqual([
      '# TYPE http_server_request_duration_seconds histogram',
      '# TYPE http_server_active_requests gauge',
      '# TYPE http_server_request_aborts_total counter',
      '# TYPE http_server_response_start_seconds histogram',
      '# TYPE http_server_streams_active gauge',
      '# TYPE http_server_request_body_size_bytes histogram',
      '# TYPE http_server_response_body_size_bytes histogram',
    ]);
    expect(text.match(/^http_server_(?:\w+_count|active\w*|streams\w*)\{.*$/gm)).toEqual([
      'http_server_request_duration_seconds_count{http_request_method="GET",http_route="/x",http_response_status_code="200",error_type=""} 1',
      'http_server_active_requests{http_request_method="GET"} 0',
      'http_server_streams_active{kind="sse"} 0',
      'http_server_streams_active{kind="websocket"} 0',
      'http_server_request_body_size_bytes_count{http_request_method="GET",http_route="/x"} 1',
      'http_server_response_body_size_bytes_count{http_request_method="GET",http_route="/x"} 1',
    ]);
  });

  const failing: Record<string, [handle: (measured: () => MeasuredServer) => Handle, labels: string]> = {
    'an answer with 5xx of which no error is known': [
      () => (_request, response) => response.writeHead(503).end(),
      'http_response_status_code="503",error_type="503"',
    ],
    'an answer with 5xx whose error is noted': [
      (measured) => (request, response) => {
        measured().metrics.fail(request, new BrokenError('x'));
        response.writeHead(500).end();
      },
      'http_response_status_code="500",error_type="BrokenError"',
    ],
    'an answer with 4xx whose error is noted': [
      (measured) => (request, response) => {
        measured().metrics.fail(request, new BrokenError('x'));
        response.writeHead(404).end();
      },
      'http_response_status_code="404",error_type=""',
    ],
    'a response that is destroyed with an error': [
      () => (_request, response) => {
        response.on('error', () => {}).writeHead(200);
        response.write('a piece', () => response.destroy(new BrokenError('x')));
      },
      'http_response_status_code="200",error_type="BrokenError"',
    ],
    'a socket that is destroyed with an error': [
      () => (request) => {
        request.socket.on('error', () => {}).destroy(new BrokenError('x'));
      },
      'http_response_status_code="499",error_type="BrokenError"',
    ],
    'a response that is destroyed': [
      () => (_request, response) => {
        response.destroy();
      },
      'http_response_status_code="499",error_type="server_abort"',
    ],
  };

  it.each(Object.keys(failing))('tells the type of an error of %s', async (name) => {
    const [handleWith, labels] = failing[name] as (typeof failing)[string];
    const measured: MeasuredServer = await start(
      handleWith(() => measured),
      semconv,
    );
    (await measured.connect()).write(get());

    expect(await durations(measured)).toEqual([`{http_request_method="GET",http_route="/x",${labels}} 1`]);
  });

  it('tells of a client that has left', async () => {
    const measured = await start(() => {}, semconv);
    const client = await measured.connect();
    client.write(get());
    await until(() => measured.value('http_server_active_requests', { http_request_method: 'GET' }) === 1);
    client.destroy();

    expect(await durations(measured)).toEqual([
      '{http_request_method="GET",http_route="/x",http_response_status_code="499",error_type="client_abort"} 1',
    ]);
    expect(await measured.samples('http_server_request_aborts_total')).toEqual([
      'http_server_request_aborts_total{http_request_method="GET",http_route="/x",phase="headers",reason="client"} 1',
    ]);
    expect(measured.value('http_server_active_requests', { http_request_method: 'GET' })).toBe(0);
  });

  it('counts event streams by their start', async () => {
    const measured = await start((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: 1\n\n');
    }, semconv);
    await ask(measured.port, '/');

    expect(await measured.someSamples('http_server_response_start_seconds')).toEqual([
      'http_server_response_start_seconds_count{http_request_method="GET",http_route="/x"} 1',
    ]);
    expect(await measured.samples('http_server_request_duration_seconds')).toEqual([]);
  });

  it('has an empty route, which to Prometheus is none, where no route has matched', async () => {
    const measured = await start((_request, response) => response.end('x'), semconv);
    measured.server.removeAllListeners('request');
    measured.server.on('request', (request, response) => {
      measured.metrics.measure(request, response, () => undefined);
      response.end('x');
    });
    await ask(measured.port, '/');

    expect(await durations(measured)).toEqual([
      '{http_request_method="GET",http_route="",http_response_status_code="200",error_type=""} 1',
    ]);
  });
});

describe('Both namings', () => {
  const both = { naming: ['classic', 'semconv'] } as const;

  it('count every request in each', async () => {
    const measured = await start((_request, response) => response.writeHead(500).end('x'), both);
    await ask(measured.port, '/');

    expect(await durations(measured)).toEqual([
      '{http_request_method="GET",http_route="/x",http_response_status_code="500",error_type="500"} 1',
    ]);
    expect(await measured.samples('http_request')).toEqual([
      'http_requests_total{method="GET",route="/x",status_code="500"} 1',
      'http_request_duration_seconds_count{method="GET",route="/x",status_code="500"} 1',
      'http_requests_in_flight{method="GET"} 0',
    ]);
    expect(measured.value('http_server_active_requests', { http_request_method: 'GET' })).toBe(0);
  });

  it('are there as metrics, in types of their own', () => {
    const metrics = new HttpMetrics({
      registry: new Registry(),
      defaultMetrics: false,
      naming: ['semconv', 'classic'],
    });
    metrics.classic?.requests.labels({ method: 'GET', route: '/x', status_code: 200 });
    metrics.semconv?.inFlight.labels({ http_request_method: 'GET' });

    expect([metrics.classic?.durations.name, metrics.semconv?.durations.name]).toEqual([
      'http_request_duration_seconds',
      'http_server_request_duration_seconds',
    ]);
  });
});

describe('The metrics of a naming that isn’t used', () => {
  it('are not there', () => {
    const metrics = new HttpMetrics({ registry: new Registry(), defaultMetrics: false, naming: 'semconv' });

    expect(metrics.classic).toBeUndefined();
    expect(() => metrics.requests).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: `The option "naming" is 'semconv', which has other metrics: read "semconv" of the HttpMetrics.`,
      }),
    );
    expect(() => metrics.durations).toThrow('read "semconv" of the HttpMetrics');
  });
});

describe('The option "histogramLabels"', () => {
  async function ofDurations(options: HttpMetricsOptions<string>, family: string): Promise<string[]> {
    const measured = await start((_request, response) => response.end('x'), options);
    await ask(measured.port, '/');
    await ask(measured.port, '/');
    await until(async () => (await measured.samples(family)).some((line) => line.endsWith(' 2')));
    return measured.samples(family);
  }

  const labels = { tenant: () => 'a' };

  it('lists the labels that the durations keep', async () => {
    const options = { labels, histogramLabels: ['tenant', 'route'] };

    expect(await ofDurations(options, 'http_request_duration_seconds')).toEqual([
      'http_request_duration_seconds_count{route="/x",tenant="a"} 2',
    ]);
    expect(await ofDurations(options, 'http_requests_total')).toEqual([
      'http_requests_total{method="GET",route="/x",status_code="200",tenant="a"} 2',
    ]);
  });

  it('can keep none', async () => {
    expect(await ofDurations({ histogramLabels: [] }, 'http_request_duration_seconds')).toEqual([
      'http_request_duration_seconds_count 2',
    ]);
  });

  it('takes for each naming the labels that it has', async () => {
    const options: HttpMetricsOptions<string> = {
      naming: ['classic', 'semconv'],
      labels,
      histogramLabels: ['route', 'error_type', 'tenant'],
    };

    expect(await ofDurations(options, 'http_request_duration_seconds')).toEqual([
      'http_request_duration_seconds_count{route="/x",tenant="a"} 2',
    ]);
    expect(await ofDurations(options, 'http_server_request_duration_seconds')).toEqual([
      'http_server_request_duration_seconds_count{error_type="",tenant="a"} 2',
    ]);
  });
});

describe('The option "statusLabel"', () => {
  it('writes the class of the status', async () => {
    let status = 200;
    const measured = await start((_request, response) => response.writeHead((status += 100)).end('x'), {
      statusLabel: 'class',
      naming: ['classic', 'semconv'],
    });
    for (let i = 0; i < 3; i++) await ask(measured.port, '/');
    await until(async () => (await measured.samples('http_requests_total')).length === 3);

    expect(await measured.samples('http_requests_total')).toEqual(
      ['3xx', '4xx', '5xx'].map((each) => `http_requests_total{method="GET",route="/x",status_code="${each}"} 1`),
    );
    expect((await durations(measured)).at(-1)).toContain('http_response_status_code="5xx",error_type="500"');
  });

  it('takes 499 for one of its class', async () => {
    const measured = await start((_request, response) => response.destroy(), { statusLabel: 'class' });
    (await measured.connect()).write(get());

    expect(await measured.someSamples('http_requests_total')).toEqual([
      expect.stringContaining('status_code="4xx"} 1'),
    ]);
  });
});
