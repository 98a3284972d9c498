import { expose, type Encoding } from '../src/exposition.ts';
import { Counter, Gauge, Registry, StateSet, type ExposeOptions, type MetricsOptions } from '../src/index.ts';
import type { FamilyView } from '../src/model.ts';
import { Turns } from '../src/turns.ts';

describe('expose', () => {
  it('gives the content type of the text format and the bytes of the text', async () => {
    const registry = new Registry();
    new Gauge({ name: 'gg', help: 'Größe', registry });
    const { contentType, body } = await registry.expose();

    expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(Buffer.from(body).toString()).toBe('# HELP gg Größe\n# TYPE gg gauge\ngg 0\n');
  });

  const PROMETHEUS_3 =
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,' +
    'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';

  async function answer(accept: string, options?: ExposeOptions): Promise<[contentType: string, body: string]> {
    const registry = new Registry();
    new Counter({ name: 'http.requests', help: 'Requests', labelNames: ['http.route'], registry }).inc(
      { 'http.route': '/' },
      2,
      { trace_id: 'abc' },
    );
    const { contentType, body } = await registry.expose(accept, options);
    return [contentType, Buffer.from(body).toString('latin1')];
  }

  beforeEach(() => jest.useFakeTimers({ now: 1.5e12 }));
  afterEach(() => jest.useRealTimers());

  it('answers what Prometheus 3 asks for with OpenMetrics and names as they are', async () => {
    expect(await answer(PROMETHEUS_3)).toEqual([
      'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8',
      '# HELP "http.requests" Requests\n# TYPE "http.requests" counter\n' +
        '{"http.requests_total","http.route"="/"} 2 # {trace_id="abc"} 2 1.5e+09\n# EOF\n',
    ]);
  });

  it('answers a request for text 1.0.0 with names in quotes', async () => {
    expect(await answer('text/plain;version=1.0.0;escaping=allow-utf-8')).toEqual([
      'text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8',
      '# HELP "http.requests_total" Requests\n# TYPE "http.requests_total" counter\n{"http.requests_total","http.route"="/"} 2\n',
    ]);
  });

  it('escapes names as it is asked to', async () => {
    expect(await answer('text/plain;version=1.0.0;escaping=values')).toEqual([
      'text/plain; version=1.0.0; charset=utf-8; escaping=values',
      '# HELP U__http_2e_requests__total Requests\n# TYPE U__http_2e_requests__total counter\nU__http_2e_requests__total{U__http_2e_route="/"} 2\n',
    ]);
  });

  it('answers a request for protobuf with delimited messages', async () => {
    const [contentType, body] = await answer(
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited',
    );
    expect(contentType).toBe(
      'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
    );
    expect(body.charCodeAt(0)).toBe(body.length - 1);
    expect(body.slice(1, 23)).toBe('\n\x13http_requests_total\x12');
  });

  it('tells in OpenMetrics when a series began to count, if it is asked to', async () => {
    const [, body] = await answer('application/openmetrics-text', { created: true });
    expect(body).toContain('\nhttp_requests_created{http_route="/"} 1.5e+09\n# EOF\n');
  });

  it('leaves a family that OpenMetrics can’t carry out, counts it and warns once', async () => {
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const registry = new Registry();
    registry.register({
      collect: () => [{ name: 'x', help: '', type: 'gauge', unit: 'bytes', series: [{ labels: {}, value: 1 }] }],
    });
    new Gauge({ name: 'job:load', help: '', labelNames: ['job:load'], registry }).set({ 'job:load': 'a' }, 1);
    new StateSet({ name: 'a:b', help: '', states: ['on'], registry });
    const bodies = [];
    for (let i = 0; i < 2; i++)
      bodies.push(Buffer.from((await registry.expose('application/openmetrics-text')).body).toString());
    const warnings = emitWarning.mock.calls.length;
    emitWarning.mockRestore();

    expect(bodies[0]).toBe(
      '# HELP x_bytes \n# TYPE x_bytes gauge\n# UNIT x_bytes bytes\nx_bytes 1\n' +
        '# HELP job:load \n# TYPE job:load gauge\njob:load{job_load="a"} 1\n# EOF\n',
    );
    expect(bodies[1]).toContain('prometer_collector_errors_total{collector="a:b"} 2\n');
    expect(warnings).toBe(1);
  });

  it('is empty where there is nothing to expose', async () => {
    expect((await new Registry().expose()).body).toEqual(new Uint8Array(0));
  });

  it('puts many pieces together', async () => {
    const registry = new Registry();
    const gauge = new Gauge({ name: 'gg', help: 'A gauge', labelNames: ['a'], registry });
    let expected = '# HELP gg A gauge\n# TYPE gg gauge\n';
    for (let i = 0; i < 10_000; i++) {
      gauge.set({ a: `välue ${i}` }, i);
      expected += `gg{a="välue ${i}"} ${i}\n`;
    }
    expect(await registry.metrics()).toBe(expected);
  });

  it('gives bytes that a later scrape leaves alone', async () => {
    const registry = new Registry();
    const gauge = new Gauge({ name: 'gg', help: '', registry });
    const { body } = await registry.expose();
    gauge.set(9);
    await registry.expose();
    expect(Buffer.from(body).toString()).toBe('# HELP gg \n# TYPE gg gauge\ngg 0\n');
  });

  it('has times of creation when they are asked for', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(1500);
    const registry = new Registry();
    new Counter({ name: 'c', help: '', registry });
    jest.restoreAllMocks();
    const text = '# HELP c_total \n# TYPE c_total counter\nc_total 0\n';
    const created = '# HELP c_created \n# TYPE c_created gauge\nc_created 1.5\n';
    expect(Buffer.from((await registry.expose()).body).toString()).toBe(text);
    expect(Buffer.from((await registry.expose(undefined, { created: true })).body).toString()).toBe(text + created);
    expect(await registry.metrics({ created: true })).toBe(text + created);
    expect(await registry.metrics({ created: false })).toBe(text);
  });

  it('is OpenMetrics 2.0 where that is offered and asked for by its version', async () => {
    const accept = 'application/openmetrics-text;version=2.0.0,*/*;q=0.1';

    expect(await answer(accept, { openMetrics2: true })).toEqual([
      'application/openmetrics-text; version=2.0.0; charset=utf-8; escaping=underscores',
      '# HELP http_requests_total Requests\n# TYPE http_requests_total counter\n' +
        'http_requests_total{http_route="/"} 2 st@1500000000 # {trace_id="abc"} 2 1500000000\n# EOF\n',
    ]);
    expect((await answer(accept))[0]).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect((await answer('*/*', { openMetrics2: true }))[0]).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('is OpenMetrics 2.0 as text too, where that is offered', async () => {
    const registry = new Registry();
    registry.gauge({ name: 'g', help: 'G' });
    const both = { format: 'openmetrics', created: true } as const;
    registry.summary({ name: 's', help: 'S' }).observe(2);

    expect(await registry.metrics({ ...both, openMetrics2: true })).toBe(
      '# HELP g G\n# TYPE g gauge\ng 0\n# HELP s S\n# TYPE s summary\ns {count:1,sum:2,quantile:[]} st@1500000000\n# EOF\n',
    );
    expect(await registry.metrics(both)).toContain('s_created 1.5e+09\n');
  });
});

describe('The formats of a registry', () => {
  it('are kept for the four that are asked for most', async () => {
    const formats: Encoding['formats'] = new Map();
    const encoding = { onInvalid: () => {}, turns: new Turns(), formats };
    const family: FamilyView = { name: 'g', help: '', type: 'gauge', series: [] };
    const ask = async (escaping: string, options: ExposeOptions = {}): Promise<unknown> =>
      expose(async () => [family], `text/plain;version=1.0.0;escaping=${escaping}`, options, encoding);
    const keys = (): string[] => [...formats.keys()].map((key) => key.slice('text 1.0.0 '.length));
    for (const escaping of ['dots', 'dots', 'values', 'underscores', 'underscores']) await ask(escaping);
    const [dots] = formats.values();
    await ask('allow-utf-8');
    expect(keys()).toEqual(['dots false', 'values false', 'underscores false', 'allow-utf-8 false']);
    await ask('dots', { created: true });
    expect(keys()).toEqual(['dots false', 'underscores false', 'allow-utf-8 false', 'dots true']);
    await ask('values', { created: true });
    expect(keys()).toEqual(['dots false', 'underscores false', 'dots true', 'values true']);
    await ask('dots');
    expect([...formats.values()][0]).toBe(dots);
  });
});

describe('metrics', () => {
  it.each(['counter', 'gauge', 'histogram', 'summary', 'stateSet'] as const)(
    'is the same text again and again where what is not ASCII stands in the labels of a %s only',
    async (kind) => {
      const [one, two] = ['1', '2'].map((version) => `application/openmetrics-text;version=${version}.0.0`);
      for (const [accept, options] of [
        ['text/plain', {}],
        ['text/plain', { created: true }],
        [one, { format: 'openmetrics' }],
        [one, { format: 'openmetrics', created: true }],
        [two, { format: 'openmetrics', openMetrics2: true }],
      ] as const) {
        const registry = new Registry();
        const definition = { name: 'm', help: '', labelNames: ['a'] } as const;
        if (kind === 'stateSet') registry.stateSet({ ...definition, states: ['on'] }).labels('ü');
        else registry[kind](definition).labels('ü');
        const { format: _, ...asked } = options as MetricsOptions;
        const { body } = await registry.expose(accept, asked);
        const expected = Buffer.from(body).toString();
        expect(expected).toContain('a="ü"');
        for (let i = 0; i < 4; i++) expect(await registry.metrics(options)).toBe(expected);
      }
    },
  );

  it.each(['plain', 'größer 😱'])('is the same text where there is no Buffer: %s', async (help) => {
    const registry = new Registry();
    new Gauge({ name: 'g', help, registry });
    const { Buffer } = globalThis;
    try {
      (globalThis as { Buffer: unknown }).Buffer = undefined;
      expect(await registry.metrics()).toBe(`# HELP g ${help}\n# TYPE g gauge\ng 0\n`);
    } finally {
      globalThis.Buffer = Buffer;
    }
    expect(await registry.metrics()).toBe(`# HELP g ${help}\n# TYPE g gauge\ng 0\n`);
  });

  it('is whole, however much longer or shorter the last one was, or what of it was asked for', async () => {
    const registry = new Registry();
    const gauge = registry.gauge({ name: 'g', help: 'G', labelNames: ['a'], maxSeries: Infinity });
    const other = '# HELP x X\n# TYPE x gauge\nx 0\n';
    registry.gauge({ name: 'x', help: 'X' });
    for (const size of [1, 2, 3000, 3001, 20_000]) {
      gauge.clear();
      let lines = '';
      for (let i = 0; i < size; i++) {
        gauge.set({ a: i }, i);
        lines += `g{a="${i}"} ${i}\n`;
      }
      expect(await registry.metrics()).toBe(`# HELP g G\n# TYPE g gauge\n${lines}${other}`);
      expect(await registry.metrics({ names: ['x'] })).toBe(other);
    }
    gauge.clear();
    expect(await registry.metrics()).toBe(`# HELP g G\n# TYPE g gauge\n${other}`);
  });

  it.each([400_000, 516_000, 600_000, 1_000_000, 1_031_000, 1_100_000])(
    'is the text of the bytes, the first time and later, with some %d of them',
    async (length) => {
      const registry = new Registry();
      const gauge = registry.gauge({ name: 'g', help: 'G', labelNames: ['a'] });
      for (let i = 0; i < 100; i++) gauge.set({ a: `${i}${'x'.repeat(length / 100 - 12)}` }, i);
      const { body } = await registry.expose();
      const text = new TextDecoder().decode(body);
      for (let time = 0; time < 3; time++) {
        const metrics = await registry.metrics();
        expect(metrics.length).toBe(text.length);
        expect(metrics === text).toBe(true);
      }
    },
  );

  it('gives text when it is asked for text', async () => {
    expect(await new Registry().metrics({ format: 'text' })).toBe('');
  });

  it.each([
    ['protobuf', 'it is bytes, which expose gives'],
    ...['x', '', null, 5].map((format) => [format, "give 'text' or 'openmetrics', or leave it out"]),
  ])('refuses the format %j before anything is collected', async (format, todo) => {
    const registry = new Registry();
    const collect = jest.fn();
    new Gauge({ name: 'g', help: '', registry, collect });
    await expect(registry.metrics({ format: format as never })).rejects.toMatchObject({
      name: 'MetricError',
      code: 'INVALID_OPTION',
      message: `There is no format ${JSON.stringify(format)} as text: ${todo}.`,
    });
    expect(collect).not.toHaveBeenCalled();
  });
});
