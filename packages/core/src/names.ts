import { MetricError, show } from './errors.ts';
import type { MetricType } from './model.ts';

/** What the samples of each type append to the family's name (OpenMetrics 1.0, "Suffixes"). */
const SAMPLE_SUFFIXES: Readonly<Record<MetricType, readonly string[]>> = {
  counter: ['_total', '_created'],
  gauge: [],
  histogram: ['_bucket', '_sum', '_count', '_created'],
  // The text format, which doesn't know it, exposes it as a histogram.
  gaugehistogram: ['_bucket', '_gsum', '_gcount', '_sum', '_count'],
  summary: ['_sum', '_count', '_created'],
  info: ['_info'],
  stateset: [],
  unknown: [],
};

/** The types that Prometheus' text format knows. */
export type TextType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped';

const TEXT_TYPES: Readonly<Record<MetricType, TextType>> = {
  counter: 'counter',
  gauge: 'gauge',
  histogram: 'histogram',
  gaugehistogram: 'histogram',
  summary: 'summary',
  info: 'gauge',
  stateset: 'gauge',
  unknown: 'untyped',
};

/** What the text format calls a type, or exposes it as where it doesn't know it. */
export function textType(type: MetricType): TextType {
  return TEXT_TYPES[type];
}

/** What a family's name is given without, though its samples have it. */
const NAME_SUFFIX: { readonly [Type in MetricType]?: string } = { counter: '_total', info: '_info' };

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
  let name = withoutSuffix(given, NAME_SUFFIX[type] ?? '');
  if (unit !== undefined) {
    checkUnit(given, type, unit);
    name = `${withoutSuffix(name, `_${unit}`)}_${unit}`;
  }
  if (name === '') {
    throw new MetricError(
      'INVALID_NAME',
      `The ${type} name ${show(given)} is only a suffix: put a name before it, as in "requests_total".`,
    );
  }
  return name;
}

/** @throws MetricError `INVALID_OPTION` for a type that there is not */
export function checkType(name: string, type: unknown): asserts type is MetricType {
  if (typeof type === 'string' && Object.hasOwn(SAMPLE_SUFFIXES, type)) return;
  throw new MetricError(
    'INVALID_OPTION',
    `The type of metric ${show(name)} is ${show(type)}: give one of ${Object.keys(SAMPLE_SUFFIXES).join(', ')}.`,
  );
}

/** All names that a family takes for itself: its own and those of its samples. */
export function namesTaken(name: string, type: MetricType): string[] {
  return [name, ...SAMPLE_SUFFIXES[type].map((suffix) => name + suffix)];
}

/** The name that the samples of a family without further suffixes have, and that the text format exposes it by. */
export function exposedName(name: string, type: MetricType): string {
  return name + exposedSuffix(type);
}

/** What that name has after the family's. */
export function exposedSuffix(type: MetricType): string {
  return NAME_SUFFIX[type] ?? '';
}

function checkUnit(name: string, type: MetricType, unit: string): void {
  if (type === 'info' || type === 'stateset') {
    throw new MetricError('INVALID_UNIT', `The ${type} ${show(name)} can't have a unit, ${show(unit)}: leave it out.`);
  }
  if (typeof unit === 'string' && /^[a-zA-Z0-9_:]+$/.test(unit)) return;
  throw new MetricError(
    'INVALID_UNIT',
    `The unit ${show(unit)} of metric ${show(name)} can't be part of a name: give a word such as "seconds" or "bytes", or leave it out.`,
  );
}

function withoutSuffix(name: string, suffix: string): string {
  return suffix !== '' && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}
