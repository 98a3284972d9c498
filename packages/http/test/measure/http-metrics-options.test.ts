import { Registry } from '@prometer/core';
import { HttpMetrics, type HttpMetricsOptions } from '../../src/index.ts';

describe('The options of HttpMetrics', () => {
  it.each([
    [null, 'The options of HTTP metrics are null: give an object, or leave them out.'],
    [5, 'The options of HTTP metrics are 5: give an object, or leave them out.'],
    [{ registry: null }, 'The option "registry" is null: give a Registry, or leave it out for the default registry.'],
    [{ registry: 5 }, 'The option "registry" is 5: give a Registry, or leave it out for the default registry.'],
    [{ registry: {} }, 'The option "registry" is {}: give a Registry, or leave it out for the default registry.'],
    [
      { defaultMetrics: 'x' },
      `The option "defaultMetrics" is "x": give true, false, or an object such as { only: ['process'] }.`,
    ],
    [
      { defaultMetrics: null },
      `The option "defaultMetrics" is null: give true, false, or an object such as { only: ['process'] }.`,
    ],
    [{ defaultMetrics: { onyl: [] } }, 'There is no option "onyl" of "defaultMetrics". Is "only" meant?'],
    [
      { path: 5n },
      'The path 5n can\'t be asked for: give one that begins with a slash and has no query, such as "/metrics".',
    ],
    [{ registy: undefined }, 'There is no option "registy" of HTTP metrics. Is "registry" meant?'],
    [{ defaultmetrics: false }, 'There is no option "defaultmetrics" of HTTP metrics. Is "defaultMetrics" meant?'],
    [
      { colour: 'red' },
      'There is no option "colour" of HTTP metrics. The options are registry, path, defaultMetrics, naming, buckets, native, labels, histogramLabels, statusLabel, sizes, ignore, authorize, exemplars, maxSeries, created, timeoutSeconds, openMetrics2.',
    ],
    [
      { naming: 'otel' },
      `The option "naming" is "otel": give 'classic', 'semconv' for OpenTelemetry's names, or both in an array.`,
    ],
    [{ naming: [] }, `The option "naming" is []: give 'classic', 'semconv'`],
    [{ naming: ['classic', 'classic'] }, `The option "naming" is [ 'classic', 'classic' ]: give`],
    [{ naming: null }, 'The option "naming" is null: give'],
    [{ naming: 'toString' }, 'The option "naming" is "toString": give'],
    [
      { histogramLabels: 'route' },
      `The option "histogramLabels" is "route": give an array of the labels to keep, such as ['route'].`,
    ],
    [
      { histogramLabels: ['rout'] },
      `The option "histogramLabels" has "rout", which the durations don't have. Is "route" meant?`,
    ],
    [
      { histogramLabels: ['tenant'] },
      `The option "histogramLabels" has "tenant", which the durations don't have. The labels are method, route, status_code.`,
    ],
    [{ histogramLabels: ['http_request_method'] }, `has "http_request_method", which the durations don't have`],
    [
      { naming: 'semconv', histogramLabels: ['method'] },
      'The labels are http_request_method, http_route, http_response_status_code, error_type.',
    ],
    [{ histogramLabels: [5] }, `The option "histogramLabels" has 5, which the durations don't have.`],
    [{ statusLabel: 'group' }, `The option "statusLabel" is "group": give 'code' for 404, or 'class' for 4xx.`],
    [{ statusLabel: null }, 'The option "statusLabel" is null: give'],
    [{ sizes: 'yes' }, 'The option "sizes" is "yes": give true or false, or leave it out for false.'],
    [{ authorize: 'token' }, 'The option "authorize" is a value of type string: give a function'],
    [{ created: 1 }, 'The option "created" is 1: give true or false'],
    [{ timeoutSeconds: -1 }, 'timeoutSeconds'],
    [{ openMetrics2: 'yes' }, 'The option "openMetrics2" is "yes": give true or false'],
    [{ maxSeries: 0 }, 'The option "maxSeries" of metric "http_requests" is 0: give a number of at least 1'],
  ])('are refused as %p', (options, message) => {
    const registry = new Registry();
    const given = typeof options === 'object' && options !== null ? { registry, ...options } : options;

    expect(() => new HttpMetrics(given as HttpMetricsOptions)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(message) }),
    );
    expect([registry.get('http_requests'), registry.get('process_cpu_seconds')]).toEqual([undefined, undefined]);
  });

  it.each([
    [{ buckets: [2, 1] }, 'INVALID_BUCKETS'],
    [{ native: { factor: 0.5 } }, 'INVALID_OPTION'],
  ])('are refused by the durations as %p', (options, code) => {
    const registry = new Registry();

    expect(() => new HttpMetrics({ registry, ...options })).toThrow(expect.objectContaining({ code }));
    expect(registry.get('http_requests')).toBeUndefined();
  });

  it('may all be undefined, as if they were left out', () => {
    const registry = new Registry();
    const metrics = new HttpMetrics({
      registry,
      path: undefined,
      defaultMetrics: undefined,
      naming: undefined,
      buckets: undefined,
      native: undefined,
      labels: undefined,
      histogramLabels: undefined,
      statusLabel: undefined,
      sizes: undefined,
      ignore: undefined,
      authorize: undefined,
      exemplars: undefined,
      maxSeries: undefined,
      created: undefined,
      timeoutSeconds: undefined,
      openMetrics2: undefined,
    });
    metrics.close();

    expect(metrics.path).toBe('/metrics');
  });

  it('may be two apps’ own, on registries of their own', () => {
    const [a, b] = [new Registry(), new Registry()];
    new HttpMetrics({ registry: a, defaultMetrics: false, labels: { tenant: () => 'x' } });
    new HttpMetrics({ registry: b, defaultMetrics: false, buckets: [1] });

    expect([a, b].map((each) => each.get('http_requests')?.labelNames)).toEqual([
      ['method', 'route', 'status_code', 'tenant'],
      ['method', 'route', 'status_code'],
    ]);
  });
});

