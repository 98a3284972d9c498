import { MetricError, show } from './errors.ts';
import { escapeLabelName } from './escaping.ts';

/** What a label's value may be; `null` and `undefined` are the empty text, which to Prometheus is no label. */
export type LabelValue = string | number | boolean | bigint | null | undefined;

/** Labels by name: every declared name is required. */
export type Labels<Names extends readonly string[]> = { readonly [Name in Names[number]]: LabelValue };

/** Labels by position, in the order in which `labelNames` declares them. */
export type LabelPositions<Names extends readonly string[]> = {
  readonly [Index in keyof Names]: LabelValue;
};

/** How one series is named: by position or by name. */
export type LabelArguments<Names extends readonly string[]> = Names extends readonly []
  ? []
  : LabelPositions<Names> | [labels: Labels<Names>];

/** The arguments of a metric's shorthand calls: its labels by name first, if it has any. */
export type AfterLabels<Names extends readonly string[], Rest extends readonly unknown[]> = Names extends readonly []
  ? Rest
  : [labels: Labels<Names>, ...rest: Rest];

/** The argument of a call that is given the other labels later. */
export type SomeLabels<Names extends readonly string[]> = Names extends readonly []
  ? []
  : [labels?: Partial<Labels<Names>> | undefined];

/** Checks the declared names and copies them: the caller's array stays the caller's. */
export function checkLabelNames(
  metric: string,
  given: readonly string[] | undefined,
  reserved: string | undefined,
): readonly string[] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) {
    throw new MetricError(
      'INVALID_LABEL_NAME',
      `The option "labelNames" of metric ${show(metric)} is ${show(given)}: give an array of strings, or leave it out.`,
    );
  }
  const escaped = new Set<string>();
  for (const name of given) {
    const wrong = whatIsWrong(name, reserved, escaped);
    if (wrong !== undefined) {
      throw new MetricError(
        'INVALID_LABEL_NAME',
        `The label name ${show(name)} of metric ${show(metric)} ${wrong}: choose another name.`,
      );
    }
    escaped.add(escapeLabelName(name));
  }
  // Not frozen: V8 reads a frozen array more slowly.
  return [...given];
}

function whatIsWrong(name: unknown, reserved: string | undefined, others: ReadonlySet<string>): string | undefined {
  if (typeof name !== 'string' || name === '' || !name.isWellFormed()) return 'is not a non-empty, well-formed string';
  if (name.startsWith('__')) return 'begins with "__", which Prometheus keeps for itself';
  const exposed = escapeLabelName(name);
  if (reserved !== undefined && exposed === escapeLabelName(reserved))
    return 'is one that this type of metric writes itself';
  if (exposed === '__name__') return 'is exposed as "__name__", which Prometheus keeps for itself';
  return others.has(exposed) ? `is exposed as ${show(exposed)}, as another one is` : undefined;
}

/**
 * The text of a label's value. Halves of surrogate pairs, which no encoding can carry, become U+FFFD.
 *
 * @throws MetricError `INVALID_LABEL_VALUE` for what has no text: objects, functions, symbols.
 */
export function labelText(name: string, value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? value : value.toWellFormed();
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'undefined':
      return '';
    default:
      if (value === null) return '';
      throw new MetricError(
        'INVALID_LABEL_VALUE',
        `The value of label ${show(name)} is ${typeof value === 'object' ? `${show(value)}, an object` : `a ${typeof value}`}: give a string, number, boolean or bigint.`,
      );
  }
}

/** The most that an exemplar's names and values may have together, in characters (OpenMetrics 1.0, "Exemplars"). */
export const MOST_EXEMPLAR_CHARACTERS = 128;

/** How many characters, which are code points, these texts have together. */
export function charactersIn(texts: readonly string[]): number {
  let count = 0;
  for (const text of texts) for (const _ of text) count++;
  return count;
}

/** V8 makes no slices of texts that are shorter. */
const SHORTEST_SLICE = 13;

/**
 * A text of its own, to be kept: one that was cut from another, such as a part of a URL, keeps all of that alive.
 */
export function ownText(text: string): string {
  return text.length < SHORTEST_SLICE ? text : (JSON.parse(JSON.stringify(text)) as string);
}

const TO_ESCAPE = /["\\\n]/g;
const ESCAPED: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n' };

/** Text format 0.0.4, "Line format": backslash, line feed and double quote are escaped, nothing else. */
export function escapeLabelValue(value: string): string {
  return value.replace(TO_ESCAPE, (char) => ESCAPED[char] as string);
}
