import { channel } from 'node:diagnostics_channel';
import type { Layer, Pattern } from './layer.ts';
import { enterMount, enterRoute, type ExpressRequest } from './route-progress.ts';

/** As much of an Express app as is needed here. */
export interface ExpressApp {
  /** Express 4; absent in 5. */
  _router?: { stack: Layer[] };
  /** Express 5; in 4 a getter that throws. */
  router?: { stack: Layer[] };
}

/** What router publishes, since version 2.3, before each handler and middleware that it calls. */
interface LayerStart {
  req: ExpressRequest;
  layer: Layer;
  route: Pattern | undefined;
  /** Set where what is called handles an error or a parameter. */
  errorHandler?: boolean;
  param?: string;
}

type LayerPrototype = { [Method in 'handle_request' | 'handleRequest']?: HandleRequest };
type HandleRequest = (this: Layer, request: ExpressRequest, response: unknown, next: unknown) => unknown;

/** On what is being watched, so that it is watched once by all copies of this package. */
const WATCHED = Symbol.for('@prometer/express.watched');

/**
 * Sees to it that the routers of an app tell where each request goes.
 *
 * @returns whether it found a way; if not, this version of Express is unknown
 */
export function watchRouters(app: ExpressApp): boolean {
  return watch((app._router ?? app.router)?.stack);
}

/** All layers of one copy of Express have one prototype; a router in the app may come from another copy. */
function watch(stack: readonly Layer[] | undefined): boolean {
  const layer = stack?.[0];
  if (layer === undefined) return false;
  const prototype = Object.getPrototypeOf(layer) as LayerPrototype;
  if (WATCHED in prototype) return true;
  // That it keeps its patterns shows a router that publishes what it does.
  if ('rawPath' in layer) once(channel('tracing:express.router.request:start'), subscribe);
  else if (prototype.handle_request) wrap(prototype, 'handle_request');
  else if (prototype.handleRequest) wrap(prototype, 'handleRequest');
  else return false;
  once(prototype, () => {});
  return true;
}

function once<Watched extends object>(watched: Watched, begin: (watched: Watched) => void): void {
  if (WATCHED in watched) return;
  Object.defineProperty(watched, WATCHED, { value: true });
  begin(watched);
}

function subscribe(start: { subscribe(listener: (message: unknown) => void): void }): void {
  start.subscribe((message) => {
    const { req, layer, route, errorHandler, param } = message as LayerStart;
    if (errorHandler === true || param !== undefined) return;
    enter(req, layer, route);
  });
}

function wrap(prototype: LayerPrototype, method: keyof LayerPrototype): void {
  const original = prototype[method] as HandleRequest;
  prototype[method] = function handleRequest(request, response, next) {
    // A function of four parameters handles errors and is passed over here; of a route, what counts is its handlers.
    if (this.handle.length <= 3 && this.route === undefined) {
      enter(request, this, 'method' in this ? request.route?.path : undefined);
    }
    return original.call(this, request, response, next);
  };
}

/** What a layer handles is about to be called; `pattern` is what its route or its mount is declared with, if that is known. */
function enter(request: ExpressRequest, layer: Layer, pattern: Pattern | undefined): void {
  if ('method' in layer) {
    enterRoute(request, pattern as Pattern);
    return;
  }
  if (Array.isArray(layer.handle.stack)) watch(layer.handle.stack);
  enterMount(request, layer, pattern);
}
