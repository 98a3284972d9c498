import type { Registry } from '@prometer/core';

/** Reads a value from the system: throws, or gives nothing, where the system doesn't tell. */
export type Read = () => number | undefined;

/** What a metric is called and how it is explained. */
export interface Naming {
  name: string;
  help: string;
}

/** On a metric, by how many calls it is held. A registered symbol: this package may be loaded twice, the registry is one. */
const HOLDERS: unique symbol = Symbol.for('@prometer/node.holders');

/** What a registry can take out, whatever its kind and labels. */
type Held = Exclude<Parameters<Registry['unregister']>[0], string> & { [HOLDERS]?: number };

/** The metrics that one call of `collectDefaultMetrics` holds in a registry; each goes with the last who holds it. */
export class HeldMetrics {
  readonly #registry: Registry;
  readonly #held = new Set<Held>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** A gauge of what is read at each scrape; no metric where it can't be read. */
  gauge({ name, help }: Naming, read: Read): void {
    if (!isReadable(read)) return;
    const found = this.#registry.get(name);
    const gauge = this.#registry.gauge({
      name,
      help,
      collect() {
        // Nothing is refused as a value, so that a reading which fails later is left out of the scrape and counted.
        this.set(read() as number);
      },
    });
    this.#hold(gauge, found);
  }

  /** A counter that follows a total which is kept elsewhere; no metric where it can't be read. */
  counter({ name, help }: Naming, readTotal: Read): void {
    if (!isReadable(readTotal)) return;
    const found = this.#registry.get(name);
    const counter = this.#registry.counter({
      name,
      help,
      collect() {
        this.inc(Math.max(0, (readTotal() as number) - this.get()));
      },
    });
    this.#hold(counter, found);
  }

  /** A gauge that is always 1 and says what it knows in its labels. */
  info({ name, help }: Naming, labels: Readonly<Record<string, string>>): void {
    const found = this.#registry.get(name);
    const gauge = this.#registry.gauge({
      name,
      help,
      labelNames: Object.keys(labels),
      collect() {
        this.set(labels, 1);
      },
    });
    this.#hold(gauge, found);
  }

  /** Lets go of all; what nobody else holds leaves the registry. */
  release(): void {
    for (const metric of this.#held) {
      metric[HOLDERS] = (metric[HOLDERS] ?? 1) - 1;
      if (metric[HOLDERS] === 0) this.#registry.unregister(metric);
    }
    this.#held.clear();
  }

  /** A metric that was found, and is held by no call of ours, belongs to the application. */
  #hold(metric: Held, found: Held | undefined): void {
    if (found !== undefined && found[HOLDERS] === undefined) return;
    metric[HOLDERS] = (metric[HOLDERS] ?? 0) + 1;
    this.#held.add(metric);
  }
}

function isReadable(read: Read): boolean {
  try {
    return typeof read() === 'number';
  } catch {
    return false;
  }
}
