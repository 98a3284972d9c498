import { escapeLabelName, type EscapingScheme } from '../escaping.ts';
import { escapeLabelValue } from '../labels.ts';

/** A name or a value in double quotes. */
export function quoted(text: string): string {
  return `"${escapeLabelValue(text)}"`;
}

/** A label's name as the lines of text have it: in quotes where it needs them (Prometheus, "Exposition formats"). */
export function writtenLabelName(name: string, scheme: EscapingScheme): string {
  const escaped = escapeLabelName(name, scheme);
  // Only the scheme that allows UTF-8 leaves something that would have to be escaped.
  return escapeLabelName(escaped) === escaped ? escaped : quoted(escaped);
}

/** Labels as the lines of text have them, without the braces: `method="GET","http.route"="/"`. */
export function writtenLabels(names: readonly string[], values: readonly string[], scheme: EscapingScheme): string {
  return names.map((name, i) => `${writtenLabelName(name, scheme)}=${quoted(values[i] as string)}`).join(',');
}

/** Whether two lists have the same names in the same order. */
export function areSame(some: readonly string[], others: readonly string[]): boolean {
  if (some === others) return true;
  return some.length === others.length && some.every((name, i) => name === others[i]);
}
