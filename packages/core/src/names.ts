import { MetricError, show } from './errors.ts';
import type { MetricType } from './model.ts';

const LEGACY_METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LEGACY_LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** What the samples of each type append to the family's name (OpenMetrics 1.0, "Suffixes"). */
const SAMPLE_SUFFIXES: Readonly<Record<MetricType, readonly string[]>> = {
  counter: ['_total', '_created'],
  gauge: [],
  histogram: ['_bucket', '_sum', '_count', '_created'],
  summary: ['_sum', '_count', '_created'],
};

/**
 * The name of a family: what was given, checked, without a counter's `_total` and with the unit as suffix.
 * Any well-formed text is a name since Prometheus 3; one that needs no quoting is
 * `[a-zA-Z_:][a-zA-Z0-9_:]*` (Prometheus, "Data model").
 */
export function familyName(given: string, type: MetricType, unit: string | undefined): string {
  if (typeof given !== 'string' || given === '' || !given.isWellFormed()) {
    throw new MetricError(
      'INVALID_NAME',
      `The metric name ${show(given)} is not a non-empty, well-formed string: give one such as "http_requests_total".`,
    );
  }
  let name = type === 'counter' ? withoutSuffix(given, '_total') : given;
  if (unit !== undefined) {
    checkUnit(given, unit);
    name = `${withoutSuffix(name, `_${unit}`)}_${unit}`;
  }
  if (name === '') {
    throw new MetricError(
      'INVALID_NAME',
      `The counter name ${show(given)} is only a suffix: put what is counted before it, as in "requests_total".`,
    );
  }
  return name;
}

/** All names that a family takes for itself: its own and those of its samples. */
export function namesTaken(name: string, type: MetricType): string[] {
  return [name, ...SAMPLE_SUFFIXES[type].map((suffix) => name + suffix)];
}

/** A name as it is exposed to a reader that knows no quoted names: the scheme `underscores` of Prometheus. */
export function escapeMetricName(name: string): string {
  return LEGACY_METRIC_NAME.test(name) ? name : underscores(name, /[a-zA-Z0-9_:]/);
}

/** The same for a label's name, in which a colon is not legal. */
export function escapeLabelName(name: string): string {
  return LEGACY_LABEL_NAME.test(name) ? name : underscores(name, /[a-zA-Z0-9_]/);
}

/** By code points, not by UTF-16 units: one astral character becomes one underscore. */
function underscores(name: string, legal: RegExp): string {
  return Array.from(name, (char, i) => (legal.test(char) && !(i === 0 && /[0-9]/.test(char)) ? char : '_')).join('');
}

function checkUnit(name: string, unit: string): void {
  if (typeof unit === 'string' && /^[a-zA-Z0-9_:]+$/.test(unit)) return;
  throw new MetricError(
    'INVALID_UNIT',
    `The unit ${show(unit)} of metric ${show(name)} can't be part of a name: give a word such as "seconds" or "bytes", or leave it out.`,
  );
}

function withoutSuffix(name: string, suffix: string): string {
  return name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}
