// So that an adapter, which depends on this package alone, can refuse what it has to.
export { MetricError } from '@prometer/core';
export { HttpMetrics, type HttpMetricsOptions, type RouteOf } from './http-metrics.ts';
export { metricsHandler, type MetricsHandlerOptions, type RequestHandler } from './metrics-handler.ts';
export { startHttpServer, type HttpServerOptions, type MetricsServer } from './server.ts';
