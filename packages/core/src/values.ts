import { MetricError, show } from './errors.ts';

/** What a counter can be increased by: a finite number that isn't negative. */
export function checkIncrement(value: unknown): asserts value is number {
  if (typeof value === 'number' && value >= 0 && value < Infinity) return;
  throw new MetricError(
    'INVALID_VALUE',
    `A counter can't be increased by ${show(value)}: it takes a finite number that isn't negative.${aboutLabels(value)} What can fall is a Gauge.`,
  );
}

/** What a gauge can be set to: any number, also NaN and the infinities. */
export function checkSetting(value: unknown): asserts value is number {
  if (typeof value === 'number') return;
  throw new MetricError('INVALID_VALUE', `A gauge can't take ${show(value)}: give a number.${aboutLabels(value)}`);
}

/** What a histogram or a summary can observe: any number, also NaN and the infinities. */
export function checkObservation(value: unknown): asserts value is number {
  if (typeof value === 'number') return;
  throw new MetricError('INVALID_VALUE', `${show(value)} can't be observed: give a number.${aboutLabels(value)}`);
}

/** Which quantile can be asked for: any number, though outside of 0 to 1 there is nothing to tell. */
export function checkShare(value: unknown): asserts value is number {
  if (typeof value === 'number') return;
  throw new MetricError('INVALID_VALUE', `There is no quantile ${show(value)}: give a number from 0 to 1.`);
}

function aboutLabels(value: unknown): string {
  return typeof value === 'object' && value !== null ? ' Labels are for a metric that declares labelNames.' : '';
}
