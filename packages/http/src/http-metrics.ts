import type { IncomingMessage, ServerResponse } from 'node:http';
import { defaultRegistry, type Registry } from '@prometer/core';
import { collectDefaultMetrics, type DefaultMetrics } from '@prometer/node';
import { beginExchange, beginUpgrade, prepareExchange } from './measure/begin-exchange.ts';
import { customLabels } from './measure/custom-labels.ts';
import { exchangeOf, noRoute, type Measuring, type RouteOf } from './measure/exchange.ts';
import { exemplarsOf } from './measure/exemplars.ts';
import { GetOrMade } from './measure/get-or-made.ts';
import { httpFamilies, type ClassicFamilies, type SemconvFamilies } from './measure/http-families.ts';
import { checkHttpMetricsOptions, type HttpMetricsOptions } from './measure/http-metrics-options.ts';
import { ignores } from './measure/ignored-paths.ts';
import { statusLabels } from './measure/labels.ts';
import { metricsHandler, type RequestHandler } from './metrics-handler.ts';
import { checkRegistry, invalidOption } from './options.ts';
import { checkPath, DEFAULT_PATH, targetMatcher } from './path.ts';
import { guardedRoute } from './measure/guarded-route.ts';
import { Recorder } from './measure/recorder.ts';
import type { ServerWatcher, WatchableServer } from './measure/watch-server.ts';
import { WatchedServers } from './measure/watched-servers.ts';
import type { Authorize } from './serve/authorization.ts';

/** What is to be seen of a server. */
export interface WatchOptions {
  /** Whether its requests are measured too, beside its upgrades: without a route, unless somebody measures them who knows it. */
  requests?: boolean | undefined;
  /** The route of a request, if the server itself has routes. */
  route?: ((request: IncomingMessage) => string | undefined) | undefined;
  /** Runs for each request, before a framework has given it another prototype: from then on new properties cost much. */
  prepare?: ((request: IncomingMessage) => void) | undefined;
  /** Whether requests for `path` are answered, before the listeners of the server see them. */
  serve?: boolean | undefined;
}

/**
 * Counts and times the requests of a server. It knows no framework: an adapter tells it when a request begins
 * and how to find its route, and does nothing else.
 *
 * @example
 * ```ts
 * const metrics = new HttpMetrics({ ignore: ['/favicon.ico'] });
 * http.createServer((request, response) => {
 *   if (metrics.serves(request)) return metrics.handler(request, response);
 *   metrics.measure(request, response, () => '/hello'); // its route is asked for when the response is over
 *   response.end('Hello!\n');
 * });
 * metrics.path; // '/metrics'
 * metrics.close();
 * ```
 */
export class HttpMetrics<Labels extends string = never> {
  readonly registry: Registry;
  /** Where the metrics are served; undefined for nowhere. */
  readonly path: string | undefined;
  /** Answers a request for `path`. */
  readonly handler: RequestHandler;
  /** The metrics under Prometheus' usual names; undefined if `naming` hasn't `'classic'`. */
  readonly classic: ClassicFamilies<Labels> | undefined;
  /** The metrics under OpenTelemetry's names; undefined if `naming` hasn't `'semconv'`. */
  readonly semconv: SemconvFamilies<Labels> | undefined;
  /** @internal Who may see them there. */
  readonly authorize: Authorize | undefined;
  readonly #measuring: Measuring;
  readonly #isForMetrics: ((target: string | undefined) => boolean) | undefined;
  readonly #ignores: ((request: IncomingMessage) => boolean) | undefined;
  readonly #defaultMetrics: DefaultMetrics | undefined;
  readonly #servers = new WatchedServers<Watcher>();

  /** @throws MetricError when an option is not usable or the registry has other metrics of these names */
  constructor(options: HttpMetricsOptions<Labels> = {}) {
    const { namings, builtIn } = checkHttpMetricsOptions(options);
    const { registry = defaultRegistry, path = DEFAULT_PATH, defaultMetrics = true, authorize, created } = options;
    const { timeoutSeconds, openMetrics2, histogramLabels, buckets, native, sizes = false, maxSeries } = options;
    checkRegistry(registry, 'counter', 'gauge', 'histogram', 'get', 'unregister', 'expose');
    this.registry = registry;
    this.authorize = authorize;
    this.path = path === false ? undefined : checkPath(path);
    this.#isForMetrics = this.path === undefined ? undefined : targetMatcher(this.path);
    const handler = metricsHandler({ registry, authorize, created, timeoutSeconds, openMetrics2 });
    this.handler = (request, response) => {
      // Somebody else may measure it, a server that is watched or another middleware.
      this.skip(request);
      handler(request, response);
    };
    this.#ignores = ignores(options.ignore);
    const own = customLabels(options.labels, builtIn, registry);
    const exemplars = exemplarsOf(options.exemplars);
    const config = { namings, customLabels: own.names, histogramLabels, buckets, native, sizes, maxSeries };
    const made = new GetOrMade(registry);
    try {
      const all = httpFamilies(made, config);
      this.classic = all[namings.indexOf('classic')] as ClassicFamilies<Labels> | undefined;
      this.semconv = all[namings.indexOf('semconv')];
      const statusLabel = statusLabels(options.statusLabel ?? 'code');
      const recorder = new Recorder(all, own.names);
      this.#measuring = { registry, recorder, customLabels: own, exemplars, statusLabel, sizes };
      if (defaultMetrics !== false) {
        this.#defaultMetrics = collectDefaultMetrics({ ...(defaultMetrics === true ? {} : defaultMetrics), registry });
      }
    } catch (error) {
      made.takeBack();
      throw error;
    }
  }

