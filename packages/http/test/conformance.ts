import { setTimeout } from 'node:timers/promises';
import { Registry } from '@prometer/core';
import { ask, leave, talk, until } from './client.ts';

/** An app that has been started for the suite. */
export interface Fixture {
  port: number;
  close(): Promise<void>;
}

/**
 * How to build the fixture with one framework: metrics first, into `registry` and without the default ones, then
 *
 * - `GET /users/:id`, `GET /slow` (answers after 1 s), `GET /never` (never answers), `POST /echo` (reads JSON)
 * - `GET /fail` (throws), `GET /reject` (rejects), `GET /stream` (sends headers and a piece, then nothing)
 * - `GET /late` (sends headers with 200, then assigns the status 500 and ends)
 * - `GET /` and `/orders/:orderId/items/:itemId` and `/boom/:id` (throws) in a router at `/v1` in a router at `/api`
 * - `GET /things/:id` in a router at `/tenants/:tenant`, `GET /files/` and a wildcard
 */
export interface Framework {
  name: string;
  start(registry: Registry): Promise<Fixture>;
  /** The template of the wildcard route. */
  wildcard: string;
  /** Whether a path with a slash at its end takes the route without. */
  ignoresTrailingSlash: boolean;
  /** Where a body that can't be read is refused: by the route, or before any route is known. */
  parsesBodyInRoute: boolean;
}

type Counts = Record<string, number>;

