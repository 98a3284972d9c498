/**
 * How a name that isn't legal without quotes is exposed: as it is, in quotes, or in one of three ways to make it legal
 * (Prometheus, "Escaping schemes").
 */
export type EscapingScheme = 'allow-utf-8' | 'underscores' | 'dots' | 'values';

interface Grammar {
  readonly whole: RegExp;
  readonly char: RegExp;
}

/** A metric's name that needs no quotes. */
const METRIC: Grammar = { whole: /^[a-zA-Z_:][a-zA-Z0-9_:]*$/, char: /[a-zA-Z0-9_:]/ };

/** A label's name that needs no quotes: it has no colon. */
const LABEL: Grammar = { whole: /^[a-zA-Z_][a-zA-Z0-9_]*$/, char: /[a-zA-Z0-9_]/ };

/** A metric's name as it is exposed, by default to a reader that knows no quoted names. */
export function escapeMetricName(name: string, scheme: EscapingScheme = 'underscores'): string {
  return escape(name, scheme, METRIC);
}

/** A label's name as it is exposed, by default to a reader that knows no quoted names. */
export function escapeLabelName(name: string, scheme: EscapingScheme = 'underscores'): string {
  return escape(name, scheme, LABEL);
}

/** What {@link escapeMetricName} made by `values` from; a name that it can't have made is given back as it is. */
export function unescapeValues(name: string): string {
  if (!name.startsWith('U__')) return name;
  let isWhole = true;
  const unescaped = name
    .slice('U__'.length)
    .replace(/_(?:_|([0-9a-fA-F]{1,6})_|)/g, (found, hex: string | undefined) => {
      if (found === '__') return '_';
      const point = hex === undefined ? Infinity : Number.parseInt(hex, 16);
      const isCharacter = point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
      isWhole &&= isCharacter;
      return isCharacter ? String.fromCodePoint(point) : '';
    });
  return isWhole ? unescaped : name;
}

/** What {@link escapeMetricName} made by `dots` from, as far as it can be told. */
export function unescapeDots(name: string): string {
  return name.replace(/_dot_|__/g, (found) => (found === '__' ? '_' : '.'));
}

/** By code points, not by UTF-16 units: one astral character is one. */
function escape(name: string, scheme: EscapingScheme, { whole, char }: Grammar): string {
  if (name === '' || scheme === 'allow-utf-8') return name;
  // The scheme `dots` changes legal names too, so that it can be undone.
  if (scheme !== 'dots' && whole.test(name)) return name;
  const escaped = Array.from(name, (each, i) => {
    const isLegal = char.test(each) && !(i === 0 && /[0-9]/.test(each));
    if (scheme === 'underscores') return isLegal ? each : '_';
    if (each === '_') return '__';
    if (isLegal) return each;
    if (scheme === 'values') return `_${(each.codePointAt(0) as number).toString(16)}_`;
    return each === '.' ? '_dot_' : '__';
  }).join('');
  return scheme === 'values' ? `U__${escaped}` : escaped;
}
