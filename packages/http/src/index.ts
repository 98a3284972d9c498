// So that an adapter, which depends on this package alone, can refuse what it has to.
export { MetricError } from '@prometer/core';
export { basicAuth, bearerAuth, type Authorize } from './authorization.ts';
export type { HttpLabel, LabelFunction } from './custom-labels.ts';
export type { RouteOf } from './exchange.ts';
export type { HttpExemplars } from './exemplars.ts';
export type { ClassicFamilies, SemconvFamilies } from './http-families.ts';
export { HttpMetrics, type WatchOptions } from './http-metrics.ts';
export type { HttpMetricsOptions } from './http-metrics-options.ts';
export type { Ignore } from './ignored-paths.ts';
export { instrumentServer, type InstrumentServerOptions } from './instrument-server.ts';
export { metricsHandler, type MetricsHandlerOptions, type RequestHandler } from './metrics-handler.ts';
export type { ClassicLabel, HttpNaming, SemconvLabel } from './naming.ts';
export { startHttpServer, type HttpServerOptions, type MetricsServer } from './server.ts';
export type { MetricsTlsOptions } from './tls.ts';
export type { WatchableServer } from './watch-server.ts';
