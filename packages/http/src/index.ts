// So that an adapter, which depends on this package alone, can refuse what it has to, and warn of what it can't refuse.
export { MetricError, warn } from '@prometer/core';
export { basicAuth, bearerAuth, type Authorize } from './serve/authorization.ts';
export type { HttpLabel, LabelFunction } from './measure/custom-labels.ts';
export type { RouteOf } from './measure/exchange.ts';
export type { HttpExemplars } from './measure/exemplars.ts';
export type { ClassicFamilies, SemconvFamilies } from './measure/http-families.ts';
export { HttpMetrics, type WatchOptions } from './http-metrics.ts';
export type { HttpMetricsOptions } from './measure/http-metrics-options.ts';
export { ignoring, type Ignore } from './measure/ignored-paths.ts';
export { instrumentServer, type InstrumentServerOptions } from './instrument-server.ts';
export { metricsHandler, type MetricsHandlerOptions, type RequestHandler } from './metrics-handler.ts';
export type { ClassicLabel, HttpNaming, SemconvLabel } from './measure/naming.ts';
export { startHttpServer, type HttpServerOptions, type MetricsServer } from './server.ts';
export type { MetricsTlsOptions } from './serve/tls.ts';
export type { WatchableServer } from './measure/watch-server.ts';
