export type { HttpMetricsOptions } from '@prometer/http';
export { metricsPlugin, metricsPlugin as default } from './plugin.ts';
