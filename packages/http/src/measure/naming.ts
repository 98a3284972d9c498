/** Whose names the metrics have: Prometheus' own usage, or OpenTelemetry's semantic conventions for HTTP. */
export type HttpNaming = 'classic' | 'semconv';

/** The labels that the metrics of naming `'classic'` have of themselves. */
export type ClassicLabel = 'method' | 'route' | 'status_code';

/** The labels that the metrics of naming `'semconv'` have of themselves. */
export type SemconvLabel = 'http_request_method' | 'http_route' | 'http_response_status_code' | 'error_type';

/** A naming as data: what each metric and each label is called. */
export interface NamingText {
  readonly method: string;
  readonly route: string;
  readonly status: string;
  /** Undefined where a failure shows in the status alone. */
  readonly errorType: string | undefined;
  /** The route of a request that no route of the app matched; to Prometheus, an empty label is one that isn't there. */
  readonly unmatched: string;
  /** The counter of requests; undefined where the count of the durations is it. */
  readonly requests: string | undefined;
  readonly durations: string;
  readonly inFlight: string;
  readonly aborts: string;
  readonly responseStarts: string;
  readonly streams: string;
  readonly requestSizes: string;
  readonly responseSizes: string;
}

export const NAMINGS: Readonly<Record<HttpNaming, NamingText>> = {
  classic: {
    method: 'method',
    route: 'route',
    status: 'status_code',
    errorType: undefined,
    unmatched: 'unmatched',
    requests: 'http_requests',
    durations: 'http_request_duration_seconds',
    inFlight: 'http_requests_in_flight',
    aborts: 'http_request_aborts',
    responseStarts: 'http_response_start_seconds',
    streams: 'http_streams_active',
    requestSizes: 'http_request_size_bytes',
    responseSizes: 'http_response_size_bytes',
  },
  semconv: {
    method: 'http_request_method',
    route: 'http_route',
    status: 'http_response_status_code',
    errorType: 'error_type',
    unmatched: '',
    requests: undefined,
    durations: 'http_server_request_duration_seconds',
    inFlight: 'http_server_active_requests',
    aborts: 'http_server_request_aborts',
    responseStarts: 'http_server_response_start_seconds',
    streams: 'http_server_streams_active',
    requestSizes: 'http_server_request_body_size_bytes',
    responseSizes: 'http_server_response_body_size_bytes',
  },
};

/** The labels that a naming's durations have of themselves, in their order. */
export function builtInLabels({ method, route, status, errorType }: NamingText): string[] {
  return [method, route, status, ...(errorType === undefined ? [] : [errorType])];
}
