import { isLive, reservedLabel } from '../description.ts';
import { MetricError, show } from '../errors.ts';
import { escapeLabelName } from '../escaping.ts';
import { checkLabelNames, labelText, renderLabels, type LabelValue } from '../labels.ts';
import type {
  FamilyDescription,
  FamilyView,
  HistogramSeriesView,
  SeriesView,
  StateSetSeriesView,
  SummarySeriesView,
  ValueSeries,
} from '../model.ts';

/** Labels that a registry adds to every series. */
export class ConstantLabels {
  readonly #names: readonly string[];
  readonly #values: readonly string[];
  readonly #text: string;
  /** The names as they are exposed at their plainest. */
  readonly #exposed: ReadonlySet<string>;

  /** @throws MetricError `INVALID_LABEL_NAME`, `INVALID_LABEL_VALUE` */
  constructor(labels: Readonly<Record<string, LabelValue>>) {
    if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) {
      throw new MetricError(
        'INVALID_OPTION',
        `The labels of a registry are ${show(labels)}: give an object such as { service: 'api' }, or leave it out.`,
      );
    }
    this.#names = checkLabelNames('*', Object.keys(labels), undefined);
    this.#exposed = new Set(this.#names.map((name) => escapeLabelName(name)));
    this.#values = this.#names.map((name) => labelText(name, labels[name]));
    this.#text = renderLabels(this.#names, this.#values);
  }

  /** @throws MetricError `INVALID_LABEL_NAME` when a family has one of them as a label of its own, or writes it itself */
  check(family: FamilyDescription, labelNames: readonly string[]): void {
    const reserved = reservedLabel(family);
    const own = reserved === undefined ? labelNames : [...labelNames, reserved];
    const twice = own.find((name) => this.#exposed.has(escapeLabelName(name)));
    if (twice === undefined) return;
    throw new MetricError(
      'INVALID_LABEL_NAME',
      `Metric ${show(family.name)} has the label ${show(twice)}, which its registry adds to every series: choose another name.`,
    );
  }

  /** A family with these labels before those of each series, which is read when it comes. */
  addTo(family: FamilyView): FamilyView {
    if (this.#names.length === 0) return family;
    const { name, help, type, unit } = family;
    this.check(family, []);
    // A live one was checked when it was registered, and all its series have the same labels, except those of an info.
    if (!isLive(family) || type === 'info') for (const each of family.series) this.check(family, each.labelNames);
    const series = { [Symbol.iterator]: () => this.#label(family.series) };
    // Of a live family, encoders need not look at each series' names.
    const own = isLive(family) && (family as { labelNames?: readonly string[] }).labelNames;
    return { name, help, type, unit, series, ...(own && { labelNames: [...this.#names, ...own] }) } as FamilyView;
  }

  *#label(all: Iterable<SeriesView>): Generator<SeriesView, void, undefined> {
    for (const series of all) {
      yield {
        ...read(series),
        labelNames: [...this.#names, ...series.labelNames],
        labelValues: [...this.#values, ...series.labelValues],
        labelText: series.labelText === '' ? this.#text : `${this.#text},${series.labelText}`,
      };
    }
  }
}

type AnySeries = Partial<ValueSeries & HistogramSeriesView & SummarySeriesView & StateSetSeriesView>;

/** All that a series may have beside its labels. */
const FIELDS: readonly (keyof AnySeries)[] = [
  'created',
  'timestamp',
  'value',
  'exemplar',
  'count',
  'sum',
  'upperBounds',
  'bucketCounts',
  'exemplars',
  'native',
  'quantiles',
  'states',
];

/** What a live series has in accessors, which spreading would leave behind. */
function read(series: AnySeries): AnySeries {
  return Object.fromEntries(FIELDS.map((field) => [field, series[field]]));
}
