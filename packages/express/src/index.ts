export { basicAuth, bearerAuth, type HttpMetrics, type HttpMetricsOptions } from '@prometer/http';
export { measureAs, type Middleware } from './measure-as.ts';
export { createMetricsMiddleware, metricsMiddleware, type MetricsMiddleware } from './middleware.ts';