/** What every adapter must get right, each over a real socket. */
export function conforms(framework: Framework): void {
  describe(`${framework.name}, measured`, () => {
    let registry: Registry;
    let fixture: Fixture;

    beforeEach(async () => {
      registry = new Registry();
      fixture = await framework.start(registry);
    });

    afterEach(() => fixture.close());

    /** All requests counted so far, as `METHOD route status`; the histogram must agree. */
    async function counts(): Promise<Counts> {
      const text = await registry.metrics();
      const read = (name: string): Counts =>
        Object.fromEntries(
          [...text.matchAll(new RegExp(`^${name}\\{method="(.*)",route="(.*)",status_code="(.*)"\\} (.*)$`, 'gm'))].map(
            ([, method, route, status, value]) => [`${method} ${route} ${status}`, Number(value)],
          ),
        );
      const counted = read('http_requests_total');
      expect(read('http_request_duration_seconds_count')).toEqual(counted);
      return counted;
    }

    const inFlight = (method = 'GET'): number | undefined =>
      registry.getSampleValue('http_requests_in_flight', { method });

    async function counted(n: number): Promise<Counts> {
      await until(async () => Object.values(await counts()).reduce((sum, value) => sum + value, 0) >= n);
      return counts();
    }

    describe('by route', () => {
      it('names a route by its template, whatever its parameters and query', async () => {
        for (const path of ['/users/1', '/users/2', '/users/abc?q=1', '/users/__proto__', '/users/constructor'])
          await ask(fixture.port, path);

        expect(await counted(5)).toEqual({ 'GET /users/:id 200': 5 });
      });

      it('joins the templates of all routers that a route is in', async () => {
        await ask(fixture.port, '/api/v1/orders/7/items/9');

        expect(await counted(1)).toEqual({ 'GET /api/v1/orders/:orderId/items/:itemId 200': 1 });
      });

      it('names the parameters of a mount', async () => {
        for (let i = 0; i < 200; i++) await ask(fixture.port, `/tenants/tenant-${i}/things/5`);

        expect(await counted(200)).toEqual({ 'GET /tenants/:tenant/things/:id 200': 200 });
      });

      it('takes the root of a router with and without a slash for one route', async () => {
        await ask(fixture.port, '/api/v1');
        await ask(fixture.port, '/api/v1/');

        expect(await counted(2)).toEqual({ 'GET /api/v1 200': 2 });
      });

      it('treats a slash at the end as the framework does', async () => {
        await ask(fixture.port, '/users/1/');

        expect(await counted(1)).toEqual(
          framework.ignoresTrailingSlash ? { 'GET /users/:id 200': 1 } : { 'GET unmatched 404': 1 },
        );
      });

      it('names a wildcard route as it is declared', async () => {
        await ask(fixture.port, '/files/x/y.txt');

        expect(await counted(1)).toEqual({ [`GET ${framework.wildcard} 200`]: 1 });
      });

      it('counts paths that no route matches in one series', async () => {
        for (let i = 0; i < 100; i++) await ask(fixture.port, `/random-${i}`);
        for (let i = 0; i < 100; i++) await ask(fixture.port, `/api/v1/random-${i}`);
        for (let i = 0; i < 100; i++) await ask(fixture.port, `/tenants/random-${i}/nope`);

        expect(await counted(300)).toEqual({ 'GET unmatched 404': 300 });
      });

      it('never shows the bytes of a path that is not a route', async () => {
        const targets = ['/%00', '/%0A%22%5C', '/x"y\\z', '//evil.com/x', '/users/1;x=1', `/${'x'.repeat(15_000)}`];
        for (const target of targets)
          await talk(fixture.port, `GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`, (read) => read.includes('\r\n\r\n'));

        expect(Object.keys(await counted(targets.length)).toSorted()).toEqual([
          'GET /users/:id 200',
          'GET unmatched 404',
        ]);
      });

      it('outlives request targets that are no URL', async () => {
        for (const target of ['http://[', 'http://b:a/', 'http://[::1', '*']) {
          await talk(fixture.port, `GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`, (read) => read.includes('\r\n\r\n'));
        }

        expect((await ask(fixture.port, '/users/1')).status).toBe(200);
      });

      it('counts the methods that are not HTTP’s own together', async () => {
        for (const method of ['PURGE', 'PROPFIND', 'M-SEARCH', 'BIND']) await ask(fixture.port, '/users/1', method);

        expect(await counted(4)).toEqual({ '_OTHER unmatched 404': 4 });
      });

      it('counts HEAD', async () => {
        await ask(fixture.port, '/users/1', 'HEAD');

        expect(await counted(1)).toEqual({ 'HEAD /users/:id 200': 1 });
      });
    });

    describe('by outcome', () => {
      it.each(['/fail', '/reject'])('counts a handler that fails, at %s, as 500 of its route', async (path) => {
        await ask(fixture.port, path);

        expect(await counted(1)).toEqual({ [`GET ${path} 500`]: 1 });
      });

      it('names the route of an error that the app handles', async () => {
        await ask(fixture.port, '/api/v1/boom/1');

        expect(await counted(1)).toEqual({ 'GET /api/v1/boom/:id 500': 1 });
      });

      it('counts a body that can’t be read as 400', async () => {
        const bytes =
          'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n{bad';
        await talk(fixture.port, bytes, (read) => read.includes('\r\n\r\n'));

        expect(await counted(1)).toEqual({ [`POST ${framework.parsesBodyInRoute ? '/echo' : 'unmatched'} 400`]: 1 });
      });

      it('times a request to the end of its response', async () => {
        await ask(fixture.port, '/slow');
        await counted(1);

        const seconds = registry.getSampleValue('http_request_duration_seconds_sum', {
          method: 'GET',
          route: '/slow',
          status_code: 200,
        });
        expect(seconds).toBeGreaterThan(0.9);
        expect(seconds).toBeLessThan(4);
      });

      it('counts a client that leaves before the response once, as 499, with the time until it left', async () => {
        await leave(fixture.port, 'GET /slow HTTP/1.1\r\nHost: x\r\n\r\n', () => setTimeout(100));

        expect(await counted(1)).toEqual({ 'GET /slow 499': 1 });
        const seconds = registry.getSampleValue('http_request_duration_seconds_sum', {
          method: 'GET',
          route: '/slow',
          status_code: 499,
        });
        expect(seconds).toBeGreaterThan(0.08);
        expect(seconds).toBeLessThan(0.9);

        await setTimeout(1100);
        expect(await counts()).toEqual({ 'GET /slow 499': 1 });
      });

      it('counts a client that leaves a handler which never answers as 499', async () => {
        await leave(fixture.port, 'GET /never HTTP/1.1\r\nHost: x\r\n\r\n', () => until(() => inFlight() === 1));

        expect(await counted(1)).toEqual({ 'GET /never 499': 1 });
        expect(inFlight()).toBe(0);
      });

      it('counts a client that leaves in the middle of its upload as 499', async () => {
        const bytes =
          'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"a":';
        await leave(fixture.port, bytes, () => until(() => inFlight('POST') === 1));

        expect(await counted(1)).toEqual({ [`POST ${framework.parsesBodyInRoute ? '/echo' : 'unmatched'} 499`]: 1 });
      });

      it('counts a client that leaves in the middle of the response with the status that was sent', async () => {
        await talk(fixture.port, 'GET /stream HTTP/1.1\r\nHost: x\r\n\r\n', (read) => read.includes('a piece'));

        expect(await counted(1)).toEqual({ 'GET /stream 200': 1 });
      });

      it('counts pipelined requests one by one', async () => {
        const one = 'GET /users/1 HTTP/1.1\r\nHost: x\r\n\r\n';
        await talk(fixture.port, one + one, (read) => read.split('HTTP/1.1 200').length === 3);

        expect(await counted(2)).toEqual({ 'GET /users/:id 200': 2 });
      });

      it('counts every pipelined request as 499 when its client leaves, also those whose turn to be answered never came', async () => {
        const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
        const bytes = get('/never') + get('/slow') + get('/users/1') + get('/fail') + get('/never');
        await leave(fixture.port, bytes, () => until(() => inFlight() === 5));

        expect(await counted(5)).toEqual({
          'GET /never 499': 2,
          'GET /slow 499': 1,
          'GET /users/:id 499': 1,
          'GET /fail 499': 1,
        });
        expect(inFlight()).toBe(0);
        await setTimeout(1100);
        expect(Object.values(await counts())).toEqual([2, 1, 1, 1]);
      });

      it('counts the status that was sent, not one that is assigned when it is on its way', async () => {
        await ask(fixture.port, '/late');

        expect(await counted(1)).toEqual({ 'GET /late 200': 1 });
      });

      it('shows how many requests are in flight', async () => {
        const asked = Array.from({ length: 7 }, () => ask(fixture.port, '/slow'));
        await until(() => inFlight() === 7);
        await Promise.all(asked);
        await counted(7);

        expect(inFlight()).toBe(0);
      });
    });

    describe('at /metrics', () => {
      it('answers GET in the text format', async () => {
        await ask(fixture.port, '/users/1');
        await counted(1);
        const { status, headers, body } = await ask(fixture.port, '/metrics?x=1');

        expect(status).toBe(200);
        expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
        expect(headers['content-length']).toBe(String(Buffer.byteLength(body)));
        expect(body).toBe(await registry.metrics());
        expect(body).toContain('\nhttp_requests_total{method="GET",route="/users/:id",status_code="200"} 1\n');
      });

      it('answers what Prometheus 3 asks for with OpenMetrics', async () => {
        const accept =
          'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
        const { headers, body } = await ask(fixture.port, '/metrics', 'GET', { accept });

        expect(headers['content-type']).toBe(
          'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8',
        );
        expect(headers.vary).toBe('Accept');
        expect(body.endsWith('\n# EOF\n')).toBe(true);
      });

      it('answers HEAD without a body', async () => {
        const { status, headers, body } = await ask(fixture.port, '/metrics', 'HEAD');

        expect(status).toBe(200);
        expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
        expect(Number(headers['content-length'])).toBeGreaterThan(100);
        expect(body).toBe('');
      });

      it('refuses POST and says what is allowed', async () => {
        const { status, headers } = await ask(fixture.port, '/metrics', 'POST');

        expect(status).toBe(405);
        expect(headers.allow).toBe('GET, HEAD');
      });

      it('does not count itself', async () => {
        await ask(fixture.port, '/metrics');
        await ask(fixture.port, '/metrics', 'POST');
        await ask(fixture.port, '/users/1');

        expect(await counted(1)).toEqual({ 'GET /users/:id 200': 1 });
      });

      it('is an ordinary path with more behind it', async () => {
        expect((await ask(fixture.port, '/metrics/x')).status).toBe(404);
      });
    });
  });
}
