import type { MetricDefinition, RegistryOption } from './definition.ts';
import { MetricError, show } from './errors.ts';
import { Family } from './family.ts';
import { checkLabelNames, labelText, ownText, type LabelValue } from './labels.ts';
import type { LabelColumnView, ValueSeries } from './model.ts';
import { BaseSeries } from './series.ts';

/** What an info is made from: it has no unit. */
export interface InfoDefinition<Names extends readonly string[]> extends Omit<
  MetricDefinition<Names, Info<Names>>,
  'unit'
> {}

/** What is said of something that doesn't change: each becomes a label. */
export type InfoLabels = Readonly<Record<string, LabelValue>>;

/** One series of an {@link Info}: what its `labels()` returns. */
export class InfoSeries extends BaseSeries implements ValueSeries {
  readonly value = 1;
  #said: { names: readonly string[]; values: readonly string[] } | undefined = undefined;

  /**
   * Says what is known, in place of what was said before.
   *
   * @throws MetricError `INVALID_LABEL_NAME` for a name that can't be one, `INVALID_LABELS` for one that the metric has as
   * a label already, `INVALID_LABEL_VALUE`
   */
  set(given: InfoLabels): void {
    const { name, labelNames } = this.owner;
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      throw new MetricError(
        'INVALID_LABELS',
        `Info ${show(name)} can't say ${show(given)}: give an object such as { version: '1.2.3' }.`,
      );
    }
    const twice = Object.keys(given).find((label) => labelNames.includes(label));
    if (twice !== undefined) {
      throw new MetricError(
        'INVALID_LABELS',
        `Info ${show(name)} can't say ${show(twice)}: it is one of its labels already. Choose another name.`,
      );
    }
    const names = checkLabelNames(name, [...labelNames, ...Object.keys(given)], undefined);
    const values = [
      ...super.labelValues,
      ...Object.entries(given).map(([label, value]) => ownText(labelText(label, value))),
    ];
    this.#said = { names, values };
  }

  /** Whether anything has been said yet. */
  get isSet(): boolean {
    return this.#said !== undefined;
  }

  /** The names of its family's labels, then of what it says. */
  override get labelNames(): readonly string[] {
    return this.#said?.names ?? super.labelNames;
  }

  /** The values of all of these. */
  override get labelValues(): readonly string[] {
    return this.#said?.values ?? super.labelValues;
  }

  /** What is said is in no column. */
  override get columns(): readonly LabelColumnView[] | undefined {
    return this.#said === undefined ? super.columns : undefined;
  }
}

/**
 * Says in labels what doesn't change while the program runs: its version, its build (OpenMetrics 1.0, "Info"). Exposed
 * as `<name>_info`, always 1, from the first `set` on.
 *
 * @example
 * ```ts
 * const build = new Info({ name: 'build', help: 'What was built', registry });
 * build.set({ version: '1.2.3' });
 * registry.getSampleValue('build_info', { version: '1.2.3' }); // 1
 * ```
 */
export class Info<const Names extends readonly string[] = readonly []> extends Family<'info', Names, InfoSeries> {
  /** @throws MetricError when a name, label name or other option is not usable, or the name is taken. */
  constructor(definition: InfoDefinition<Names> & RegistryOption) {
    super({ type: 'info', definition, makeSeries: (rows, row) => new InfoSeries(rows, row) });
  }

  /** Says what is known; with labels, `labels(...).set(...)`. See {@link InfoSeries.set}. */
  set(...given: Names extends readonly [] ? [info: InfoLabels] : [never]): void;
  set(given: InfoLabels): void {
    this.seriesOf(undefined).set(given);
  }

  /** For a registry and its encoders: those of which something has been said. */
  override get series(): Iterable<InfoSeries> {
    return [...super.series].filter(({ isSet }) => isSet);
  }
}
