import { findDefaultRegistry, type Registrar } from './default-registry.ts';
import { MetricError, show } from './errors.ts';
import { checkLabelNames, labelText, renderLabels, type LabelArguments } from './labels.ts';
import type { Collector, FamilyView, LabelledSeries, MetricType } from './model.ts';
import { familyName } from './names.ts';

/** What every metric is defined by. */
export interface MetricDefinition<Names extends readonly string[], Metric> {
  /** By Prometheus' rules; what a type or `unit` appends to it is added where it is missing. */
  name: string;
  /** One sentence for the reader of the metrics; may be empty, can't be left out. */
  help: string;
  /** The names of the labels, kept as literal types; none if left out. */
  labelNames?: Names | undefined;
  /** The base unit, such as `seconds` or `bytes`: becomes the name's suffix. */
  unit?: string | undefined;
  /**
   * Called before each gather with `this` = the metric, to set what is only read when it is asked for.
   * When it throws or rejects, that gather goes on without this metric.
   */
  collect?: ((this: Metric) => void | Promise<void>) | undefined;
}

/** Where a metric registers itself. */
export interface RegistryOption {
  /** The default registry if left out; `null` for none. */
  registry?: Registrar | null | undefined;
}

/** What a metric is in Prometheus' words: one name, and a series for each set of label values. */
export interface FamilyParts<Type extends MetricType, Names extends readonly string[], Series> {
  type: Type;
  /** A label name that samples of this type write themselves. */
  reservedLabel?: string;
  definition: MetricDefinition<Names, never> & RegistryOption;
  makeSeries: (labels: LabelledSeries) => Series;
}

/** Maps of maps, one level a label, the last of which holds the series: no key is ever put together. */
type Level<Series> = Map<string, Level<Series> | Series>;

/**
 * Finds, makes and removes the series of one name. The kinds of metrics are built on it; it knows none of
 * them.
 */
export abstract class Family<
  Type extends MetricType,
  const Names extends readonly string[],
  Series extends LabelledSeries,
