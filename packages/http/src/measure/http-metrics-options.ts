import type { IncomingMessage } from 'node:http';
import { nearestTo, type NativeOptions, type Registry } from '@prometer/core';
import type { DefaultMetricsOptions } from '@prometer/node';
import type { HttpLabel } from './custom-labels.ts';
import type { HttpExemplars } from './exemplars.ts';
import type { Ignore } from './ignored-paths.ts';
import type { MetricsHandlerOptions } from '../metrics-handler.ts';
import { builtInLabels, NAMINGS, type ClassicLabel, type HttpNaming, type SemconvLabel } from './naming.ts';
import { checkOptions, checkSwitch, invalidOption, show } from '../options.ts';

/** What can be chosen about the metrics of an HTTP server. */
export interface HttpMetricsOptions<Labels extends string = never, Request = IncomingMessage> extends Pick<
  MetricsHandlerOptions,
  'authorize' | 'created' | 'timeoutSeconds' | 'openMetrics2'
> {
  /** Where the metrics go and what `path` shows; the default registry if left out. */
  registry?: Registry | undefined;
  /** Where the metrics are served, `/metrics` if left out; `false`: they are only measured. */
  path?: string | false | undefined;
  /** Metrics about the process beside those about HTTP: on if left out, `false`, or what to collect. */
  defaultMetrics?: boolean | Omit<DefaultMetricsOptions, 'registry'> | undefined;
  /**
   * Whose names the metrics have: `'classic'` if left out, `'semconv'` for OpenTelemetry's, or both in an array, for as long
   * as dashboards move from one to the other.
   */
  naming?: HttpNaming | readonly HttpNaming[] | undefined;
  /** Upper bounds, in seconds, of the duration's buckets; .005 .01 .025 .05 .075 .1 .25 .5 .75 1 2.5 5 7.5 10 if left out. */
  buckets?: readonly number[] | undefined;
  /** Native buckets of the duration: off if left out, `true`, or how they are made and limited. */
  native?: boolean | NativeOptions | undefined;
  /**
   * Labels of one's own for the requests and their durations: functions of the request that run once, when its response is
   * over. With `{ values, from }`, any other value becomes `other`.
   */
  labels?: { readonly [Name in Labels]: HttpLabel<Request> } | undefined;
  /** The labels that the durations keep, in the names of the naming that is used, to have fewer series; all if left out. */
  histogramLabels?: readonly (ClassicLabel | SemconvLabel | NoInfer<Labels>)[] | undefined;
  /** The status as `'code'` (404, if left out) or as its `'class'` (4xx). */
  statusLabel?: 'code' | 'class' | undefined;
  /** Whether to measure how large the bodies of requests and responses are, in bytes as they are sent; off if left out. */
  sizes?: boolean | undefined;
  /**
   * What isn't measured: paths, exact or with a `*` at their end for all that begins so, or a function of the request.
   */
  ignore?: Ignore<Request> | undefined;
  /**
   * Exemplars for requests and durations: a function of the request that returns labels, run when its response is over, or
   * `'opentelemetry'` for the trace that is active when a request begins to be measured, if it is sampled. Off if left out.
   */
  exemplars?: HttpExemplars<Request> | undefined;
  /** How many series each of these metrics may have, 2,000 if left out; past that, new label sets share one. */
  maxSeries?: number | undefined;
}

export const HTTP_METRICS_OPTIONS: readonly (keyof HttpMetricsOptions)[] = [
  'registry',
  'path',
  'defaultMetrics',
  'naming',
  'buckets',
  'native',
  'labels',
  'histogramLabels',
  'statusLabel',
  'sizes',
  'ignore',
  'authorize',
  'exemplars',
  'maxSeries',
  'created',
  'timeoutSeconds',
  'openMetrics2',
];

/** Options of which all that the metrics themselves don't refuse has been checked. */
export interface CheckedOptions {
  readonly namings: readonly HttpNaming[];
  /** All labels that the metrics have of themselves. */
  readonly builtIn: readonly string[];
}

/** @throws MetricError `INVALID_OPTION` */
export function checkHttpMetricsOptions(options: HttpMetricsOptions<string>): CheckedOptions {
  checkOptions('HTTP metrics', options, HTTP_METRICS_OPTIONS);
  const { defaultMetrics = true, naming = 'classic', statusLabel = 'code', sizes, histogramLabels } = options;
  checkDefaultMetrics(defaultMetrics);
  const namings = checkNaming(naming);
  const builtIn = namings.flatMap((each) => builtInLabels(NAMINGS[each]));
  if (statusLabel !== 'code' && statusLabel !== 'class') {
    throw invalidOption(`The option "statusLabel" is ${show(statusLabel)}: give 'code' for 404, or 'class' for 4xx.`);
  }
  checkSwitch('sizes', sizes);
  if (histogramLabels !== undefined) checkHistogramLabels(histogramLabels, [...builtIn, ...namesOf(options.labels)]);
  return { namings, builtIn };
}

function namesOf(labels: unknown): string[] {
  return typeof labels === 'object' && labels !== null ? Object.keys(labels) : [];
}

function checkNaming(given: HttpNaming | readonly HttpNaming[]): readonly HttpNaming[] {
  const namings: readonly unknown[] = Array.isArray(given) ? given : [given];
  const isUsable =
    namings.length > 0 && namings.every((each) => typeof each === 'string' && Object.hasOwn(NAMINGS, each));
  if (isUsable && new Set(namings).size === namings.length) return namings as readonly HttpNaming[];
  throw invalidOption(
    `The option "naming" is ${show(given)}: give 'classic', 'semconv' for OpenTelemetry's names, or both in an array.`,
  );
}

function checkHistogramLabels(given: readonly string[], known: readonly string[]): void {
  if (!Array.isArray(given)) {
    throw invalidOption(
      `The option "histogramLabels" is ${show(given)}: give an array of the labels to keep, such as ['route'].`,
    );
  }
  for (const name of given) {
    if (known.includes(name)) continue;
    const nearest = typeof name === 'string' ? nearestTo(name, known) : undefined;
    const advice = nearest === undefined ? `The labels are ${known.join(', ')}.` : `Is ${show(nearest)} meant?`;
    throw invalidOption(`The option "histogramLabels" has ${show(name)}, which the durations don't have. ${advice}`);
  }
}

function checkDefaultMetrics(given: unknown): void {
  if (typeof given === 'boolean') return;
  if (typeof given !== 'object' || given === null) {
    throw invalidOption(
      `The option "defaultMetrics" is ${show(given)}: give true, false, or an object such as { only: ['process'] }.`,
    );
  }
  checkOptions('"defaultMetrics"', given, ['only', 'names']);
}
