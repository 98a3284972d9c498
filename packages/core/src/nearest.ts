/** What others call some options, of libraries that people come from. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  customLabels: 'labels',
  defaultLabels: 'labels',
  endpoint: 'path',
  metricsPath: 'path',
  percentiles: 'quantiles',
};

/**
 * The name that is meant, if it can be told: few letters differ, or another library calls it so.
 *
 * @internal
 */
export function nearestTo<Name extends string>(given: string, names: readonly Name[]): Name | undefined {
  const meant = names.find((name) => Object.hasOwn(ELSEWHERE, given) && ELSEWHERE[given] === name);
  if (meant !== undefined) return meant;
  // What is far longer than every name is none of them, and would only take time.
  if (given.length > 40) return undefined;
  let [nearest, least]: [Name | undefined, number] = [undefined, Infinity];
  for (const name of names) {
    const distance = distanceOf(given.toLowerCase(), name.toLowerCase());
    if (distance < least && distance <= Math.max(2, name.length / 3)) [nearest, least] = [name, distance];
  }
  return nearest;
}

/** Levenshtein's: how many letters have to be put in, taken out or replaced. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