  /**
   * The counter of requests, in naming `'classic'`.
   *
   * @throws MetricError `INVALID_OPTION` if that isn't used
   */
  get requests(): ClassicFamilies<Labels>['requests'] {
    return this.#ofClassic().requests;
  }

  /**
   * The histogram of the requests' durations, in naming `'classic'`.
   *
   * @throws MetricError `INVALID_OPTION` if that isn't used
   */
  get durations(): ClassicFamilies<Labels>['durations'] {
    return this.#ofClassic().durations;
  }

  /** Whether a request is for the metrics. */
  serves(request: IncomingMessage): boolean {
    return this.#isForMetrics?.(request.url) === true;
  }

  /**
   * Measures a request from now, or from `start` in milliseconds of `performance.now()`, to the end of its response, or
   * until the client is gone. A request that is measured into the same registry already goes on being so, once, with the
   * route that this `routeOf` tells, if it tells one.
   *
   * A request whose connection is to be upgraded is measured by what is written to its socket, not to the response.
   */
  measure(request: IncomingMessage, response: ServerResponse, routeOf: RouteOf, start?: number): void {
    const known = exchangeOf(request, this.registry);
    if (known !== undefined) known.join(routeOf, response);
    else if (this.#ignores?.(request) !== true)
      beginExchange(this.#measuring, request, response, routeOf, start ?? performance.now());
  }

  /** Takes a request that is being measured out again: it is counted nowhere, and in flight no more. */
  skip(request: IncomingMessage): void {
    exchangeOf(request, this.registry)?.skip();
  }

  /**
   * Notes the error that a request has failed with: its name becomes semconv's `error_type` if the status is 5xx or
   * the server breaks the response off.
   */
  fail(request: IncomingMessage, error: unknown): void {
    exchangeOf(request, this.registry)?.fail(error);
  }

  /**
   * Sees what comes to a server before its listeners do: connections that are upgraded, of which a framework may know
   * nothing, and, if it is told so, all other requests. No listener is added. To watch a server twice is harmless; what
   * either call asks for is done.
   *
   * @returns how to stop
   * @throws MetricError `INVALID_OPTION` for what is no server
   */
  watch(server: WatchableServer, { requests = false, serve = false, route, prepare }: WatchOptions = {}): () => void {
    const { watcher, stop } = this.#servers.watch(server, () => this.#watcher());
    watcher.requests ||= requests;
    watcher.serve ||= serve;
    watcher.prepare ??= prepare;
    if (route !== undefined) watcher.routeOf = guardedRoute(route);
    return stop;
  }

  /** Ends what was begun: servers are watched no more, and the metrics about the process taken out of the registry again. */
  close(): void {
    this.#servers.stop();
    this.#defaultMetrics?.stop();
  }

  #ofClassic(): ClassicFamilies<Labels> {
    if (this.classic !== undefined) return this.classic;
    throw invalidOption(
      `The option "naming" is 'semconv', which has other metrics: read "semconv" of the HttpMetrics.`,
    );
  }

  #watcher(): Watcher {
    const watcher: Watcher = {
      requests: false,
      serve: false,
      prepare: undefined,
      routeOf: noRoute,
      request: (request, response) => {
        prepareExchange(request, response);
        watcher.prepare?.(request);
        if (this.serves(request)) {
          if (watcher.serve) this.handler(request, response);
          return watcher.serve;
        }
        if (watcher.requests) this.measure(request, response, watcher.routeOf);
        return false;
      },
      upgrade: (request, socket) => {
        const known = exchangeOf(request, this.registry);
        if (known !== undefined) known.join(watcher.routeOf);
        else if (this.#ignores?.(request) !== true)
          beginUpgrade(this.#measuring, request, undefined, socket, watcher.routeOf, performance.now());
      },
    };
    return watcher;
  }
}

/** What a server is watched for, which later calls may add to. */
interface Watcher extends ServerWatcher {
  requests: boolean;
  serve: boolean;
  prepare: ((request: IncomingMessage) => void) | undefined;
  routeOf: RouteOf;
}
