import type { IncomingMessage } from 'node:http';
import { Registry } from '@prometer/core';
import { HttpMetrics, type HttpMetricsOptions } from '../../src/index.ts';
import { ask, until } from '../client.ts';
import { measuredServers, type MeasuredServer } from '../measured-server.ts';
import { warningsOf } from '../warnings.ts';

const start = measuredServers();

type LabelsOption = NonNullable<HttpMetricsOptions<string>['labels']>;

/** The values of the custom label of each request, after asking once with each of these headers `x-tenant`. */
async function values(labels: LabelsOption, ...tenants: readonly string[]): Promise<[MeasuredServer, string[]]> {
  const measured = await start((_request, response) => response.end('x'), { labels });
  for (const tenant of tenants) await ask(measured.port, '/', 'GET', { 'x-tenant': tenant });
  await until(async () => {
    const lines = await measured.samples('http_requests_total');
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0) === tenants.length;
  });
  const lines = await measured.samples('http_requests_total');
  expect(measured.value('http_requests_in_flight', { method: 'GET' })).toBe(0);
  return [measured, lines.map((line) => /tenant="(.*)"/.exec(line)?.[1] as string)];
}

const tenantOf = ({ headers }: IncomingMessage): string => headers['x-tenant'] as string;

describe('A label of one’s own', () => {
  it('has the value that its function reads from the request', async () => {
    expect((await values({ tenant: tenantOf }, 'a', 'b'))[1]).toEqual(['a', 'b']);
  });

  it('is one of the requests and of their durations, behind those that there are', async () => {
    const [{ samples }] = await values({ tenant: tenantOf, region: () => 'eu' }, 'a');

    expect(await samples('http_requests_total')).toEqual([
      'http_requests_total{method="GET",route="/x",status_code="200",tenant="a",region="eu"} 1',
    ]);
    expect(await samples('http_request_duration_seconds')).toEqual([
      'http_request_duration_seconds_count{method="GET",route="/x",status_code="200",tenant="a",region="eu"} 1',
    ]);
  });

  it('is read once, when the response is over', async () => {
    let calls = 0;
    const measured = await start(
      (request, response) => {
        Object.assign(request, { user: { tenant: 'late' } });
        response.end('x');
      },
      {
        naming: ['classic', 'semconv'],
        labels: {
          tenant: (request) => {
            calls++;
            return (request as unknown as { user: { tenant: string } }).user.tenant;
          },
        },
      },
    );
    await ask(measured.port, '/');
    const [line] = await measured.someSamples('http_requests_total');

    expect(line).toContain('tenant="late"');
    expect(calls).toBe(1);
  });

  it.each([
    ['undefined', undefined, ''],
    ['null', null, ''],
    ['a number', 5, '5'],
    ['a boolean', false, 'false'],
    ['a bigint', 5n, '5'],
    ['an empty text', '', ''],
    ['a long text', 'x'.repeat(1024), 'x'.repeat(1024)],
  ])('takes %s', async (_name, value, expected) => {
    const [{ registry }, found] = await values({ tenant: () => value }, 'a');

    expect(found).toEqual([expected]);
    expect(registry.get('prometer_label_errors')).toBeUndefined();
  });

  const wrong: Record<string, [read: () => unknown, said: string]> = {
    'an error': [
      () => {
        throw new TypeError('no user');
      },
      'has thrown TypeError: no user',
    ],
    'something thrown that is no error': [
      () => {
        throw { a: 1 };
      },
      'has thrown { a: 1 }',
    ],
    'an error that can’t be shown': [
      () => {
        throw Object.defineProperty(new Error('x'), 'message', {
          get() {
            throw new Error('y');
          },
        });
      },
      'has thrown',
    ],
    'a promise': [async () => 'x', 'has returned a promise, and nothing waits for one'],
    'a promise that rejects': [
      () => Promise.reject(new Error('x')),
      'has returned a promise, and nothing waits for one',
    ],
    'an object': [() => ({ a: 1 }), 'has returned { a: 1 }, which is no text'],
    'a function': [() => () => {}, 'has returned [Function (anonymous)], which is no text'],
    'a symbol': [() => Symbol('x'), 'has returned Symbol(x), which is no text'],
    'a text that is too long': [() => 'x'.repeat(1025), 'has returned 1025 characters, more than 1024'],
  };

  it.each(Object.keys(wrong))('is empty, counted and warned of once for %s', async (name) => {
    const [read, said] = wrong[name] as [() => never, string];
    const { result, warnings } = await warningsOf(() => values({ tenant: read }, 'a', 'b'));
    const [{ samples, value }, found] = result;

    expect(found).toEqual(['']);
    expect(await samples('http_requests_total')).toEqual([
      'http_requests_total{method="GET",route="/x",status_code="200",tenant=""} 2',
    ]);
    expect(value('prometer_label_errors_total', { label: 'tenant' })).toBe(2);
    expect(warnings).toEqual([
      { code: 'PROMETER_LABEL_ERROR', message: expect.stringContaining(`The function of label "tenant" ${said}`) },
    ]);
  });

  it('leaves alone a metric of the program that is called as its errors would be', async () => {
    const registry = new Registry();
    registry.gauge({ name: 'prometer_label_errors', help: 'Mine' }).set(5);
    const measured = await start((_request, response) => response.end('x'), {
      registry,
      labels: {
        tenant: () => {
          throw new Error('x');
        },
      },
    });
    await warningsOf(() => ask(measured.port, '/'));

    expect(await measured.someSamples('http_requests_total')).toEqual([
      'http_requests_total{method="GET",route="/x",status_code="200",tenant=""} 1',
    ]);
    expect(measured.value('prometer_label_errors')).toBe(5);
  });

  it('becomes "other" outside of its values', async () => {
    const [, found] = await values(
      { tenant: { values: ['free', 'pro', 3], from: tenantOf } },
      'free',
      'pro',
      '3',
      'x',
      'x'.repeat(2000),
    );

    expect(found).toEqual(['free', 'pro', '3', 'other']);
  });

  it('becomes "other" if it is empty text, unless that is among its values', async () => {
    const [, outside] = await values({ tenant: { values: ['free'], from: () => '' } }, 'a');
    const [, among] = await values({ tenant: { values: ['free', ''], from: () => '' } }, 'a');

    expect([outside, among]).toEqual([['other'], ['']]);
  });

  it('may be a header as it is, and is empty and an error where that is an array', async () => {
    const registry = new Registry();
    const metrics = new HttpMetrics({
      registry,
      defaultMetrics: false,
      labels: { tenant: (request) => request.headers['x-tenant'], cookie: (request) => request.headers['set-cookie'] },
      histogramLabels: ['tenant'],
    });
    const measured = await start(
      (request, response) => {
        metrics.measure(request, response, () => '/y');
        response.end('x');
      },
      { registry: new Registry() },
    );
    await warningsOf(async () => {
      await ask(measured.port, '/', 'GET', { 'x-tenant': 'a', 'set-cookie': ['b'] });
      await until(() => registry.getSampleValue('prometer_label_errors_total', { label: 'cookie' }) === 1);
    });

    expect(metrics.requests.labelNames).toEqual(['method', 'route', 'status_code', 'tenant', 'cookie']);
    expect(
      registry.getSampleValue('http_requests_total', {
        method: 'GET',
        route: '/y',
        status_code: 200,
        tenant: 'a',
        cookie: '',
      }),
    ).toBe(1);
  });

  it('is empty where there is none, whatever its values are', async () => {
    expect((await values({ tenant: { values: ['free'], from: () => undefined } }, 'a'))[1]).toEqual(['']);
  });

  it('that fails with values is empty too', async () => {
    const { result } = await warningsOf(() =>
      values({ tenant: { values: ['free'], from: (): never => Promise.reject(new Error('x')) as never } }, 'a'),
    );

    expect(result[1]).toEqual(['']);
  });

  it.each([
    [null, 'The option "labels" is null: give an object of functions, such as { tenant: (request) =>'],
    [['tenant'], `The option "labels" is [ 'tenant' ]: give an object of functions`],
    [{ tenant: 'x' }, 'The label "tenant" of the option "labels" is "x": give a function of the request, or { values,'],
    [{ tenant: null }, 'The label "tenant" of the option "labels" is null: give a function'],
    [
      { tenant: { values: ['x'] } },
      'The label "tenant" of the option "labels" has the from undefined: give a function',
    ],
    [
      { tenant: { from: () => 'x' } },
      'The label "tenant" of the option "labels" has the values undefined: give an array',
    ],
    [{ tenant: { values: [], from: () => 'x' } }, 'has the values []: give an array'],
    [{ tenant: { values: [{}], from: () => 'x' } }, 'has the values [ {} ]: give an array'],
    [
      { tenant: { values: ['x'], form: () => 'x' } },
      'There is no option "form" of the label "tenant". Is "from" meant?',
    ],
    [{ route: () => 'x' }, 'The option "labels" has "route", which the metrics have already: choose another name.'],
    [{ status_code: () => 'x' }, 'The option "labels" has "status_code", which the metrics have already'],
  ] as [unknown, string][])('is refused as %p', (labels, message) => {
    const registry = new Registry();

    expect(() => new HttpMetrics({ registry, defaultMetrics: false, labels: labels as never })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(message) }),
    );
    expect(registry.get('http_requests')).toBeUndefined();
  });

  it.each([
    ['semconv', 'error_type'],
    ['semconv', 'http_route'],
  ] as const)('is refused by naming %s as %s', (naming, name) => {
    const labels = { [name]: () => 'x' };

    expect(() => new HttpMetrics({ registry: new Registry(), defaultMetrics: false, naming, labels })).toThrow(
      `The option "labels" has "${name}", which the metrics have already`,
    );
  });

  it.each([['le'], ['__x'], ['']])('is refused if no metric can have it: %p', (name) => {
    const registry = new Registry();

    expect(() => new HttpMetrics({ registry, defaultMetrics: false, labels: { [name]: () => 'x' } })).toThrow(
      expect.objectContaining({ code: 'INVALID_LABEL_NAME' }),
    );
    expect(registry.get('http_requests')).toBeUndefined();
  });

  it('can be called as one of the other naming', () => {
    const labels = { http_route: () => 'x' };

    expect(() => new HttpMetrics({ registry: new Registry(), defaultMetrics: false, labels })).not.toThrow();
  });
});
