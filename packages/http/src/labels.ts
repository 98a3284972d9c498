/** The value of `route` for a request that no route of the app matched. */
export const UNMATCHED = 'unmatched';

/** The value of `method` for a method outside of the known ones. */
export const OTHER_METHOD = '_OTHER';

/** Nginx's status for a client that went away before the response began; no server ever sends it. */
export const CLIENT_CLOSED_REQUEST = 499;

/** RFC 9110's methods, RFC 5789's PATCH and the QUERY of the HTTP working group: what a client invents is not a label. */
const KNOWN_METHODS: ReadonlySet<string | undefined> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
  'QUERY',
]);

export function methodLabel(method: string | undefined): string {
  return KNOWN_METHODS.has(method) ? (method as string) : OTHER_METHOD;
}

export function routeLabel(route: string | undefined): string {
  return route === undefined || route === '' ? UNMATCHED : route;
}
