/** What a route or a mount is declared with. */
export type Pattern = string | RegExp | readonly (string | RegExp)[];

/** What a path was matched as. */
export interface Match {
  path: string;
  params: Record<string, unknown>;
}

/** What Express keeps for each `use` and each route: as much of it as all versions have. */
export interface Layer {
  handle: { readonly length: number; readonly stack?: readonly Layer[] };
  /** Since router 2.3 a result, before that whether it matched, with the result on the layer itself. */
  match(path: string): boolean | Match;
  path?: string;
  params?: Record<string, unknown>;
  /** Set on the layer of a whole route. */
  route?: { path: Pattern };
  /** There, even if undefined, on the layers of the handlers in a route. */
  method?: string | undefined;
  /** Set where the pattern is `/`, which takes nothing from the path. */
  slash?: boolean;
  /** Express 4's: what the pattern was made into, or the expression that was given. */
  regexp?: RegExp & { fast_slash?: boolean };
  /** Express 4's: the parameters, in the order of the expression's groups. */
  keys?: readonly { name: string | number }[];
  /** Router 2's: one for each alternative. */
  matchers?: readonly ((path: string) => false | Match)[];
}

/** Whether a layer matches all of a path; asking changes no other request's result. */
export function matchesWhole(layer: Layer, path: string): boolean {
  try {
    const found = layer.match(path);
    return found !== false && (found === true ? layer.path : found.path) === path;
  } catch {
    // A parameter that can't be decoded.
    return false;
  }
}

export function takesNothing(layer: Layer): boolean {
  return layer.slash ?? layer.regexp?.fast_slash ?? false;
}

/** A pattern as part of a label; with or without a slash at its end, it is one route. */
export function patternText(pattern: Pattern): string {
  if (Array.isArray(pattern)) return pattern.map(String).join(',');
  return typeof pattern === 'string' && pattern.endsWith('/') ? pattern.slice(0, -1) : String(pattern);
}
