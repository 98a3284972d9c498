import { MetricError, show } from './errors.ts';
import { escapeLabelName } from './escaping.ts';
import type { Collector, FamilyDescription, FamilyView } from './model.ts';
import { checkType, familyName } from './names.ts';

/** What a collector will expose, if it says so. */
export function descriptionsOf(collector: Collector): readonly FamilyDescription[] | undefined {
  if (isLive(collector)) return [collector];
  const { describe } = collector as { describe?: unknown };
  if (describe === undefined) return undefined;
  const described: unknown = typeof describe === 'function' ? describe.call(collector) : undefined;
  const families = isIterable(described) ? [...described] : [undefined];
  if (families.some((each) => typeof each !== 'object' || each === null)) {
    throw new MetricError(
      'INVALID_OPTION',
      `A collector describes itself by ${show(described)}: give a method that returns families such as [{ name: 'x', type: 'gauge' }].`,
    );
  }
  return families.map((each) => describedOf(each as FamilyDescription));
}

/** The name and type of a family as they are kept here: without the suffix that the samples of its type have. */
export function describedOf({ name, type }: FamilyDescription, unit?: string): FamilyDescription {
  checkType(name, type);
  return { name: familyName(name, type, unit), type };
}

/** What marks a metric, also one of another copy of this package: custom collectors may look alike. */
export const LIVE: unique symbol = Symbol.for('@prometer/core.live') as never;

/** Whether a family is live, and has been checked when it was made. */
export function isLive(family: unknown): family is FamilyView {
  return isRecord(family) && LIVE in family;
}

/** The label, as it is exposed, that samples of a family write themselves. */
export function reservedLabel({ name, type }: FamilyDescription): string | undefined {
  if (type === 'stateset') return escapeLabelName(name);
  if (type === 'summary') return 'quantile';
  return type === 'histogram' || type === 'gaugehistogram' ? 'le' : undefined;
}

/** Whether it is an object, and no list. */
export function isRecord(given: unknown): given is object {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

/** Whether a loop can go through it, and it is no text. */
export function isIterable(given: unknown): given is Iterable<unknown> {
  return typeof given === 'object' && given !== null && Symbol.iterator in given;
}
