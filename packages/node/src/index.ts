export {
  collectDefaultMetrics,
  type DefaultMetrics,
  type DefaultMetricsGroup,
  type DefaultMetricsNames,
  type DefaultMetricsOptions,
} from './default-metrics.ts';
