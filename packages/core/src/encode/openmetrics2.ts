import type { EscapingScheme } from '../escaping.ts';
import { escapeLabelValue } from '../labels.ts';
import type { Exemplar, FamilyView, HistogramSeriesView, MetricType } from '../model.ts';
import { exposedName } from '../names.ts';
import { writtenName } from './line-start.ts';
import { exposedNames, numberWriter, type FamilyLines, type OnInvalid, type SeriesWriter } from './lines.ts';
import { documentEncoder } from './openmetrics-document.ts';
import type { Rules } from './openmetrics-rules.ts';
import { exemplarOf } from './openmetrics.ts';
import { histogramWriter, summaryWriter, type CompositeDialect } from './openmetrics2-composite.ts';
import type { Encoder } from './prepared.ts';
import type { TextWriter } from './text-writer.ts';

/** What can be chosen about OpenMetrics 2.0. */
export interface OpenMetrics2Options {
  /** How names are written that aren't legal without quotes. */
  escaping?: EscapingScheme | undefined;
  /** Called for each family that is left out since it would make the whole document invalid, with what is wrong. */
  onInvalid?: OnInvalid | undefined;
}

/** The name of a unit doesn't have to be in the family's ("Unit"). */
const RULES: Rules = {
  unit: (_, unit) =>
    /^[a-zA-Z0-9_:]+$/.test(unit) ? undefined : `its unit, "${unit}", has more in it than letters, digits, _ and :`,
  counts: whatIsWrongWithCounts,
};

/**
 * Families as OpenMetrics 2.0 text (OpenMetrics 2.0.0-rc0, "Text Format", which is experimental). A series is one line,
 * whatever its type, except that a state set has one for each state; when the series began to count stands in that line. A
 * family that would have the name of another one in any format is left out.
 */
export function openMetrics2Encoder({
  escaping: scheme = 'underscores',
  onInvalid,
}: OpenMetrics2Options = {}): Encoder<TextWriter> {
  const dialect: CompositeDialect = {
    scheme,
    end,
    endsInCreated: true,
    exemplar: (exemplar) => exemplarText(exemplar, scheme),
  };
  const linesOf = (family: FamilyView): FamilyLines => ({
    names: exposedNames(family, scheme),
    head: headOf(family, scheme),
    write: seriesWriter(family, dialect),
  });
  return documentEncoder({ scheme, rules: RULES, linesOf, onInvalid });
}

/** A family has the name that its samples have, and, as in every format, its HELP first. */
function headOf({ name, type, help, unit = '' }: FamilyView, scheme: EscapingScheme): string {
  const written = writtenName(exposedName(name, type), scheme);
  // No line may end in a carriage return, for which Prometheus refuses the whole document.
  const said = escapeLabelValue(help).replace(/\r+$/, '');
  const first = said === '' ? '' : `# HELP ${written} ${said}\n`;
  const last = unit === '' ? '' : `# UNIT ${written} ${unit}\n`;
  return `${first}# TYPE ${written} ${type}\n${last}`;
}

function seriesWriter(family: FamilyView, dialect: CompositeDialect): SeriesWriter<TextWriter> {
  switch (family.type) {
    case 'histogram':
    case 'gaugehistogram':
      return histogramWriter(family, dialect);
    case 'summary':
      return summaryWriter(family, dialect);
    default:
      return numberWriter(family, dialect);
  }
}

/**
 * What comes after a value: its own time, when it began to count, and the line feed ("Counter"). Times should have no
 * exponent, and JavaScript gives them none.
 */
function end(timestamp: number | undefined, created?: number): string {
  const time = timestamp === undefined ? '' : ` ${timestamp / 1000}`;
  return created === undefined ? `${time}\n` : `${time} st@${created}\n`;
}

/** An exemplar needs a time here; how long it is, and its bucket, don't matter, and it may have no labels ("Exemplars"). */
function exemplarText(exemplar: Exemplar, scheme: EscapingScheme): string {
  const { timestamp } = exemplar;
  return timestamp === undefined || !Number.isFinite(timestamp) ? '' : exemplarOf(exemplar, ` ${timestamp}`, scheme);
}

/**
 * Counts may be of parts and, of a gauge histogram, any; but NaN alone is in no native bucket and makes the sum NaN
 * ("Histogram", "GaugeHistogram").
 */
function whatIsWrongWithCounts(
  { bucketCounts, sum, native }: HistogramSeriesView,
  type: MetricType,
): string | undefined {
  const counts = Array.from(bucketCounts);
  if (type === 'histogram' && !counts.every((count) => count >= 0))
    return 'a bucket counts what is no number from 0 on';
  const total = counts.reduce((all, count) => all + count, 0);
  // Parts don't add up exactly.
  if (native === undefined || Number.isNaN(sum) || !Number.isInteger(total)) return undefined;
  const inNative = native.zeroCount + totalOf(native.negativeDeltas) + totalOf(native.positiveDeltas);
  return inNative === total ? undefined : `its native buckets count ${inNative}, its others ${total}`;
}

function totalOf(deltas: readonly number[]): number {
  let count = 0;
  return deltas.reduce((all, delta) => all + (count += delta), 0);
}
