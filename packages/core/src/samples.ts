import type { FamilyView, SeriesView } from './model.ts';
import { escapeLabelName, escapeMetricName } from './escaping.ts';
import { exposedName } from './names.ts';

/** One number that a family exposes. */
export interface Sample {
  readonly name: string;
  readonly series: SeriesView;
  /** The label that the sample has beside its series' own, and its value: a number for `le` and `quantile`. */
  readonly extra?: readonly [label: string, value: number | string];
  readonly value: number;
}

/** All samples of a family, by the names that the text format exposes them under. */
export function* samplesOf(family: FamilyView): Generator<Sample, void, undefined> {
  const name = exposedName(family.name, family.type);
  switch (family.type) {
    case 'counter':
    case 'gauge':
    case 'info':
    case 'unknown':
      for (const series of family.series) yield { name, series, value: series.value };
      return;
    case 'stateset':
      for (const series of family.series) {
        for (const [state, isIn] of Object.entries(series.states)) {
          yield { name, series, extra: [name, state], value: Number(isIn) };
        }
      }
      return;
    case 'summary':
      for (const series of family.series) {
        for (const { quantile, value } of series.quantiles)
          yield { name, series, extra: ['quantile', quantile], value };
        yield { name: `${name}_sum`, series, value: series.sum };
        yield { name: `${name}_count`, series, value: series.count };
      }
      return;
    case 'histogram':
    case 'gaugehistogram':
      for (const series of family.series) {
        // A live series makes a view of them each time.
        const { bucketCounts, upperBounds } = series;
        let count = 0;
        for (let i = 0; i < bucketCounts.length; i++) {
          count += bucketCounts[i] as number;
          const bound = upperBounds[i] ?? Infinity;
          yield { name: `${name}_bucket`, series, extra: ['le', bound], value: count };
        }
        yield { name: `${name}_sum`, series, value: series.sum };
        yield { name: `${name}_count`, series, value: count };
      }
  }
}

/**
 * The value of one sample, found by its name and all of its labels, as they were declared or as a scrape shows them;
 * undefined where there is none.
 */
export function sampleValue(
  families: Iterable<FamilyView>,
  name: string,
  labels: ReadonlyMap<string, string>,
): number | undefined {
  const exposed = escapeMetricName(name);
  const texts = new Map(Array.from(labels, ([label, value]) => [escapeLabelName(label), value]));
  for (const family of families) {
    for (const sample of samplesOf(family)) {
      if (escapeMetricName(sample.name) === exposed && isLabelled(sample, texts)) return sample.value;
    }
  }
  return undefined;
}

function isLabelled({ series, extra }: Sample, labels: ReadonlyMap<string, string>): boolean {
  const { labelNames, labelValues } = series;
  // To Prometheus, a label with an empty value is one that isn't there.
  const wanted = [...labels].filter(([, value]) => value !== '').length;
  const present = labelValues.filter((value) => value !== '').length + (extra === undefined ? 0 : 1);
  return (
    wanted === present &&
    labelNames.every((label, i) => (labels.get(escapeLabelName(label)) ?? '') === labelValues[i]) &&
    (extra === undefined || isSame(extra[1], labels.get(escapeLabelName(extra[0]))))
  );
}

/** Bounds and quantiles are compared as decimals, so that `5`, `5.0` and `+Inf` all find theirs. */
function isSame(value: number | string, given: string | undefined): boolean {
  if (typeof value === 'string' || given === undefined) return value === given;
  if (!/^[-+]?(?:[\d.]+(?:e[-+]?\d+)?|Inf(?:inity)?)$/i.test(given)) return false;
  return value === Number(given.replace(/inf(?:inity)?/i, 'Infinity'));
}
