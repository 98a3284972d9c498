import { setTimeout } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { Framework } from './framework.ts';
import { startsApps } from './measured-app.ts';

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';

/** The app answers `GET /metrics` as Prometheus asks, and nothing there is measured. */
export function servesMetrics(framework: Framework): void {
  describe('at /metrics', () => {
    const start = startsApps(framework);

    it('M1 answers in OpenMetrics what asks for it', async () => {
      const app = await start();
      await app.ask('/users/1');
      await app.counted(1);
      const accept = 'application/openmetrics-text; version=1.0.0';
      const { headers, body } = await app.ask('/metrics', 'GET', { accept });

      expect(headers['content-type']).toMatch(/^application\/openmetrics-text; version=1\.0\.0; charset=utf-8/);
      expect(body).toContain('\n# TYPE http_requests counter\n');
      expect(body.endsWith('\n# EOF\n')).toBe(true);
    });

    it('M2 answers Prometheus 3 in what it likes best', async () => {
      const app = await start();
      const accept =
        'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
      const { headers, body } = await app.ask('/metrics', 'GET', { accept });

      expect(headers['content-type']).toBe(
        'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8',
      );
      expect(body.endsWith('\n# EOF\n')).toBe(true);
    });

    it.each([{}, { accept: '*/*' }])('M2 answers a scrape that says %p about formats in text 0.0.4', async (accept) => {
      const app = await start();
      await app.ask('/users/1');
      await app.counted(1);
      const { status, headers, body } = await app.ask('/metrics?x=1', 'GET', accept as Record<string, string>);

      expect(status).toBe(200);
      expect(headers['content-type']).toBe(TEXT);
      expect(body).toContain('\nhttp_requests_total{method="GET",route="/users/:id",status_code="200"} 1\n');
    });

    it('M3 packs what is worth it', async () => {
      const app = await start();
      const gauge = app.registry.gauge({ name: 'gauge', help: '', labelNames: ['number'] });
      for (let i = 0; i < 500; i++) gauge.labels(`a series ${i}`).set(i);
      const { headers, bytes } = await app.ask('/metrics', 'GET', { 'accept-encoding': 'gzip' });
      const plain = await app.ask('/metrics');

      expect([headers['content-encoding'], headers.vary]).toEqual(['gzip', 'Accept, Accept-Encoding']);
      expect([plain.headers['content-encoding'], plain.headers.vary]).toEqual([undefined, 'Accept, Accept-Encoding']);
      expect(gunzipSync(bytes).toString()).toContain('\ngauge{number="a series 499"} 499\n');
    });

    it('M4 answers HEAD without a body', async () => {
      const app = await start();
      const { status, headers, body } = await app.ask('/metrics', 'HEAD');

      expect(status).toBe(200);
      expect(headers['content-type']).toBe(TEXT);
      expect(body).toBe('');
    });

    it.each(['POST', 'DELETE', 'OPTIONS'])('M5 refuses %s and says what is allowed', async (method) => {
      const app = await start();
      const { status, headers } = await app.ask('/metrics', method);

      expect(status).toBe(405);
      expect(headers.allow).toBe('GET, HEAD');
    });

    it('M5 refuses a body of whatever type', async () => {
      const app = await start();
      const answer = await app.talk(
        'POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-unheard-of\r\nContent-Length: 3\r\n\r\na=1',
        (read) => read.includes('\r\n\r\n'),
      );

      expect(answer).toMatch(/^HTTP\/1\.1 405 /);
    });

    it('M6 shows the families only that are asked for', async () => {
      const app = await start();
      app.registry.gauge({ name: 'x', help: 'An x' }).set(1);
      const { status, body } = await app.ask('/metrics?name[]=x');

      expect(status).toBe(200);
      expect(body).toBe('# HELP x An x\n# TYPE x gauge\nx 1\n');
    });

    it('M7 does not count itself', async () => {
      const app = await start();
      const { body } = await app.ask('/metrics');
      await app.ask('/metrics?name[]=x');
      await app.ask('/metrics', 'POST');
      await app.ask('/users/1');

      expect(await app.counted(1)).toEqual({ 'GET /users/:id 200': 1 });
      expect(body).not.toMatch(/^http_requests_in_flight\{method="GET"\} 1$/m);
    });

    it('M8 has no metric called up', async () => {
      const app = await start({ defaultMetrics: true, naming: ['classic', 'semconv'], sizes: true });
      await app.ask('/users/1');
      await app.counted(1);
      const { body } = await app.ask('/metrics');

      expect(body).toContain('\nprocess_cpu_seconds_total ');
      expect(body).not.toMatch(/^(# (HELP|TYPE) )?up\b/m);
    });

    it('M9 collects once for scrapes that come together', async () => {
      const app = await start();
      let collected = 0;
      const gauge = app.registry.gauge({
        name: 'x',
        help: '',
        async collect() {
          collected++;
          await setTimeout(300);
          gauge.set(collected);
        },
      });
      const answers = await Promise.all(Array.from({ length: 5 }, () => app.ask('/metrics?name[]=x')));

      expect(collected).toBe(1);
      expect(answers.map(({ body }) => body)).toEqual(Array(5).fill('# HELP x \n# TYPE x gauge\nx 1\n'));
    });

    it('M9 serves the rest when a collector fails', async () => {
      const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
      const app = await start();
      app.registry.gauge({
        name: 'x',
        help: '',
        collect() {
          throw new Error('No x today');
        },
      });
      app.registry.gauge({ name: 'y', help: '' }).set(1);
      const { status, body } = await app.ask('/metrics');
      emitWarning.mockRestore();

      expect(status).toBe(200);
      expect(body).toContain('\ny 1\n');
      expect(body).not.toContain('\nx ');
    });

    it('is an ordinary path with more behind it', async () => {
      const app = await start();

      expect((await app.ask('/metrics/x')).status).toBe(404);
      expect(await app.counted(1)).toEqual({ 'GET unmatched 404': 1 });
    });
  });
}
