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

/** How many values `method` may have. */
export const METHODS: number = KNOWN_METHODS.size + 1;

/** More characters are no label: the body of a request perhaps. */
export const LONGEST_VALUE = 1024;

export function methodLabel(method: string | undefined): string {
  return KNOWN_METHODS.has(method) ? (method as string) : OTHER_METHOD;
}

/** What an event stream may be. */
export const STREAM_KINDS = ['sse', 'websocket'] as const;

export type StreamKind = (typeof STREAM_KINDS)[number];

/** How a status is written as a label: `404`, or `4xx` as its class. */
export function statusLabels(as: 'code' | 'class'): (status: number) => string {
  return as === 'class' ? (status) => `${Math.floor(status / 100)}xx` : String;
}
