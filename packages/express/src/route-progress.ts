import type { IncomingMessage, ServerResponse } from 'node:http';
import { matchesWhole, patternText, takesNothing, type Layer, type Pattern } from './layer.ts';
import { mountPattern } from './mount-pattern.ts';

/** How far a request has come through the routers of its app. */
interface Progress {
  /** The template of the route whose handler ran last. */
  route: string | undefined;
  /** The template of where the middleware that ran last is mounted. */
  mount: string;
  /** The templates of the mounts that the request entered, by what `req.baseUrl` was there. */
  readonly templates: Map<string, string>;
}

/** On the request itself, and shared by all copies of this package: whichever watches a router tells all. */
const PROGRESS: unique symbol = Symbol.for('@prometer/express.progress') as never;

/** As much of Express' request as is needed here. */
export interface ExpressRequest extends IncomingMessage {
  readonly baseUrl: string;
  /** The route that was entered last. */
  readonly route?: { path: Pattern };
  [PROGRESS]?: Progress;
}

/** What stands for a part of the path that was entered before anybody looked. */
const UNKNOWN = '/*';

/** Begins to follow a request. Express restores `baseUrl` when it leaves a router, so it is noted as it changes. */
export function followRoute(request: ExpressRequest): void {
  if (request[PROGRESS] !== undefined) return;
  const templates = new Map([['', '']]);
  if (request.baseUrl !== '') templates.set(request.baseUrl, UNKNOWN);
  request[PROGRESS] = { route: undefined, mount: '', templates };
}

/** A handler of a route is about to run. */
export function enterRoute(request: ExpressRequest, pattern: Pattern): void {
  const progress = request[PROGRESS];
  if (progress === undefined) return;
  progress.route = (progress.templates.get(request.baseUrl) ?? UNKNOWN) + patternText(pattern) || '/';
}

/** A middleware or a router is about to run under a `baseUrl` whose end `layer` has matched. */
export function enterMount(request: ExpressRequest, layer: Layer, pattern: Pattern | undefined): void {
  const progress = request[PROGRESS];
  if (progress === undefined) return;
  const { templates } = progress;
  const { baseUrl } = request;
  const parent = takesNothing(layer) ? undefined : parentOf(baseUrl, templates, layer);
  if (parent !== undefined) {
    const text = pattern === undefined ? mountPattern(layer, baseUrl.slice(parent.length)) : patternText(pattern);
    templates.set(baseUrl, (templates.get(parent) as string) + text);
  }
  progress.mount = templates.get(baseUrl) ?? UNKNOWN;
}

/** Once the response is over: the template of the route that was taken, or of the mount whose middleware answered. */
export function routeOf(request: IncomingMessage, response: ServerResponse): string | undefined {
  const progress = (request as ExpressRequest)[PROGRESS];
  if (progress === undefined) return undefined;
  if (progress.route !== undefined) return progress.route;
  // With a 404, most often nothing answered but Express itself when the last middleware had passed the request on.
  if (progress.mount === '' || response.statusCode === 404) return undefined;
  return progress.mount.endsWith('/*') ? progress.mount : `${progress.mount}/*`;
}

/** Of the mounts entered so far the innermost one from which `layer` matches the rest of `baseUrl`. */
function parentOf(baseUrl: string, templates: ReadonlyMap<string, string>, layer: Layer): string | undefined {
  const parents = [...templates.keys()].filter((base) => base.length < baseUrl.length && baseUrl.startsWith(base));
  if (parents.length <= 1) return parents[0];
  parents.sort((a, b) => b.length - a.length);
  return parents.find((base) => matchesWhole(layer, baseUrl.slice(base.length)));
}
