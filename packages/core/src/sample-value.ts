import { labelText } from './labels.ts';
import type { FamilyView, HistogramSeriesView, LabelledSeries } from './model.ts';

type LabelTexts = ReadonlyMap<string, string>;

/**
 * The value of one sample, found by its name and all of its labels, as a scrape would show it; undefined where
 * there is none.
 */
export function sampleValue(
  families: Iterable<FamilyView>,
  name: string,
  given: Readonly<Record<string, unknown>>,
): number | undefined {
  const labels = new Map(Object.entries(given).map(([label, value]) => [label, labelText(label, value)]));
  for (const family of families) {
    if (name.startsWith(family.name)) {
      const value = valueIn(family, name.slice(family.name.length), labels);
      if (value !== undefined) return value;
    }
  }
  return undefined;
}

function valueIn(family: FamilyView, suffix: string, labels: LabelTexts): number | undefined {
  switch (family.type) {
    case 'counter':
      return suffix === '_total' ? find(family.series, labels)?.value : undefined;
    case 'gauge':
      return suffix === '' ? find(family.series, labels)?.value : undefined;
    case 'summary':
      if (suffix === '_sum') return find(family.series, labels)?.sum;
      return suffix === '_count' ? find(family.series, labels)?.count : undefined;
    case 'histogram':
      if (suffix === '_sum') return find(family.series, labels)?.sum;
      if (suffix === '_count') return countUpTo(find(family.series, labels), Infinity);
      return suffix === '_bucket' ? bucketValue(family.series, labels) : undefined;
  }
}

/** The bucket whose bound `le` names as a number, so that `5`, `5.0` and `+Inf` all find theirs. */
function bucketValue(all: Iterable<HistogramSeriesView>, labels: LabelTexts): number | undefined {
  const { le = '', ...rest } = Object.fromEntries(labels);
  const series = find(all, new Map(Object.entries(rest)));
  return countUpTo(series, le === '+Inf' ? Infinity : Number(le || NaN));
}

function countUpTo(series: HistogramSeriesView | undefined, bound: number): number | undefined {
  if (series === undefined) return undefined;
  const last = bound === Infinity ? series.upperBounds.length : series.upperBounds.indexOf(bound);
  if (last < 0) return undefined;
  let count = 0;
  for (let i = 0; i <= last; i++) count += series.bucketCounts[i] as number;
  return count;
}

/** To Prometheus, a label with an empty value is one that isn't there. */
function find<Series extends LabelledSeries>(all: Iterable<Series>, labels: LabelTexts): Series | undefined {
  const wanted = [...labels].filter(([, value]) => value !== '').length;
  for (const series of all) {
    const { labelNames, labelValues } = series;
    const present = labelValues.filter((value) => value !== '').length;
    if (present === wanted && labelNames.every((name, i) => (labels.get(name) ?? '') === labelValues[i])) return series;
  }
  return undefined;
}
