import { show } from './errors.ts';
import type { SelfCounter, SelfCounting, SeriesView } from './model.ts';
import type { SeriesOwner } from './series.ts';
import { warn } from './warning.ts';

/** How many series a metric may have unless it is told otherwise. */
export const DEFAULT_MAX_SERIES = 10_000;

/** The value of every label of the series in which all further label sets end. */
export const OVERFLOW = '_overflow';

/** What is counted of the calls whose labels ended there. */
const OVERFLOWS: SelfCounter = {
  name: 'prometer_series_overflow',
  help: 'Calls with new labels, past the limit of series, that ended in the overflow series.',
  labelNames: ['metric'],
  // It must not overflow itself.
  maxSeries: Infinity,
};

const WARNING = 'PROMETER_SERIES_OVERFLOW';

/** How many series a metric may have, and what is said, where it is registered, when it wants more. */
export class SeriesLimit {
  readonly #most: number;
  readonly #registries = new Set<SelfCounting>();
  #hasWarned = false;

  constructor(most: number) {
    this.#most = most;
  }

  attach(registry: SelfCounting): void {
    this.#registries.add(registry);
  }

  detach(registry: SelfCounting): void {
    this.#registries.delete(registry);
  }

  allowsMoreThan(count: number): boolean {
    return count < this.#most;
  }

  /** A call with new labels has come that the limit doesn't allow. */
  exceed(owner: SeriesOwner, series: Iterable<SeriesView>): void {
    for (const registry of this.#registries) registry.countSelf(OVERFLOWS, owner.name);
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const [label, count] = mostDistinct(series, owner.labelNames);
    warn(
      WARNING,
      `Metric ${show(owner.name)} has reached its limit of ${this.#most} series: what has new labels is counted together from now on, under ${OVERFLOW}. Most of all, label ${show(label)} has ${count} values: let it have fewer, or raise maxSeries.`,
    );
  }
}

/** The label that has the most different values among these series, and how many. */
export function mostDistinct(
  series: Iterable<SeriesView>,
  labelNames: readonly string[],
): [name: string, count: number] {
  const values = labelNames.map(() => new Set<string>());
  for (const { labelValues } of series) labelValues.forEach((value, i) => values[i]?.add(value));
  const counts = values.map(({ size }) => size);
  const most = Math.max(...counts);
  return [labelNames[counts.indexOf(most)] as string, most];
}
