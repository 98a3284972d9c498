import { ConstantLabels } from './constant-labels.ts';
import type { Counter } from './counter.ts';
import { findDefaultRegistry, keepDefaultRegistry, type Registrar } from './default-registry.ts';
import { MetricError, reasonOf, show } from './errors.ts';
import { expose, textOf, type ExposeOptions, type Exposition, type MetricsOptions } from './exposition.ts';
import { askedNames, isAsked, runAll, type GatherOptions, type Outcome } from './gather.ts';
import type { Gauge } from './gauge.ts';
import { FamilySet } from './family-set.ts';
import { GetOrMake } from './get-or-make.ts';
import type { Histogram } from './histogram.ts';
import type { Info } from './info.ts';
import { labelText, type LabelValue } from './labels.ts';
import type { Collector, FamilyDescription, FamilyView, MetricFamily, SelfCounter, SelfCounting } from './model.ts';
import { NameLedger } from './name-ledger.ts';
import { isLive, plainOf, viewOf } from './plain.ts';
import { sampleValue } from './samples.ts';
import type { StateSet } from './state-set.ts';
import type { Summary } from './summary.ts';
import { warn } from './warning.ts';

// With `any`, every metric is one of these, and each call can be made with labels and without.
/** A metric of any kind with any labels. */
export type Metric = Counter<any> | Gauge<any> | Histogram<any> | Summary<any> | Info<any> | StateSet<any, any>;

/** What a registry is made with. */
export interface RegistryOptions {
  /** Labels that it adds to every series. */
  labels?: Readonly<Record<string, LabelValue>> | undefined;
}

/**
 * Holds metrics by name, refuses names that clash, and exposes them together.
 *
 * @example
 * ```ts
 * const registry = new Registry();
 * new Gauge({ name: 'queue_length', help: 'Jobs that wait', registry }).set(3);
 * await registry.metrics(); // '# HELP queue_length Jobs that wait\n# TYPE queue_length gauge\nqueue_length 3\n'
 * ```
 */
export class Registry extends GetOrMake implements Registrar, SelfCounting {
  /**
   * One registry that gathers several. What they have under one name is put together; of equal label sets the first is
   * shown.
   *
   * @example
   * ```ts
   * const [a, b] = [new Registry(), new Registry()];
   * a.gauge({ name: 'a', help: '' });
   * b.gauge({ name: 'b', help: '' });
   * await Registry.merge([a, b]).metrics(); // '# HELP a \n# TYPE a gauge\na 0\n# HELP b \n# TYPE b gauge\nb 0\n'
   * ```
   */
  static merge(registries: readonly Registry[]): Registry {
    const merged = new Registry();
    for (const registry of registries) merged.register({ collect: () => registry.views() });
    return merged;
  }

  readonly #collectors = new Set<Collector>();
  /** Every name that is taken, as it is exposed at its plainest, and by whom. */
  readonly #taken = new NameLedger<Collector>(nameOf);
  readonly #warnedOf = new WeakSet<Collector>();
  readonly #labels: ConstantLabels;

  /** @throws MetricError `INVALID_LABEL_NAME`, `INVALID_LABEL_VALUE` */
  constructor({ labels = {} }: RegistryOptions = {}) {
    super();
    this.#labels = new ConstantLabels(labels);
  }

