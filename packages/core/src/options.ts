import { MetricError, show } from './errors.ts';
import { nearestTo } from './nearest.ts';

/**
 * Refuses what no options can be read from, and names that are no option: a typo would otherwise be a default.
 *
 * @throws MetricError `INVALID_OPTION`
 */
export function checkOptions(what: string, given: unknown, names: readonly string[]): void {
  if (!isPlain(given)) {
    throw new MetricError(
      'INVALID_OPTION',
      `The options of ${what} are ${show(given)}: give a plain object, { name: value }, or leave them out.`,
    );
  }
  checkNames(what, given, names);
}

/**
 * Refuses names that are no option.
 *
 * @internal
 * @throws MetricError `INVALID_OPTION`
 */
export function checkNames(what: string, given: object, names: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const nearest = nearestTo(unknown, names);
  const advice = nearest === undefined ? `The options are ${names.join(', ')}.` : `Is ${show(nearest)} meant?`;
  throw new MetricError('INVALID_OPTION', `There is no option ${show(unknown)} of ${what}. ${advice}`);
}

/**
 * Whether options can be read from it. By what it inherits from, not by `Object` itself: it may come from another realm.
 *
 * @internal
 */
export function isPlain(given: unknown): given is object {
  if (typeof given !== 'object' || given === null) return false;
  const prototype: unknown = Object.getPrototypeOf(given);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
