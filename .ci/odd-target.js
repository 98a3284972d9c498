import { PLAIN } from './native-target.js';
import { core, http } from './prometer.js';

const NO_BUCKETS = {
  ...PLAIN.native,
  zeroCount: 0,
  positiveSpans: [],
  positiveDeltas: [],
  negativeSpans: [],
  negativeDeltas: [],
};
const ODD_EXEMPLAR = { labels: { 'a.b': '1', a_b: 'x'.repeat(200) }, value: NaN, timestamp: 1e300 };

/**
 * What a custom collector should not give, but may. Each may cost itself, and nothing else; where a native histogram
 * is seen of it, it has to have this count and these buckets.
 */
export const ODD = {
  'a count that is no integer': { values: { ...PLAIN, count: 11.5 }, count: 11.5, counts: [2, 2, 1, 4, 2] },
  'a zero count that is no integer': {
    values: { ...PLAIN, native: { ...PLAIN.native, zeroCount: 1.5 } },
    count: 11,
    counts: [2, 1.5, 1, 4, 2],
  },
  'classic counts that are no integers': { values: { count: 2.5, sum: 1, buckets: [{ upperBound: 1, count: 0.5 }] } },
  'native buckets without any': { values: { count: 0, sum: 0, buckets: [], native: NO_BUCKETS }, count: 0, counts: [] },
  'nothing but NaN': { values: { count: 2, sum: NaN, buckets: [], native: NO_BUCKETS }, count: 2, counts: [] },
  'a bucket beyond all numbers': {
    values: { ...PLAIN, native: { ...PLAIN.native, positiveSpans: [{ offset: 2 ** 40, length: 3 }] } },
  },
  'an exemplar that is wrong in all ways': {
    values: {
      ...PLAIN,
      buckets: [{ upperBound: 1, count: 2, exemplar: ODD_EXEMPLAR }],
      native: { ...PLAIN.native, exemplars: [ODD_EXEMPLAR] },
    },
    count: 11,
    counts: [2, 2, 1, 4, 2],
  },
  'a NUL in an exemplar': {
    values: { count: 1, sum: 1, buckets: [{ upperBound: 1, count: 1, exemplar: { labels: { a: '\0' }, value: 1 } }] },
  },
};

/** Starts to serve one of them, beside the gauge `fine`. */
export async function startOddTarget({ values }) {
  const registry = new core.Registry();
  registry.gauge({ name: 'fine', help: '' }).set(1);
  registry.register({
    collect: () => [{ name: 'odd', help: '', type: 'histogram', series: [{ labels: {}, ...values }] }],
  });
  return http.startHttpServer({ port: 0, host: '127.0.0.1', registry });
}
