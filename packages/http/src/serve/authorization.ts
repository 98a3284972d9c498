import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { warn } from '@prometer/core';
import { invalidOption, reasonOf } from '../options.ts';
import { PLAIN_TEXT, respond } from './respond.ts';

/**
 * Tells whether a request may see the metrics, within 10 s. What is falsy, a throw, a rejection and no decision by then
 * all say no: the answer is 401 then and shows nothing. What is truthy says yes, so that a user who was found does, and a
 * text such as `'false'` as well.
 */
export type Authorize = (request: IncomingMessage) => boolean | Promise<boolean>;

/** In which `authorize` must have decided: who isn't let in yet must not be able to hold much, or for long. */
export const AUTHORIZE_MS = 10_000;

/** Says with a 401 what would be accepted (RFC 9110, 11.6.1). On the function, so that all copies of this package find it. */
const CHALLENGE = Symbol.for('@prometer/http.challenge');

type ChallengingAuthorize = Authorize & { readonly [CHALLENGE]?: string };

/**
 * Lets requests pass that have one of these bearer tokens (RFC 6750): Prometheus' `authorization` with `credentials` or
 * `credentials_file`. Several, so that a new one can be valid before the old one is not any more. The comparison takes
 * the same time whatever was sent.
 *
 * @throws MetricError `INVALID_OPTION` without a token, and for one that is empty, as an environment variable that isn't
 * set, or that no header can carry, as the line feed at a file's end
 *
 * @example
 * ```ts
 * http.createServer(metricsHandler({ authorize: bearerAuth('todays-token', 'tomorrows-token') }));
 * ```
 */
export function bearerAuth(...tokens: readonly string[]): Authorize {
  if (tokens.length === 0)
    throw invalidOption('bearerAuth has no token: give one that requests must have, or several.');
  const digests = tokens.map((token, i) => digestOf(checkToken(token, i)));
  return challenging('Bearer realm="metrics"', (request) => {
    const sent = credentialsOf(request, /^bearer +([^ \t]+)$/i);
    return sent !== undefined && isOneOf(digests, digestOf(sent));
  });
}

/**
 * Lets requests pass that have this name and password (RFC 7617, as UTF-8): Prometheus' `basic_auth`. The comparison
 * takes the same time whatever was sent.
 *
 * @throws MetricError `INVALID_OPTION` for a name or a password that is empty, as an environment variable that isn't set,
 * or has control characters, as the line feed at a file's end, and for a name with a colon, which ends it
 *
 * @example
 * ```ts
 * http.createServer(metricsHandler({ authorize: basicAuth('prometheus', 'a long password') }));
 * ```
 */
export function basicAuth(username: string, password: string): Authorize {
  checkSecret('username of basicAuth', username, /\p{Cc}/u);
  checkSecret('password of basicAuth', password, /\p{Cc}/u);
  if (username.includes(':')) {
    throw invalidOption('The username of basicAuth has a colon, which ends it in a request: choose another one.');
  }
  const digest = digestOf(Buffer.from(`${username}:${password}`));
  return challenging('Basic realm="metrics", charset="UTF-8"', (request) => {
    const sent = credentialsOf(request, /^basic +([A-Za-z0-9+/]+={0,2})$/i);
    return sent !== undefined && isOneOf([digest], digestOf(Buffer.from(sent.toString('latin1'), 'base64')));
  });
}

/** @throws MetricError `INVALID_OPTION`; what is empty must not come to stand for "everybody" */
export function checkAuthorize(authorize: Authorize | undefined): Authorize | undefined {
  if (authorize === undefined || typeof authorize === 'function') return authorize;
  // Never shows it: it may be the token itself.
  const given = authorize === null ? 'null' : `a value of type ${typeof authorize}`;
  throw invalidOption(
    `The option "authorize" is ${given}: give a function that tells whether a request may see the metrics, such as bearerAuth(token), or leave it out if all may.`,
  );
}

/**
 * Whether a request may go on; answers 401 if not.
 *
 * @throws what keeps the 401 from being sent
 */
export async function isAuthorized(
  authorize: Authorize,
  request: IncomingMessage,
  response: ServerResponse,
  limitMs: number,
): Promise<boolean> {
  // What it gives may be no boolean.
  if (await isAllowed(authorize, request, limitMs)) return true;
  const challenge = (authorize as ChallengingAuthorize)[CHALLENGE] ?? 'Bearer realm="metrics"';
  respond(request, response, 401, PLAIN_TEXT, 'Unauthorized\n', { 'WWW-Authenticate': challenge });
  return false;
}

async function isAllowed(authorize: Authorize, request: IncomingMessage, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      warnOf(authorize, `has not answered in ${limitMs / 1000} s`);
      resolve(false);
    }, limitMs).unref();
  });
  try {
    return await Promise.race([authorize(request), late]);
  } catch (error) {
    // It throws for what it doesn't know, perhaps: that isn't let in either.
    warnOf(authorize, `has thrown ${reasonOf(error)}`);
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** Of which functions has been warned. */
const warnedOf = new WeakSet<Authorize>();

function warnOf(authorize: Authorize, wrong: string): void {
  if (warnedOf.has(authorize)) return;
  warnedOf.add(authorize);
  warn('PROMETER_AUTHORIZE_ERROR', `The function "authorize" ${wrong}: such requests may not see the metrics.`);
}

function challenging(challenge: string, authorize: Authorize): Authorize {
  return Object.defineProperty(authorize, CHALLENGE, { value: challenge });
}

/** The bytes that a request has sent where the expression says; undefined for another scheme, or more than one header. */
function credentialsOf(request: IncomingMessage, scheme: RegExp): Buffer | undefined {
  // Node.js keeps the first of several, and a proxy may have looked at another one.
  const given = request.rawHeaders.filter((text, i) => i % 2 === 0 && text.toLowerCase() === 'authorization');
  const sent = scheme.exec(request.headers.authorization ?? '')?.[1];
  // It reads each byte as one character.
  return sent === undefined || given.length > 1 ? undefined : Buffer.from(sent, 'latin1');
}

/** Without it, digests of guesses could be made beforehand. */
const KEY = randomBytes(32);

/** Of one length whatever is digested, so that a comparison tells nothing of it. */
function digestOf(secret: Buffer): Buffer {
  return createHmac('sha256', KEY).update(secret).digest();
}

/** Compares with all of them, also when it has found one. */
function isOneOf(digests: readonly Buffer[], sent: Buffer): boolean {
  return digests.filter((digest) => timingSafeEqual(digest, sent)).length > 0;
}

function checkToken(token: string, index: number): Buffer {
  checkSecret(`token ${index + 1} of bearerAuth`, token, /[\s\p{Cc}]/u);
  return Buffer.from(token);
}

/** Never shows it: it may be right but for a line feed, or the first of two that were mixed up. */
function checkSecret(what: string, secret: unknown, unsendable: RegExp): void {
  if (typeof secret !== 'string' || secret === '') {
    const given = typeof secret === 'string' ? 'empty' : secret === null ? 'null' : typeof secret;
    throw invalidOption(
      `The ${what} is ${given}: give a text that isn't empty. Perhaps an environment variable isn't set.`,
    );
  }
  if (unsendable.test(secret)) {
    throw invalidOption(
      `The ${what} has characters that no request can send in it, a line feed for example: if it was read from a file, trim() it.`,
    );
  }
}
