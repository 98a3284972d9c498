import type { Collector, Gauge, Histogram, Registry } from '@prometer/core';
import type { Clash } from './label-clashes.ts';
import type { Source } from './shared-source.ts';

/** Reads a value from the system: throws, or gives nothing, where the system doesn't tell. */
export type Read = () => number | undefined;

/** The same for a value of each label set; one that is missing from a later reading is 0 from then on. */
export type ReadEach<Label extends string> = () => Iterable<readonly [Readonly<Record<Label, string>>, number]>;

/** What a metric is called, with the suffixes of its samples, and how it is explained. */
export interface Naming {
  name: string;
  help: string;
}

/** The same for a metric with labels. */
export interface LabelledNaming<Label extends string> extends Naming {
  labelNames: readonly Label[];
}

/** On a metric, who holds it. A registered symbol: this package may be loaded twice, the registry is one. */
const HOLDING: unique symbol = Symbol.for('@prometer/node.holding');

/** By how many calls a metric is held, and where it is until the last of them lets go. */
interface Holding {
  holders: number;
  /** A merged registry finds the metrics of its parts too. */
  registry: Registry;
}

/** What a registry can take out, whatever its kind and labels. */
type Held = Exclude<Parameters<Registry['unregister']>[0], string> & { [HOLDING]?: Holding };

/** The metrics that one call of `collectDefaultMetrics` holds in a registry; each goes with the last who holds it. */
export class HeldMetrics {
  readonly #registry: Registry;
  /** What the registry can't have, and so is left out. */
  readonly clashes: Clash[] = [];
  readonly #held = new Set<Held>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** A gauge of what is read at each scrape; no metric where it can't be read. */
  gauge({ name, help }: Naming, read: Read, start?: () => () => void): void {
    if (!isReadable(read)) return;
    const make = (): Held =>
      this.#registry.gauge({
        name,
        help,
        collect() {
          // Nothing is refused as a value, so that a reading which fails later is left out of the scrape and counted.
          this.set(read() as number);
        },
      });
    this.#hold({ name, labelNames: [] }, make, start);
  }

  /** A gauge with labels. */
  gauges<Label extends string>({ name, help, labelNames }: LabelledNaming<Label>, read: ReadEach<Label>): void {
    if (!isReadable(() => Array.from(read()).length)) return;
    const make = (): Held =>
      this.#registry.gauge({
        name,
        help,
        labelNames,
        collect(this: Gauge<readonly string[]>) {
          const told = new Set<unknown>();
          for (const [labels, value] of read()) {
            const series = this.labels(labels);
            series.set(value);
            told.add(series);
          }
          for (const series of this.series) if (!told.has(series)) series.set(0);
        },
      });
    this.#hold({ name, labelNames }, make);
  }

  /** A counter that follows a total which is kept elsewhere; no metric where it can't be read. */
  counter({ name, help }: Naming, readTotal: Read): void {
    if (!isReadable(readTotal)) return;
    const make = (): Held =>
      this.#registry.counter({
        name,
        help,
        collect() {
          this.inc(Math.max(0, (readTotal() as number) - this.get()));
        },
      });
    this.#hold({ name, labelNames: [] }, make);
  }

  /** A histogram of what is told to it while it is registered. */
  histogram<const Label extends string>(
    { name, help, labelNames, buckets }: LabelledNaming<Label> & { buckets: readonly number[] },
    start: (histogram: Histogram<readonly Label[]>) => Source,
  ): void {
    let source: ReturnType<typeof start> | undefined;
    const make = (): Histogram<readonly Label[]> =>
      this.#registry.histogram({ name, help, labelNames, buckets, collect: () => source?.flush() });
    this.#hold({ name, labelNames: [...labelNames, 'le'] }, make, (made) => {
      source = start(made);
      return source.stop;
    });
  }

  /** Says in labels what doesn't change. */
  info({ name, help }: Naming, labels: Readonly<Record<string, string>>): void {
    const make = (): Held =>
      this.#registry.info({
        name,
        help,
        collect() {
          this.set(labels);
        },
      });
    this.#hold({ name, labelNames: Object.keys(labels) }, make);
  }

  /** Lets go of all; what nobody else holds leaves its registry, and what it was told by stops. */
  release(): void {
    for (const metric of this.#held) {
      const holding = metric[HOLDING] as Holding;
      if (--holding.holders > 0) continue;
      holding.registry.unregister(metric);
    }
    this.#held.clear();
  }

  /**
   * What another call holds under this name is held together, as it is: it may have chosen other names. A metric that
   * no call holds belongs to the application.
   */
  #hold<Made extends Held>(
    { name, labelNames }: { name: string; labelNames: readonly string[] },
    make: () => Made,
    start?: (made: Made) => () => void,
  ): void {
    const found: Held | undefined = this.#registry.get(name);
    const holding = found?.[HOLDING];
    if (found !== undefined && holding !== undefined) {
      holding.holders++;
      this.#held.add(found);
      return;
    }
    const label = labelNames.find((each) => this.#registry.addsLabel(each));
    if (label !== undefined) {
      this.clashes.push({ metric: name, label });
      return;
    }
    const made = make();
    if (made === found) return;
    made[HOLDING] = { holders: 1, registry: this.#registry };
    this.#held.add(made);
    if (start !== undefined) runWhileRegistered(made, () => start(made));
  }
}

/** Whoever takes a metric out of its registry, or puts it back, stops and starts what it is told by. */
function runWhileRegistered(metric: Collector, start: () => () => void): void {
  let stop = start();
  let registries = 1;
  const [attach, detach] = [metric.attach?.bind(metric), metric.detach?.bind(metric)];
  metric.attach = (registry) => {
    attach?.(registry);
    if (registries++ === 0) stop = start();
  };
  metric.detach = (registry) => {
    detach?.(registry);
    if (--registries === 0) stop();
  };
}

/** What may be had a moment later: there are no descriptors or no memory left just now. */
const PASSING: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EINTR']);

function isReadable(read: Read): boolean {
  try {
    return typeof read() === 'number';
  } catch (error) {
    return PASSING.has((error as NodeJS.ErrnoException | null)?.code);
  }
}
