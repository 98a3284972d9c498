import type { Framework } from './framework.ts';
import { startsApps } from './measured-app.ts';

/** Labels of one's own come from the request, and no function for them does any harm. */
export function addsLabels(framework: Framework): void {
  describe('with the option', () => {
    const start = startsApps(framework);

    it('labels adds labels whose values come from the request', async () => {
      const app = await start({ labels: { tenant: (request) => request.headers['x-tenant'] as string } });
      await app.ask('/users/1', 'GET', { 'x-tenant': 'acme' });
      await app.countedTotal(1);

      expect(await app.lines('http_requests_total')).toEqual([
        'http_requests_total{method="GET",route="/users/:id",status_code="200",tenant="acme"} 1',
      ]);
      expect(await app.lines('http_request_duration_seconds_count')).toEqual([
        'http_request_duration_seconds_count{method="GET",route="/users/:id",status_code="200",tenant="acme"} 1',
      ]);
    });

    it('labels with values counts others together', async () => {
      const app = await start({
        labels: { plan: { values: ['free', 'pro'], from: (request) => request.headers['x-plan'] as string } },
      });
      for (const plan of ['pro', 'gold', 'silver']) await app.ask('/users/1', 'GET', { 'x-plan': plan });
      await app.countedTotal(3);

      expect(await app.lines('http_requests_total')).toEqual([
        'http_requests_total{method="GET",route="/users/:id",status_code="200",plan="pro"} 1',
        'http_requests_total{method="GET",route="/users/:id",status_code="200",plan="other"} 2',
      ]);
    });

    it('E4 labels whose function throws leaves the label empty, counts that and warns once', async () => {
      const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
      const app = await start({
        labels: {
          tenant() {
            throw new Error('Nobody knows');
          },
        },
      });
      const answers = [await app.ask('/users/1'), await app.ask('/users/2')];
      await app.countedTotal(2);
      const warnings = emitWarning.mock.calls.map(([message]) => String(message));
      emitWarning.mockRestore();

      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect(await app.lines('http_requests_total')).toEqual([
        'http_requests_total{method="GET",route="/users/:id",status_code="200",tenant=""} 2',
      ]);
      expect(app.value('prometer_label_errors_total', { label: 'tenant' })).toBe(2);
      expect(warnings).toEqual([expect.stringContaining('Nobody knows')]);
    });

    it('E5 labels whose function gives nothing leaves the label empty', async () => {
      const app = await start({ labels: { tenant: () => undefined } });
      await app.ask('/users/1');
      await app.countedTotal(1);

      expect(await app.lines('http_requests_total')).toEqual([
        'http_requests_total{method="GET",route="/users/:id",status_code="200",tenant=""} 1',
      ]);
    });

    it.each([
      ['an object', () => ({})],
      ['a promise', async () => 'acme'],
      ['a promise that is rejected', async () => Promise.reject(new Error('No'))],
      ['a function', () => () => 'acme'],
      ['a megabyte', () => 'x'.repeat(2 ** 20)],
    ])('E4 labels whose function gives %s leaves the label empty and counts that', async (_what, from) => {
      const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
      const app = await start({ labels: { tenant: from as () => string } });
      await app.ask('/users/1');
      await app.countedTotal(1);
      emitWarning.mockRestore();

      expect(await app.lines('http_requests_total')).toEqual([
        'http_requests_total{method="GET",route="/users/:id",status_code="200",tenant=""} 1',
      ]);
      expect(app.value('prometer_label_errors_total', { label: 'tenant' })).toBe(1);
    });

    it('E6 labels are those that are declared, whatever a function gives', async () => {
      const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
      const app = await start({
        labels: { tenant: (() => ({ tenant: 'acme', user: 'x' })) as unknown as () => string },
      });
      await app.ask('/users/1');
      await app.countedTotal(1);
      emitWarning.mockRestore();

      expect(await app.lines('http_requests_total')).toEqual([
        'http_requests_total{method="GET",route="/users/:id",status_code="200",tenant=""} 1',
      ]);
    });
  });
}
