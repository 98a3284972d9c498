import { MetricError, show } from './errors.ts';

/** What a histogram or a summary can observe: any number, also NaN and the infinities. */
export function checkObservation(value: number | undefined): asserts value is number {
  if (typeof value === 'number') return;
  throw new MetricError('INVALID_VALUE', `${show(value)} can't be observed: give a number.`);
}
