import { setTimeout } from 'node:timers/promises';
import { until } from './client.ts';
import type { Framework } from './framework.ts';
import { startsApps, type MeasuredApp } from './measured-app.ts';

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

const upload = (sent: string, length: number): string =>
  `POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${sent}`;

/** Every request is counted once, with what became of it and the time that it took. */
export function measuresOutcomes(framework: Framework): void {
  const start = startsApps(framework);

  const secondsOf = (app: MeasuredApp, route: string, status: number): number | undefined =>
    app.value('http_request_duration_seconds_sum', { method: 'GET', route, status_code: status });

  const aborts = (app: MeasuredApp): Promise<string[]> => app.lines('http_request_aborts_total');

  describe('by outcome', () => {
    it('A1 counts a client that leaves before the response once, as 499, with the time until it left', async () => {
      const app = await start();
      await app.leave(get('/slow'), async () => {
        await until(() => app.inFlight() === 1);
        await setTimeout(100);
      });

      expect(await app.counted(1)).toEqual({ 'GET /slow 499': 1 });
      expect(secondsOf(app, '/slow', 499)).toBeGreaterThan(0.08);
      expect(secondsOf(app, '/slow', 499)).toBeLessThan(0.9);
      expect(await aborts(app)).toEqual([
        'http_request_aborts_total{method="GET",route="/slow",phase="headers",reason="client"} 1',
      ]);

      await setTimeout(1100);
      expect(await app.counts()).toEqual({ 'GET /slow 499': 1 });
    });

    it('A2 counts a client that leaves in the middle of the response with the status that was sent', async () => {
      const app = await start();
      await app.talk(get('/stream'), (read) => read.includes('a piece'));

      expect(await app.counted(1)).toEqual({ 'GET /stream 200': 1 });
      expect(secondsOf(app, '/stream', 200)).toBeLessThan(4);
      expect(await aborts(app)).toEqual([
        'http_request_aborts_total{method="GET",route="/stream",phase="body",reason="client"} 1',
      ]);
    });

    it('A3 counts a client that leaves in the middle of its upload as 499', async () => {
      const app = await start();
      await app.leave(upload('{"a":', 1000), () => until(() => app.inFlight('POST') === 1));

      expect(await app.counted(1)).toEqual({ 'POST /echo 499': 1 });
      expect(app.inFlight('POST')).toBe(0);
    });

    it('A4 counts a client that leaves a handler which never answers as 499', async () => {
      const app = await start();
      await app.leave(get('/never'), () => until(() => app.inFlight() === 1));

      expect(await app.counted(1)).toEqual({ 'GET /never 499': 1 });
      expect(app.inFlight()).toBe(0);
    });

    it('A5 counts a response that the server breaks off once, as the server’s doing', async () => {
      const app = await start({ naming: ['classic', 'semconv'] });
      await app.talk(get('/broken'), () => false);

      expect(await app.counted(1)).toEqual({ 'GET /broken 200': 1 });
      expect(await aborts(app)).toEqual([
        'http_request_aborts_total{method="GET",route="/broken",phase="body",reason="server"} 1',
      ]);
      expect(
        app.value('http_server_request_duration_seconds_count', {
          http_request_method: 'GET',
          http_route: '/broken',
          http_response_status_code: 200,
          error_type: 'BrokenError',
        }),
      ).toBe(1);
    });

    it.each(['/fail', '/reject'])('E1 counts a handler that fails, at %s, as 500 of its route', async (path) => {
      const app = await start();
      await app.ask(path);

      expect(await app.counted(1)).toEqual({ [`GET ${path} 500`]: 1 });
    });

    it('E1 counts a handler that fails with a status of its own as that', async () => {
      const app = await start();
      await app.ask('/refuse');

      expect(await app.counted(1)).toEqual({ 'GET /refuse 418': 1 });
    });

    it('E1 tells the kind of an error where the framework does', async () => {
      const app = await start({ naming: 'semconv' });
      await app.ask('/fail');
      await app.countedTotal(1, 'http_server_request_duration_seconds_count');

      expect(
        app.value('http_server_request_duration_seconds_count', {
          http_request_method: 'GET',
          http_route: '/fail',
          http_response_status_code: 500,
          error_type: framework.tellsErrors ? 'TypeError' : '500',
        }),
      ).toBe(1);
    });

    it('E2 names the route of an error that the app handles', async () => {
      const app = await start();
      await app.ask('/api/v1/boom/1');

      expect(await app.counted(1)).toEqual({ 'GET /api/v1/boom/:id 500': 1 });
    });

    it('E3 counts a body that can’t be read as 400 of its route', async () => {
      const app = await start();
      await app.talk(upload('{bad', 4), (read) => read.includes('\r\n\r\n'));

      expect(await app.counted(1)).toEqual({ 'POST /echo 400': 1 });
    });

    it('S1 times a response to its end', async () => {
      const app = await start();
      await app.ask('/pieces');

      expect(await app.counted(1)).toEqual({ 'GET /pieces 200': 1 });
      expect(secondsOf(app, '/pieces', 200)).toBeGreaterThan(0.45);
      expect(secondsOf(app, '/pieces', 200)).toBeLessThan(4);
    });

    it('H0 counts HEAD and OPTIONS', async () => {
      const app = await start();
      await app.ask('/users/1', 'HEAD');
      await app.ask('/users/1', 'OPTIONS');

      expect(await app.counted(2)).toEqual({
        'HEAD /users/:id 200': 1,
        [`OPTIONS unmatched ${framework.statusOfOptions}`]: 1,
      });
    });

    it('H3 counts pipelined requests one by one', async () => {
      const app = await start();
      await app.talk(get('/users/1') + get('/users/2'), (read) => read.split('HTTP/1.1 200').length === 3);

      expect(await app.counted(2)).toEqual({ 'GET /users/:id 200': 2 });
    });

    it('H3 counts every pipelined request as 499 when its client leaves, also those whose turn to be answered never came', async () => {
      const app = await start();
      const bytes = get('/never') + get('/slow') + get('/users/1') + get('/fail') + get('/never');
      await app.leave(bytes, () => until(() => app.inFlight() === 5));

      expect(await app.counted(5)).toEqual({
        'GET /never 499': 2,
        'GET /slow 499': 1,
        'GET /users/:id 499': 1,
        'GET /fail 499': 1,
      });
      expect(app.inFlight()).toBe(0);
      await setTimeout(1100);
      expect(Object.values(await app.counts())).toEqual([2, 1, 1, 1]);
    });

    it('G1 shows how many requests are in flight', async () => {
      const app = await start();
      const asked = Array.from({ length: 6 }, () => app.ask('/slow'));
      await app.leave(get('/slow'), () => until(() => app.inFlight() === 7));
      await Promise.all(asked);

      expect(await app.counted(7)).toEqual({ 'GET /slow 200': 6, 'GET /slow 499': 1 });
      expect(app.inFlight()).toBe(0);
    });

    it('Z1 counts the bytes of bodies that come and go in pieces, without what is put around them', async () => {
      const app = await start({ sizes: true });
      const pieces = ['a', 'b', 'c'].map((letter) => `3e8\r\n${letter.repeat(1000)}\r\n`).join('');
      const answer = await app.talk(
        `POST /pipe HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n${pieces}0\r\n\r\n`,
        (read) => read.endsWith('\r\n0\r\n\r\n'),
      );
      await app.counted(1);
      const labels = { method: 'POST', route: '/pipe' };

      expect(answer).toMatch(/^HTTP\/1\.1 200 .*\r\nTransfer-Encoding: chunked\r\n/is);
      expect(app.value('http_request_size_bytes_sum', labels)).toBe(3000);
      expect(app.value('http_response_size_bytes_sum', labels)).toBe(3000);
    });

    it('Z1 counts no bytes of an answer to HEAD, whatever its Content-Length says', async () => {
      const app = await start({ sizes: true });
      const { headers } = await app.ask('/users/12345', 'HEAD');
      await app.counted(1);

      expect(headers['content-length']).toBe('5');
      expect(app.value('http_response_size_bytes_sum', { method: 'HEAD', route: '/users/:id' })).toBe(0);
    });

    it('counts the status that was sent, not one that is assigned when it is on its way', async () => {
      const app = await start();
      await app.ask('/late');

      expect(await app.counted(1)).toEqual({ 'GET /late 200': 1 });
    });

    it('counts a request in HTTP/1.0', async () => {
      const app = await start();
      await app.talk('GET /users/1 HTTP/1.0\r\n\r\n', () => false);

      expect(await app.counted(1)).toEqual({ 'GET /users/:id 200': 1 });
    });
  });
}
