import type { Counter } from './counter.ts';
import { findDefaultRegistry, keepDefaultRegistry, type Registrar } from './default-registry.ts';
import { descriptionsOf, isLive } from './description.ts';
import { MetricError, show } from './errors.ts';
import {
  expose,
  stream,
  textOf,
  type Encoding,
  type ExposeOptions,
  type Exposition,
  type ExpositionStream,
  type MetricsOptions,
  type StreamOptions,
} from './exposition.ts';
import { CollectorErrors } from './gather/collector-errors.ts';
import { Collectors } from './gather/collectors.ts';
import { ConstantLabels } from './gather/constant-labels.ts';
import { attempt, type GatherOptions } from './gather/gather.ts';
import { Gathering } from './gather/gathering.ts';
import { plainCopies } from './gather/plain-copy.ts';
import type { Gauge } from './gauge.ts';
import { definitionOf, GetOrMake } from './get-or-make.ts';
import type { Histogram } from './histogram.ts';
import type { Info } from './info.ts';
import { labelText, type LabelValue } from './labels.ts';
import type { Collector, FamilyView, MetricFamily, SelfCounter, SelfCounting } from './model.ts';
import { checkOptions } from './options.ts';
import { sampleValue } from './samples.ts';
import type { StateSet } from './state-set.ts';
import type { Summary } from './summary.ts';
import { Turns } from './turns.ts';

// With `any`, every metric is one of these, and each call can be made with labels and without.
/** A metric of any kind with any labels. */
export type Metric = Counter<any> | Gauge<any> | Histogram<any> | Summary<any> | Info<any> | StateSet<any, any>;

/** What a registry is made with. */
export interface RegistryOptions {
  /** Labels that it adds to every series. */
  labels?: Readonly<Record<string, LabelValue>> | undefined;
}

