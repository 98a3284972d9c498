import { createHook } from 'node:async_hooks';
import type { Registry } from '@prometer/core';

/** What apps may leave behind, counted from when it is made. */
export class Leftovers {
  readonly #timers = new Set<number>();
  readonly #warnings: Error[] = [];
  readonly #hook = createHook({
    init: (id, type) => {
      if (type === 'Timeout' || type === 'Immediate') this.#timers.add(id);
    },
    destroy: (id) => this.#timers.delete(id),
  }).enable();
  readonly #onWarning = (warning: Error): void => void this.#warnings.push(warning);

  constructor() {
    process.on('warning', this.#onWarning);
  }

  /** Timers that still run, also those that keep no process alive. */
  get timers(): number {
    return this.#timers.size;
  }

  get warnings(): readonly Error[] {
    return this.#warnings;
  }

  /** How many listeners the process has, by event. */
  get listeners(): Record<string, number> {
    return Object.fromEntries(process.eventNames().map((name) => [String(name), process.listenerCount(name)]));
  }

  stop(): void {
    this.#hook.disable();
    process.off('warning', this.#onWarning);
  }
}

/** How many series each family in a registry has. */
export async function seriesIn(registry: Registry): Promise<Record<string, number>> {
  return Object.fromEntries((await registry.gather()).map(({ name, series }) => [name, series.length]));
}
