import type { IncomingMessage, ServerResponse } from 'node:http';
import { defaultRegistry, type Registry } from '@prometer/core';
import { AUTHORIZE_MS, checkAuthorize, isAuthorized, type Authorize } from './serve/authorization.ts';
import { checkOptions, checkRegistry, checkSwitch } from './options.ts';
import { isRead, PLAIN_TEXT, respond, respondFailure } from './serve/respond.ts';
import { answerScrape } from './serve/scrape.ts';
import { checkTimeout } from './serve/scrape-timeout.ts';

/** What `http.createServer` takes, and what Express and Fastify can hand their raw request and response to. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** What can be chosen about how metrics are shown. */
export interface MetricsHandlerOptions {
  /** What is shown; the default registry if left out. */
  registry?: Registry | undefined;
  /**
   * Who may see the metrics: {@link bearerAuth}, {@link basicAuth} or a function of one's own. All others get 401 and
   * nothing else. Everybody may if left out.
   */
  authorize?: Authorize | undefined;
  /** Whether scrapes are told when each series began to count, as in `registry.expose`; off if left out. */
  created?: boolean | undefined;
  /**
   * How long collectors may take, in seconds; the metrics of one that takes longer are left out of that scrape. A scrape
   * that says how long it waits, as Prometheus does in `X-Prometheus-Scrape-Timeout-Seconds`, gives them nine tenths of
   * that if it is less. If left out, it is what the scrape gives, up to ten minutes, and 10 s for one that doesn't say.
   */
  timeoutSeconds?: number | undefined;
  /** Whether OpenMetrics 2.0, a release candidate, is served to scrapes that ask for it; off if left out. */
  openMetrics2?: boolean | undefined;
}

export const METRICS_HANDLER_OPTIONS: readonly (keyof MetricsHandlerOptions)[] = [
  'registry',
  'authorize',
  'created',
  'timeoutSeconds',
  'openMetrics2',
];

/**
 * Answers each request with the metrics, whatever its path, in the format that its `Accept` header asks for: Prometheus'
 * text format, OpenMetrics or protobuf. GET and HEAD, 405 to any other method; `?name[]=a&name[]=b` shows these only.
 *
 * The bytes are made piece by piece, as fast as the client takes them, and packed with gzip where it accepts that. A
 * response that somebody else has begun or ended meanwhile, such as a middleware that limits the time, is left alone; one
 * that can't be sent, as a listener of somebody else throws for example, is 500 or broken off. The handler never throws.
 * How long scrapes take is in the registry from the first one on, as `prometer_scrape_duration_seconds`.
 *
 * @throws MetricError `INVALID_OPTION` when an option is not usable or doesn't exist
 *
 * @example
 * ```ts
 * const server = http.createServer(metricsHandler());
 * ```
 */
export function metricsHandler(options: MetricsHandlerOptions = {}): RequestHandler {
  checkOptions('metricsHandler', options, METRICS_HANDLER_OPTIONS);
  return authorized(checkAuthorize(options.authorize), scrapeHandler(options));
}

/** A handler that is told when its request has arrived, in milliseconds of `performance.now()`. */
export type TimedHandler = (request: IncomingMessage, response: ServerResponse, arrival: number) => unknown;

/** Lets nobody see anything, not even what there is to see, who isn't authorized. */
export function authorized(
  authorize: Authorize | undefined,
  handler: TimedHandler,
  authorizeMs: number = AUTHORIZE_MS,
): RequestHandler {
  // Never rejects: nobody waits for it, so that would end the process.
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const arrival = performance.now();
    try {
      if (authorize === undefined || (await isAuthorized(authorize, request, response, authorizeMs))) {
        await handler(request, response, arrival);
      }
    } catch {
      respondFailure(request, response);
    }
  };
  return (request, response) => void answer(request, response);
}

/**
 * What {@link metricsHandler} does for those who are authorized. A client that takes nothing for `stallMs` of what is
 * streamed to it is left.
 */
export function scrapeHandler(options: MetricsHandlerOptions, stallMs?: number): TimedHandler {
  const { registry = defaultRegistry, created, timeoutSeconds, openMetrics2 } = options;
  checkRegistry(registry, 'stream');
  checkSwitch('created', created);
  checkSwitch('openMetrics2', openMetrics2);
  const chosen = { registry, created, openMetrics2, stallMs, timeoutSeconds: checkTimeout(timeoutSeconds) };

  return async (request, response, arrival) => {
    try {
      if (isRead(request, response, 'Metrics are')) await answerScrape(request, response, arrival, chosen);
    } catch (error) {
      const reason = error instanceof Error ? error.message : typeof error;
      respond(request, response, 500, PLAIN_TEXT, `The metrics can't be shown: ${reason}\n`);
    }
  };
}
