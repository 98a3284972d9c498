import type { IncomingMessage, ServerResponse } from 'node:http';
import { defaultRegistry, type Counter, type Gauge, type Histogram, type Registry } from '@prometer/core';
import { collectDefaultMetrics, type DefaultMetrics, type DefaultMetricsOptions } from '@prometer/node';
import { whenOver } from './exchange-end.ts';
import { methodLabel, routeLabel } from './labels.ts';
import { metricsHandler, type RequestHandler } from './metrics-handler.ts';
import { checkOptions, checkRegistry, invalidOption, show } from './options.ts';
import { checkPath, DEFAULT_PATH, isAt } from './path.ts';
import { sentStatus } from './sent-status.ts';

/** What can be chosen about the metrics of an HTTP server. */
export interface HttpMetricsOptions {
  /** Where the metrics go and what `path` shows; the default registry if left out. */
  registry?: Registry | undefined;
  /** Where the metrics are served, `/metrics` if left out; `false`: they are only measured. */
  path?: string | false | undefined;
  /** Metrics about the process beside those about HTTP: on if left out, `false`, or what to collect. */
  defaultMetrics?: boolean | Omit<DefaultMetricsOptions, 'registry'> | undefined;
  /** Upper bounds, in seconds, of the duration's buckets; .005 .01 .025 .05 .075 .1 .25 .5 .75 1 2.5 5 7.5 10 if left out. */
  buckets?: readonly number[] | undefined;
}

/**
 * Tells the template of the route that a request took, once its response is over: `/users/:id`, never the URL.
 * Undefined if it took none.
 */
export type RouteOf = (request: IncomingMessage, response: ServerResponse) => string | undefined;

/** A request that is being measured; it is kept on the request, for every registry that measures it. */
interface Exchange {
  readonly registry: Registry;
  routeOf: RouteOf;
  readonly next: Exchange | undefined;
}

/** Shared by all copies of this package in the process, so that a request is counted once whatever measures it. */
const EXCHANGE = Symbol.for('@prometer/http.exchange');

type MeasuredRequest = IncomingMessage & { [EXCHANGE]?: Exchange };

const OPTIONS: readonly (keyof HttpMetricsOptions)[] = ['registry', 'path', 'defaultMetrics', 'buckets'];

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/**
 * Counts and times the requests of a server. It knows no framework: an adapter tells it when a request begins
 * and how to find its route, and does nothing else.
 */
export class HttpMetrics {
  readonly registry: Registry;
  /** Where the metrics are served; undefined for nowhere. */
  readonly path: string | undefined;
  /** Answers a request for `path`. */
  readonly handler: RequestHandler;
  readonly #requests: Counter<readonly ['method', 'route', 'status_code']>;
  readonly #durations: Histogram<readonly ['method', 'route', 'status_code']>;
  readonly #inFlight: Gauge<readonly ['method']>;
  readonly #defaultMetrics: DefaultMetrics | undefined;

  /** @throws MetricError when an option is not usable or the registry has other metrics of these names */
  constructor(options: HttpMetricsOptions = {}) {
    checkOptions('HTTP metrics', options, OPTIONS);
    const { registry = defaultRegistry, path = DEFAULT_PATH, defaultMetrics = true, buckets = BUCKETS } = options;
    checkRegistry(registry, 'counter', 'gauge', 'histogram', 'expose');
    checkDefaultMetrics(defaultMetrics);
    this.registry = registry;
    this.path = path === false ? undefined : checkPath(path);
    this.handler = metricsHandler({ registry });
    this.#requests = registry.counter({
      name: 'http_requests',
      help: 'HTTP requests that were answered or given up.',
      labelNames: ['method', 'route', 'status_code'],
    });
    this.#durations = registry.histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the arrival of an HTTP request to the end of its response.',
      labelNames: ['method', 'route', 'status_code'],
      unit: 'seconds',
      buckets,
    });
    this.#inFlight = registry.gauge({
      name: 'http_requests_in_flight',
      help: 'HTTP requests that are being handled.',
      labelNames: ['method'],
    });
    if (defaultMetrics !== false) {
      this.#defaultMetrics = collectDefaultMetrics({ ...(defaultMetrics === true ? {} : defaultMetrics), registry });
    }
  }

  /**
   * Measures a request from now to the end of its response, or until the client is gone. A request that is
   * measured into the same registry already goes on being so, once, with this `routeOf`.
   */
  measure(request: IncomingMessage, response: ServerResponse, routeOf: RouteOf): void {
    const first = (request as MeasuredRequest)[EXCHANGE];
    for (let other = first; other !== undefined; other = other.next) {
      if (other.registry === this.registry) {
        other.routeOf = routeOf;
        return;
      }
    }
    const exchange: Exchange = { registry: this.registry, routeOf, next: first };
    (request as MeasuredRequest)[EXCHANGE] = exchange;

    const start = performance.now();
    const method = methodLabel(request.method);
    const inFlight = this.#inFlight.labels(method);
    inFlight.inc();
    whenOver(request, response, () => {
      const seconds = (performance.now() - start) / 1000;
      const route = routeLabel(exchange.routeOf(request, response));
      const status = sentStatus(response);
      inFlight.dec();
      this.#requests.labels(method, route, status).inc();
      this.#durations.labels(method, route, status).observe(seconds);
    });
  }

  /** Whether a request is for the metrics. */
  serves(request: IncomingMessage): boolean {
    return this.path !== undefined && isAt(this.path, request.url);
  }

  /** Ends what the constructor began: the metrics about the process are taken out of the registry again. */
  close(): void {
    this.#defaultMetrics?.stop();
  }
}

function checkDefaultMetrics(given: unknown): void {
  if (typeof given === 'boolean') return;
  if (typeof given !== 'object' || given === null) {
    throw invalidOption(
      `The option "defaultMetrics" is ${show(given)}: give true, false, or an object such as { only: ['process'] }.`,
    );
  }
  checkOptions('"defaultMetrics"', given, ['only']);
}
