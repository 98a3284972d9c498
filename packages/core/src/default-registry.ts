import type { Collector } from './model.ts';

/** As much of a registry as a metric needs to know. */
export interface Registrar {
  register(collector: Collector): unknown;
}

/**
 * Where the one default registry of the process lives, whichever way and however often this package was
 * loaded: as ES module, as CommonJS, in two versions. The metrics find it here rather than by an import,
 * because the registry itself makes metrics.
 */
const KEY = Symbol.for('@prometer/core.defaultRegistry');

export function findDefaultRegistry(): Registrar | undefined {
  return (globalThis as { [KEY]?: Registrar })[KEY];
}

export function keepDefaultRegistry<T extends Registrar>(registry: T): T {
  Object.defineProperty(globalThis, KEY, { value: registry });
  return registry;
}
