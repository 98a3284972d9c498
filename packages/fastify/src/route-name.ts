import { inspect } from 'node:util';
import { warn } from '@prometer/http';
import type { FastifyContextConfig, FastifyRequest } from 'fastify';

/** What the `config` of a route may say about how it is measured. */
export type RouteConfig =
  | boolean
  | {
      /** The name that its requests are counted with, instead of its template. */
      readonly route: string;
    };

/** Tells the name of a route; undefined for what no route matched. */
export type NameOfRoute = () => string | undefined;

const UNMATCHED: NameOfRoute = () => undefined;

/** What Fastify keeps for each route: what it is declared with, and where. */
type KeptConfig = FastifyContextConfig & { url?: string };

/** Worked out once a route; `false` for one that isn't measured. */
const known = new WeakMap<KeptConfig, NameOfRoute | false>();

/** How the route that a request has taken is called; `false` if it says that it isn't measured. */
export function nameOfRoute(request: FastifyRequest): NameOfRoute | false {
  const config: KeptConfig = request.routeOptions.config;
  let name = known.get(config);
  if (name === undefined) known.set(config, (name = readConfig(config)));
  return name;
}

function readConfig({ url, metrics }: KeptConfig): NameOfRoute | false {
  if (metrics === false) return false;
  const name = checkName(metrics, url) ?? (url === undefined ? undefined : withoutLastSlash(url));
  return name === undefined ? UNMATCHED : () => name;
}

function checkName(metrics: RouteConfig | undefined, url: string | undefined): string | undefined {
  if (metrics === undefined || typeof metrics === 'boolean') return undefined;
  const { route } = (metrics ?? {}) as { route?: unknown };
  if (typeof route === 'string' && route !== '') return route;
  // Routes may be declared before anybody looks at them: an error would be that of a request.
  warn(
    'PROMETER_ROUTE_CONFIG',
    `The config "metrics" of the route ${JSON.stringify(url)} is ${inspect(metrics, { depth: 0 })}: give false, or { route: 'a name' }. It is measured by its template.`,
  );
  return undefined;
}

/** The root of a prefix is one route, with or without a slash at its end. */
function withoutLastSlash(url: string): string {
  return url.length > 1 && url.endsWith('/') ? url.slice(0, -1) : url;
}
