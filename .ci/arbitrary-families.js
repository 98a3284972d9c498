// Families as custom collectors give them: plain data of all types, with times, exemplars and all that is legal.
import * as fc from 'fast-check';
import { bounds, finite, number, positive, timestamp, timestampMs } from './arbitrary-numbers.js';
import { exemplarLabels, labels, metricName, text, unit } from './arbitrary-texts.js';
import { underscored } from './expected-families.js';

const count = fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 2 ** 50 }));

/** Some may not be shown: what is too long, and what has a label twice once its name is legal. */
const exemplar = fc.record(
  {
    labels: fc.oneof(
      { weight: 9, arbitrary: exemplarLabels },
      { weight: 1, arbitrary: fc.nat({ max: 140 }).map((length) => ({ a: '😱'.repeat(length) })) },
      { weight: 1, arbitrary: fc.constant({ 'a.b': '1', a_b: '2' }) },
    ),
    value: fc.double({ noNaN: true }).map((value) => value + 0),
    timestamp,
  },
  { requiredKeys: ['labels', 'value'] },
);

/** Buckets with any numbers in each, cumulative; an exemplar is in its bucket, or too large for it. */
const buckets = bounds.chain((upperBounds) => {
  const all = [...upperBounds, Infinity];
  const each = fc.record({
    inBucket: count,
    itsExemplar: fc.option(exemplar, { nil: undefined }),
    isAbove: fc.boolean(),
  });
  return fc
    .tuple(fc.array(each, { minLength: all.length, maxLength: all.length }), fc.boolean())
    .map(([rows, isLastTold]) => {
      let total = 0;
      const told = rows.map(({ inBucket, itsExemplar, isAbove }, i) => {
        const upperBound = all[i];
        total += inBucket;
        const value = isAbove && upperBound !== Infinity ? upperBound + Math.abs(upperBound) + 1 : upperBound;
        return { upperBound, count: total, ...(itsExemplar && { exemplar: { ...itsExemplar, value } }) };
      });
      return { count: total, buckets: isLastTold ? told : told.slice(0, -1) };
    });
});

const quantiles = fc
  .uniqueArray(
    fc.double({ min: 0, max: 1, noNaN: true }).map((quantile) => quantile + 0),
    { maxLength: 4 },
  )
  .map((all) => all.toSorted((a, b) => a - b));

/** What the series of each type have beside their labels. */
const valuesOf = ({ isStrict }) => {
  const sum = isStrict ? positive : number;
  const summarized = isStrict ? fc.oneof(positive, fc.constant(NaN)) : number;
  return {
    counter: fc.record({ value: positive, exemplar, created: finite }, { requiredKeys: ['value'] }),
    gauge: fc.record({ value: number, created: finite }, { requiredKeys: ['value'] }),
    unknown: fc.record({ value: number }),
    info: fc.record({ value: fc.constant(1) }),
    stateset: fc
      .dictionary(
        text.filter((state) => state !== ''),
        fc.boolean(),
        { maxKeys: 4, noNullPrototype: true },
      )
      .map((states) => ({ states })),
    summary: quantiles.chain((all) =>
      fc.record(
        {
          count,
          sum,
          quantiles: fc.tuple(
            ...all.map((quantile) => fc.record({ quantile: fc.constant(quantile), value: summarized })),
          ),
          created: finite,
        },
        { requiredKeys: ['count', 'sum', 'quantiles'] },
      ),
    ),
    // With a bound below 0, OpenMetrics shows no sum.
    histogram: buckets.chain((both) =>
      fc
        .record({ sum: both.buckets[0]?.upperBound < 0 ? number : sum, created: finite }, { requiredKeys: ['sum'] })
        .map((rest) => ({ ...both, ...rest })),
    ),
    gaugehistogram: fc.tuple(buckets, number).map(([both, itsSum]) => ({ ...both, sum: itsSum })),
  };
};

const familyOf = (type, values) =>
  fc
    .record({
      name: type === 'stateset' ? metricName.map((name) => name.replaceAll(':', '.')) : metricName,
      help: text,
      unit: type === 'stateset' || type === 'info' ? fc.constant(undefined) : unit,
      type: fc.constant(type),
      series: fc.uniqueArray(
        fc
          .tuple(fc.record({ labels, timestamp: timestampMs }, { requiredKeys: ['labels'] }), values)
          .map(([base, rest]) => ({ ...base, ...rest })),
        { maxLength: 4, selector: (series) => identity(series.labels) },
      ),
    })
    .map((family) => (type === 'info' ? { ...family, series: family.series.map(atOneTime) } : family));

/** Families whose names begin differently, so that none can clash. */
export const families = (options) =>
  fc
    .array(fc.oneof(...Object.entries(valuesOf(options)).map(([type, values]) => familyOf(type, values))), {
      maxLength: 4,
    })
    .map((all) => all.map((family, i) => ({ ...family, name: `m${i}_${family.name}` })));

/** To Prometheus, a label with an empty value is one that isn't there. */
function identity(given) {
  const present = Object.entries(given).filter(([, value]) => value !== '');
  return JSON.stringify(
    present.map(([name, value]) => JSON.stringify([underscored(name), value.toWellFormed()])).toSorted(),
  );
}

/** Python's parser takes the series of an info for one, whose time goes on, so they have one time here: the first's. */
function atOneTime({ timestamp: _, ...series }, i, all) {
  return all[0].timestamp === undefined ? series : { ...series, timestamp: all[0].timestamp };
}
