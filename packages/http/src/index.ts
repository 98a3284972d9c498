export { HttpMetrics, type HttpMetricsOptions, type RouteOf } from './http-metrics.ts';
export { metricsHandler, type RequestHandler } from './metrics-handler.ts';
export { startHttpServer, type HttpServerOptions, type MetricsServer } from './server.ts';
