import type { CounterSeries, ExemplarLabels, GaugeSeries, HistogramSeries } from '@prometer/core';
import type { Abort } from './how-it-ended.ts';
import type { HttpFamilies } from './http-families.ts';
import { KeptSeries } from './kept-series.ts';
import { STREAM_KINDS, type StreamKind } from './labels.ts';
import type { NamingText } from './naming.ts';

/** What a request is counted by: method, route (empty if none), status and error type, then the custom labels. */
export type Outcome = readonly string[];

const [METHOD, ROUTE, STATUS, ERROR_TYPE] = [0, 1, 2, 3] as const;

/** Where an outcome is counted; undefined until it is needed, and where it can't be kept. */
interface OutcomeSeries {
  requests: readonly CounterSeries[] | undefined;
  durations: readonly HistogramSeries[] | undefined;
}

/** As much of a metric as is needed to find its series. */
interface Labelled<Series> {
  labels(...values: readonly string[]): Series;
}

/** A metric that counts outcomes: which parts of an outcome are its labels. */
interface ByOutcome<Series> {
  readonly family: Labelled<Series>;
  readonly parts: readonly number[];
  readonly unmatched: string;
}

/** The same of a metric with whatever labels, and its name. */
interface Picked<Series> {
  readonly name: string;
  labels(...values: never): Series;
}

/** A metric of each naming with the labels of method and route, and perhaps further ones. */
interface ByRoute<Series> {
  readonly families: readonly { readonly family: Labelled<Series>; readonly unmatched: string }[];
  readonly kept: KeptSeries<readonly Series[]>;
}

/** Writes into the metrics of each naming what has happened to a request. */
export class Recorder {
  /** Whether the metrics tell by the type of an error how a request has failed. */
  readonly hasErrorType: boolean;
  readonly #all: readonly HttpFamilies[];
  readonly #requests: readonly ByOutcome<CounterSeries>[];
  readonly #durations: readonly ByOutcome<HistogramSeries>[];
  readonly #outcomes: KeptSeries<OutcomeSeries>;
  readonly #inFlight: KeptSeries<readonly GaugeSeries[]>;
  readonly #aborts: ByRoute<CounterSeries>;
  readonly #starts: ByRoute<HistogramSeries>;
  readonly #requestSizes: ByRoute<HistogramSeries>;
  readonly #responseSizes: ByRoute<HistogramSeries>;

