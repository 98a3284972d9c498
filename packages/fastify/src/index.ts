export { basicAuth, bearerAuth, type HttpMetrics, type HttpMetricsOptions } from '@prometer/http';
export type { FastifyMetricsOptions } from './options.ts';
export { metricsPlugin, metricsPlugin as default } from './plugin.ts';
export type { RouteConfig } from './route-name.ts';
