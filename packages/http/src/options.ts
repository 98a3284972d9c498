import { checkNames, isPlain, MetricError, type Registry } from '@prometer/core';
import { shortened, show } from '@prometer/node';

export { show };

/**
 * Refuses what no options can be read from, and names that are no option: a typo would otherwise be a default.
 *
 * @throws MetricError `INVALID_OPTION`
 */
export function checkOptions(what: string, options: object, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw invalidOption(`The options of ${what} are ${show(options)}: give an object, or leave them out.`);
  }
  if (!isPlain(options)) {
    // Without a name among its properties, it would be taken for no options at all.
    const advice =
      typeof (options as Partial<Registry>).expose === 'function' ? '{ registry }' : 'a plain object, { name: value }';
    throw invalidOption(`The options of ${what} are ${show(options)}: give ${advice}, or leave them out.`);
  }
  checkNames(what, options, names);
}

/**
 * By what it can do, not by its class: a registry may come from another copy of the core.
 *
 * @throws MetricError `INVALID_OPTION`
 */
export function checkRegistry(registry: Registry, ...abilities: readonly (keyof Registry)[]): Registry {
  if (abilities.every((ability) => typeof registry?.[ability] === 'function')) return registry;
  throw invalidOption(
    `The option "registry" is ${show(registry)}: give a Registry, or leave it out for the default registry.`,
  );
}

/** @throws MetricError `INVALID_OPTION` for what is neither true nor false */
export function checkSwitch(name: string, given: unknown): void {
  if (given === undefined || typeof given === 'boolean') return;
  throw invalidOption(`The option "${name}" is ${show(given)}: give true or false, or leave it out for false.`);
}

export function invalidOption(message: string): MetricError {
  return new MetricError('INVALID_OPTION', message);
}

/** Shows in a message what was thrown, which may be anything. */
export function reasonOf(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return shortened(String(thrown).replaceAll(/[\s\p{Cc}]+/gu, ' '));
  } catch {
    // Its name or message is nothing to be shown.
  }
  return show(thrown);
}
