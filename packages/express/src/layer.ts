/** What a route or a mount is declared with. */
export type Pattern = string | RegExp | readonly (string | RegExp)[];

/** What a path was matched as. */
export interface Match {
  path: string;
  params: Record<string, unknown>;
  /** Of several patterns the one that has matched, since router 2.3. */
  pattern?: string | RegExp;
}

/** On the layer of a handler: that of its route. Express has only the way from the route to its handlers. */
const OF_ROUTE: unique symbol = Symbol('@prometer/express.ofRoute');

/** A route: what it is declared with, and its handlers. */
export interface Route {
  path: Pattern;
  stack?: readonly Layer[];
}

/** What Express keeps for each `use` and each route: as much of it as all versions have. */
export interface Layer {
  handle: { readonly length: number; readonly stack?: readonly Layer[] };
  /** Since router 2.3 a result, before that whether it matched, with the result on the layer itself. */
  match(path: string): boolean | Match;
  path?: string;
  params?: Record<string, unknown>;
  /** Set on the layer of a whole route. */
  route?: Route;
  [OF_ROUTE]?: Layer;
  /** There, even if undefined, on the layers of the handlers in a route. */
  method?: string | undefined;
  /** Set where the pattern is `/`, which takes nothing from the path. */
  slash?: boolean;
  /** Express 4's: what the pattern was made into, or the expression that was given. */
  regexp?: RegExp & { fast_slash?: boolean };
  /** Express 4's: the parameters, in the order of the expression's groups. */
  keys?: readonly { name: string | number }[];
  /** What it is declared with, which router keeps since 2.3. */
  rawPath?: Pattern;
  /** Router 2's: one for each alternative. */
  matchers?: readonly ((path: string) => false | Match)[];
}

/** Whether a layer matches all of a path. */
export function matchesWhole(layer: Layer, path: string): boolean {
  return matchOf(layer, path)?.path === path;
}

/** What a layer makes of a path; asking changes no other request's result. */
function matchOf(layer: Layer, path: string): Partial<Match> | undefined {
  try {
    const found = layer.match(path);
    return found === true ? layer : found || undefined;
  } catch {
    // A parameter that can't be decoded.
    return undefined;
  }
}

export function takesNothing(layer: Layer): boolean {
  return layer.slash ?? layer.regexp?.fast_slash ?? false;
}

/** Lets the handlers of a route tell later whose they are. */
export function noteHandlers(layer: Layer, { stack = [] }: Route): void {
  for (const handler of stack) handler[OF_ROUTE] ??= layer;
}

/** The layer of the route that a handler is in, if that was noted. */
export function layerOfRoute(handler: Layer): Layer | undefined {
  return handler[OF_ROUTE];
}

/** What a layer is declared with, of several patterns the one that matches a path; undefined before router 2.3. */
export function declaredPattern(layer: Layer, path: string): Pattern | undefined {
  const { rawPath } = layer;
  return Array.isArray(rawPath) ? (matchOf(layer, path)?.pattern ?? rawPath) : rawPath;
}

/** A pattern as part of a label; with or without a slash at its end, it is one route. */
export function patternText(pattern: Pattern): string {
  if (Array.isArray(pattern)) return pattern.map(String).join(',');
  return typeof pattern === 'string' && pattern.endsWith('/') ? pattern.slice(0, -1) : String(pattern);
}
