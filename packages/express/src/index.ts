export type { HttpMetricsOptions } from '@prometer/http';
export { createMetricsMiddleware, metricsMiddleware, type MetricsMiddleware } from './middleware.ts';