const GATHER_OPTIONS: readonly (keyof GatherOptions)[] = ['names', 'timeoutSeconds'];
const EXPOSE_OPTIONS: readonly (keyof ExposeOptions)[] = [...GATHER_OPTIONS, 'created', 'openMetrics2'];
const METRICS_OPTIONS: readonly (keyof MetricsOptions)[] = [...EXPOSE_OPTIONS, 'format'];
const STREAM_OPTIONS: readonly (keyof StreamOptions)[] = [...EXPOSE_OPTIONS, 'shareGather'];

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
   * @throws MetricError `INVALID_OPTION` when there is something else among them
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
    // By its methods, not by its class: it may be of another copy of this package.
    if (!Array.isArray(registries) || registries.some((each: Registry | null) => typeof each?.views !== 'function')) {
      throw new MetricError('INVALID_OPTION', `${show(registries)} can't be merged: give an array of registries.`);
    }
    for (const registry of registries as readonly Registry[]) merged.#merged.add(registry);
    return merged;
  }

  readonly #collectors = new Collectors();
  /** The registries that this one gathers beside its own collectors. */
  readonly #merged = new Set<Registry>();
  readonly #errors: CollectorErrors = new CollectorErrors(this);
  readonly #turns = new Turns();
  readonly #labels: ConstantLabels;
  readonly #gathering: Gathering;
  readonly #encoding: Encoding = { onInvalid: this.#errors.addFamily, turns: this.#turns, formats: new Map() };

  /** @throws MetricError `INVALID_LABEL_NAME`, `INVALID_LABEL_VALUE`, `INVALID_OPTION` */
  constructor(options: RegistryOptions = {}) {
    super();
    checkOptions('a registry', options, ['labels']);
    const { labels = {} } = options;
    this.#labels = new ConstantLabels(labels);
    this.#gathering = new Gathering(this.#collectors, this.#labels, this.#errors, this.#turns);
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
    const descriptions = descriptionsOf(collector);
    const labelNames = isLive(collector) ? (collector as unknown as { labelNames: readonly string[] }).labelNames : [];
    for (const description of descriptions ?? []) this.#labels.check(description, labelNames);
    this.#collectors.add(collector, descriptions);
    collector.attach?.(this);
    return collector;
  }

  /**
   * Takes a metric out, by itself or by its name; it can go on being used, and be registered again.
   *
   * @returns whether it was there
   */
  unregister(collector: Collector | string): boolean {
    const found = typeof collector === 'string' ? this.#collectors.byName(collector) : collector;
    if (found === undefined || !this.#collectors.delete(found)) return false;
    found.detach?.(this);
    return true;
  }

  /** The metric of this name, with or without the suffixes of its samples; of a merged registry, also one of its parts. */
  get(name: string): Metric | undefined {
    let found = this.#collectors.byName(name) as Metric | undefined;
    for (const part of this.#merged) found ??= part.get(name);
    return found;
  }

  /** Takes every metric out. They go on counting for whoever holds them, but are exposed no more. */
  clear(): void {
    for (const collector of this.#collectors.clear()) collector.detach?.(this);
    this.#merged.clear();
  }

  /**
   * One sample's value as a scrape would show it, by its full name and all its labels; undefined where there is
   * none. Runs the metric's `collect` first, but doesn't wait for one that is asynchronous.
   *
   * @throws what a synchronous `collect` throws, if no other has the sample; MetricError `INVALID_LABEL_VALUE` when a value has no text
   *
   * @example
   * ```ts
   * registry.counter({ name: 'hits', help: 'Hits', labelNames: ['page'] }).inc({ page: '/' });
   * registry.getSampleValue('hits_total', { page: '/' }); // 1
   * ```
   */
  getSampleValue(name: string, labels?: Readonly<Record<string, LabelValue>>): number | undefined {
    const texts = new Map(Object.entries(labels ?? {}).map(([label, value]) => [label, labelText(label, value)]));
    const failures: unknown[] = [];
    for (const registry of this.#merged) {
      const value = attempt(failures, () => registry.getSampleValue(name, labels));
      if (value !== undefined) return value;
    }
    for (const collector of this.#collectors.thatMayHave(name)) {
      for (const view of this.#gathering.now(collector, failures)) {
        const value = attempt(failures, () => sampleValue([view], name, texts));
        if (value !== undefined) return value;
      }
    }
    if (failures.length > 0) throw failures[0];
    return undefined;
  }

  /**
   * All metrics as text, or those that are asked for.
   *
   * @throws MetricError `INVALID_OPTION` for a format that isn't text, or an option that is not usable
   */
  async metrics(options: MetricsOptions = {}): Promise<string> {
    checkOptions('metrics', options, METRICS_OPTIONS);
    return textOf(() => this.views(options), options, this.#encoding);
  }

  /**
   * All metrics as an answer to a scrape: the bytes, in the format that suits its `Accept` header best, and the content
   * type to send with them.
   *
   * @throws MetricError `INVALID_OPTION`
   */
  async expose(acceptHeader?: string, options: ExposeOptions = {}): Promise<Exposition> {
    checkOptions('expose', options, EXPOSE_OPTIONS);
    return expose(() => this.views(options), acceptHeader, options, this.#encoding);
  }

  /**
   * The same in pieces of some 64 KB, for a scrape that nobody feels: each is made when it is asked for, after the event
   * loop has had its turn. Collectors run when the first piece is asked for; who needs no more of them calls `return`, as
   * leaving a loop does.
   *
   * @throws MetricError `INVALID_OPTION`, for an option that can't be used when the first piece is asked for
   *
   * @example
   * ```ts
   * const scrape = registry.stream('text/plain');
   * scrape.contentType; // 'text/plain; version=0.0.4; charset=utf-8'
   * let length = 0;
   * for await (const piece of scrape) length += piece.length;
   * ```
   */
  stream(acceptHeader?: string, options: StreamOptions = {}): ExpositionStream {
    checkOptions('stream', options, STREAM_OPTIONS);
    return stream(() => this.views(options), acceptHeader, options, this.#encoding);
  }

  /**
   * All metrics as plain data, which is the caller's.
   *
   * @throws MetricError `INVALID_OPTION`
   *
   * @example
   * ```ts
   * registry.gauge({ name: 'g', help: 'A gauge' }).set(1);
   * await registry.gather(); // [{ name: 'g', help: 'A gauge', type: 'gauge', series: [{ labels: {}, value: 1 }] }]
   * ```
   */
  async gather(options: GatherOptions = {}): Promise<MetricFamily[]> {
    checkOptions('gather', options, GATHER_OPTIONS);
    const views = await this.views(options);
    return this.#turns.between(plainCopies(views));
  }

  /** @internal Whether it adds a label of this name to every series: it refuses a metric that has one of its own. */
  addsLabel(name: string): boolean {
    return this.#labels.has(name);
  }

  /** @internal All families as a scrape sees them, for encoders and other registries. */
  views(options: StreamOptions = {}): Promise<FamilyView[]> {
    return this.#gathering.views([...this.#merged], options);
  }

  /** @internal */
  countSelf(definition: SelfCounter, labelValue: string): void {
    const found = this.#collectors.byName(definition.name) as Metric | undefined;
    // The program may have another metric of that name: what else there is to say has to do.
    if (found !== undefined && !(found.type === 'counter' && found.labelNames.join() === definition.labelNames.join()))
      return;
    const counter = found ?? attempt([], () => this.counter(definition));
    counter?.labels(labelValue).inc();
  }

  /** @internal */
  protected override obtain<Made extends Collector>(made: Made): Made {
    const name = this.#collectors.nameOf(made);
    const found = this.#collectors.byName(name);
    // A metric that takes the name only for one of its samples is not the one that is asked for.
    if (found === undefined || this.#collectors.nameOf(found) !== name) return this.register(made);
    if (definitionOf(made) === definitionOf(found)) return found as Made;
    const other = isLive(found) ? definitionOf(found) : 'what a custom collector gives';
    throw new MetricError(
      'DIFFERENT_DEFINITION',
      `The metric ${show(name)} exists already, as ${other}, not as ${definitionOf(made)}: define it alike in both places or choose another name.`,
    );
  }
}

/** The one registry that metrics register in unless they are told otherwise: one per process, however often it was loaded. */
export const defaultRegistry: Registry =
  (findDefaultRegistry() as Registry | undefined) ?? keepDefaultRegistry(new Registry());
