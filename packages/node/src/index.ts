export {
  collectDefaultMetrics,
  type DefaultMetrics,
  type DefaultMetricsGroup,
  type DefaultMetricsOptions,
} from './default-metrics.ts';
