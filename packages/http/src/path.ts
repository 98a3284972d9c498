import { invalidOption, show } from './options.ts';

/** Where metrics are served; everybody who scrapes looks here first. */
export const DEFAULT_PATH = '/metrics';

/**
 * What a path may be: as text, `/métriques`, or as a URL has it, `/m%C3%A9triques`.
 *
 * @throws MetricError `INVALID_OPTION` for what no request can ask for
 */
export function checkPath(path: string): string {
  const advice = adviceFor(path);
  if (advice === undefined) return path;
  throw invalidOption(`The path ${show(path)} can't be asked for: ${advice}`);
}

function adviceFor(path: string): string | undefined {
  if (typeof path !== 'string' || !/^\/[^?#]*$/.test(path)) {
    return 'give one that begins with a slash and has no query, such as "/metrics".';
  }
  if (/[\s\p{Cc}\\]/u.test(path)) {
    return 'it has a space, a backslash or a control character. Leave them out, or write %20 for a space.';
  }
  if (path.split('/').some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment))) {
    return 'clients take . and .. for the folder and the one above it. Give what comes of it, and leave out the dots.';
  }
  try {
    encodeURI(decodeURIComponent(path));
    return undefined;
  } catch {
    return 'what it has encoded is no text. Write %25 for a % itself.';
  }
}

/** A path as a URL has it. */
export function encodedPath(path: string): string {
  // What was encoded already is so once.
  return encodeURI(path).replace(/%25([0-9a-f]{2})/gi, '%$1');
}

/** What no client encodes. Some encode more than a URL asks for: Prometheus' `metrics_path` becomes one with %21 for `!`. */
const ENCODED_BY_NOBODY = /^[\w./~$&+,:;=@-]*$/;

/**
 * Tells of a request's target whether it is that path, with or without a query; also if the target is a whole URL
 * (RFC 9112, 3.2.2).
 */
export function targetMatcher(path: string): (target: string | undefined) => boolean {
  const mayBeEncoded = !ENCODED_BY_NOBODY.test(path);
  const whole = decoded(Buffer.from(path).toString('latin1'));
  return (target) => {
    if (target === undefined) return false;
    const asked = target.startsWith('/') ? target : withoutAuthority(target);
    if (asked.startsWith(path) && (asked.length === path.length || asked[path.length] === '?')) return true;
    return mayBeEncoded && decoded(asked.split('?', 1)[0] as string) === whole;
  };
}

/** What comes after the host, never throws; not by Node.js' `url.parse`, which does. */
export function withoutAuthority(target: string): string {
  const [authority, rest] = /^[a-z][a-z\d+.-]*:\/\/[^/?]+(?<rest>.*)$/i.exec(target) ?? [];
  if (authority === undefined || rest === undefined) return target;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** Each byte as one character, as Node.js gives those of a target; %2F isn't a slash, nor %25 the beginning of another one. */
function decoded(path: string): string {
  return path.replace(/%([0-9a-f]{2})/gi, (encoded, digits: string) =>
    /2f|25/i.test(digits) ? encoded.toUpperCase() : String.fromCharCode(Number.parseInt(digits, 16)),
  );
}
