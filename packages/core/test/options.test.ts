import { nearestTo, Registry } from '../src/index.ts';

describe('The options of a registry', () => {
  const registry = new Registry();
  registry.gauge({ name: 'g', help: 'G' });

  it.each<[string, () => unknown, string]>([
    [
      'a typo',
      () => new Registry({ label: { env: 'p' } } as object),
      'There is no option "label" of a registry. Is "labels" meant?',
    ],
    [
      'one of another library',
      () => new Registry({ defaultLabels: {} } as object),
      'There is no option "defaultLabels" of a registry. Is "labels" meant?',
    ],
    [
      'null',
      () => new Registry(null as never),
      'The options of a registry are null: give a plain object, { name: value }, or leave them out.',
    ],
    [
      'another registry',
      () => new Registry(registry as object),
      'The options of a registry are {}: give a plain object, { name: value }, or leave them out.',
    ],
    [
      'a typo in a stream',
      () => registry.stream('text/plain', { share: true } as object),
      'There is no option "share" of stream. The options are names, timeoutSeconds, created, openMetrics2, shareGather.',
    ],
    [
      'an Accept header that is no text',
      () => registry.stream({ accept: '*/*' } as never),
      'The Accept header is {"accept":"*/*"}: give its text, such as request.headers.accept, or leave it out.',
    ],
  ])('refuse %s', (_, call, message) => {
    expect(call).toThrow(expect.objectContaining({ name: 'MetricError', code: 'INVALID_OPTION', message }));
  });

  it.each<[string, () => Promise<unknown>, string]>([
    [
      'of metrics, a typo',
      () => registry.metrics({ name: ['g'] } as object),
      'There is no option "name" of metrics. Is "names" meant?',
    ],
    [
      'of metrics, a text',
      () => registry.metrics('g' as never),
      'The options of metrics are "g": give a plain object, { name: value }, or leave them out.',
    ],
    [
      'of expose, a format, which the header tells',
      () => registry.expose('text/plain', { format: 'text' } as object),
      'There is no option "format" of expose. The options are names, timeoutSeconds, created, openMetrics2.',
    ],
    [
      'of expose, an Accept header that is no text',
      () => registry.expose(5 as never),
      'The Accept header is 5: give its text, such as request.headers.accept, or leave it out.',
    ],
    [
      'of gather, a typo',
      () => registry.gather({ timeout: 5 } as object),
      'There is no option "timeout" of gather. The options are names, timeoutSeconds.',
    ],
  ])('refuse, by a promise, %s', async (_, call, message) => {
    await expect(call()).rejects.toMatchObject({ name: 'MetricError', code: 'INVALID_OPTION', message });
  });

  it.each([
    ['customLabels', ['names', 'labels'], 'labels'],
    ['defaultLabels', ['labels'], 'labels'],
    ['endpoint', ['path'], 'path'],
    ['metricsPath', ['path', 'registry'], 'path'],
    ['percentiles', ['quantiles'], 'quantiles'],
    ['percentiles', ['buckets'], undefined],
    ['constructor', ['labels'], undefined],
  ])('that other libraries call %s are, of %j, %s', (given, names, meant) => {
    expect(nearestTo(given, names)).toBe(meant);
  });

  it('may have no prototype, and come from another realm', async () => {
    const options = Object.assign(Object.create(null) as object, { names: ['g'] });
    expect(await registry.metrics(options)).toBe('# HELP g G\n# TYPE g gauge\ng 0\n');
  });

  it('may be left out one by one', async () => {
    const options = { names: undefined, timeoutSeconds: undefined, created: undefined, openMetrics2: undefined };
    expect(await registry.metrics({ ...options, format: undefined })).toBe('# HELP g G\n# TYPE g gauge\ng 0\n');
  });

  it.each([null, undefined, ''])('take %p for no Accept header', async (header) => {
    const { contentType } = await registry.expose(header as string | undefined);
    expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  });
});
