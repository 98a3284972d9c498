import type { Counter, Gauge, Histogram, NativeOptions } from '@prometer/core';
import type { GetOrMade } from './get-or-made.ts';
import { METHODS, STREAM_KINDS } from './labels.ts';
import {
  builtInLabels,
  NAMINGS,
  type ClassicLabel,
  type HttpNaming,
  type NamingText,
  type SemconvLabel,
} from './naming.ts';

/** The metrics of an HTTP server in one naming; `Of` are the labels of what is counted for each request. */
interface Families<Method extends string, Route extends string, Of extends string> {
  /** With `histogramLabels`, it has these labels only. */
  readonly durations: Histogram<readonly Of[]>;
  readonly inFlight: Gauge<readonly [Method]>;
  readonly aborts: Counter<readonly [Method, Route, 'phase', 'reason']>;
  /** Of event streams only. */
  readonly responseStarts: Histogram<readonly [Method, Route]>;
  readonly streams: Gauge<readonly ['kind']>;
  /** With the option `sizes` only. */
  readonly requestSizes: Histogram<readonly [Method, Route]> | undefined;
  /** With the option `sizes` only. */
  readonly responseSizes: Histogram<readonly [Method, Route]> | undefined;
}

/** The metrics of an HTTP server in naming `'classic'`. */
export interface ClassicFamilies<Labels extends string = never> extends Families<
  'method',
  'route',
  ClassicLabel | Labels
> {
  readonly requests: Counter<readonly (ClassicLabel | Labels)[]>;
}

/** The metrics of an HTTP server in naming `'semconv'`. */
export interface SemconvFamilies<Labels extends string = never> extends Families<
  'http_request_method',
  'http_route',
  SemconvLabel | Labels
> {}

/** The same where it doesn't matter which naming it is. */
export interface HttpFamilies extends Families<string, string, string> {
  readonly naming: NamingText;
  readonly requests: Counter<readonly string[]> | undefined;
}

/** How the metrics are to be. */
export interface FamiliesConfig {
  readonly namings: readonly HttpNaming[];
  readonly customLabels: readonly string[];
  /** What the durations keep of their labels; all if undefined. */
  readonly histogramLabels: readonly string[] | undefined;
  readonly buckets: readonly number[] | undefined;
  readonly native: boolean | NativeOptions | undefined;
  readonly sizes: boolean;
  readonly maxSeries: number | undefined;
}

const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Those of Prometheus' own prometheus_http_response_size_bytes, from 100 B to 1 GB. */
const SIZE_BUCKETS = [1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/** How many series each metric may have; those whose labels can't have more values anyway have room for all of them. */
const MAX_SERIES = 2000;

/** Gets or makes the metrics of each naming. */
export function httpFamilies(registry: GetOrMade, config: FamiliesConfig): HttpFamilies[] {
  return config.namings.map((naming) => familiesOf(registry, NAMINGS[naming], config));
}

function familiesOf(
  registry: GetOrMade,
  naming: NamingText,
  { customLabels, histogramLabels, buckets, native, sizes, maxSeries = MAX_SERIES }: FamiliesConfig,
): HttpFamilies {
  const { method, route } = naming;
  const all = [...builtInLabels(naming), ...customLabels];
  return {
    naming,
    requests:
      naming.requests === undefined
        ? undefined
        : registry.counter({
            name: naming.requests,
            help: 'HTTP requests that were answered or given up.',
            labelNames: all,
            maxSeries,
          }),
    durations: registry.histogram({
      name: naming.durations,
      help: 'Time from the arrival of an HTTP request to the end of its response.',
      labelNames: histogramLabels === undefined ? all : all.filter((name) => histogramLabels.includes(name)),
      unit: 'seconds',
      buckets: buckets ?? DURATION_BUCKETS,
      native,
      maxSeries,
    }),
    inFlight: registry.gauge({
      name: naming.inFlight,
      help: 'HTTP requests that are being handled.',
      labelNames: [method],
      maxSeries: Math.max(maxSeries, METHODS),
    }),
    aborts: registry.counter({
      name: naming.aborts,
      help: 'HTTP requests that were broken off, by whom, and whether the head of the response was sent by then.',
      labelNames: [method, route, 'phase', 'reason'],
      maxSeries,
    }),
    responseStarts: registry.histogram({
      name: naming.responseStarts,
      help: 'Time from the arrival of an HTTP request for an event stream to the start of the stream.',
      labelNames: [method, route],
      unit: 'seconds',
      buckets: DURATION_BUCKETS,
      maxSeries,
    }),
    streams: registry.gauge({
      name: naming.streams,
      help: 'Event streams that are open: Server-Sent Events and upgraded connections.',
      labelNames: ['kind'],
      maxSeries: Math.max(maxSeries, STREAM_KINDS.length),
    }),
    requestSizes: sizes
      ? registry.histogram({
          name: naming.requestSizes,
          help: 'Bytes of the bodies of HTTP requests, as they were received.',
          labelNames: [method, route],
          unit: 'bytes',
          buckets: SIZE_BUCKETS,
          maxSeries,
        })
      : undefined,
    responseSizes: sizes
      ? registry.histogram({
          name: naming.responseSizes,
          help: 'Bytes of the bodies of HTTP responses, as they were sent, packed perhaps.',
          labelNames: [method, route],
          unit: 'bytes',
          buckets: SIZE_BUCKETS,
          maxSeries,
        })
      : undefined,
  };
}
