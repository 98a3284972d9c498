import { reservedLabel } from '../description.ts';
import type { EscapingScheme } from '../escaping.ts';
import type {
  FamilyView,
  HistogramSeriesView,
  MetricType,
  SeriesView,
  SummarySeriesView,
  ValueSeries,
} from '../model.ts';
import { areSame, writtenLabelName } from './label-text.ts';
import { writtenName } from './line-start.ts';
import { STEP } from '../turns.ts';

/** What the versions of OpenMetrics forbid differently; each tells what is wrong. */
export interface Rules {
  readonly unit: (name: string, unit: string) => string | undefined;
  /** With what a histogram, or a gauge histogram, counts. */
  readonly counts: (series: HistogramSeriesView, type: MetricType) => string | undefined;
}

/** Which rule a family breaks, whatever its series are. */
export function whatIsWrong(family: FamilyView, scheme: EscapingScheme, rules: Rules): string | undefined {
  const { name, type, unit = '' } = family;
  if (name === '') return 'it has no name';
  if (unit !== '' && (type === 'info' || type === 'stateset'))
    return `its type, ${type}, has no unit, but it has "${unit}"`;
  const misnamed = unit === '' ? undefined : rules.unit(name, unit);
  if (misnamed !== undefined) return misnamed;
  const label = ownLabel(family, scheme);
  if (type === 'stateset' && label !== writtenName(name, scheme))
    return 'its name is no name for the label of its states';
  const labelNames = sameLabelNames(family);
  return labelNames === undefined ? undefined : whatIsRepeated(labelNames, label, scheme);
}

/**
 * Which rule its series break, which are looked at here only if nobody has done so before, with a turn for the caller now
 * and then.
 */
export function* whatIsWrongWithin(
  family: FamilyView,
  scheme: EscapingScheme,
  rules: Rules,
): Generator<void, string | undefined> {
  if (sameLabelNames(family) !== undefined) return undefined;
  const label = ownLabel(family, scheme);
  let checked: readonly string[] = [];
  let count = 0;
  for (const series of family.series) {
    const names = series.labelNames;
    const repeated = areSame(names, checked) ? undefined : whatIsRepeated(names, label, scheme);
    const wrong = repeated ?? whatIsWrongWith(series, family.type, rules);
    if (wrong !== undefined) return wrong;
    checked = names;
    if (++count % STEP === 0) yield;
  }
  return undefined;
}

/** A live one was checked when it was made and all its series have the same labels, except those of an info. */
function sameLabelNames(family: FamilyView): readonly string[] | undefined {
  return family.type === 'info' ? undefined : (family as { labelNames?: readonly string[] }).labelNames;
}

/** The label that the samples of a family write themselves. */
function ownLabel(family: FamilyView, scheme: EscapingScheme): string | undefined {
  return family.type === 'stateset' ? writtenLabelName(family.name, scheme) : reservedLabel(family);
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

function whatIsWrongWith(series: AnySeries, type: MetricType, { counts }: Rules): string | undefined {
  const { value, count, quantiles = [], upperBounds = [], created = 0, timestamp = 0 } = series;
  if (!Number.isFinite(created) || !Number.isFinite(timestamp)) return 'a series has a time that is none';
  switch (type) {
    case 'counter':
      return (value as number) >= 0 ? undefined : `a counter is ${value}`;
    case 'info':
      return value === 1 ? undefined : `an info is ${value}, not 1`;
    case 'histogram':
    case 'gaugehistogram':
      if (!upperBounds.every((bound, i) => bound > (upperBounds[i - 1] ?? -Infinity)))
        return 'the bounds of its buckets do not ascend';
      return counts(series as HistogramSeriesView, type);
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

/** Whether it is an integer from 0 on. */
export function isCount(given: number | undefined): boolean {
  return Number.isInteger(given) && (given as number) >= 0;
}
