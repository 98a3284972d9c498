export { exponentialBuckets, linearBuckets } from './buckets.ts';
export { Counter, CounterSeries, type CounterDefinition } from './counter.ts';
export type { MetricDefinition, RegistryOption } from './definition.ts';
export { MetricError, type MetricErrorCode } from './errors.ts';
export { negotiate, type Negotiated, type NegotiateOptions } from './encode/negotiate.ts';
export type { EscapingScheme } from './escaping.ts';
export type { ExemplarLabels } from './exemplar.ts';
export type { ExposeOptions, Exposition, ExpositionStream, MetricsOptions, StreamOptions } from './exposition.ts';
export type { GatherOptions } from './gather/gather.ts';
export { Gauge, GaugeSeries, type GaugeDefinition } from './gauge.ts';
export { HistogramSeries, type HistogramValue } from './histogram-series.ts';
export { Histogram, type HistogramDefinition } from './histogram.ts';
export { Info, InfoSeries, type InfoDefinition, type InfoLabels } from './info.ts';
export type { Labels, LabelValue } from './labels.ts';
export { lint, type LintFinding } from './lint.ts';
export type {
  BucketSpan,
  Collector,
  Exemplar,
  FamilyDescription,
  MetricFamily,
  MetricType,
  NativeHistogram,
  QuantileValue,
  Series,
} from './model.ts';
export { nearestTo } from './nearest.ts';
export { checkNames, isPlain } from './options.ts';
export type { NativeOptions } from './native/native-options.ts';
export { defaultRegistry, Registry, type Metric, type RegistryOptions } from './registry.ts';
export { onScrapeWork } from './scrape-work.ts';
export { StateSet, StateSetSeries, type StateSetDefinition } from './state-set.ts';
export { Summary, SummarySeries, type SummaryDefinition, type SummaryValue } from './summary.ts';
export type { EndTimer } from './timer.ts';
export { warn } from './warning.ts';
