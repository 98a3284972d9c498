import type { Match } from './layer.ts';

type Matcher = (path: string) => false | Match;

/** What stands for a pattern that can't be found out. */
const ANY = '/*';

/** Put in the place of a part of the path, to see what it is: no app has it in a path of its own. */
const PROBE = '~probe~';

/**
 * The pattern of one of a layer's matchers, of which router 2.0 to 2.2 keeps nothing else: its parameters are found by
 * asking it for other paths. What is no parameter stands in the pattern itself, in lower case because the router, unless
 * told otherwise, takes it in any.
 */
export function patternOfMatchers(matchers: readonly Matcher[], matched: string): string {
  for (const matcher of matchers) {
    const params = paramsOf(matcher, matched);
    if (params !== undefined) return patternOf(matcher, matched, params);
  }
  return ANY;
}

function patternOf(matcher: Matcher, matched: string, params: Match['params']): string {
  // Those of path-to-regexp have no prototype. A regular expression's have: what it matched may be anything.
  if (Object.getPrototypeOf(params) !== null) return ANY;
  const names = Object.keys(params);
  if (names.length === 0) return matched.toLowerCase();

  const parts = matched.split('/');
  const wildcard = Object.values(params).find((value) => Array.isArray(value));
  // However long it is, it is asked about once.
  if (wildcard !== undefined) parts.splice(-wildcard.length, wildcard.length, 'x');
  const found = new Set<string>();
  for (let i = 1; i < parts.length; i++) {
    const probed = paramsOf(matcher, parts.with(i, PROBE).join('/'));
    const name = names.find((each) => String(probed?.[each]) === PROBE);
    if (name === undefined) {
      parts[i] = (parts[i] as string).toLowerCase();
      continue;
    }
    found.add(name);
    parts[i] = Array.isArray(probed?.[name]) ? '*' : `:${name}`;
  }
  // One that is no whole part of the path is still in it, with the bytes that a client has chosen.
  return found.size === names.length ? parts.join('/') : ANY;
}

/** The parameters if all of the path is matched. */
function paramsOf(matcher: Matcher, path: string): Match['params'] | undefined {
  try {
    const match = matcher(path);
    return match !== false && match.path === path ? match.params : undefined;
  } catch {
    // A parameter that can't be decoded.
    return undefined;
  }
}
