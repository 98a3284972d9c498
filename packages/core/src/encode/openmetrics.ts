import { escapeLabelName, escapeMetricName, type EscapingScheme } from '../escaping.ts';
import { charactersIn, escapeLabelValue, MOST_EXEMPLAR_CHARACTERS } from '../labels.ts';
import type { Exemplar, FamilyView, HistogramSeriesView, MetricType, SeriesView } from '../model.ts';
import { writtenLabelName, writtenLabels } from './label-text.ts';
import { LineStart, writtenName } from './line-start.ts';
import {
  exposedNames,
  hasCreated,
  seriesWriter,
  writeSample,
  writing,
  type Dialect,
  type FamilyLines,
  type OnInvalid,
  type SeriesWriter,
} from './lines.ts';
import { formatNumber } from './numbers.ts';
import { documentEncoder } from './openmetrics-document.ts';
import { isCount, type Rules } from './openmetrics-rules.ts';
import type { Encoder } from './prepared.ts';
import type { TextWriter } from './text-writer.ts';

const RULES: Rules = {
  unit: (name, unit) => (name.endsWith(`_${unit}`) ? undefined : `its name does not end in its unit, "${unit}"`),
  counts: ({ bucketCounts }) =>
    Array.from(bucketCounts).every(isCount) ? undefined : 'a bucket counts what is no integer from 0 on',
};

/** What can be chosen about OpenMetrics. */
export interface OpenMetricsOptions {
  /** How names are written that aren't legal without quotes. */
  escaping?: EscapingScheme | undefined;
  /** Whether the samples of each series end with a `_created` one, if it knows when it began to count. */
  created?: boolean | undefined;
  /** Called for each family that is left out since it would make the whole document invalid, with what is wrong. */
  onInvalid?: OnInvalid | undefined;
}

/**
 * Families as OpenMetrics 1.0 text (OpenMetrics 1.0, "Text format").
 *
 * One rule is kept as Go's client and Prometheus keep it: a sum that has been made negative or NaN by what was observed
 * stays, and so does a negative quantile, though the specification has it that they MUST NOT be. Who observes such values
 * would lose the count with them, and Prometheus takes them.
 */
export function openMetricsEncoder({
  escaping: scheme = 'underscores',
  created = false,
  onInvalid,
}: OpenMetricsOptions = {}): Encoder<TextWriter> {
  const dialect = dialectOf(scheme);
  const linesOf = (family: FamilyView): FamilyLines => {
    const write = seriesWriter(family, dialect);
    return {
      names: exposedNames(family, scheme),
      head: headOf(family, scheme),
      write: created && hasCreated(family) ? withCreated(family, dialect, write) : write,
    };
  };
  return documentEncoder({ scheme, rules: RULES, linesOf, onInvalid });
}

function headOf({ name, type, help, unit = '' }: FamilyView, scheme: EscapingScheme): string {
  const written = writtenName(name, scheme);
  // Other than in Prometheus' own text format, a double quote is escaped as in a label's value.
  const head = `# HELP ${written} ${escapeLabelValue(help)}\n# TYPE ${written} ${type}\n`;
  // Escaping can have changed the name's end, and a unit has to be that.
  const hasUnit = unit !== '' && escapeMetricName(name, scheme).endsWith(`_${unit}`);
  return hasUnit ? `${head}# UNIT ${written} ${unit}\n` : head;
}

function withCreated(
  family: FamilyView,
  { scheme, end }: Dialect,
  write: SeriesWriter<TextWriter>,
): SeriesWriter<TextWriter> {
  const sample = new LineStart(family, '_created', scheme);
  const writeBoth = (out: TextWriter, series: SeriesView): void => {
    write(out, series as never);
    const { created, timestamp } = series;
    if (created !== undefined) writeSample(out, sample, series, created, end(timestamp));
  };
  return writing(writeBoth, write, sample);
}

function dialectOf(scheme: EscapingScheme): Dialect {
  return {
    scheme,
    end: (timestamp) => (timestamp === undefined ? '\n' : ` ${formatSeconds(timestamp / 1000)}\n`),
    gaugeHistogram: ['_gsum', '_gcount'],
    hasSum,
    exemplar: (exemplar, most) => exemplarText(exemplar, most, scheme),
  };
}

/**
 * With negative bounds, the sum of a histogram is no counter and is not shown, that of a gauge histogram may be below 0;
 * the count goes with it ("Histogram", "GaugeHistogram").
 */
function hasSum(type: MetricType, { sum, upperBounds }: HistogramSeriesView): boolean {
  const hasNegative = (upperBounds[0] ?? 0) < 0;
  return type === 'histogram' ? !hasNegative : sum >= 0 || (hasNegative && !Number.isNaN(sum));
}

/**
 * A time in seconds as Go writes it, but in full where an exponent would come after nine decimals: Python's parser takes
 * those for the fraction of a second and doesn't see the exponent.
 */
function formatSeconds(seconds: number): string {
  const text = formatNumber(seconds);
  return /\.\d{9}.*e/.test(text) ? String(seconds) : text;
}

/** An exemplar after its sample's value; empty for one that says nothing, or that may not stand there ("Exemplars"). */
function exemplarText(exemplar: Exemplar, most: number, scheme: EscapingScheme): string {
  const { labels, value, timestamp } = exemplar;
  const names = Object.keys(labels);
  const length = charactersIn([...names.map((name) => escapeLabelName(name, scheme)), ...Object.values(labels)]);
  if (names.length === 0 || length > MOST_EXEMPLAR_CHARACTERS || !(value <= most)) return '';
  return exemplarOf(exemplar, timestamp === undefined ? '' : ` ${formatSeconds(timestamp)}`, scheme);
}

/**
 * An exemplar and its time, which is given as text; empty for one of which two labels have one name, and for one with a
 * NUL, which the specification allows but for which Prometheus refuses the whole document.
 */
export function exemplarOf({ labels, value }: Exemplar, time: string, scheme: EscapingScheme): string {
  const names = Object.keys(labels);
  if (Object.values(labels).some((text) => text.includes('\0'))) return '';
  const written = names.map((name) => writtenLabelName(name, scheme));
  if (new Set(written).size < written.length) return '';
  return ` # {${writtenLabels(names, Object.values(labels), scheme)}} ${formatNumber(value)}${time}`;
}
