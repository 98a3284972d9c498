import { Registry } from '@prometer/core';
import { metricsHandler } from '../../src/index.ts';
import { answerTimeoutMs, collectorsTimeout } from '../../src/serve/scrape-timeout.ts';
import { ask } from '../client.ts';
import { serving } from '../servers.ts';

describe('collectorsTimeout', () => {
  it.each([
    ['10', undefined, 9],
    ['0.5', undefined, 0.45],
    ['10', 5, 5],
    ['10', 20, 9],
    ['10', Infinity, 9],
    [undefined, 5, 5],
    [undefined, Infinity, Infinity],
    [undefined, undefined, 10],
    ['300', undefined, 270],
    ['86400', undefined, 600],
    ['86400', 3600, 3600],
    ['86400', Infinity, 77_760],
  ])('is, for a scrape that waits %p s where %p s are allowed, %p s', (header, allowed, seconds) => {
    expect(collectorsTimeout(header, allowed)).toBeCloseTo(seconds, 10);
  });

  it.each(['', '0', '-1', 'NaN', 'Infinity', '1e3', '0x10', '10s', '10, 10', ' ', '.', '9'.repeat(400)])(
    'takes no notice of %p',
    (header) => {
      expect(collectorsTimeout(header, undefined)).toBe(10);
      expect(collectorsTimeout(header, 3)).toBe(3);
    },
  );
});

describe('answerTimeoutMs', () => {
  it.each([
    [undefined, undefined, 120_000],
    ['10', undefined, 120_000],
    ['300', undefined, 330_000],
    ['9'.repeat(300), undefined, 660_000],
    [undefined, 300, 360_000],
    ['10', 300, 120_000],
    ['86400', 3600, 3_660_000],
    ['86400', 5, 120_000],
    [undefined, Infinity, 2 ** 31 - 1],
  ])('is, for a scrape that waits %p s where %p s are allowed, %p ms', (header, allowed, milliseconds) => {
    expect(answerTimeoutMs(header, allowed, 120_000)).toBe(milliseconds);
  });
});

describe('a slow collector', () => {
  /** What is answered though one collector never has its values. */
  async function withSlowCollector(timeoutSeconds: number | undefined, headers: Record<string, string>) {
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const registry = new Registry();
    registry.gauge({ name: 'fast', help: '' });
    registry.gauge({ name: 'slow', help: '', collect: () => new Promise<void>(() => {}) });
    const { body } = await serving(metricsHandler({ registry, timeoutSeconds }), (port) =>
      ask(port, '/', 'GET', headers),
    );
    emitWarning.mockRestore();
    return body;
  }

  it.each<[string, number | undefined, Record<string, string>]>([
    ['the option says', 0.05, {}],
    ['the scrape says', undefined, { 'x-prometheus-scrape-timeout-seconds': '0.05' }],
    ['the scrape says, which is less than the option', 60, { 'X-Prometheus-Scrape-Timeout-Seconds': '0.05' }],
    ['the option says, which is less than the scrape has', 0.05, { 'x-prometheus-scrape-timeout-seconds': '60' }],
  ])('is left out after the time that %s', async (_who, timeoutSeconds, headers) => {
    const body = await withSlowCollector(timeoutSeconds, headers);

    expect(body).toContain('\nfast 0\n');
    expect(body).toContain('prometer_collector_errors_total{collector="slow"} 1\n');
    expect(body).not.toContain('\nslow ');
  });

  it.each([-1, NaN, '5', null, {}])('can not be given %p seconds', (timeoutSeconds) => {
    expect(() => metricsHandler({ timeoutSeconds: timeoutSeconds as number })).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringMatching(/^The option "timeoutSeconds" is .+: give a number of seconds/),
      }),
    );
  });
});
