import { OURS, PEERS } from './libraries.js';

// A row of a table: `{ name, unit, results, ratio, goal }`. `results` are the figures by library, `ratio` how many times
// less ours is than the best of those that its goal is against. A goal is `times`, the least such ratio, or `most`, the
// largest figure of ours; `bytes` goes for what is allocated, and `aim` says what would be better still.

/** Rows of what was timed in nanoseconds. */
export function operationRows(results, goals) {
  return Object.entries(results).map(([name, its]) => comparedRow(name, 'ns', its, goals[name]));
}

export function comparedRow(name, unit, results, goal) {
  const { against = PEERS } = goal ?? {};
  const peers = against.map((peer) => results[peer]).filter((result) => result !== undefined);
  const [best] = peers.toSorted((a, b) => a.value - b.value);
  const ours = results[OURS];
  return { name, unit, results, ratio: isSeen(best) && isSeen(ours) ? best.value / ours.value : undefined, goal };
}

/** Whether a figure is there, and more than noise, which differences may be lost in: the middle half of them says more than 0. */
function isSeen(result) {
  return result !== undefined && (result.low ?? result.value) > 0;
}

/** A row of how many times more one figure of ours is than another. */
export function shareRow(name, { value, low, high }, { value: of }, most) {
  return {
    name,
    unit: '×',
    results: { [OURS]: { value: value / of, low: low / of, high: high / of } },
    goal: { most },
  };
}

/** What its goal comes to: true, false, or undefined where it has none. */
export function isMet({ results, ratio, goal }) {
  if (goal === undefined) return undefined;
  const { times, most, bytes } = goal;
  return (
    (times === undefined || ratio >= times) &&
    (most === undefined || results[OURS].value <= most) &&
    (bytes === undefined || results[OURS].bytes <= bytes)
  );
}
