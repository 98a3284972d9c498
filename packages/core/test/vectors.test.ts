import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { formatBound, formatNumber } from '../src/encode/numbers.ts';
import { encodeText } from '../src/encode/text.ts';
import { checkLabelNames, renderLabels } from '../src/labels.ts';
import type { FamilyView, SeriesView } from '../src/model.ts';
import { escapeLabelName, escapeMetricName } from '../src/escaping.ts';
import { familyName } from '../src/names.ts';

// What other implementations give for the same input, kept outside of the project; nothing is checked where it isn't there.
const folder = process.env['PROMETER_VECTORS'] ?? resolve(__dirname, '../../../../shared/vectors');

if (existsSync(folder)) checkVectors();
// oxlint-disable-next-line jest/no-disabled-tests, jest/expect-expect -- says what was not checked
else it.skip(`agrees with the vectors in ${folder}`, () => {});

function read(file: string): unknown {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}

interface Metric {
  labels: [name: string, value: string][];
  timestampMs?: number;
  counter?: { value: number | string };
  gauge?: { value: number | string };
  summary?: { sampleCount: number; sampleSum: number };
  histogram?: {
    sampleCount?: number;
    sampleSum: number;
    buckets: { upperBound: number | string; cumulativeCount: number }[];
  };
}

interface TextCase {
  name: string;
  family: { name: string; help: string; type?: string; metrics: Metric[] };
  expect: string;
}

function checkVectors(): void {
  describe('Numbers', () => {
    const { cases } = read('float_format.json') as { cases: { bits: string; goText: string; goOpenMetrics: string }[] };

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
    const { cases } = read('text_0_0_4_encode.json') as { cases: TextCase[] };

    it.each(cases.filter(isOurs))('$name', ({ family, expect: text }) => {
      const pieces = [...encodeText([viewOf(family)])];
      expect(Buffer.concat(pieces).toString()).toBe(asWeWriteIt(text, family));
    });
  });

  describe('Names', () => {
    interface Name {
      input: string | { bytes: number[] };
      legacy: boolean;
      utf8: boolean;
    }
    const { metric, label, javaUtf8 } = read('names.json') as {
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

  describe('Escaping with underscores', () => {
    interface Escape {
      input: string;
      underscores: string;
    }
    const vectors = read('escaping.json') as Record<'goNames' | 'pythonMetricNames' | 'pythonLabelNames', Escape[]>;

    it.each([...vectors.goNames, ...vectors.pythonMetricNames])(
      'of the metric name $input',
      ({ input, underscores }) => {
        expect(escapeMetricName(input)).toBe(underscores);
      },
    );

    it.each(vectors.pythonLabelNames)('of the label name $input', ({ input, underscores }) => {
      expect(escapeLabelName(input)).toBe(underscores);
    });
  });
}

/** Our series have no timestamps and integer counts, and text 0.0.4 has no quoted names. */
function isOurs({ family, expect: text }: TextCase): boolean {
  return (
    text !== undefined &&
    [undefined, 'COUNTER', 'GAUGE', 'HISTOGRAM', 'SUMMARY'].includes(family.type) &&
    escapeMetricName(family.name) === family.name &&
    family.metrics.every((metric) => metric.timestampMs === undefined) &&
    family.metrics.every(({ histogram }) => histogram === undefined || histogram.sampleCount !== undefined)
  );
}

/** Where we differ on purpose: a counter ends in `_total`, and `le` and `quantile` carry `.0`. */
function asWeWriteIt(text: string, { name, type = 'COUNTER' }: TextCase['family']): string {
  const lines = text.split('\n');
  const total =
    type === 'COUNTER'
      ? lines.map((line) => line.replace(new RegExp(`^(# HELP |# TYPE )?${name}`), '$&_total'))
      : lines;
  return total.join('\n').replace(/(le|quantile)="(-?\d+)"/g, '$1="$2.0"');
}

function viewOf({ name, help, type = 'COUNTER', metrics }: TextCase['family']): FamilyView {
  const series = metrics.map((metric) => {
    const labelNames = metric.labels.map(([label]) => label);
    const labelValues = metric.labels.map(([, value]) => value);
    const labels: SeriesView = { labelNames, labelValues, labelText: renderLabels(labelNames, labelValues) };
    return { ...labels, ...numbersOf(metric) };
  });
  return { name, help, type: type.toLowerCase(), unit: undefined, series } as unknown as FamilyView;
}

function numbersOf({ counter, gauge, summary, histogram }: Metric): object {
  if (summary !== undefined) {
    const quantiles = summary.quantiles.map(([quantile, value]) => ({ quantile, value: numberOf(value) }));
    return { count: summary.sampleCount, sum: summary.sampleSum, quantiles };
  }
  if (histogram === undefined) return { value: numberOf((counter ?? gauge)?.value ?? NaN) };
  const buckets = histogram.buckets.filter(({ upperBound }) => upperBound !== '+Inf');
  const cumulative = [...buckets.map(({ cumulativeCount }) => cumulativeCount), histogram.sampleCount as number];
  return {
    sum: histogram.sampleSum,
    upperBounds: buckets.map(({ upperBound }) => numberOf(upperBound)),
    bucketCounts: cumulative.map((count, i) => count - (cumulative[i - 1] ?? 0)),
  };
}

function numberOf(given: number | string): number {
  return Number(String(given).replace('Inf', 'Infinity'));
}

function isAccepted(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}
