import type { Layer } from './layer.ts';
import { enterMount, enterRoute, reachRoute, type ExpressRequest } from './route-progress.ts';

/** As much of an Express app as is needed here. */
export interface ExpressApp {
  /** Express 4; absent in 5. */
  _router?: { stack: Layer[] };
  /** Express 5; in 4 a getter that throws. */
  router?: { stack: Layer[] };
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
  if (prototype.handle_request) wrap(prototype, 'handle_request');
  else if (prototype.handleRequest) wrap(prototype, 'handleRequest');
  else return false;
  Object.defineProperty(prototype, WATCHED, { value: true });
  return true;
}

/**
 * Since version 2.3 router publishes on a diagnostics channel what it calls, too. While somebody listens, each call is made
 * by six functions more, in an asynchronous context of its own: that would take half as much again as all that is here.
 */
function wrap(prototype: LayerPrototype, method: keyof LayerPrototype): void {
  const original = prototype[method] as HandleRequest;
  prototype[method] = function handleRequest(request, response, next) {
    if (this.route !== undefined) reachRoute(request, this, this.route);
    // A function of four parameters handles errors and is passed over here.
    else if (this.handle.length <= 3) enter(request, this);
    return original.call(this, request, response, next);
  };
}

/** A handler or a middleware is about to be called. */
function enter(request: ExpressRequest, layer: Layer): void {
  if ('method' in layer) {
    enterRoute(request, layer);
    return;
  }
  if (Array.isArray(layer.handle.stack)) watch(layer.handle.stack);
  enterMount(request, layer);
}
