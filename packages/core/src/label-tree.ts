/** Maps of maps, one level a label, the last of which holds the series: no key is ever put together. */
export type LabelTree<Series> = Map<string, LabelTree<Series> | Series>;

/** The series of these label values, if there is one. */
export function find<Series>(root: LabelTree<Series>, values: readonly string[]): Series | undefined {
  let found: LabelTree<Series> | Series | undefined = root;
  for (const value of values) {
    found = (found as LabelTree<Series>).get(value);
    if (found === undefined) return undefined;
  }
  return found as Series;
}

/** The series of these label values, which `make` makes where there is none. There is at least one value. */
export function findOrAdd<Series>(root: LabelTree<Series>, values: readonly string[], make: () => Series): Series {
  let level = root;
  const last = values.length - 1;
  for (let i = 0; i < last; i++) {
    const value = values[i] as string;
    let next = level.get(value) as LabelTree<Series> | undefined;
    if (next === undefined) level.set(value, (next = new Map()));
    level = next;
  }
  const value = values[last] as string;
  let series = level.get(value) as Series | undefined;
  if (series === undefined) level.set(value, (series = make()));
  return series;
}

/** Takes the series of these label values out, with the levels that are empty then, and gives it back. */
export function takeOut<Series>(level: LabelTree<Series>, values: readonly string[], depth = 0): Series | undefined {
  const value = values[depth] as string;
  const found = level.get(value);
  if (found === undefined || depth === values.length - 1) {
    level.delete(value);
    return found as Series | undefined;
  }
  const below = found as LabelTree<Series>;
  const series = takeOut(below, values, depth + 1);
  if (below.size === 0) level.delete(value);
  return series;
}
