import { formatBound, formatNumber } from '../src/encode/numbers.ts';
import { textPieces } from './encode/encoded.ts';
import { escapeLabelName, escapeMetricName, unescapeDots, unescapeValues } from '../src/escaping.ts';
import { MetricError, type MetricFamily, type MetricType, type Series } from '../src/index.ts';
import { checkLabelNames } from '../src/labels.ts';
import type { FamilyView, SeriesView } from '../src/model.ts';
import { familyName } from '../src/names.ts';
import { viewOf } from '../src/gather/plain.ts';
import { numberOf, readVectors, withVectors } from './vectors-folder.ts';

interface Metric {
  labels: [name: string, value: string][];
  timestampMs?: number;
  counter?: { value: number | string };
  gauge?: { value: number | string };
  untyped?: { value: number | string };
  summary?: { sampleCount: number; sampleSum: number; quantiles: [quantile: number, value: number | string][] };
  histogram?: {
    sampleCount?: number;
    sampleCountFloat?: number;
    sampleSum: number;
    buckets: { upperBound: number | string; cumulativeCount?: number; cumulativeCountFloat?: number }[];
  };
}

interface TextCase {
  name: string;
  family: { name?: string; help?: string; type?: string; metrics: Metric[] };
  expect: string;
}

const SKIPPED: Readonly<Record<string, string>> = {
  'TestCreate#2': 'text 0.0.4 has no quoted names: they belong to 1.0.0',
  'TestCreateError#0': 'a family without series is written as HELP and TYPE, as Python does; both parse',
};

/** A counter of NaN or below 0, no name, and a counter without a value. */
const REFUSED = ['TestCreate#0', 'TestCreate#7', 'TestCreateError#1', 'TestCreateError#2'];

withVectors(() => {
  describe('Numbers', () => {
    const { cases } = readVectors('float_format.json') as {
      cases: { bits: string; goText: string; goOpenMetrics: string }[];
    };

    it.each(cases)(
      'of the bits $bits are $goText and, as a bound, $goOpenMetrics',
      ({ bits, goText, goOpenMetrics }) => {
        const value = new DataView(new BigUint64Array([BigInt(`0x${bits}`)]).buffer).getFloat64(0, true);
        expect(formatNumber(value)).toBe(goText);
        expect(formatBound(value)).toBe(goOpenMetrics);
      },
    );
  });

  describe('Text format 0.0.4', () => {
    const { cases } = readVectors('text_0_0_4_encode.json') as { cases: TextCase[] };
    const texts = cases.filter(({ name, expect: text }) => text !== undefined && !(name in SKIPPED));

    it.each(texts)('of a view: $name', ({ family, expect: text }) => {
      const view = {
        ...plainOf({ ...family, metrics: [] }),
        series: family.metrics.map((metric) => viewOfMetric(metric, family.type)),
      };
      expect(textOf(view as unknown as FamilyView)).toBe(asWeWriteIt(text, family));
    });

    it.each(texts.filter(({ name }) => !REFUSED.includes(name)))(
      'of what a collector gives: $name',
      ({ family, expect: text }) => {
        expect(textOf(viewOf(plainOf(family)))).toBe(asWeWriteIt(text, family));
      },
    );

    it.each(cases.filter(({ name }) => REFUSED.includes(name)))(
      'is refused of what a collector gives: $name',
      ({ family }) => {
        expect(() => viewOf(plainOf(family))).toThrow(MetricError);
      },
    );
  });

  describe('Names', () => {
    interface Name {
      input: string | { bytes: number[] };
      legacy: boolean;
      utf8: boolean;
    }
    const { metric, label, javaUtf8 } = readVectors('names.json') as {
      metric: Name[];
      label: Name[];
      javaUtf8: { input: string; valid: boolean }[];
    };
    // What isn't UTF-8 in bytes is half of a surrogate pair in a string.
    const textOf = (input: Name['input']): string => (typeof input === 'string' ? input : 'a\ud800z');

    it.each(metric)('of metrics: $input', ({ input, legacy, utf8 }) => {
      const name = textOf(input);
      expect(isAccepted(() => familyName(name, 'gauge', undefined))).toBe(utf8);
      expect(utf8 && escapeMetricName(name) === name).toBe(legacy);
    });

    it.each(javaUtf8)('of metrics, as in Java: $input', ({ input, valid }) => {
      const name = JSON.parse(`"${input}"`) as string;
      expect(isAccepted(() => familyName(name, 'gauge', undefined))).toBe(valid);
    });

    it.each(label)('of labels: $input', ({ input, legacy, utf8 }) => {
      const name = textOf(input);
      expect(isAccepted(() => checkLabelNames('m', [name], undefined))).toBe(utf8);
      expect(utf8 && escapeLabelName(name) === name).toBe(legacy);
    });
  });

  describe('Escaping', () => {
    const vectors = readVectors('escaping.json') as EscapingVectors;
    const schemes = ['underscores', 'dots', 'values'] as const;

    it.each([...vectors.goNames, ...vectors.pythonMetricNames])('of the metric name $input', (each) => {
      for (const scheme of schemes) expect(escapeMetricName(each.input, scheme)).toBe(each[scheme]);
      expect(escapeMetricName(each.input, 'allow-utf-8')).toBe(each.input);
    });

    it.each(vectors.pythonLabelNames)('of the label name $input', (each) => {
      for (const scheme of schemes) expect(escapeLabelName(each.input, scheme)).toBe(each[scheme]);
      expect(escapeLabelName(each.input, 'allow-utf-8')).toBe(each.input);
    });

    it.each(vectors.goNames)('undone of the metric name $input', ({ input, dots, values, unescapedDots }) => {
      expect(unescapeValues(values)).toBe(input);
      expect(unescapeDots(dots)).toBe(unescapedDots);
    });

    it.each(vectors.goUnescapeValues)('undone of $input', ({ input, expected }) => {
      expect(unescapeValues(input)).toBe(expected);
    });

    // The labels called __name__ are the family's name once more, which no label of ours can be.
    it.each(vectors.goFamilies)('of the family: $name', ({ scheme, input, expected }) => {
      expect(escapeMetricName(input.name ?? '', scheme)).toBe(expected.name ?? '');
      const labelNames = ({ metrics }: EscapedFamily) => metrics.flatMap(({ labels }) => labels.map(([name]) => name));
      const ours = labelNames(input).filter((name) => name !== '__name__');
      expect(ours.map((name) => escapeLabelName(name, scheme === 'dots' ? 'allow-utf-8' : scheme))).toEqual(
        labelNames(expected).filter((name) => name !== '__name__'),
      );
    });
  });
});

