import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { AggregationType, MeterProvider } from '@opentelemetry/sdk-metrics';
import { expectEqual } from '../checks.js';

/** All of one meter, without the limit of 2,000 series that it has unless told otherwise. */
export function open() {
  const { exporter, meter } = meterOf({});
  const exponential = meterOf({ aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } });
  // With the labels of OpenTelemetry's own on no line but its own.
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    counter: ({ name, labelNames }) => counterOf(meter.createCounter(name), labelNames),
    gauge: ({ name, labelNames }) => gaugeOf(meter.createGauge(name), labelNames),
    histogram: ({ name, labelNames, buckets }) =>
      histogramOf(
        meter.createHistogram(name, buckets && { advice: { explicitBucketBoundaries: buckets } }),
        labelNames,
      ),
    nativeHistogram: ({ name, labelNames }) => histogramOf(exponential.meter.createHistogram(name), labelNames),
    text: async () => serializer.serialize(await collect(exporter)),
    // From its data, for its text has no exponential histograms.
    async total(sample) {
      const [, name, part] = /^(.+?)(?:_(sum|count|bucket))?$/.exec(sample);
      return totalOf([await collect(exporter), await collect(exponential.exporter)], name, PARTS[part]);
    },
  };
}

function meterOf(view) {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const views = [{ instrumentName: '*', aggregationCardinalityLimit: 2_000_000, ...view }];
  const provider = new MeterProvider({ readers: [exporter], views });
  return { exporter, meter: provider.getMeter('bench') };
}

async function collect(exporter) {
  const { resourceMetrics, errors } = await exporter.collect();
  expectEqual('The number of errors', errors.length, 0);
  return resourceMetrics;
}

/** What its data points have to say; those of counters and gauges are numbers. */
const PARTS = {
  undefined: (value) => value,
  sum: ({ sum }) => sum,
  count: ({ count }) => count,
  // Each has what is in those below it, too: the first of n is in all of them.
  bucket: ({ buckets: { counts } }) => counts.reduce((sum, count, i) => sum + count * (counts.length - i), 0),
};

function totalOf(collected, name, partOf) {
  return collected
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap(({ metrics }) => metrics)
    .filter(({ descriptor }) => descriptor.name === name)
    .flatMap(({ dataPoints }) => dataPoints)
    .reduce((sum, { value }) => sum + partOf(value), 0);
}

// It has no series to keep: what stands for one keeps the attributes.

function counterOf(instrument, labelNames) {
  if (labelNames === undefined) return { inc: (value = 1) => instrument.add(value) };
  return {
    inc: (labels, value = 1) => instrument.add(value, labels),
    labels: (...values) => {
      const labels = byName(labelNames, values);
      return { inc: (value = 1) => instrument.add(value, labels) };
    },
  };
}

function gaugeOf(instrument, labelNames) {
  if (labelNames === undefined) return { set: (value) => instrument.record(value) };
  return {
    set: (labels, value) => instrument.record(value, labels),
    labels: (...values) => {
      const labels = byName(labelNames, values);
      return { set: (value) => instrument.record(value, labels) };
    },
  };
}

function histogramOf(instrument, labelNames) {
  if (labelNames === undefined) return { observe: (value) => instrument.record(value) };
  return {
    observe: (labels, value) => instrument.record(value, labels),
    labels: (...values) => {
      const labels = byName(labelNames, values);
      return { observe: (value) => instrument.record(value, labels) };
    },
  };
}

function byName(names, values) {
  return Object.fromEntries(names.map((name, i) => [name, values[i]]));
}
