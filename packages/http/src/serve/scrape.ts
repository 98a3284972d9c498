import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExpositionStream, Registry } from '@prometer/core';
import { whenOver } from '../response-over.ts';
import { metricsQuery } from './metrics-query.ts';
import { isTaken, PLAIN_TEXT, respond } from './respond.ts';
import { observeScrape } from './scrape-duration.ts';
import { collectorsTimeout, TIMEOUT_HEADER } from './scrape-timeout.ts';
import { send } from './send.ts';

/** How scrapes are answered. */
export interface ScrapeOptions {
  readonly registry: Registry;
  readonly created: boolean | undefined;
  readonly openMetrics2: boolean | undefined;
  /** How long collectors may take, unless the scrape has less time. */
  readonly timeoutSeconds: number | undefined;
  /** How long a client may take nothing of what is streamed to it. */
  readonly stallMs: number | undefined;
}

/**
 * Answers with the metrics that a request asks for, and notes how long that took. A client that leaves ends it.
 *
 * @throws what kept the answer from being begun
 */
export async function answerScrape(
  request: IncomingMessage,
  response: ServerResponse,
  arrival: number,
  { registry, created, openMetrics2, timeoutSeconds, stallMs }: ScrapeOptions,
): Promise<void> {
  const query = metricsQuery(request.url ?? '');
  if ('refusal' in query) {
    respond(request, response, 400, PLAIN_TEXT, query.refusal);
    return;
  }
  const stream = registry.stream(request.headers.accept, {
    names: query.names,
    created,
    openMetrics2,
    timeoutSeconds: collectorsTimeout(request.headers[TIMEOUT_HEADER], timeoutSeconds),
    shareGather: true,
  });
  let isScrape = false;
  let isBegun = false;
  isScrape = await isTurn(request, response, () => {
    void end(stream);
    // What somebody else answers is theirs.
    if (isScrape && (isBegun || !response.headersSent)) observeScrape(registry, (performance.now() - arrival) / 1000);
  });
  if (!isScrape) return;
  try {
    const first = await stream.next();
    const second = first.done === true ? first : await stream.next();
    if (isTaken(response)) return;
    isBegun = true;
    await send(request, response, { stream, first, second, stallMs });
  } catch (error) {
    isScrape = false;
    throw error;
  } finally {
    await end(stream);
  }
}

/**
 * Whether the client is still there once the answers to the requests before this one, on the same connection, are sent:
 * who sends many at once gets one answer at a time, and no more memory.
 */
function isTurn(request: IncomingMessage, response: ServerResponse, over: () => void): Promise<boolean> {
  return new Promise((resolve) => {
    whenOver(request, response, () => {
      resolve(false);
      over();
    });
    if (response.socket === null) response.once('socket', () => resolve(true));
    else resolve(true);
  });
}

/** Whatever happens there: nobody waits for more. */
async function end(stream: ExpositionStream): Promise<void> {
  try {
    await stream.return();
  } catch {
    // It has failed, which has been said, or is of another version.
  }
}
