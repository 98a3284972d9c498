import { reservedLabel } from '../description.ts';
import { escapeLabelName, escapeMetricName, type EscapingScheme } from '../escaping.ts';
import { charactersIn, escapeLabelValue, MOST_EXEMPLAR_CHARACTERS } from '../labels.ts';
import type {
  Exemplar,
  FamilyView,
  HistogramSeriesView,
  MetricType,
  SeriesView,
  SummarySeriesView,
  ValueSeries,
} from '../model.ts';
import { ByteWriter } from './byte-writer.ts';
import { areSame, labelTextOf, writtenLabelName, writtenLabels } from './label-text.ts';
import {
  accepted,
  hasCreated,
  PIECE,
  pieces,
  sampleName,
  seriesWriter,
  whatIsTaken,
  writeSample,
  writtenName,
  type Dialect,
  type OnInvalid,
  type SeriesWriter,
} from './lines.ts';
import { formatNumber } from './numbers.ts';

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
 * Families as OpenMetrics 1.0 text (OpenMetrics 1.0, "Text format"), in pieces of some 64 KB, so that whoever asks for the
 * next one decides when it is made. A family that breaks the specification's rules, or has the name of another one, is left
 * out, as a reader refuses the whole of a document for it.
 */
export function* encodeOpenMetrics(
  families: Iterable<FamilyView>,
  { escaping: scheme = 'underscores', created = false, onInvalid }: OpenMetricsOptions = {},
): Generator<Uint8Array, void, undefined> {
  const out = new ByteWriter(PIECE + 4096);
  const taken = new Set<string>();
  const dialect = dialectOf(scheme);
  const check = (each: FamilyView): string | undefined => whatIsWrong(each, scheme) ?? whatIsTaken(each, scheme, taken);
  for (const family of accepted(targetFirst(families), check, onInvalid)) {
    writeHead(out, family, scheme);
    const write = seriesWriter(out, family, dialect);
    yield* pieces(out, family.series, created && hasCreated(family) ? withCreated(out, family, dialect, write) : write);
  }
  out.text('# EOF\n');
  yield out.take();
}

/** What is said of the target itself should come before all else ("Supporting Target Metadata"). */
function targetFirst(families: Iterable<FamilyView>): FamilyView[] {
  const all = [...families];
  return [...all.filter(isTarget), ...all.filter((family) => !isTarget(family))];
}

function isTarget({ name, type }: FamilyView): boolean {
  return type === 'info' && name === 'target';
}

function writeHead(out: ByteWriter, { name, type, help, unit = '' }: FamilyView, scheme: EscapingScheme): void {
  const written = writtenName(name, scheme);
  // Other than in Prometheus' own text format, a double quote is escaped as in a label's value.
  out.text(`# HELP ${written} ${escapeLabelValue(help)}\n# TYPE ${written} ${type}\n`);
  // Escaping can have changed the name's end, and a unit has to be that.
  if (unit !== '' && escapeMetricName(name, scheme).endsWith(`_${unit}`)) out.text(`# UNIT ${written} ${unit}\n`);
}

function withCreated(
  out: ByteWriter,
  { name }: FamilyView,
  { scheme, end }: Dialect,
  write: SeriesWriter,
): SeriesWriter {
  const sample = sampleName(`${name}_created`, scheme);
  const labelsOf = labelTextOf(scheme);
  return (series: SeriesView) => {
    write(series as never);
    const { created, timestamp } = series;
    if (created !== undefined) writeSample(out, sample, labelsOf(series), created, end(timestamp));
  };
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
function exemplarText({ labels, value, timestamp }: Exemplar, most: number, scheme: EscapingScheme): string {
  const names = Object.keys(labels);
  const written = names.map((name) => writtenLabelName(name, scheme));
  const values = Object.values(labels);
  const length = charactersIn([...names.map((name) => escapeLabelName(name, scheme)), ...values]);
  const isShown = names.length > 0 && new Set(written).size === written.length && length <= MOST_EXEMPLAR_CHARACTERS;
  if (!isShown || !(value <= most)) return '';
  const time = timestamp === undefined ? '' : ` ${formatSeconds(timestamp)}`;
  return ` # {${writtenLabels(names, values, scheme)}} ${formatNumber(value)}${time}`;
}

/** Which rule a family breaks; what belongs to its series is looked at here only if nobody has done so before. */
function whatIsWrong(family: FamilyView, scheme: EscapingScheme): string | undefined {
  const { name, type, unit = '' } = family;
  if (name === '') return 'it has no name';
  if (unit !== '' && (type === 'info' || type === 'stateset'))
    return `its type, ${type}, has no unit, but it has "${unit}"`;
  if (unit !== '' && !name.endsWith(`_${unit}`)) return `its name does not end in its unit, "${unit}"`;
  const label = type === 'stateset' ? writtenLabelName(name, scheme) : reservedLabel(family);
  if (type === 'stateset' && label !== writtenName(name, scheme))
    return 'its name is no name for the label of its states';
  // A live one was checked when it was made and all its series have the same labels, except those of an info.
  const { labelNames } = family as { labelNames?: readonly string[] };
  if (labelNames !== undefined && type !== 'info') return whatIsRepeated(labelNames, label, scheme);
  let checked: readonly string[] = [];
  for (const series of family.series) {
    const names = series.labelNames;
    const repeated = areSame(names, checked) ? undefined : whatIsRepeated(names, label, scheme);
    const wrong = repeated ?? whatIsWrongWith(series, type);
    if (wrong !== undefined) return wrong;
    checked = names;
  }
  return undefined;
}

function whatIsRepeated(names: readonly string[], own: string | undefined, scheme: EscapingScheme): string | undefined {
  const written = new Set(own === undefined ? [] : [own]);
  for (const name of names) {
    const label = writtenLabelName(name, scheme);
    if (written.has(label)) return `a series has the label ${label} twice`;
    written.add(label);
  }
  return undefined;
}

type AnySeries = SeriesView & Partial<ValueSeries & HistogramSeriesView & SummarySeriesView>;

function whatIsWrongWith(series: AnySeries, type: MetricType): string | undefined {
  const { value, count, quantiles = [], upperBounds = [], bucketCounts = [], created = 0, timestamp = 0 } = series;
  if (!Number.isFinite(created) || !Number.isFinite(timestamp)) return 'a series has a time that is none';
  switch (type) {
    case 'counter':
      return (value as number) >= 0 ? undefined : `a counter is ${value}`;
    case 'info':
      return value === 1 ? undefined : `an info is ${value}, not 1`;
    case 'histogram':
    case 'gaugehistogram':
      if (!Array.from(bucketCounts).every(isCount)) return 'a bucket counts what is no integer from 0 on';
      return upperBounds.every((bound, i) => bound > (upperBounds[i - 1] ?? -Infinity))
        ? undefined
        : 'the bounds of its buckets do not ascend';
    case 'summary':
      if (!isCount(count)) return `a summary counts ${count}`;
      return quantiles.every(({ quantile }) => quantile >= 0 && quantile <= 1)
        ? undefined
        : 'a quantile is not between 0 and 1';
    case 'stateset':
      return undefined;
    default:
      return typeof value === 'number' ? undefined : `its value is ${value}`;
  }
}

function isCount(given: number | undefined): boolean {
  return Number.isInteger(given) && (given as number) >= 0;
}
