import { escapeMetricName } from './escaping.ts';
import type { MetricFamily } from './model.ts';
import { exposedName, textType, type TextType } from './names.ts';

/** What a linter has to say about one family. */
export interface LintFinding {
  /** The family's name as text format 0.0.4 exposes it. */
  metric: string;
  /** What is unusual about it, in promlint's words. */
  text: string;
}

/**
 * What Prometheus' linter, promlint, finds in what a registry exposes: names and help texts that are unusual, though
 * they work. For tests of one's own metrics.
 *
 * @example
 * ```ts
 * registry.counter({ name: 'requestTime', help: '' });
 * await lint(registry); // [{ metric: 'requestTime_total', text: "metric names should be written in 'snake_case' not 'camelCase'" }, { metric: 'requestTime_total', text: 'no help text' }]
 * ```
 */
export async function lint(registry: { gather(): Promise<MetricFamily[]> }): Promise<LintFinding[]> {
  const families = await registry.gather();
  return lintFamilies(
    families.map(({ name, help, type, series }) => ({
      name: escapeMetricName(exposedName(name, type)),
      help,
      type,
      series: series.map(({ labels }) => ({ labelNames: Object.keys(labels), labelValues: Object.values(labels) })),
    })),
  );
}

/** A family as it is linted. */
export interface LintedFamily {
  /** As the text format exposes it: of a counter with `_total`, of an info with `_info`. */
  readonly name: string;
  readonly help: string | undefined;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'gaugehistogram' | 'summary' | 'info' | 'stateset' | 'unknown';
  /** Without the labels that the format adds, a bucket's `le` for example. */
  readonly series: Iterable<{ readonly labelNames: readonly string[]; readonly labelValues: readonly string[] }>;
}

const CAMEL_CASE = /[a-z][A-Z]/;
const ABBREVIATED_UNIT = /_(?:s|ms|us|ns|sec|b|kb|mb|gb|tb|pb|m|h|d)(?:_|$)/;

const UNIT_PREFIX =
  /^(?:pico|nano|micro|milli|centi|deci|deca|hecto|kilo|kibi|mega|mebi|giga|gibi|tera|tebi|peta|pebi)/;

/** Each unit that names are searched for, with the one to use instead; a base unit stands for itself. */
const BASE_UNITS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    amperes: ['amperes'],
    bytes: ['bytes', 'bits'],
    celsius: ['celsius', 'fahrenheit', 'rankine'],
    grams: ['grams', 'pounds', 'ounces'],
    joules: ['joules', 'calories'],
    kelvin: ['kelvin', 'kelvins'],
    meters: ['meters', 'inches', 'yards', 'miles'],
    metres: ['metres'],
    seconds: ['seconds', 'minutes', 'hours', 'days', 'weeks'],
    volts: ['volts'],
  }).flatMap(([base, units]) => units.map((unit): [string, string] => [unit, base])),
);

/**
 * What promlint finds in these families (client_golang, `prometheus/testutil/promlint`), with its texts, sorted by
 * metric, then by text. A finding comes once for a family, whereas promlint repeats it for each series that it holds
 * for.
 */
export function lintFamilies(families: readonly LintedFamily[]): LintFinding[] {
  return families
    .flatMap((family) => Array.from(findingsOf(family), (text): LintFinding => ({ metric: family.name, text })))
    .toSorted((a, b) => compare(a.metric, b.metric) || compare(a.text, b.text));
}

function findingsOf({ name, help, type, series }: LintedFamily): Set<string> {
  const exposedAs = textType(type);
  const found = new Set<string>([...findingsOfName(name), ...findingsOfType(name, exposedAs)]);
  // An empty help text can't be told from a missing one in the text format.
  if (help === undefined || help === '') found.add('no help text');
  const labelSets = new Set<string>();
  for (const { labelNames, labelValues } of series) {
    for (const label of labelNames) for (const text of findingsOfLabel(label, exposedAs)) found.add(text);
    const labels = labelNames.map((label, i) => [label, labelValues[i]] as const);
    const key = JSON.stringify(labels.toSorted(([a], [b]) => compare(a, b)));
    if (labelSets.has(key)) found.add('metric not unique');
    labelSets.add(key);
  }
  return found;
}

function* findingsOfName(name: string): Iterable<string> {
  if (name.includes(':')) yield "metric names should not contain ':'";
  if (CAMEL_CASE.test(name)) yield "metric names should be written in 'snake_case' not 'camelCase'";
  if (ABBREVIATED_UNIT.test(name.toLowerCase())) yield 'metric names should not contain abbreviated units';
  // The first unit in a name counts, so that what is measured per hour in seconds has the unit hours.
  const unit = name.split('_').find((word) => baseOf(word) !== undefined);
  const base = unit === undefined ? undefined : baseOf(unit);
  if (base !== unit) yield `use base unit "${base}" instead of "${unit}"`;
}

function* findingsOfType(name: string, type: TextType): Iterable<string> {
  // Nothing is known about it that its name could contradict.
  if (type === 'untyped') return;
  const isHistogram = type === 'histogram';
  if (type === 'counter' && !name.endsWith('_total')) yield 'counter metrics should have "_total" suffix';
  if (type !== 'counter' && name.endsWith('_total')) yield 'non-counter metrics should not have "_total" suffix';
  if (!isHistogram && name.endsWith('_bucket')) yield 'non-histogram metrics should not have "_bucket" suffix';
  for (const suffix of ['_count', '_sum']) {
    if (!isHistogram && type !== 'summary' && name.endsWith(suffix))
      yield `non-histogram and non-summary metrics should not have "${suffix}" suffix`;
  }
  if (`${name.toLowerCase()}_`.includes(`_${type}_`)) yield `metric name should not include type '${type}'`;
}

function* findingsOfLabel(label: string, type: TextType): Iterable<string> {
  if (CAMEL_CASE.test(label)) yield "label names should be written in 'snake_case' not 'camelCase'";
  if (type === 'untyped') return;
  if (label === 'le' && type !== 'histogram') yield 'non-histogram metrics should not have "le" label';
  if (label === 'quantile' && type !== 'summary') yield 'non-summary metrics should not have "quantile" label';
}

function baseOf(word: string): string | undefined {
  return BASE_UNITS.get(word) ?? BASE_UNITS.get(word.replace(UNIT_PREFIX, ''));
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
