import { inspect } from 'node:util';
import { ignoring, MetricError, type HttpMetricsOptions } from '@prometer/http';
import type { FastifyRequest } from 'fastify';
import { ofNodesRequest } from './fastify-request.ts';

/**
 * What can be chosen about the metrics of a Fastify app. Its functions are given Fastify's request, with what hooks have
 * added to it; `authorize` is given Node.js', so that it can be `bearerAuth` or `basicAuth`.
 */
export type FastifyMetricsOptions<Labels extends string = never> = HttpMetricsOptions<Labels, FastifyRequest>;

type Given = FastifyMetricsOptions<string>;
/** Tells whether a request isn't measured. */
export type Ignore = (request: FastifyRequest) => boolean;

/** What can be given to `register` with any plugin. */
const OF_FASTIFY: ReadonlySet<string> = new Set(['prefix', 'logLevel', 'logSerializers']);

/** Fastify mounts nothing of a plugin that works on the scope it is registered in. */
function checkPrefix(prefix: unknown, path: unknown): void {
  if (prefix === undefined || prefix === '') return;
  const whole =
    typeof prefix === 'string' ? `${prefix}${typeof path === 'string' ? path : '/metrics'}` : '/internal/metrics';
  throw new MetricError(
    'INVALID_OPTION',
    `The option "prefix" is ${inspect(prefix, { depth: 0 })}, but the plugin is no scope of its own: give the option "path", such as ${JSON.stringify(whole)}, or register it in a scope with that prefix.`,
  );
}

/** Whether options can be read from it: what is none has nothing to be refused by its names. */
function isPlain(given: unknown): boolean {
  if (typeof given !== 'object' || given === null) return false;
  const prototype: unknown = Object.getPrototypeOf(given);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * The options for `HttpMetrics`, with functions of Node.js' request; `ignore` apart if it is a function: it decides when
 * there is a request to ask about, and the server has begun to measure by then. What can't be used is refused there.
 */
export function forNode(given: Given): { options: HttpMetricsOptions<string>; ignore: Ignore | undefined } {
  if (!isPlain(given)) return { options: given as never, ignore: undefined };
  checkPrefix((given as { prefix?: unknown }).prefix, given.path);
  const { labels, exemplars, ignore, ...others } = Object.fromEntries(
    Object.entries(given).filter(([name]) => !OF_FASTIFY.has(name)),
  ) as Given;
  const options: HttpMetricsOptions<string> = others;
  if (labels !== undefined) options.labels = labelsForNode(labels);
  if (exemplars !== undefined) {
    options.exemplars = typeof exemplars === 'function' ? ofNodesRequest(exemplars) : exemplars;
  }
  if (typeof ignore === 'function') return { options, ignore: ignoring(ignore) };
  if (ignore !== undefined) options.ignore = ignore;
  return { options, ignore: undefined };
}

type GivenLabels = NonNullable<Given['labels']>;
type NodesLabels = NonNullable<HttpMetricsOptions<string>['labels']>;

function labelsForNode(labels: GivenLabels): NodesLabels {
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) return labels as unknown as NodesLabels;
  return Object.fromEntries(
    Object.entries(labels).map(([name, label]) => {
      if (typeof label === 'function') return [name, ofNodesRequest(label)];
      if (typeof label?.from !== 'function') return [name, label as never];
      return [name, { ...label, from: ofNodesRequest(label.from) }];
    }),
  );
}
