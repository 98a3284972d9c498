import { OURS, PEERS } from './libraries.js';
import { ratioOf } from './statistics.js';

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
  const ours = results[OURS];
  const [best] = peers
    .map((peer) => ({ peer, ratio: ratioOf(peer, ours).value }))
    .toSorted((a, b) => a.ratio - b.ratio);
  const isSure = best !== undefined && isSeen(best.peer) && isSeen(ours);
  return { name, unit, results, ratio: isSure ? best.ratio : undefined, goal };
}

/** Whether a figure is there, and more than noise, which differences may be lost in: the middle half of them says more than 0. */
function isSeen({ value, low = value }) {
  return low > 0;
}

/** A row of how many times more one figure of ours is than another. */
export function shareRow(name, figure, of, most) {
  return { name, unit: '×', results: { [OURS]: ratioOf(figure, of) }, goal: { most } };
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
