import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExemplarLabels, GaugeSeries, Registry } from '@prometer/core';
import { bodySizes } from './body-sizes.ts';
import type { CustomLabels } from './custom-labels.ts';
import type { Exemplars } from './exemplars.ts';
import { abortOf, errorOf, errorType, type Abort } from './how-it-ended.ts';
import { methodLabel, type StreamKind } from './labels.ts';
import type { Recorder } from './recorder.ts';
import { isAnswered, sentStatus } from './sent-status.ts';

/**
 * Tells the template of the route that a request took: `/users/:id`, never the URL; undefined if it took none. Asked when
 * the response is over, and of an event stream when it starts as well.
 */
export type RouteOf = (request: IncomingMessage, response: ServerResponse) => string | undefined;

/** Of a request of which only somebody else may know the route. */
export const noRoute: RouteOf = () => undefined;

/** How requests are measured. */
export interface Measuring {
  readonly registry: Registry;
  readonly recorder: Recorder;
  readonly customLabels: CustomLabels;
  readonly exemplars: Exemplars;
  readonly statusLabel: (status: number) => string;
  readonly sizes: boolean;
}

/** What a request and its response are measured as: one object on both, so that what changes isn't a property of theirs. */
export interface Exchanges {
  /** A chain of one for each registry, the last one first; undefined if none measures it so far. */
  first: Exchange | undefined;
  /** The response whose head was written last: most often the only one, but others may be made for the same request. */
  written: ServerResponse | undefined;
  /** The status in that head, if it was seen to be written. */
  status: number | undefined;
  /** Whether a head was written to a connection that was gone. */
  isUnsent: boolean;
  /** Whether the response is over, or the client gone. */
  isOver: boolean;
}

/**
 * On a request and on its response. Shared by all copies of this package in the process, so that a request is counted
 * once whatever measures it.
 */
export const EXCHANGES: unique symbol = Symbol.for('@prometer/http.exchanges') as never;

/** A request or a response. */
export interface Measured {
  [EXCHANGES]?: Exchanges | undefined;
}

const RUNNING = 0;
const STREAMING = 1;
const OVER = 2;

/** A request and its response, from when measuring begins until it is over. */
export class Exchange {
  readonly registry: Registry;
  /** The one of another registry. */
  readonly next: Exchange | undefined;
  readonly #measuring: Measuring;
  readonly #request: IncomingMessage;
  /** Undefined as long as only the server knows of a request to upgrade its connection. */
  #response: ServerResponse | undefined;
  #routeOf: RouteOf;
  readonly #start: number;
  readonly #method: string;
  #exemplar: ExemplarLabels | undefined;
  #state: typeof RUNNING | typeof STREAMING | typeof OVER = RUNNING;
  /** The gauges that it is counted in at the moment. */
  #gauges: readonly GaugeSeries[];
  #error: unknown = undefined;
  /** How long a stream took to start, as long as its route isn't known. */
  #startSeconds: number | undefined = undefined;

