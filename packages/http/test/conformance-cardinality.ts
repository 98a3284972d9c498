import { randomBytes } from 'node:crypto';
import type { Framework } from './framework.ts';
import { startsApps } from './measured-app.ts';

/** A line of text format 0.0.4. */
const LINE = /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z_]+="([^"\\]|\\[n"\\])*",?)*\})? \S+|)$/;

/** What a client sends makes no series, and no request takes the app down. */
export function keepsSeriesBounded(framework: Framework): void {
  describe('by what a client invents', () => {
    const start = startsApps(framework);
    const words = (n: number): string[] => Array.from({ length: n }, () => randomBytes(9).toString('base64url'));

    it('C1 counts the paths that no route matches in one series', async () => {
      const app = await start();
      await app.askAll(words(1000).map((word) => `/${word}`));

      expect(await app.counted(1000)).toEqual({ 'GET unmatched 404': 1000 });
    });

    it('C2 counts those below a mount in the same series', async () => {
      const app = await start();
      await app.askAll(words(200).map((word) => `/api/v1/${word}`));
      await app.askAll(words(200).map((word) => `/tenants/${word}/nope`));

      expect(await app.counted(400)).toEqual({ 'GET unmatched 404': 400 });
    });

    it('C3 counts all parameters of a route in one series', async () => {
      const app = await start();
      await app.askAll(words(200).map((word) => `/users/${word}`));

      expect(await app.counted(200)).toEqual({ 'GET /users/:id 200': 200 });
    });

    it('C4 counts the methods that are not HTTP’s own together', async () => {
      const app = await start();
      for (const method of ['PURGE', 'PROPFIND', 'M-SEARCH', 'BIND']) await app.ask('/users/1', method);

      expect(await app.counted(4)).toEqual({ '_OTHER unmatched 404': 4 });
      expect(app.inFlight('_OTHER')).toBe(0);
    });

    it.each(['FOOBAR /', 'get /', 'GÉT /'])('C5 outlives %j, which is no request', async (line) => {
      const app = await start();
      const answer = await app.talk(`${line} HTTP/1.1\r\nHost: x\r\n\r\n`, (read) => read.includes('\r\n\r\n'));
      await app.ask('/users/1');

      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(await app.counted(1)).toEqual({ 'GET /users/:id 200': 1 });
    });

    it('C6 never shows the bytes of a target that is not a route', async () => {
      const app = await start();
      const targets = ['/%00', '/%0A%22%5C', '/x"y\\z', '//evil.com/x', '*', '/?route=x', '/#x'];
      for (const target of [...targets, `/${'x'.repeat(15_000)}`]) await app.target(target);

      expect(await app.counted(8)).toEqual({ 'GET unmatched 404': 8 });
      const { body } = await app.ask('/metrics');
      expect(body.split('\n').filter((line) => !LINE.test(line))).toEqual([]);
    });

    it('C6 takes the path of a target with a host for the path', async () => {
      const app = await start();
      await app.target('http://evil.com/users/1');

      expect(await app.counted(1)).toEqual({ 'GET /users/:id 200': 1 });
    });

    it('C6 takes what stands behind a semicolon for part of the parameter', async () => {
      const app = await start();
      await app.target('/users/1;x=1');

      expect(await app.counted(1)).toEqual({ 'GET /users/:id 200': 1 });
    });

    it('C6 counts a parameter that can not be decoded once', async () => {
      const app = await start();
      await app.target('/users/%E0%A4%A');

      expect(await app.counted(1)).toEqual({ [`GET ${framework.nameOfUndecodable} 400`]: 1 });
    });

    it('C7 outlives targets that are no URL', async () => {
      const app = await start();
      for (const target of ['http://[', 'http://b:a/', 'http://[::1', '/metrics\\', 'metrics'])
        await app.target(target);
      await app.ask('/users/1');

      await app.countedTotal(1);
      expect(await app.counts()).toMatchObject({ 'GET /users/:id 200': 1 });
      expect(Object.keys(await app.counts()).join(' ')).not.toMatch(/http:|\[|b:a|metrics/);
      expect(app.inFlight()).toBe(0);
    });

    it('C8 takes names that objects have for parameters like others', async () => {
      const app = await start();
      await app.askAll(['/users/__proto__', '/users/constructor', '/users/toString']);

      expect(await app.counted(3)).toEqual({ 'GET /users/:id 200': 3 });
    });

    it('C9 counts what is past the limit of series together, and warns once', async () => {
      const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
      const app = await start({ labels: { tenant: (request) => request.headers['x-tenant'] as string }, maxSeries: 3 });
      await app.askAll(
        words(20).map(() => '/users/1'),
        (i) => ({ 'x-tenant': `tenant-${i}` }),
      );
      await app.countedTotal(20);
      const warnings = emitWarning.mock.calls.map(([message]) => String(message));
      emitWarning.mockRestore();

      expect(await app.lines('http_requests_total')).toHaveLength(4);
      expect(
        app.value('http_requests_total', {
          method: '_overflow',
          route: '_overflow',
          status_code: '_overflow',
          tenant: '_overflow',
        }),
      ).toBe(17);
      expect(app.value('prometer_series_overflow_total', { metric: 'http_requests' })).toBe(17);
      expect(warnings.filter((message) => message.includes('http_requests'))).toHaveLength(1);
    });
  });
}
