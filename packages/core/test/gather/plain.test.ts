import { viewOf } from '../../src/gather/plain.ts';
import type { FamilyView, MetricFamily, MetricType, NativeHistogram } from '../../src/model.ts';
import { refusal } from '../refusal.ts';

const NATIVE: NativeHistogram = {
  schema: 0,
  zeroThreshold: 0,
  zeroCount: 0,
  positiveSpans: [],
  positiveDeltas: [],
  negativeSpans: [],
  negativeDeltas: [],
  exemplars: [],
};

/** What a scrape sees of a family with this one series. */
function viewWith(type: MetricType, series: object): FamilyView {
  return viewOf({ name: 'x', help: '', type, series: [{ labels: {}, ...series }] } as unknown as MetricFamily);
}

function histogramOf(count: number, rest: object): FamilyView {
  return viewWith('histogram', { count, sum: 0, buckets: [], ...rest });
}

describe('A family of a custom collector', () => {
  it('is seen with its buckets counted one by one, and everything else as it was given', () => {
    const exemplar = { labels: { id: 'a' }, value: 0.5 };
    const timed = { ...exemplar, timestamp: 3 };
    const native = {
      ...NATIVE,
      schema: 8,
      zeroThreshold: 0.5,
      zeroCount: 1,
      positiveSpans: [
        { offset: -(2 ** 31) + 1, length: 1 },
        { offset: 0, length: 1 },
      ],
      positiveDeltas: [3, -1],
      negativeSpans: [{ offset: 2 ** 31 - 1, length: 1 }],
      negativeDeltas: [1],
      exemplars: [timed],
    };
    const buckets = [
      { upperBound: -1, count: 2, exemplar },
      { upperBound: 1, count: 2 },
      { upperBound: Infinity, count: 7 },
    ];
    const series = [{ labels: { a: 'y' }, count: 7, sum: -3, buckets, native, created: 1.5, timestamp: -2 }];
    expect(viewOf({ name: 'x', help: 'X', type: 'histogram', unit: 'bytes', series })).toEqual({
      name: 'x_bytes',
      help: 'X',
      type: 'histogram',
      unit: 'bytes',
      series: [
        {
          labelNames: ['a'],
          labelValues: ['y'],
          created: 1.5,
          timestamp: -2,
          sum: -3,
          upperBounds: [-1, 1],
          bucketCounts: [2, 0, 5],
          exemplars: [exemplar, undefined, undefined],
          native,
        },
      ],
    });
  });

  it('is seen with a last bucket that was left out, and without exemplars and native buckets where there are none', () => {
    const [series] = histogramOf(3, { buckets: [{ upperBound: 1, count: 1 }] }).series;
    expect(Object.entries(series as object).filter(([, value]) => value !== undefined)).toEqual([
      ['labelNames', []],
      ['labelValues', []],
      ['sum', 0],
      ['upperBounds', [1]],
      ['bucketCounts', [1, 2]],
    ]);
  });

  it('may have an exemplar in its last bucket only', () => {
    const exemplar = { labels: {}, value: 9 };
    const view = histogramOf(1, { buckets: [{ upperBound: Infinity, count: 1, exemplar }] });
    expect(view.series).toMatchObject([{ upperBounds: [], bucketCounts: [1], exemplars: [exemplar] }]);
  });

  it('may have quantiles from 0 to 1, and a count of 0', () => {
    const given = { count: 0, sum: -1, quantiles: [0, 0.5, 1].map((quantile) => ({ quantile, value: NaN })) };
    expect(viewWith('summary', given).series).toMatchObject([given]);
  });

  it('may count values in no native bucket, such as NaN, but no more in them than in all', () => {
    const native = { ...NATIVE, zeroCount: 1, positiveSpans: [{ offset: 0, length: 2 }], positiveDeltas: [1, 1] };
    for (const count of [4, 5]) expect(histogramOf(count, { native }).series).toMatchObject([{ native }]);
    expect(() => histogramOf(3, { native })).toThrow(' counts 4 in native buckets, but 3 in all:');
  });

  it.each([-4, 8])('may have native buckets of schema %p', (schema) => {
    const native = { ...NATIVE, schema };
    expect(histogramOf(0, { native }).series).toMatchObject([{ native }]);
  });

  it('keeps the text of the labels of exemplars', () => {
    const exemplar = { labels: { id: 5, none: null }, value: 1 };
    expect(viewWith('counter', { value: 1, exemplar }).series).toMatchObject([
      { exemplar: { labels: { id: '5', none: '' }, value: 1 } },
    ]);
  });

  it('may have a timestamp with a fraction, as large as an integer can be', () => {
    const timestamp = Number.MAX_SAFE_INTEGER;
    for (const each of [timestamp, -timestamp, 0.5])
      expect(viewWith('gauge', { value: 1, timestamp: each }).series).toMatchObject([{ timestamp: each }]);
  });

  it('is refused with all that was given and what to do', () => {
    const series = { labels: { a: 'b' }, value: '5' };
    expect(
      refusal(() => viewOf({ name: 'x', help: '', type: 'gauge', series: [series] } as unknown as MetricFamily)),
    ).toEqual({
      code: 'INVALID_VALUE',
      message:
        'The series {"labels":{"a":"b"},"value":"5"} that a collector gave for metric "x" has "5" for a number: give what its type needs.',
    });
    expect(refusal(() => viewOf(5 as never))).toEqual({
      code: 'INVALID_OPTION',
      message:
        "A collector gave 5: give families such as { name: 'x', help: 'X', type: 'gauge', series: [{ labels: {}, value: 1 }] }.",
    });
  });

  const spans = (...lengths: number[]): object[] => lengths.map((length) => ({ offset: 0, length }));
  const bucket = (upperBound: unknown, count: unknown): object => ({ upperBound, count });

  it.each<[string, MetricType, object | null]>([
    ['has no labels', 'gauge', { labels: undefined, value: 1 }],
    ['has the label "le", which its samples write themselves', 'histogram', { labels: { le: '1' } }],
    ['has the label "quantile", which its samples write themselves', 'summary', { labels: { quantile: '1' } }],
    ['has a time of creation that is none', 'counter', { value: 1, created: Infinity }],
    ['has a timestamp that is none', 'gauge', { value: 1, timestamp: 2 ** 53 }],
    ['has undefined for a number', 'gauge', {}],
    ['is a count, but below 0 or NaN', 'counter', { value: -0.5 }],
    ['is a count, but below 0 or NaN', 'counter', { value: NaN }],
    ['is an info, but not 1', 'info', { value: 0 }],
    ['has undefined for a count', 'histogram', { sum: 0, buckets: [] }],
    ['has -1 for a count', 'histogram', { count: -1, sum: 0, buckets: [] }],
    ['has undefined for a number', 'histogram', { count: 1, buckets: [] }],
    ['has no buckets', 'histogram', { count: 1, sum: 0 }],
    ['has "1" for a number', 'histogram', { count: 1, sum: 0, buckets: [bucket('1', 1)] }],
    ['has "1" for a count', 'histogram', { count: 1, sum: 0, buckets: [bucket(1, '1')] }],
    ['has -1 for a count', 'histogram', { count: 1, sum: 0, buckets: [bucket(1, -1)] }],
    [
      'has buckets whose bounds or cumulative counts do not ascend',
      'histogram',
      { count: 2, sum: 0, buckets: [bucket(1, 1), bucket(1, 2)] },
    ],
    [
      'has buckets whose bounds or cumulative counts do not ascend',
      'histogram',
      { count: 2, sum: 0, buckets: [bucket(1, 2), bucket(2, 1)] },
    ],
    ['has another count than its last bucket', 'histogram', { count: 2, sum: 0, buckets: [bucket(Infinity, 1)] }],
    ['has another count than its last bucket', 'histogram', { count: 1, sum: 0, buckets: [bucket(Infinity, 2)] }],
    ['has undefined for a count', 'summary', { sum: 0, quantiles: [] }],
    ['has undefined for a number', 'summary', { count: 1, quantiles: [] }],
    ['has no quantiles', 'summary', { count: 1, sum: 0 }],
    ['has "0" for a number', 'summary', { count: 1, sum: 0, quantiles: [{ quantile: '0', value: 1 }] }],
    ['has "1" for a number', 'summary', { count: 1, sum: 0, quantiles: [{ quantile: 0, value: '1' }] }],
    ...[[-0.1], [1.1], [0.5, 0.5], [0.9, 0.5]].map((all): [string, MetricType, object] => [
      'has quantiles that do not ascend from 0 to 1',
      'summary',
      { count: 1, sum: 0, quantiles: all.map((quantile) => ({ quantile, value: 1 })) },
    ]),
    ['has no states', 'stateset', { states: [] }],
    ['has states that are not named, or neither true nor false', 'stateset', { states: { on: true, off: 0 } }],
    ['has states that are not named, or neither true nor false', 'stateset', { states: { '': true } }],
    ['has an exemplar that is none', 'counter', { value: 1, exemplar: 5 }],
    ['has an exemplar that is none', 'counter', { value: 1, exemplar: { value: 1 } }],
    ['has undefined for a number', 'counter', { value: 1, exemplar: { labels: {} } }],
    ['has an exemplar of no time', 'counter', { value: 1, exemplar: { labels: {}, value: 1, timestamp: Infinity } }],
    [
      'has an exemplar that is none',
      'histogram',
      { count: 1, sum: 0, buckets: [{ upperBound: 1, count: 1, exemplar: null }] },
    ],
  ])('is refused where a series %s: a %s', (what, type, series) => {
    const { code, message } = refusal(() => viewWith(type, series as object));
    expect([code, message.replace(/^.* for metric "x" /, '')]).toEqual([
      'INVALID_VALUE',
      `${what}: give what its type needs.`,
    ]);
  });

  it('is refused where two series have the same labels', () => {
    const series = [
      { labels: { a: '1', b: '2' }, value: 1 },
      { labels: { b: '2', a: '1', c: '' }, value: 1 },
    ];
    expect(() => viewOf({ name: 'x', help: '', type: 'gauge', series })).toThrow(' has the labels of another one:');
  });

  it.each<[string, unknown]>([
    ['has native buckets that are none', null],
    ['has native buckets of schema 9, not -4 to 8', { schema: 9 }],
    ['has native buckets of schema -5, not -4 to 8', { schema: -5 }],
    ['has native buckets of schema 0.5, not -4 to 8', { schema: 0.5 }],
    ['has the zero threshold -1', { zeroThreshold: -1 }],
    ['has the zero threshold Infinity', { zeroThreshold: Infinity }],
    ['has -1 for a count', { zeroCount: -1 }],
    ['has native buckets beside 0.5, which is no integer', { zeroCount: 0.5 }],
    ['has no native buckets', { positiveDeltas: undefined }],
    ['has no native buckets', { negativeDeltas: undefined }],
    ['has 0.5 for the delta of a native bucket', { positiveSpans: spans(1), positiveDeltas: [0.5] }],
    ['has 0.5 for the delta of a native bucket', { negativeSpans: spans(1), negativeDeltas: [0.5] }],
    ['has native buckets that count less than nothing', { positiveSpans: spans(2), positiveDeltas: [1, -2] }],
    ['has native buckets that count less than nothing', { negativeSpans: spans(1), negativeDeltas: [-1] }],
    ['has no spans of native buckets', { positiveSpans: undefined }],
    ['has no spans of native buckets', { negativeSpans: {} }],
    ['has spans of native buckets that are none', { positiveSpans: [{ offset: 2 ** 31, length: 0 }] }],
    ['has spans of native buckets that are none', { positiveSpans: [{ offset: -(2 ** 31), length: 0 }] }],
    ['has spans of native buckets that are none', { positiveSpans: [{ offset: '0', length: 0 }] }],
    ['has spans of native buckets that are none', { positiveSpans: [{ offset: 0, length: 2 ** 31 }] }],
    [
      'has spans of native buckets that are none',
      {
        positiveSpans: [
          { offset: 0, length: 2 },
          { offset: 0, length: -1 },
        ],
        positiveDeltas: [1],
      },
    ],
    [
      'has spans of native buckets that are none',
      {
        negativeSpans: [
          { offset: 0, length: 0 },
          { offset: -1, length: 0 },
        ],
      },
    ],
    ['has spans of other native buckets', { positiveSpans: spans(1, 1), positiveDeltas: [1] }],
    ['has spans of other native buckets', { negativeSpans: spans(1), negativeDeltas: [1, 0] }],
    ['counts 11 in native buckets, but 10 in all', { zeroCount: 11 }],
    ['counts 12 in native buckets, but 10 in all', { negativeSpans: spans(2), negativeDeltas: [6, 0] }],
    ['has no exemplars', { exemplars: undefined }],
    ['has an exemplar that is none', { exemplars: [5] }],
  ])('is refused where a histogram %s', (what, native) => {
    const given = native === null ? null : { ...NATIVE, ...(native as object) };
    expect(() => histogramOf(10, { native: given })).toThrow(` for metric "x" ${what}: give what its type needs.`);
  });

  it('is refused where a histogram of native buckets counts parts', () => {
    expect(() => histogramOf(2.5, { native: NATIVE })).toThrow(' has native buckets beside 2.5, which is no integer:');
  });
});
