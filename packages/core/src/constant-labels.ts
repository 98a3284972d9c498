import { MetricError, show } from './errors.ts';
import { checkLabelNames, labelText, renderLabels, type LabelValue } from './labels.ts';
import type {
  FamilyView,
  HistogramSeriesView,
  SeriesView,
  StateSetSeriesView,
  SummarySeriesView,
  ValueSeries,
} from './model.ts';

/** Labels that a registry adds to every series. */
export class ConstantLabels {
  readonly #names: readonly string[];
  readonly #values: readonly string[];
  readonly #text: string;

  /** @throws MetricError `INVALID_LABEL_NAME`, `INVALID_LABEL_VALUE` */
  constructor(labels: Readonly<Record<string, LabelValue>>) {
    this.#names = checkLabelNames('of a registry', Object.keys(labels), undefined);
    this.#values = this.#names.map((name) => labelText(name, labels[name]));
    this.#text = renderLabels(this.#names, this.#values);
  }

  /** @throws MetricError `INVALID_LABEL_NAME` when a metric has one of them as a label of its own */
  check(metric: string, labelNames: readonly string[]): void {
    const twice = labelNames.find((name) => this.#names.includes(name));
    if (twice === undefined) return;
    throw new MetricError(
      'INVALID_LABEL_NAME',
      `Metric ${show(metric)} has the label ${show(twice)}, which its registry adds to every series: choose another name.`,
    );
  }

  /** A family with these labels before those of each series, which is read when it comes. */
  addTo(family: FamilyView): FamilyView {
    if (this.#names.length === 0) return family;
    const { name, help, type, unit } = family;
    for (const { labelNames } of family.series) this.check(name, labelNames);
    const series = { [Symbol.iterator]: () => this.#label(family.series) };
    return { name, help, type, unit, series } as FamilyView;
  }

  *#label(all: Iterable<SeriesView>): Generator<SeriesView, void, undefined> {
    for (const series of all) {
      yield {
        ...read(series),
        labelNames: [...this.#names, ...series.labelNames],
        labelValues: [...this.#values, ...series.labelValues],
        labelText: series.labelText === '' ? this.#text : `${this.#text},${series.labelText}`,
      } as SeriesView;
    }
  }
}

type AnySeries = Partial<ValueSeries & HistogramSeriesView & SummarySeriesView & StateSetSeriesView>;

/** What a live series has in accessors, which spreading would leave behind. */
function read(series: SeriesView): AnySeries {
  const {
    created,
    timestamp,
    value,
    exemplar,
    count,
    sum,
    upperBounds,
    bucketCounts,
    exemplars,
    native,
    quantiles,
    states,
  } = series as AnySeries;
  return {
    created,
    timestamp,
    value,
    exemplar,
    count,
    sum,
    upperBounds,
    bucketCounts,
    exemplars,
    native,
    quantiles,
    states,
  } as AnySeries;
}
