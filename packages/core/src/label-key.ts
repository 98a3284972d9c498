import { escapeLabelName } from './escaping.ts';
import type { SeriesView } from './model.ts';

/** The same text for label sets that are the same to Prometheus: in whichever order, with labels of no value or without. */
export function labelKey({ labelNames, labelValues }: SeriesView): string {
  const labels = labelNames
    .map((name, i) => JSON.stringify([escapeLabelName(name), labelValues[i]]))
    .filter((_, i) => labelValues[i] !== '');
  return labels.toSorted().join();
}
