import { setTimeout } from 'node:timers/promises';
import { MetricError, Registry } from '@prometer/core';
import type { Framework, Options } from './framework.ts';
import { startsApps } from './measured-app.ts';
import { traceServers } from './traced-servers.ts';

const OPENMETRICS = { accept: 'application/openmetrics-text; version=1.0.0' };

/** Every option does what it says. */
export function takesOptions(framework: Framework): void {
  describe('with the option', () => {
    const start = startsApps(framework);

    it('path serves the metrics elsewhere', async () => {
      const app = await start({ path: '/internal/metrics' });

      expect((await app.ask('/internal/metrics')).status).toBe(200);
      expect((await app.ask('/metrics')).status).toBe(404);
    });

    it('path false only measures', async () => {
      const app = await start({ path: false });

      expect((await app.ask('/metrics')).status).toBe(404);
      expect(await app.counted(1)).toEqual({ 'GET unmatched 404': 1 });
    });

    it.each([
      [true, true, true],
      [false, false, false],
      [{ only: ['version'] as const }, false, true],
    ])('defaultMetrics %p collects that about the process', async (defaultMetrics, hasCpu, hasVersion) => {
      const app = await start({ defaultMetrics } as Options);
      const { body } = await app.ask('/metrics');

      expect([body.includes('\nprocess_cpu_seconds_total '), body.includes('\nnodejs_version_info{')]).toEqual([
        hasCpu,
        hasVersion,
      ]);
    });

    it('naming semconv uses OpenTelemetry’s names', async () => {
      const app = await start({ naming: 'semconv' });
      await app.askAll(['/users/1', '/nowhere']);
      const name = 'http_server_request_duration_seconds_count';
      await app.countedTotal(2, name);
      const labels = { http_request_method: 'GET', http_response_status_code: 200, error_type: '' };

      expect(app.value(name, { ...labels, http_route: '/users/:id' })).toBe(1);
      expect(app.value(name, { ...labels, http_route: '', http_response_status_code: 404 })).toBe(1);
      expect(app.value('http_server_active_requests', { http_request_method: 'GET' })).toBe(0);
      expect(await app.lines('http_requests_total')).toEqual([]);
    });

    it('naming with both counts in both', async () => {
      const app = await start({ naming: ['classic', 'semconv'] });
      await app.ask('/users/1');

      expect(await app.counted(1)).toEqual({ 'GET /users/:id 200': 1 });
      expect(await app.lines('http_server_request_duration_seconds_count')).toHaveLength(1);
    });

    it('buckets has the duration in these', async () => {
      const app = await start({ buckets: [0.25, 5] });
      await app.ask('/pieces');
      await app.counted(1);

      expect(await app.lines('http_request_duration_seconds_bucket')).toEqual([
        'http_request_duration_seconds_bucket{method="GET",route="/pieces",status_code="200",le="0.25"} 0',
        'http_request_duration_seconds_bucket{method="GET",route="/pieces",status_code="200",le="5.0"} 1',
        'http_request_duration_seconds_bucket{method="GET",route="/pieces",status_code="200",le="+Inf"} 1',
      ]);
    });

    it('native has it in native buckets too', async () => {
      const app = await start({ native: true });
      await app.ask('/users/1');
      await app.counted(1);
      const families = await app.registry.gather();
      const [series] = families.find(({ name }) => name === 'http_request_duration_seconds')?.series ?? [];

      expect(series).toMatchObject({ count: 1, native: { positiveDeltas: [1] } });
    });

    it('histogramLabels keeps these in the histogram only', async () => {
      const app = await start({ histogramLabels: ['method', 'route'] });
      await app.ask('/users/1');
      await app.countedTotal(1);

      expect(await app.lines('http_request_duration_seconds_count')).toEqual([
        'http_request_duration_seconds_count{method="GET",route="/users/:id"} 1',
      ]);
      expect(await app.counts()).toEqual({ 'GET /users/:id 200': 1 });
    });

    it('statusLabel class counts statuses by their class', async () => {
      const app = await start({ statusLabel: 'class' });
      await app.askAll(['/users/1', '/nowhere', '/fail']);

      expect(await app.counted(3)).toEqual({
        'GET /users/:id 2xx': 1,
        'GET unmatched 4xx': 1,
        'GET /fail 5xx': 1,
      });
    });

    it('sizes counts the bytes of bodies', async () => {
      const app = await start({ sizes: true });
      const body = '{"a":[1,2,3]}';
      await app.talk(
        `POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        (read) => read.includes('[1,2,3]'),
      );
      await app.counted(1);
      const labels = { method: 'POST', route: '/echo' };

      expect(app.value('http_request_size_bytes_sum', labels)).toBe(body.length);
      expect(app.value('http_response_size_bytes_sum', labels)).toBe(body.length);
    });

    it('ignore takes requests for these paths out', async () => {
      const app = await start({ ignore: ['/users/1', '/files/*'] });
      for (const path of ['/users/1', '/users/1?q=1', '/files/x/y.txt', '/users/2']) await app.ask(path);

      expect(await app.counted(1)).toEqual({ 'GET /users/:id 200': 1 });
      expect(app.inFlight()).toBe(0);
    });

    it('ignore takes requests out for which a function says so', async () => {
      const app = await start({ ignore: (request) => request.headers['user-agent'] === 'probe' });
      await app.ask('/users/1', 'GET', { 'user-agent': 'probe' });
      await app.ask('/users/1');

      expect(await app.counted(1)).toEqual({ 'GET /users/:id 200': 1 });
      expect(app.inFlight()).toBe(0);
    });

    it('ignore that throws leaves the request measured', async () => {
      const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
      const app = await start({
        ignore() {
          throw new Error('Nobody knows');
        },
      });
      const { status } = await app.ask('/users/1');
      const counts = await app.counted(1);
      emitWarning.mockRestore();

      expect(status).toBe(200);
      expect(counts).toEqual({ 'GET /users/:id 200': 1 });
    });

    it('authorize shows the metrics to nobody else', async () => {
      const app = await start({ authorize: (request) => request.headers.authorization === 'Bearer x' });
      const refused = await app.ask('/metrics');
      const shown = await app.ask('/metrics', 'GET', { authorization: 'Bearer x' });

      expect([refused.status, refused.body.includes('http_requests')]).toEqual([401, false]);
      expect([shown.status, shown.body.includes('http_requests')]).toEqual([200, true]);
    });

    it.each([
      ['throws', () => Promise.reject(new Error('No'))],
      ['gives nothing', () => undefined],
    ])('authorize that %s shows nothing', async (_what, authorize) => {
      const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
      const app = await start({ authorize: authorize as unknown as () => boolean });
      const { status, body } = await app.ask('/metrics');
      emitWarning.mockRestore();

      expect([status, body.includes('http_requests')]).toEqual([401, false]);
    });

    it('exemplars keeps where a request can be found', async () => {
      const app = await start({ exemplars: (request) => ({ trace_id: request.headers['x-trace'] as string }) });
      await app.ask('/users/1', 'GET', { 'x-trace': 'abc' });
      await app.counted(1);
      const { body } = await app.ask('/metrics', 'GET', OPENMETRICS);

      expect(body).toMatch(/^http_request_duration_seconds_bucket\{.*\} 1(\.0)? # \{trace_id="abc"\} /m);
    });

    it('exemplars opentelemetry keeps the trace that is active', async () => {
      const traceId = '0af7651916cd43dd8448eb211c80319c';
      const untrace = traceServers(traceId, 'b7ad6b7169203331');
      try {
        const app = await start({ exemplars: 'opentelemetry' });
        await app.ask('/users/1');
        await app.counted(1);

        expect((await app.ask('/metrics', 'GET', OPENMETRICS)).body).toContain(
          ` # {trace_id="${traceId}",span_id="b7ad6b7169203331"} `,
        );
      } finally {
        untrace();
      }
    });

    it('created tells when series began', async () => {
      const app = await start({ created: true });
      await app.ask('/users/1');
      await app.counted(1);
      const { body } = await app.ask('/metrics', 'GET', OPENMETRICS);

      expect(body).toMatch(/^http_requests_created\{method="GET",route="\/users\/:id",status_code="200"\} \d/m);
    });

    it('timeoutSeconds leaves out what is not collected by then', async () => {
      const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
      const app = await start({ timeoutSeconds: 0.05 });
      app.registry.gauge({ name: 'x', help: '', collect: () => setTimeout(2000, undefined, { ref: false }) });
      app.registry.gauge({ name: 'y', help: '' }).set(1);
      const { body } = await app.ask('/metrics');
      emitWarning.mockRestore();

      expect(body).toContain('\ny 1\n');
      expect(body).not.toContain('\nx ');
    });

    it.each([
      { path: 'metrics' },
      { path: 5 },
      { registry: null },
      { registry: {} },
      { registy: new Registry() },
      { defaultMetrics: 'x' },
      { naming: 'otel' },
      { buckets: 'small' },
      { labels: { tenant: 'acme' } },
      { labels: null },
      { labels: { tenant: null } },
      { labels: { route: () => 'x' } },
      { histogramLabels: ['tenant'] },
      { statusLabel: 'text' },
      { sizes: 'yes' },
      { ignore: 5 },
      { authorize: true },
      { exemplars: true },
      { exemplars: null },
      { maxSeries: -1 },
    ])('%p is refused', async (options) => {
      await expect(start(options as unknown as Options)).rejects.toThrow(MetricError);
    });
  });
}
