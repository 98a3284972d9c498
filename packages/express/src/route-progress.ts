import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  declaredPattern,
  layerOfRoute,
  matchesWhole,
  noteHandlers,
  patternText,
  takesNothing,
  type Layer,
  type Pattern,
  type Route,
} from './layer.ts';
import { mountPattern } from './mount-pattern.ts';

/** How far a request has come through the routers of its app. */
interface Progress {
  /** The server that the request came to, if it came to one. */
  readonly server: unknown;
  /** Whether anybody wants to know. */
  isFollowed: boolean;
  /** What measures the request, to be told when it is taken out: the first, where it stands, and others, which are rare. */
  metrics: Measuring | undefined;
  mountOfFirst: string;
  others: Measuring[] | undefined;
  /** What `measureAs` said last: the name of the route, or that the request isn't measured. */
  name: string | false | undefined;
  /** The template of the route whose handler ran last. */
  route: string | undefined;
  /** The template of where the middleware that ran last is mounted. */
  mount: string;
  /** Whether that middleware ran once the route had passed the request on, unanswered. */
  isPastRoute: boolean;
  /** By their layers, of the routes with several patterns that were reached, which has matched; undefined without any. */
  matched: Map<Layer | undefined, Pattern | undefined> | undefined;
  /** The templates of the mounts that the request entered, by what `req.baseUrl` was there; none at the root. */
  templates: Map<string, string> | undefined;
}

/** On the request itself, and shared by all copies of this package: whichever watches a router tells all. */
const PROGRESS: unique symbol = Symbol.for('@prometer/express.progress') as never;

/** As much of `HttpMetrics` as is needed once a request is being measured. */
export interface Measuring {
  readonly path: string | undefined;
  readonly authorize: unknown;
  skip(request: IncomingMessage): void;
}

/** As much of Express' request as is needed here. */
export interface ExpressRequest extends IncomingMessage {
  /** Absent in `connect`. */
  readonly baseUrl?: string;
  /** The route that was entered last. */
  readonly route?: Route;
  /** The path of its URL, without that of the routers that it is in. */
  readonly path?: string;
  readonly res?: ServerResponse;
  [PROGRESS]?: Progress;
}

/** What stands for a part of the path that was entered before anybody looked. */
const UNKNOWN = '/*';

/** Makes what is noted of a request a property of it, before Express gives it another prototype. */
export function prepareRequest(request: ExpressRequest): void {
  request[PROGRESS] ??= noProgress(request);
}

/** The server that a request came to; undefined in tests without one. */
export function serverOf(request: ExpressRequest): unknown {
  return (request[PROGRESS] ??= noProgress(request)).server;
}

/**
 * Begins to follow a request. Express restores `baseUrl` when it leaves a router, so it is noted as it changes.
 *
 * @returns whether the request is to be measured
 */
export function followRoute(request: ExpressRequest, metrics: Measuring): boolean {
  const progress = progressOf(request);
  if (progress.name === false) return false;
  if (progress.metrics === undefined) {
    progress.metrics = metrics;
    progress.mountOfFirst = request.baseUrl ?? '';
  } else (progress.others ??= []).push(metrics);
  return true;
}

/** Whether what measured a request first shows metrics to others where these would be shown to some only. */
export function isShownBefore(request: ExpressRequest, { path, authorize }: Measuring): boolean {
  const { metrics: first, mountOfFirst } = progressOf(request);
  return (
    first !== undefined &&
    authorize !== undefined &&
    first.authorize !== authorize &&
    path !== undefined &&
    first.path === path &&
    mountOfFirst === (request.baseUrl ?? '')
  );
}

/** Names the route otherwise, or takes the request out of all that measures it, or will. */
export function nameRoute(request: ExpressRequest, name: string | false): void {
  const progress = progressOf(request);
  if (progress.name === false) return;
  progress.name = name;
  if (name !== false) return;
  progress.metrics?.skip(request);
  for (const metrics of progress.others ?? []) metrics.skip(request);
}

