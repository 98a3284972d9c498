export { collectDefaultMetrics, type DefaultMetrics } from './default-metrics.ts';
export type { DefaultMetricsGroup, DefaultMetricsNames, DefaultMetricsOptions } from './default-metrics-options.ts';
export { shortened, show } from './show.ts';
