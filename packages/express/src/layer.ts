/** What a route or a mount is declared with. */
export type Pattern = string | RegExp | readonly (string | RegExp)[];

/** What Express keeps for each `use` and each route: as much of it as all versions have. */
export interface Layer {
  handle: { readonly length: number };
  /** Since router 2.3 a result, before that whether it matched, with the result on the layer itself. */
  match(path: string): boolean | { path: string; params: Record<string, unknown> };
  path?: string;
  params?: Record<string, unknown>;
  /** Set on the layer of a whole route. */
  route?: { path: Pattern };
  /** There, even if undefined, on the layers of the handlers in a route. */
  method?: string | undefined;
  /** Set where the pattern is `/`, which takes nothing from the path. */
  slash?: boolean;
  regexp?: { fast_slash?: boolean };
}

/** What a layer makes of a path when it matches all of it; asking changes no other request's result. */
export function matchWhole(layer: Layer, path: string): Record<string, unknown> | undefined {
  try {
    const found = layer.match(path);
    if (found === false) return undefined;
    const { path: matched, params } = found === true ? layer : found;
    return matched === path ? (params ?? {}) : undefined;
  } catch {
    // A part of the path that can't be decoded.
    return undefined;
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