function progressOf(request: ExpressRequest): Progress {
  const progress = (request[PROGRESS] ??= noProgress(request));
  if (progress.isFollowed) return progress;
  progress.isFollowed = true;
  const { baseUrl = '' } = request;
  if (baseUrl !== '') progress.templates = new Map([[baseUrl, UNKNOWN]]);
  return progress;
}

function noProgress({ socket }: IncomingMessage): Progress {
  return {
    server: (socket as { server?: unknown } | undefined)?.server ?? undefined,
    isFollowed: false,
    metrics: undefined,
    mountOfFirst: '',
    others: undefined,
    name: undefined,
    route: undefined,
    mount: '',
    isPastRoute: false,
    matched: undefined,
    templates: undefined,
  };
}

/** The template of what `req.baseUrl` is, if it was noted. */
function templateOf({ templates }: Progress, baseUrl = ''): string | undefined {
  return baseUrl === '' ? '' : templates?.get(baseUrl);
}

/** A route has matched; its handlers, if there are any for the method, are about to run. */
export function reachRoute(request: ExpressRequest, layer: Layer, route: Route): void {
  noteHandlers(layer, route);
  if (!Array.isArray(layer.rawPath)) return;
  const progress = request[PROGRESS];
  if (progress?.isFollowed !== true) return;
  (progress.matched ??= new Map()).set(layer, declaredPattern(layer, request.path ?? ''));
}

/** A handler of a route is about to run. */
export function enterRoute(request: ExpressRequest, handler: Layer): void {
  const progress = request[PROGRESS];
  if (progress?.isFollowed !== true) return;
  const layer = layerOfRoute(handler);
  // A route that was reached before anybody looked is the one that was reached last.
  const declared = (layer?.route ?? request.route)?.path ?? '';
  const pattern = progress.matched?.get(layer) ?? declared;
  progress.route = (templateOf(progress, request.baseUrl) ?? UNKNOWN) + patternText(pattern) || '/';
  progress.isPastRoute = false;
}

/** A middleware or a router is about to run under a `baseUrl` whose end `layer` has matched. */
export function enterMount(request: ExpressRequest, layer: Layer): void {
  const progress = request[PROGRESS];
  if (progress?.isFollowed !== true) return;
  const { baseUrl = '' } = request;
  const parent = baseUrl === '' || takesNothing(layer) ? undefined : parentOf(baseUrl, progress.templates, layer);
  if (parent !== undefined) {
    const own = mountPattern(layer, baseUrl.slice(parent.length));
    (progress.templates ??= new Map()).set(baseUrl, templateOf(progress, parent) + own);
  }
  progress.mount = templateOf(progress, baseUrl) ?? UNKNOWN;
  // What runs when a route has answered, such as a log, isn't what answers.
  progress.isPastRoute = progress.route !== undefined && request.res?.headersSent !== true;
}

/** Once the response is over: the template of the route that was taken, or of the mount whose middleware answered. */
export function routeOf(request: IncomingMessage, response: ServerResponse): string | undefined {
  const progress = (request as ExpressRequest)[PROGRESS];
  if (progress === undefined) return undefined;
  if (typeof progress.name === 'string') return progress.name;
  // With a 404, most often nothing answered but Express itself when the last middleware had passed the request on.
  const isOfMount = progress.mount !== '' && response.statusCode !== 404;
  if (progress.route !== undefined && !(isOfMount && progress.isPastRoute)) return progress.route;
  if (!isOfMount) return undefined;
  return progress.mount.endsWith('/*') ? progress.mount : `${progress.mount}/*`;
}

/** Of the mounts entered so far the innermost one from which `layer` matches the rest of `baseUrl`; the root is one. */
function parentOf(baseUrl: string, templates: Progress['templates'], layer: Layer): string | undefined {
  if (templates === undefined) return '';
  const parents = [...templates.keys()].filter((base) => base.length < baseUrl.length && baseUrl.startsWith(base));
  if (parents.length === 0) return '';
  parents.sort((a, b) => b.length - a.length);
  return [...parents, ''].find((base) => matchesWhole(layer, baseUrl.slice(base.length)));
}
