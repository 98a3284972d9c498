// Metrics as users make and use them, as plain data from which a registry of them is made.
import * as fc from 'fast-check';
import { amount, bounds, number, positive } from './arbitrary-numbers.js';
import { exemplarLabels, labelNames, labels, labelsNamed, metricName as name, text, unit } from './arbitrary-texts.js';

const exemplar = fc.option(exemplarLabels, { nil: undefined });

/** Series, each with its labels and what is done to it. */
const seriesOf = (names, step) =>
  fc.array(fc.record({ labels: labelsNamed(names), steps: fc.array(step, { maxLength: 5 }) }), { maxLength: 4 });

const metricOf = (type, step, options = {}) =>
  labelNames({ maxLength: 3 }).chain((names) =>
    fc.record({
      type: fc.constant(type),
      name,
      help: text,
      unit,
      labelNames: fc.constant(names),
      series: seriesOf(names, step),
      options: fc.record(options),
    }),
  );

const histogram = (isStrict) =>
  bounds.chain((buckets) => {
    // With a bound below 0, OpenMetrics shows no sum.
    const observed = isStrict && !(buckets[0] < 0) ? positive : number;
    return metricOf('histogram', fc.tuple(observed, exemplar), { buckets: fc.constant(buckets), native: fc.boolean() });
  });

const info = labelNames({ maxLength: 4 }).chain((all) => {
  const [names, said] = [all.slice(0, 1), all.slice(1)];
  return fc.record({
    type: fc.constant('info'),
    name,
    help: text,
    labelNames: fc.constant(names),
    series: seriesOf(names, labelsNamed(said)),
    options: fc.constant({}),
  });
});

const stateSet = fc
  .uniqueArray(
    text.filter((state) => state !== ''),
    { minLength: 1, maxLength: 4 },
  )
  .chain((states) =>
    metricOf('stateSet', fc.constantFrom(...states), { states: fc.constant(states) }).map(({ unit: _, ...metric }) => ({
      ...metric,
      // It is a label's name as well, which has no colon.
      name: metric.name.replaceAll(':', '.'),
    })),
  );

/**
 * Some metrics, and how they are used. The strict parser refuses sums that are negative or NaN and quantiles that are
 * negative, although Prometheus' own libraries write them: for it, such are not observed.
 */
export const metrics = ({ isStrict }) =>
  fc.array(
    fc.oneof(
      metricOf('counter', fc.tuple(amount, exemplar)),
      metricOf('gauge', number),
      histogram(isStrict),
      metricOf('summary', isStrict ? positive : number, { quantiles: fc.subarray([0, 0.001, 0.5, 0.999, 1]) }),
      info,
      stateSet,
    ),
    { maxLength: 4 },
  );

/** Labels of a registry itself. */
export const constantLabels = labels.map((all) =>
  Object.fromEntries(
    Object.entries(all)
      .slice(0, 1)
      .map(([label, value]) => [`k.${label}`, value]),
  ),
);

const USE = {
  counter: (series, [value, itsExemplar]) => series.inc(value, itsExemplar),
  gauge: (series, value) => series.set(value),
  histogram: (series, [value, itsExemplar]) => series.observe(value, itsExemplar),
  summary: (series, value) => series.observe(value),
  info: (series, said) => series.set(said),
  stateSet: (series, state) => series.set(state),
};

/** Makes the metrics in a registry and uses them; their names begin differently, so that none can clash. */
export function useMetrics(registry, all) {
  all.forEach(({ type, name: itsName, help, unit: itsUnit, labelNames: names, series, options }, i) => {
    const definition = { name: `m${i}_${itsName}`, help, unit: itsUnit, labelNames: names, ...options };
    const metric = registry[type](definition);
    for (const { labels: itsLabels, steps } of series) {
      const used = names.length > 0 ? metric.labels(itsLabels) : metric.labels();
      for (const step of steps) USE[type](used, step);
    }
  });
}
