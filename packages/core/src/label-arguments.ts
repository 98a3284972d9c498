import { MetricError, show } from './errors.ts';
import { labelText } from './labels.ts';

/** What has labels, as far as an error says it. */
interface Labelled {
  readonly name: string;
  readonly labelNames: readonly string[];
}

/** The error of label values that are too few or too many. */
export function wrongByPosition(metric: Labelled, given: readonly unknown[]): MetricError {
  const wrong =
    typeof given[0] === 'object' && given[0] !== null
      ? 'labels by name are given alone'
      : `${given.length} ${given.length === 1 ? 'value' : 'values'} given for ${metric.labelNames.length} labels`;
  return wrongLabels(metric, given, wrong);
}

/** The error of labels by name that are not the declared ones; where `some` would do, none is missing. */
export function wrongByName(metric: Labelled, given: unknown, needed: 'all' | 'some' = 'all'): MetricError {
  if (Array.isArray(given)) return wrongLabels(metric, given, 'an array is neither labels by position nor by name');
  const names = metric.labelNames;
  const labels = typeof given === 'object' && given !== null ? given : {};
  const missing = needed === 'all' ? names.filter((name) => !Object.hasOwn(labels, name)) : [];
  const wrong = [
    ...missing.map((name) => `${show(name)} is missing`),
    ...Object.keys(labels)
      .filter((name) => !names.includes(name))
      .map((name) => `${show(name)} is none of its labels`),
  ];
  const otherwise =
    typeof given === 'number' ? 'labels come first, and the number after them' : 'they are no object with labels';
  return wrongLabels(metric, given, wrong.join(', ') || otherwise);
}

function wrongLabels({ name, labelNames }: Labelled, given: unknown, wrong: string): MetricError {
  const why =
    labelNames.length === 0
      ? 'it has none. Leave them out: call inc, set or observe on the metric itself.'
      : `${wrong}. Give each label a value, as in labels(${labelNames.join(', ')}) or labels({ ${labelNames.join(', ')} }).`;
  return new MetricError('INVALID_LABELS', `Metric ${show(name)} can't take the labels ${show(given)}: ${why}`);
}

/** The label values given by name, in declared order. */
export function valuesByName(metric: Labelled, given: object): unknown[] {
  if (Object.keys(given).length !== metric.labelNames.length) throw wrongByName(metric, given);
  return metric.labelNames.map((name) => {
    if (!Object.hasOwn(given, name)) throw wrongByName(metric, given);
    return (given as Record<string, unknown>)[name];
  });
}

/** Refuses what can't be labels by name at all, before what comes with them is blamed. */
export function checkIsLabels(metric: Labelled, given: unknown): asserts given is object {
  if (typeof given !== 'object' || given === null || metric.labelNames.length === 0) throw wrongByName(metric, given);
}

/** Some of the labels as texts, for the calls to which the others don't matter or are given later. */
export function someTexts(metric: Labelled, given: unknown): Record<string, string> {
  const { labelNames } = metric;
  if (typeof given !== 'object' || given === null || Array.isArray(given) || labelNames.length === 0)
    throw wrongByName(metric, given, 'some');
  if (Object.keys(given).some((name) => !labelNames.includes(name))) throw wrongByName(metric, given, 'some');
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, labelText(name, value)]));
}
