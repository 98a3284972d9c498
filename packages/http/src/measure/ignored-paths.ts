import { withoutAuthority } from '../path.ts';
import type { IncomingMessage } from 'node:http';
import { guarded, warnsOnce } from '../callback.ts';
import { invalidOption, show } from '../options.ts';

/** Which requests are not measured: paths, exact or with a `*` at their end, or a function that tells. */
export type Ignore<Request = IncomingMessage> = readonly string[] | ((request: Request) => boolean);

/**
 * @returns what tells whether a request is ignored, and never throws; undefined if none is
 * @throws MetricError `INVALID_OPTION`
 */
export function ignores(given: Ignore | undefined): ((request: IncomingMessage) => boolean) | undefined {
  if (given === undefined) return undefined;
  if (typeof given === 'function') return ignoring(given);
  if (!Array.isArray(given)) {
    throw invalidOption(
      `The option "ignore" is ${show(given)}: give an array of paths, such as ['/healthz', '/static/*'], or a function of the request.`,
    );
  }
  for (const path of given as readonly unknown[]) {
    if (typeof path !== 'string' || !/^\/[^*?#\s]*\*?$/.test(path)) {
      throw invalidOption(
        `The option "ignore" has the path ${show(path)}: give one that begins with a slash and has no query, with a * at its end for all that begins so.`,
      );
    }
  }
  const exact = new Set(given.filter((path) => !path.endsWith('*')));
  const beginnings = given.filter((path) => path.endsWith('*')).map((path) => path.slice(0, -1));
  if (given.length === 0) return undefined;
  return (request) => {
    const path = pathOf(request);
    return exact.has(path) || beginnings.some((beginning) => path.startsWith(beginning));
  };
}

/**
 * A function that tells which requests aren't measured: where it doesn't, they are, which is warned of once.
 *
 * @internal
 */
export function ignoring<Request>(given: (request: Request) => boolean): (request: Request) => boolean {
  const warnOf = warnsOnce(
    'PROMETER_IGNORE_ERROR',
    (wrong) => `The function "ignore" ${wrong}: such requests are measured.`,
  );
  const answerOf = guarded(given, warnOf);
  return (request) => Boolean(answerOf(request));
}

/** The path as the client asked for it: routers cut off of `url` what they are mounted at. */
function pathOf(request: IncomingMessage & { originalUrl?: unknown }): string {
  const { originalUrl, url = '' } = request;
  const asked = typeof originalUrl === 'string' ? originalUrl : url;
  const target = asked.startsWith('/') ? asked : withoutAuthority(asked);
  const query = target.indexOf('?');
  return query === -1 ? target : target.slice(0, query);
}
