import { createServer } from 'node:http';
import { runInNewContext } from 'node:vm';
import { Registry } from '@prometer/core';
import { HttpMetrics, instrumentServer, metricsHandler, startHttpServer } from '../src/index.ts';

class Settings {
  readonly path = '/internal';
}

describe('What is given as options', () => {
  it.each([
    ['HttpMetrics', (given: never) => new HttpMetrics(given)],
    ['metricsHandler', (given: never) => metricsHandler(given)],
    ['instrumentServer', (given: never) => instrumentServer(createServer(), given)],
    ['startHttpServer', (given: never) => startHttpServer(given)],
  ])('to %s is refused if it is a Registry, and told how to give one', async (_what, make) => {
    await expect(async () => make(new Registry() as never)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(/^The options of .* are Registry \{.*: give \{ registry \}, or leave them out\.$/),
    });
  });

  it.each([
    ['a list', []],
    ['a Map', new Map([['path', '/internal']])],
    ['a date', new Date(0)],
    ['an instance of a class', new Settings()],
  ])('is refused if it is %s', (_what, given) => {
    expect(() => new HttpMetrics(given as never)).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringMatching(/: give a plain object, \{ name: value \}, or leave them out\.$/),
      }),
    );
  });

  it.each([
    ['has no prototype', Object.assign(Object.create(null) as object, { path: '/internal' })],
    ['comes from another realm', runInNewContext('({ path: "/internal" })') as object],
  ])('is taken if it %s', (_what, given) => {
    const metrics = new HttpMetrics(Object.assign(given, { registry: new Registry(), defaultMetrics: false }));

    expect(metrics.path).toBe('/internal');
  });
});
