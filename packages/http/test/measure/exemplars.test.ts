import { Server, type IncomingMessage } from 'node:http';
import { context, trace, TraceFlags, type SpanContext } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { Registry } from '@prometer/core';
import { HttpMetrics, type HttpMetricsOptions } from '../../src/index.ts';
import { ask } from '../client.ts';
import { measuredServers, type MeasuredServer } from '../measured-server.ts';
import { warningsOf } from '../warnings.ts';

const start = measuredServers();

/** What stands behind the samples of a request, as OpenMetrics shows it, without value and time. */
async function exemplars({ registry, someSamples }: MeasuredServer): Promise<string[]> {
  await someSamples('http_requests_total');
  const text = await registry.metrics({ format: 'openmetrics' });
  return [...text.matchAll(/^(\w+?)\{.*\} \d+ # (\{.*?\})/gm)].map(([, name, labels]) => `${name} ${labels}`);
}

async function measured(
  option: HttpMetricsOptions<string>['exemplars'],
  more: HttpMetricsOptions<string> = {},
): Promise<MeasuredServer> {
  const server = await start(
    (request, response) => {
      Object.assign(request, { trace: 'late' });
      response.end('x');
    },
    { exemplars: option, ...more },
  );
  await ask(server.port, '/');
  return server;
}

describe('The option "exemplars"', () => {
  it('puts what its function tells beside the request and its duration, when the response is over', async () => {
    const read = (request: IncomingMessage): Record<string, string> => ({
      trace_id: (request as unknown as { trace: string }).trace,
    });

    expect(await exemplars(await measured(read))).toEqual([
      'http_requests_total {trace_id="late"}',
      'http_request_duration_seconds_bucket {trace_id="late"}',
    ]);
  });

  it('puts it beside the duration in naming semconv', async () => {
    const server = await measured(() => ({ trace_id: 'a' }), { naming: ['classic', 'semconv'] });

    expect(await exemplars(server)).toContain('http_server_request_duration_seconds_bucket {trace_id="a"}');
  });

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['no labels', {}],
  ])('puts nothing there for %s', async (_name, told) => {
    expect(await exemplars(await measured(() => told as never))).toEqual([]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no');
      },
      'has thrown Error: no',
    ],
    ['returns a promise', async () => ({ trace_id: 'a' }), 'has returned a promise, and nothing waits for one'],
    ['rejects', () => Promise.reject(new Error('no')), 'has returned a promise, and nothing waits for one'],
  ])('measures a request for which its function %s without one, with a warning', async (_name, read, said) => {
    const { result, warnings } = await warningsOf(async () => {
      const server = await measured(read as never);
      await ask(server.port, '/');
      return exemplars(server);
    });

    expect(result).toEqual([]);
    expect(warnings).toEqual([
      {
        code: 'PROMETER_EXEMPLAR_ERROR',
        message: `The function "exemplars" ${said}: such requests have no exemplar.`,
      },
    ]);
  });

  it.each([
    ['what is no object', 'abc'],
    ['too many characters', { trace_id: 'x'.repeat(200) }],
  ])('measures a request for which it returns %s without one', async (_name, told) => {
    const { result } = await warningsOf(async () => exemplars(await measured(() => told as never)));

    expect(result).toEqual([]);
  });

  it.each([['zipkin'], [true], [null], [5]])('is refused as %p', (given) => {
    expect(
      () => new HttpMetrics({ registry: new Registry(), defaultMetrics: false, exemplars: given as never }),
    ).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringContaining("give 'opentelemetry', or a function of the request that returns labels"),
      }),
    );
  });
});

describe('The option "exemplars" with OpenTelemetry', () => {
  const contexts = new AsyncLocalStorageContextManager();
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const spanId = 'b7ad6b7169203331';

  beforeAll(() => {
    context.setGlobalContextManager(contexts.enable());
  });

  afterAll(() => {
    context.disable();
  });

  /** Measures a request that has come within a span, if there is one. */
  async function within(span: SpanContext | undefined): Promise<string[]> {
    const server = await start(() => {});
    const metrics = new HttpMetrics({
      registry: server.registry,
      path: false,
      defaultMetrics: false,
      exemplars: 'opentelemetry',
    });
    // It is loaded by then.
    await new Promise(setImmediate);
    server.server.removeAllListeners('request');
    server.server.on('request', (request, response) => {
      const measure = (): void => metrics.measure(request, response, () => '/x');
      if (span === undefined) measure();
      else context.with(trace.setSpan(context.active(), trace.wrapSpanContext(span)), measure);
      response.end('x');
    });
    await ask(server.port, '/');
    return exemplars(server);
  }

  it('tells the trace and the span that are active when the request comes', async () => {
    const labels = `{trace_id="${traceId}",span_id="${spanId}"}`;

    expect(await within({ traceId, spanId, traceFlags: TraceFlags.SAMPLED })).toEqual([
      `http_requests_total ${labels}`,
      `http_request_duration_seconds_bucket ${labels}`,
    ]);
  });

  it('tells the span that begins behind who watches the server, as that of OpenTelemetry’s own instrumentation', async () => {
    const { emit } = Server.prototype;
    Server.prototype.emit = function (this: Server, ...given: never[]) {
      const span = trace.wrapSpanContext({ traceId, spanId, traceFlags: TraceFlags.SAMPLED });
      return context.with(trace.setSpan(context.active(), span), () => Reflect.apply(emit, this, given) as boolean);
    } as Server['emit'];
    try {
      const options = { exemplars: 'opentelemetry' } as const;
      const server = await start((_request, response) => setTimeout(() => response.end('x'), 5), options, {
        watched: true,
      });
      await ask(server.port, '/');

      expect(await exemplars(server)).toContain(`http_requests_total {trace_id="${traceId}",span_id="${spanId}"}`);
    } finally {
      Server.prototype.emit = emit;
    }
  });

  it('tells nothing of a trace that isn’t sampled', async () => {
    expect(await within({ traceId, spanId, traceFlags: TraceFlags.NONE })).toEqual([]);
  });

  it('tells nothing where there is no span', async () => {
    expect(await within(undefined)).toEqual([]);
  });

  it('warns once if OpenTelemetry isn’t installed, and measures without', async () => {
    jest.resetModules();
    jest.doMock('@opentelemetry/api', () => {
      throw new Error("Cannot find package '@opentelemetry/api'");
    });
    const { result, warnings } = await warningsOf(async () => {
      const { exemplarsOf } =
        (await import('../../src/measure/exemplars.ts')) as typeof import('../../src/measure/exemplars.ts');
      exemplarsOf('opentelemetry');
      const { atStart } = exemplarsOf('opentelemetry');
      await new Promise(setImmediate);
      return atStart?.();
    });
    jest.dontMock('@opentelemetry/api');

    expect(result).toBeUndefined();
    expect(warnings).toEqual([
      {
        code: 'PROMETER_NO_OPENTELEMETRY',
        message:
          "The option \"exemplars\" is 'opentelemetry', and @opentelemetry/api can't be loaded: there are no exemplars. Install it beside what traces the program. Error: Cannot find package '@opentelemetry/api'",
      },
    ]);
  });
});