  constructor(all: readonly HttpFamilies[], customLabels: readonly string[]) {
    this.#all = all;
    this.hasErrorType = all.some(({ naming }) => naming.errorType !== undefined);
    this.#requests = all.flatMap(({ naming, requests }) =>
      requests === undefined ? [] : [byOutcome<CounterSeries>(naming, requests, customLabels)],
    );
    this.#durations = all.map(({ naming, durations }) => byOutcome<HistogramSeries>(naming, durations, customLabels));
    this.#outcomes = new KeptSeries(
      all.flatMap(({ requests, durations }) => [...(requests ? [requests] : []), durations]),
    );
    this.#inFlight = new KeptSeries(all.map(({ inFlight }) => inFlight));
    this.#aborts = byRoute(all, ({ aborts }) => aborts);
    this.#starts = byRoute(all, ({ responseStarts }) => responseStarts);
    this.#requestSizes = byRoute(all, ({ requestSizes }) => requestSizes);
    this.#responseSizes = byRoute(all, ({ responseSizes }) => responseSizes);
    // So that they are there before the first stream is.
    for (const kind of STREAM_KINDS) this.streams(kind);
  }

  /** The gauges of the requests with this method that are being handled. */
  inFlight(method: string): readonly GaugeSeries[] {
    const key = [method];
    const known = this.#inFlight.find(key);
    if (known !== undefined) return known;
    const series = this.#all.map(({ inFlight }) => inFlight.labels(method));
    if (series.every((each) => isOf(each, key))) this.#inFlight.keep(key, series);
    return series;
  }

  /** The gauges of the streams that are open. */
  streams(kind: StreamKind): readonly GaugeSeries[] {
    return this.#all.map(({ streams }) => streams.labels(kind));
  }

  /** Counts a request and, unless it was a stream, how long it took. */
  count(outcome: Outcome, seconds: number | undefined, exemplar: ExemplarLabels | undefined): void {
    let known = this.#outcomes.find(outcome);
    if (known === undefined) this.#outcomes.keep(outcome, (known = { requests: undefined, durations: undefined }));
    const requests = known.requests ?? seriesOf(this.#requests, outcome, (found) => (known.requests = found));
    for (const series of requests) series.inc(1, exemplar);
    if (seconds === undefined) return;
    const durations = known.durations ?? seriesOf(this.#durations, outcome, (found) => (known.durations = found));
    for (const series of durations) series.observe(seconds, exemplar);
  }

  countAbort(method: string, route: string, { phase, reason }: Abort): void {
    for (const series of seriesByRoute(this.#aborts, [method, route, phase, reason])) series.inc();
  }

  /** How long an event stream took to start. */
  observeStart(method: string, route: string, seconds: number): void {
    for (const series of seriesByRoute(this.#starts, [method, route])) series.observe(seconds);
  }

  observeSizes(method: string, route: string, requestBytes: number, responseBytes: number): void {
    const key = [method, route];
    for (const series of seriesByRoute(this.#requestSizes, key)) series.observe(requestBytes);
    for (const series of seriesByRoute(this.#responseSizes, key)) series.observe(responseBytes);
  }
}

function byOutcome<Series>(
  naming: NamingText,
  family: Labelled<Series> & { readonly labelNames: readonly string[] },
  customLabels: readonly string[],
): ByOutcome<Series> {
  const { method, route, status, errorType } = naming;
  const parts = new Map<string | undefined, number>([
    [method, METHOD],
    [route, ROUTE],
    [status, STATUS],
    [errorType, ERROR_TYPE],
    ...customLabels.map((name, i) => [name, ERROR_TYPE + 1 + i] as const),
  ]);
  return { family, parts: family.labelNames.map((name) => parts.get(name) as number), unmatched: naming.unmatched };
}

/** The series of an outcome in each of these metrics; kept if there was room for all of them. */
function seriesOf<Series extends { readonly labelValues: readonly string[] }>(
  all: readonly ByOutcome<Series>[],
  outcome: Outcome,
  keep: (series: readonly Series[]) => void,
): readonly Series[] {
  let isKept = true;
  const found = all.map(({ family, parts, unmatched }) => {
    const labels = parts.map((part) => (part === ROUTE ? outcome[ROUTE] || unmatched : (outcome[part] as string)));
    const series = family.labels(...labels);
    // Each request that ends in the overflow series is to be told of.
    isKept &&= isOf(series, labels);
    return series;
  });
  if (isKept) keep(found);
  return found;
}

function byRoute<Series>(
  all: readonly HttpFamilies[],
  pick: (families: HttpFamilies) => Picked<Series> | undefined,
): ByRoute<Series> {
  const families = all.flatMap((each) => {
    const family = pick(each);
    return family === undefined ? [] : [{ family, unmatched: each.naming.unmatched }];
  });
  return { families, kept: new KeptSeries(families.map(({ family }) => family)) };
}

/** The series of a method, a route (empty if none) and what else `labels` has; kept if there was room for all of them. */
function seriesByRoute<Series extends { readonly labelValues: readonly string[] }>(
  { families, kept }: ByRoute<Series>,
  labels: readonly string[],
): readonly Series[] {
  const known = kept.find(labels);
  if (known !== undefined) return known;
  let isKept = true;
  const found = families.map(({ family, unmatched }) => {
    const own = labels.map((value, i) => (i === ROUTE ? value || unmatched : value));
    const series = family.labels(...own);
    isKept &&= isOf(series, own);
    return series;
  });
  if (isKept) kept.keep(labels, found);
  return found;
}

/** Whether a series is that of these labels, and not the one past the limit. */
function isOf(series: { readonly labelValues: readonly string[] }, labels: readonly string[]): boolean {
  return series.labelValues.every((value, i) => value === labels[i]);
}