describe('The types of HttpMetrics', () => {
  const registry = new Registry();
  const options = { registry, defaultMetrics: false } as const;

  it('have the labels of one’s own in those of the metrics', () => {
    const metrics = new HttpMetrics({
      ...options,
      naming: ['classic', 'semconv'],
      labels: { tenant: ({ headers }) => headers.host, plan: { values: ['free'], from: () => 'free' } },
      histogramLabels: ['route', 'tenant'],
    });
    const labels = { method: 'GET', route: '/x', status_code: 200, tenant: 'a', plan: 'free' };
    metrics.requests.inc(labels);
    metrics.classic?.durations.name.slice();
    // @ts-expect-error -- a label is missing
    expect(() => metrics.requests.inc({ method: 'GET', route: '/x', status_code: 200, tenant: 'a' })).toThrow('plan');
    // @ts-expect-error -- there is no such label
    expect(() => metrics.requests.inc({ ...labels, colour: 'red' })).toThrow('colour');
    // @ts-expect-error -- it has other names there
    expect(() => metrics.semconv?.durations.observe(labels, 1)).toThrow('method');

    expect(metrics.requests.get(labels)).toBe(1);
  });

  it('have no others where there are none', () => {
    const metrics = new HttpMetrics({ registry: new Registry(), defaultMetrics: false });
    metrics.requests.inc({ method: 'GET', route: '/x', status_code: 200 });
    // @ts-expect-error -- there is no such label
    expect(() => metrics.requests.inc({ method: 'GET', route: '/x', status_code: 200, tenant: 'a' })).toThrow('tenant');

    expect(metrics.requests.get({ method: 'GET', route: '/x', status_code: 200 })).toBe(1);
  });

  it('refuse labels of the durations that there are not', () => {
    expect(
      () =>
        new HttpMetrics({
          ...options,
          labels: { tenant: () => 'x' },
          // @ts-expect-error -- there is no such label
          histogramLabels: ['colour'],
        }),
    ).toThrow('colour');
  });
});
