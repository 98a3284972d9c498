import type { IncomingMessage, ServerResponse } from 'node:http';
import { MetricError } from '@prometer/http';
import { nameRoute } from './route-progress.ts';

/** A middleware in the types of plain `node:http`, which those of Express 4 and of 5 extend. */
export type Middleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

/**
 * Makes a middleware, for a route or a mount, that gives what passes through it another name than the template of its
 * route, or takes it out of the metrics: `false`, which is final. Of several names, the last one that a request passes
 * through is its.
 *
 * @throws MetricError `INVALID_OPTION` for what is neither a name nor `false`
 *
 * @example
 * ```ts
 * app.get('/health', measureAs(false), (request, response) => response.send('ok'));
 * app.use('/assets', measureAs('assets'));
 * ```
 */
export function measureAs(name: string | false): Middleware {
  if (name !== false && (typeof name !== 'string' || name === '')) {
    const given = name === '' ? 'an empty name' : `a value of type ${typeof name}`;
    throw new MetricError(
      'INVALID_OPTION',
      `A route can't be measured as ${given}: give a name, or false to leave it out.`,
    );
  }
  return function measureAsNamed(request, _response, next) {
    nameRoute(request, name);
    next();
  };
}