interface EscapingVectors {
  goNames: Escape[];
  pythonMetricNames: Escape[];
  pythonLabelNames: Escape[];
  goUnescapeValues: { input: string; expected: string }[];
  goFamilies: { name: string; scheme: 'dots' | 'values'; input: EscapedFamily; expected: EscapedFamily }[];
}

interface Escape {
  input: string;
  underscores: string;
  dots: string;
  values: string;
  /** Of Go only. */
  unescapedDots: string;
}

interface EscapedFamily {
  name?: string;
  metrics: { labels: [name: string, value: string][] }[];
}

/** Where we differ on purpose: a counter ends in `_total`, `le` and `quantile` carry `.0`, there is always a HELP. */
function asWeWriteIt(text: string, { name = '', help, type = 'COUNTER' }: TextCase['family']): string {
  const lines = text.split('\n');
  const total =
    type === 'COUNTER'
      ? lines.map((line) => line.replace(new RegExp(`^(# HELP |# TYPE )?${name}`), '$&_total'))
      : lines;
  const helped = help === undefined ? [`# HELP ${name} `, ...total] : total;
  return helped.join('\n').replace(/(le|quantile)="(-?\d+)"/g, '$1="$2.0"');
}

function textOf(family: FamilyView): string {
  return Buffer.concat([...textPieces([family])]).toString();
}

const TYPES: Readonly<Record<string, MetricType>> = { UNTYPED: 'unknown', GAUGE_HISTOGRAM: 'gaugehistogram' };

function plainOf({ name, help = '', type = 'COUNTER', metrics }: TextCase['family']): MetricFamily {
  return {
    name: name as string,
    help,
    type: TYPES[type] ?? (type.toLowerCase() as MetricType),
    series: metrics.map((metric) => ({
      labels: Object.fromEntries(metric.labels),
      ...(metric.timestampMs !== undefined && { timestamp: metric.timestampMs }),
      ...numbersOf(metric, type),
    })) as Series[],
  };
}

/** A series as an encoder sees it, of numbers that no collector may give. */
function viewOfMetric(metric: Metric, type = 'COUNTER'): SeriesView {
  const labelNames = metric.labels.map(([label]) => label);
  const labelValues = metric.labels.map(([, value]) => value);
  const base = { labelNames, labelValues };
  const numbers = numbersOf(metric, type);
  return { ...base, timestamp: metric.timestampMs, ...('buckets' in numbers ? alone(numbers) : numbers) };
}

/** Cumulative buckets as counts of each alone. */
function alone({ sum, count, buckets }: Numbers): object {
  const finite = buckets.filter(({ upperBound }) => upperBound !== Infinity);
  const cumulative = [...finite.map((bucket) => bucket.count), count];
  return {
    sum,
    upperBounds: finite.map(({ upperBound }) => upperBound),
    bucketCounts: cumulative.map((each, i) => each - (cumulative[i - 1] ?? 0)),
  };
}

interface Numbers {
  count: number;
  sum: number;
  buckets: { upperBound: number; count: number }[];
}

function numbersOf({ counter, gauge, untyped, summary, histogram }: Metric, type: string): object | Numbers {
  if (summary !== undefined) {
    const quantiles = summary.quantiles.map(([quantile, value]) => ({ quantile, value: numberOf(value) }));
    return { count: summary.sampleCount, sum: summary.sampleSum, quantiles };
  }
  if (histogram === undefined) {
    const { value } = (type === 'UNTYPED' ? untyped : (counter ?? gauge)) ?? {};
    return value === undefined ? {} : { value: numberOf(value) };
  }
  return {
    count: histogram.sampleCount ?? histogram.sampleCountFloat,
    sum: histogram.sampleSum,
    buckets: histogram.buckets.map(({ upperBound, cumulativeCount, cumulativeCountFloat }) => ({
      upperBound: numberOf(upperBound),
      count: cumulativeCountFloat ?? cumulativeCount,
    })),
  };
}

function isAccepted(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}
