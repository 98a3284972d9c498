import type { FamilyView, MetricType } from '../../src/model.ts';

/** A family as a custom collector's is seen. */
export function familyOf(type: MetricType, series: object, rest: object = {}): FamilyView {
  const labelled = { labelNames: [], labelValues: [], ...series };
  return { name: 'x', help: '', type, series: [labelled], ...rest } as unknown as FamilyView;
}

/** The labels of a series as it is seen. */
export function withLabels(labels: Record<string, string>): object {
  return { labelNames: Object.keys(labels), labelValues: Object.values(labels) };
}