> implements Collector {
  readonly type: Type;
  /** Without the suffixes of its samples: that of `requests_total` is `requests`. */
  readonly name: string;
  readonly help: string;
  readonly unit: string | undefined;
  readonly labelNames: readonly string[];
  readonly #makeSeries: (labels: LabelledSeries) => Series;
  readonly #beforeGather: (() => void | Promise<void>) | undefined;
  readonly #series = new Set<Series>();
  #root: Level<Series> = new Map();
  #sole: Series | undefined;

  protected constructor({ type, reservedLabel, definition, makeSeries }: FamilyParts<Type, Names, Series>) {
    if (typeof definition !== 'object' || definition === null) {
      throw new MetricError('INVALID_OPTION', `A ${type} can't be made from ${show(definition)}: give an object such as { name: 'x', help: 'X' }.`);
    }
    const { name, help, unit, labelNames, collect, registry = requireDefaultRegistry() } = definition;
    this.name = familyName(name, type, unit);
    this.help = checkHelp(name, help);
    this.unit = unit;
    this.labelNames = checkLabelNames(name, labelNames, reservedLabel);
    this.type = type;
    this.#makeSeries = makeSeries;
    this.#beforeGather = checkCollect(name, collect as (() => void) | undefined);
    this.#addSole();
    registry?.register(this);
  }

  /**
   * The series of these label values, by position or by name: made on the first call and exposed from then
   * on, the same object on every later one. Keep it where speed matters.
   *
   * @throws MetricError `INVALID_LABELS` when a label is missing, unknown or one too many,
   * `INVALID_LABEL_VALUE` when a value has no text.
   */
  labels(...labels: LabelArguments<Names>): Series;
  labels(...given: readonly unknown[]): Series {
    const first = given[0];
    if (typeof first === 'object' && first !== null) {
      if (given.length === 1) return this.seriesByName(first);
      throw this.#wrongLabels(given);
    }
    if (given.length !== this.labelNames.length) throw this.#wrongLabels(given);
    let found: Level<Series> | Series | undefined = this.#sole ?? this.#root;
    for (let i = 0; i < given.length; i++) {
      const value = given[i];
      found = (found as Level<Series>).get(typeof value === 'string' ? value : labelText(this.labelNames[i] as string, value));
      if (found === undefined) return this.#make(this.#textsByPosition(given));
    }
    return found as Series;
  }

  /** The same for the calls that take labels first; a metric without labels has no such call. */
  protected seriesByName(given: unknown): Series {
    const names = this.labelNames;
    if (typeof given !== 'object' || given === null || names.length === 0) throw this.#wrongLabels(given);
    let found: Level<Series> | Series | undefined = this.#root;
    let i = 0;
    // Names in declared order need no look-up by name; any other order takes the careful way.
    for (const name in given) {
      if (name !== names[i]) return this.#make(this.#textsByName(given));
      const value: unknown = (given as Record<string, unknown>)[name];
      found = (found as Level<Series>).get(typeof value === 'string' ? value : labelText(name, value));
      if (found === undefined) return this.#make(this.#textsByName(given));
      i++;
    }
    return i === names.length ? (found as Series) : this.#make(this.#textsByName(given));
  }

  /** The series that a shorthand call is about: the only one, or that of the labels given by name. */
  protected seriesOf(labels: unknown): Series {
    return this.#sole !== undefined && labels === undefined ? this.#sole : this.seriesByName(labels);
  }

  /** The one series of a metric without labels. */
  protected get sole(): Series {
    if (this.#sole === undefined) throw this.#wrongLabels(undefined);
    return this.#sole;
  }

  /**
   * Forgets one series: it is no longer exposed, and the next use of these labels starts from zero.
   *
   * @returns whether it was there
   * @throws MetricError as {@link labels} does
   */
  remove(...labels: LabelArguments<Names>): boolean;
  remove(...given: readonly unknown[]): boolean {
    const byName = given.length === 1 && typeof given[0] === 'object' && given[0] !== null;
    if (this.labelNames.length === 0) throw this.#wrongLabels(byName ? given[0] : given);
    const values = byName ? this.#textsByName(given[0] as object) : this.#textsByPosition(given);
    return this.#removeFrom(this.#root, values, 0);
  }

  /** Forgets every series. A metric without labels starts again from zero. */
  clear(): void {
    this.#series.clear();
    this.#root = new Map();
    this.#addSole();
  }

  /** For a registry and its encoders: the series in the order in which they were made. */
  get series(): Iterable<Series> {
    return this.#series;
  }

  /** For a registry. */
  describe(): readonly { readonly name: string; readonly type: MetricType }[] {
    return [{ name: this.name, type: this.type }];
  }

  /** For a registry: runs the `collect` of the definition. */
  collect(): readonly FamilyView[] | Promise<readonly FamilyView[]> {
    // The compiler can't see that the kind's type and its series belong together.
    const families = [this as unknown as FamilyView];
    const pending = this.#beforeGather?.();
    return pending === undefined ? families : Promise.resolve(pending).then(() => families);
  }

  #make(values: readonly string[]): Series {
    let level = this.#root;
    const last = values.length - 1;
    for (let i = 0; i < last; i++) {
      const value = values[i] as string;
      let next = level.get(value) as Level<Series> | undefined;
      if (next === undefined) level.set(value, (next = new Map()));
      level = next;
    }
    const value = values[last] as string;
    let series = level.get(value) as Series | undefined;
    if (series === undefined) {
      series = this.#makeSeries({
        labelNames: this.labelNames,
        labelValues: values,
        labelText: renderLabels(this.labelNames, values),
      });
      level.set(value, series);
      this.#series.add(series);
    }
    return series;
  }

  #addSole(): void {
    if (this.labelNames.length > 0) return;
    this.#sole = this.#makeSeries({ labelNames: this.labelNames, labelValues: [], labelText: '' });
    this.#series.add(this.#sole);
  }

  #removeFrom(level: Level<Series>, values: readonly string[], depth: number): boolean {
    const value = values[depth] as string;
    const next = level.get(value);
    if (next === undefined) return false;
    if (depth === values.length - 1) {
      this.#series.delete(next as Series);
    } else {
      const below = next as Level<Series>;
      if (!this.#removeFrom(below, values, depth + 1)) return false;
      if (below.size > 0) return true;
    }
    return level.delete(value);
  }

  #textsByPosition(given: readonly unknown[]): string[] {
    if (given.length !== this.labelNames.length) throw this.#wrongLabels(given);
    return given.map((value, i) => labelText(this.labelNames[i] as string, value));
  }

  #textsByName(given: object): string[] {
    const names = this.labelNames;
    if (Object.keys(given).length !== names.length) throw this.#wrongLabels(given);
    return names.map((name) => {
      if (!Object.hasOwn(given, name)) throw this.#wrongLabels(given);
      return labelText(name, (given as Record<string, unknown>)[name]);
    });
  }

  #wrongLabels(given: unknown): MetricError {
    const names = this.labelNames;
    const wrong = Array.isArray(given)
      ? `${given.length} given for ${names.length} labels`
      : [
          ...names.filter((name) => !Object.hasOwn(Object(given), name)).map((name) => `${show(name)} is missing`),
          ...Object.keys(Object(given)).filter((name) => !names.includes(name)).map((name) => `${show(name)} is none of its labels`),
        ].join(', ');
    const todo =
      names.length === 0
        ? 'It has no labels: call inc, set or observe on the metric itself.'
        : `Give each label a value, as in labels(${names.join(', ')}) or labels({ ${names.join(', ')} }).`;
    return new MetricError('INVALID_LABELS', `Metric ${show(this.name)} can't take the labels ${show(given)}: ${wrong}. ${todo}`);
  }
}

function requireDefaultRegistry(): Registrar {
  return findDefaultRegistry() as Registrar;
}

function checkHelp(name: string, help: unknown): string {
  if (typeof help === 'string' && help.isWellFormed()) return help;
  throw new MetricError(
    'INVALID_HELP',
    `The help of metric ${show(name)} is ${show(help)}: give a sentence that says what is measured, or ''.`,
  );
}

function checkCollect(name: string, collect: (() => void | Promise<void>) | undefined): typeof collect {
  if (collect === undefined || typeof collect === 'function') return collect;
  throw new MetricError(
    'INVALID_OPTION',
    `The collect option of metric ${show(name)} is ${show(collect)}: give a function, or leave it out.`,
  );
}
