import { channel } from 'node:diagnostics_channel';
import type { Layer, Pattern } from './layer.ts';
import { mountPattern } from './mount-pattern.ts';
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
  const layer = (app._router ?? app.router)?.stack[0];
  if (layer === undefined) return false;
  // That it keeps its patterns shows a router that publishes what it does.
  if ('rawPath' in layer) return once(channel('tracing:express.router.request:start'), subscribe);
  const prototype = Object.getPrototypeOf(layer) as LayerPrototype;
  if (prototype.handle_request) return once(prototype, () => wrap(prototype, 'handle_request'));
  if (prototype.handleRequest) return once(prototype, () => wrap(prototype, 'handleRequest'));
  return false;
}

function once<Watched extends object>(watched: Watched, watch: (watched: Watched) => void): true {
  if (!(WATCHED in watched)) {
    Object.defineProperty(watched, WATCHED, { value: true });
    watch(watched);
  }
  return true;
}

function subscribe(start: { subscribe(listener: (message: unknown) => void): void }): void {
  start.subscribe((message) => {
    const { req, layer, route, errorHandler, param } = message as LayerStart;
    if (errorHandler === true || param !== undefined) return;
    if ('method' in layer) enterRoute(req, route as Pattern);
    else enterMount(req, layer, () => route as Pattern);
  });
}

function wrap(prototype: LayerPrototype, method: keyof LayerPrototype): void {
  const original = prototype[method] as HandleRequest;
  prototype[method] = function handleRequest(request, response, next) {
    // A function of four parameters handles errors, and is passed over here.
    if (this.handle.length <= 3) {
      if (this.route !== undefined) enterRoute(request, this.route.path);
      else if (!('method' in this)) enterMount(request, this, (matched) => mountPattern(this, matched));
    }
    return original.call(this, request, response, next);
  };
}
