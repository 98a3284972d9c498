import type { IncomingMessage } from 'node:http';
import { guarded, warnsOnce } from '../callback.ts';
import { show } from '../options.ts';
import type { RouteOf } from './exchange.ts';
import { LONGEST_VALUE } from './labels.ts';

/** A program's own function of the route, which has none for a request where it fails or returns what is no route. */
export function guardedRoute(given: (request: IncomingMessage) => string | undefined): RouteOf {
  const warnOf = warnsOnce(
    'PROMETER_ROUTE_ERROR',
    (wrong) => `The function "route" ${wrong}: such requests have no route.`,
  );
  const fail = (wrong: string): undefined => {
    warnOf(wrong);
  };
  const routeOf = guarded(given, fail);
  return (request) => {
    const route: unknown = routeOf(request);
    if (route === undefined || route === null) return undefined;
    if (typeof route !== 'string') return fail(`has returned ${show(route)}, which is no text`);
    if (route.length <= LONGEST_VALUE) return route;
    return fail(`has returned ${route.length} characters, more than ${LONGEST_VALUE}`);
  };
}
