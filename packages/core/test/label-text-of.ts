import { writtenLabels } from '../src/encode/label-text.ts';

/** The labels of a series as the text format has them: `a="x",b="y"`. */
export function labelTextOf(series: {
  readonly labelNames: readonly string[];
  readonly labelValues: readonly string[];
}): string {
  return writtenLabels(series.labelNames, series.labelValues, 'underscores');
}
