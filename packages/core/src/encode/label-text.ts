import { escapeLabelName, type EscapingScheme } from '../escaping.ts';
import { escapeLabelValue } from '../labels.ts';
import type { SeriesView } from '../model.ts';

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
  return join(
    names.map((name) => writtenLabelName(name, scheme)),
    values,
  );
}

/**
 * What tells the labels of one series after the other. A series has them rendered with underscores; where another
 * scheme writes a name differently, they are rendered anew from names that are looked at once for all series alike.
 */
export function labelTextOf(scheme: EscapingScheme): (series: SeriesView) => string {
  if (scheme === 'underscores') return ({ labelText }) => labelText;
  let names: readonly string[] = [];
  let written: readonly string[] | undefined;
  return (series) => {
    const { labelNames } = series;
    if (!areSame(labelNames, names)) {
      written = differing(labelNames, scheme);
      // A copy, as the array is another's.
      names = [...labelNames];
    }
    return written === undefined ? series.labelText : join(written, series.labelValues);
  };
}

/** The written names, if one isn't as the scheme `underscores` has it. */
function differing(names: readonly string[], scheme: EscapingScheme): readonly string[] | undefined {
  const written = names.map((name) => writtenLabelName(name, scheme));
  return written.some((each, i) => each !== escapeLabelName(names[i] as string)) ? written : undefined;
}

/** Whether two lists have the same names in the same order. */
export function areSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((name, i) => name === others[i]);
}

function join(written: readonly string[], values: readonly string[]): string {
  return written.map((name, i) => `${name}=${quoted(values[i] as string)}`).join(',');
}
