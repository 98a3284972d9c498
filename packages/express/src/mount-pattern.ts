import { matchWhole, type Layer } from './layer.ts';

/** How many patterns one layer may turn out to have, if it was declared by an array or a regular expression. */
const MOST = 16;

/** What such a layer is called after that. */
const ANY = '/*';

const known = new WeakMap<Layer, string[]>();

/**
 * The pattern of a mount, which Express before router 2.3 doesn't keep: found out from a path that it matched, by
 * asking the layer which parts of that path are parameters. Once for each layer.
 */
export function mountPattern(layer: Layer, matched: string): string {
  let patterns = known.get(layer);
  if (patterns === undefined) known.set(layer, (patterns = []));
  const fitting = patterns.find((pattern) => fits(pattern, matched));
  if (fitting !== undefined) return fitting;
  if (patterns.length === MOST) return ANY;
  const found = findOut(layer, matched);
  patterns.push(found);
  return found;
}

function findOut(layer: Layer, matched: string): string {
  const params = Object.entries(matchWhole(layer, matched) ?? {}).filter(([, value]) => typeof value === 'string');
  const parts = matched.split('/');
  for (const [name, value] of params) {
    const places = parts.flatMap((part, i) => (decode(part) === value ? [i] : []));
    const place = places.length > 1 ? places.find((i) => isFree(layer, parts, i)) : places[0];
    // A parameter of several parts, or of less than one: of such a mount nothing is told but that it is one.
    if (place === undefined) return ANY;
    parts[place] = `:${name}`;
  }
  return parts.join('/');
}

/** Whether something else may stand in this place. */
function isFree(layer: Layer, parts: readonly string[], place: number): boolean {
  return matchWhole(layer, parts.with(place, `${parts[place]}0`).join('/')) !== undefined;
}

function fits(pattern: string, matched: string): boolean {
  if (pattern === ANY) return true;
  const wanted = pattern.split('/');
  const parts = matched.split('/');
  return (
    wanted.length === parts.length &&
    wanted.every((part, i) => part.startsWith(':') || part.toLowerCase() === (parts[i] as string).toLowerCase())
  );
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