  /**
   * Adds a metric, which metrics do themselves when they are made, or anything else that can tell numbers when it is
   * asked. Adding one again changes nothing.
   *
   * @throws MetricError `DUPLICATE_NAME` when another metric exposes a sample of the same name; `INVALID_LABEL_NAME` when
   * it has a label that the registry adds itself
   *
   * @example
   * ```ts
   * registry.register({
   *   collect: () => [{ name: 'load', help: 'Load', type: 'gauge', series: [{ labels: { core: '0' }, value: 0.5 }] }],
   * });
   * registry.getSampleValue('load', { core: '0' }); // 0.5
   * ```
   */
  register<Added extends Collector>(collector: Added): Added {
    if (this.#collectors.has(collector)) return collector;
    if (typeof collector?.collect !== 'function') {
      throw new MetricError(
        'INVALID_OPTION',
        `${show(collector)} can't be registered: give a metric, or an object with a method collect.`,
      );
    }
    const { labelNames = [] } = collector as { labelNames?: readonly string[] };
    this.#labels.check(nameOf(collector), labelNames);
    this.#taken.claim(descriptionsOf(collector), collector);
    this.#collectors.add(collector);
    collector.attach?.(this);
    return collector;
  }

  /**
   * Takes a metric out, by itself or by its name; it can go on being used, and be registered again.
   *
   * @returns whether it was there
   */
  unregister(collector: Collector | string): boolean {
    const found = typeof collector === 'string' ? this.#byName(collector) : collector;
    if (found === undefined || !this.#collectors.delete(found)) return false;
    this.#taken.release(found);
    return true;
  }

  /** The metric of this name, with or without the suffixes of its samples. */
  get(name: string): Metric | undefined {
    return this.#byName(name) as Metric | undefined;
  }

  /** Takes every metric out. They go on counting for whoever holds them, but are exposed no more. */
  clear(): void {
    this.#collectors.clear();
    this.#taken.clear();
  }

  /**
   * One sample's value as a scrape would show it, by its full name and all its labels; undefined where there is
   * none. Runs the metric's `collect` first, but doesn't wait for one that is asynchronous.
   *
   * @throws what a synchronous `collect` throws; MetricError `INVALID_LABEL_VALUE` when a value has no text
   *
   * @example
   * ```ts
   * registry.counter({ name: 'hits', help: 'Hits', labelNames: ['page'] }).inc({ page: '/' });
   * registry.getSampleValue('hits_total', { page: '/' }); // 1
   * ```
   */
  getSampleValue(name: string, labels?: Readonly<Record<string, LabelValue>>): number | undefined {
    const texts = new Map(Object.entries(labels ?? {}).map(([label, value]) => [label, labelText(label, value)]));
    const holder = this.#byName(name);
    const collectors = holder === undefined ? [...this.#collectors].filter(({ describe }) => !describe) : [holder];
    for (const collector of collectors) {
      const value = sampleValue(this.#readNow(collector), name, texts);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /**
   * All metrics in Prometheus' text format 0.0.4, or those that are asked for.
   *
   * @throws MetricError `INVALID_OPTION` for a format that isn't text, or an option that is not usable
   */
  async metrics(options: MetricsOptions = {}): Promise<string> {
    return textOf(await this.views(options), options);
  }

  /** All metrics as an answer to a scrape: the bytes, and the content type to send with them. */
  async expose(options: ExposeOptions = {}): Promise<Exposition> {
    return expose(await this.views(options), options);
  }

  /**
   * All metrics as plain data, which is the caller's.
   *
   * @example
   * ```ts
   * registry.gauge({ name: 'g', help: 'A gauge' }).set(1);
   * await registry.gather(); // [{ name: 'g', help: 'A gauge', type: 'gauge', series: [{ labels: {}, value: 1 }] }]
   * ```
   */
  async gather(options: GatherOptions = {}): Promise<MetricFamily[]> {
    return (await this.views(options)).map(plainOf);
  }

  /** @internal All families as a scrape sees them, for encoders and other registries. */
  async views({ names, timeoutSeconds }: GatherOptions = {}): Promise<FamilyView[]> {
    const asked = names && askedNames(names);
    const collectors = [...this.#collectors].filter(
      (each) => !each.describe || descriptionsOf(each).some((its) => isAsked(its, asked)),
    );
    const outcomes = await runAll(collectors, timeoutSeconds);
    const families = new FamilySet();
    collectors.forEach((collector, i) => this.#addFamilies(families, collector, outcomes[i] as Outcome));
    // What this gather had to say of itself is in it too.
    const failures = this.get(FAILURES.name);
    if (failures !== undefined && !collectors.includes(failures)) families.add(this.#labels.addTo(failures));
    return families.all.filter((family) => isAsked(family, asked));
  }

  /** @internal */
  countSelf(definition: SelfCounter, labelValue: string): void {
    try {
      this.counter({ ...definition, maxSeries: Infinity })
        .labels(labelValue)
        .inc();
    } catch {
      // The program has another metric of that name: the warning has to do.
    }
  }

  #addFamilies(families: FamilySet, collector: Collector, outcome: Outcome): void {
    if ('failure' in outcome) return this.#countFailure(collector, outcome.failure);
    try {
      for (const family of outcome.families) this.#addFamily(families, collector, family);
    } catch (error) {
      this.#countFailure(collector, error);
    }
  }

  /** A family that isn't one, or has a name that is taken, costs itself only. */
  #addFamily(families: FamilySet, collector: Collector, family: MetricFamily | FamilyView): void {
    try {
      const view = this.#labels.addTo(isLive(family) ? family : viewOf(family));
      this.#taken.check([view], collector);
      families.add(view);
    } catch (error) {
      this.#countFailure(collector, error);
    }
  }

  /** What a collector tells without being waited for; of a live metric, what it has now. */
  #readNow(collector: Collector): FamilyView[] {
    const collected = collector.collect();
    if (!(collected instanceof Promise)) {
      return Array.from(collected, (family) => this.#labels.addTo(isLive(family) ? family : viewOf(family)));
    }
    collected.catch(() => {});
    return 'labelNames' in collector ? [this.#labels.addTo(collector as unknown as FamilyView)] : [];
  }

  /** A collector that fails costs its own families only; that it did is exposed, and said once. */
  #countFailure(collector: Collector, reason: unknown): void {
    const name = nameOf(collector);
    this.countSelf(FAILURES, name);
    if (this.#warnedOf.has(collector)) return;
    this.#warnedOf.add(collector);
    warn(
      'PROMETER_COLLECTOR_FAILED',
      `The metrics of ${show(name)} are left out of the scrape: their collect failed with ${reasonOf(reason)}.`,
    );
  }

  /** @internal */
  protected override obtain<Made extends Collector>(made: Made): Made {
    const found = this.#byName(nameOf(made));
    // A metric that takes the name only for one of its samples is not the one that is asked for.
    if (found === undefined || nameOf(found) !== nameOf(made)) return this.register(made);
    if (!isDefinedLike(made, found)) {
      throw new MetricError(
        'DIFFERENT_DEFINITION',
        `The metric ${show(nameOf(made))} exists already, as ${definitionOf(found)}, not as ${definitionOf(made)}: define it alike in both places or choose another name.`,
      );
    }
    return found as Made;
  }

  #byName(name: string): Collector | undefined {
    return this.#taken.holderOf(name);
  }
}

/** What gather counts of itself; the metric appears with the first failure. */
const FAILURES: SelfCounter = {
  name: 'prometer_collector_errors',
  help: 'Times that a collector failed and its metrics were left out of a scrape.',
  labelNames: ['collector'],
};

function descriptionsOf(collector: Collector): FamilyDescription[] {
  return [...(collector.describe?.() ?? [])];
}

/** A custom collector is called by the first family that it describes, or else by its class. */
function nameOf(collector: Collector): string {
  const [first] = descriptionsOf(collector);
  const { constructor } = collector as { constructor?: { name: string } };
  return first?.name ?? (constructor === undefined || constructor === Object ? 'collector' : constructor.name);
}

/** What must be the same for two definitions to share a metric. */
const DEFINING = ['type', 'unit', 'labelNames', 'upperBounds', 'native', 'quantiles', 'states'] as const;

function isDefinedLike(a: Collector, b: Collector): boolean {
  return definitionOf(a) === definitionOf(b);
}

function definitionOf(collector: Collector): string {
  const metric = collector as { [Key in (typeof DEFINING)[number]]?: unknown };
  return JSON.stringify(Object.fromEntries(DEFINING.map((key) => [key, metric[key]])));
}

/** The one registry that metrics register in unless they are told otherwise: one per process, however often it was loaded. */
export const defaultRegistry: Registry =
  (findDefaultRegistry() as Registry | undefined) ?? keepDefaultRegistry(new Registry());
