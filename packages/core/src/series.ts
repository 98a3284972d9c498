import type { LabelledSeries } from './model.ts';

/** What the series of every kind of metric has: its labels. */
export abstract class BaseSeries implements LabelledSeries {
  readonly labelNames: readonly string[];
  readonly labelValues: readonly string[];
  readonly labelText: string;

  /** @internal Series are made by `labels()`. */
  constructor(labels: LabelledSeries) {
    this.labelNames = labels.labelNames;
    this.labelValues = labels.labelValues;
    this.labelText = labels.labelText;
  }
}