  constructor(
    measuring: Measuring,
    request: IncomingMessage,
    response: ServerResponse | undefined,
    routeOf: RouteOf,
    start: number,
    next: Exchange | undefined,
  ) {
    this.registry = measuring.registry;
    this.next = next;
    this.#measuring = measuring;
    this.#request = request;
    this.#response = response;
    this.#routeOf = routeOf;
    this.#start = start;
    this.#method = methodLabel(request.method);
    this.#exemplar = measuring.exemplars.atStart?.();
    this.#gauges = measuring.recorder.inFlight(this.#method);
    for (const gauge of this.#gauges) gauge.inc();
  }

  /** Somebody else would measure it too: it is measured once, and the route is theirs if they know one. */
  join(routeOf: RouteOf, response?: ServerResponse): void {
    this.#response = response ?? this.#response;
    this.keepExemplar();
    const earlier = this.#routeOf;
    if (routeOf === earlier || routeOf === noRoute) return;
    if (earlier === noRoute) {
      this.#routeOf = routeOf;
      return;
    }
    this.#routeOf = (...given) => routeFrom(routeOf, ...given) || earlier(...given);
  }

  /**
   * Keeps what its exemplar is to say, if that wasn't known before: OpenTelemetry begins its span behind whoever watches the
   * server itself.
   */
  keepExemplar(): void {
    this.#exemplar ??= this.#measuring.exemplars.atStart?.();
  }

  /** What has made it fail. */
  fail(error: unknown): void {
    this.#error = error;
  }

  /** It isn't to be measured after all. */
  skip(): void {
    this.#state = OVER;
    this.#leave();
  }

  /** It has turned out to be a stream, which is no request in flight any more. */
  startStream(kind: StreamKind): void {
    if (this.#state !== RUNNING) return;
    this.#state = STREAMING;
    this.#leave();
    const { recorder } = this.#measuring;
    this.#gauges = recorder.streams(kind);
    for (const gauge of this.#gauges) gauge.inc();
    const seconds = this.#seconds();
    const route = this.#route();
    if (route === '') this.#startSeconds = seconds;
    else recorder.observeStart(this.#method, route, seconds);
  }

  /** The response is over, or the client gone. */
  close({ written, status, isUnsent }: Exchanges): void {
    const response = this.#response;
    if (this.#state === OVER || response === undefined) return;
    const answered = !isUnsent && isAnswered(response);
    const seen = response === written ? status : undefined;
    this.end(sentStatus(response, seen, answered), abortOf(this.#request, response, answered));
  }

  /** The same where the status and how it ended are known. */
  end(status: number, abort: Abort | undefined): void {
    if (this.#state === OVER) return;
    const isStream = this.#state === STREAMING;
    const seconds = this.#seconds();
    this.#state = OVER;
    this.#leave();

    const { recorder, customLabels, exemplars, statusLabel, sizes } = this.#measuring;
    const request = this.#request;
    const method = this.#method;
    const route = this.#route();
    // To leave is how a client ends an event stream.
    const broken = isStream && abort?.reason === 'client' ? undefined : abort;
    if (broken !== undefined) recorder.countAbort(method, route, broken);
    if (this.#startSeconds !== undefined) recorder.observeStart(method, route, this.#startSeconds);
    const error = recorder.hasErrorType
      ? errorType(status, broken, this.#error ?? errorOf(request, this.#response))
      : '';
    const outcome = [method, route, statusLabel(status), error, ...customLabels.read(request)];
    recorder.count(outcome, isStream ? undefined : seconds, this.#exemplar ?? exemplars.atEnd?.(request));
    if (!sizes) return;
    const bytes = bodySizes(request, this.#response, status);
    if (bytes !== undefined) recorder.observeSizes(method, route, bytes.received, bytes.sent);
  }

  #leave(): void {
    for (const gauge of this.#gauges) gauge.dec();
    this.#gauges = NONE;
  }

  #seconds(): number {
    // A clock that is set back, as in tests, gives no negative durations.
    return Math.max(0, performance.now() - this.#start) / 1000;
  }

  #route(): string {
    return routeFrom(this.#routeOf, this.#request, this.#response as ServerResponse);
  }
}

const NONE: readonly GaugeSeries[] = [];

/** Empty for what is no route, or if it can't be told. */
function routeFrom(routeOf: RouteOf, request: IncomingMessage, response: ServerResponse): string {
  try {
    const route: unknown = routeOf(request, response);
    return typeof route === 'string' ? route : '';
  } catch {
    return '';
  }
}

/** The exchange of a request, or of a response, that goes into this registry, if there is one. */
export function exchangeOf(of: IncomingMessage | ServerResponse, registry: Registry): Exchange | undefined {
  let exchange = (of as Measured)[EXCHANGES]?.first;
  while (exchange !== undefined && exchange.registry !== registry) exchange = exchange.next;
  return exchange;
}
