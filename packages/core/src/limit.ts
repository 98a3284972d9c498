import type { SelfCounter, SeriesView } from './model.ts';

/** How many series a metric may have unless it is told otherwise. */
export const DEFAULT_MAX_SERIES = 10_000;

/** The value of every label of the series in which all further label sets end. */
export const OVERFLOW = '_overflow';

/** What is counted of the calls whose labels ended there. */
export const OVERFLOWS: SelfCounter = {
  name: 'prometer_series_overflow',
  help: 'Calls with new labels, past the limit of series, that ended in the overflow series.',
  labelNames: ['metric'],
};

/** The label that has the most different values among these series, and how many. */
export function mostDistinct(
  series: Iterable<SeriesView>,
  labelNames: readonly string[],
): [name: string, count: number] {
  const values = labelNames.map(() => new Set<string>());
  for (const { labelValues } of series) labelValues.forEach((value, i) => values[i]?.add(value));
  const counts = values.map(({ size }) => size);
  const most = Math.max(...counts);
  return [labelNames[counts.indexOf(most)] as string, most];
}
