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
  const peers = against.filter((peer) => results[peer] !== undefined).map((peer) => results[peer].value);
  const best = Math.min(...peers);
  const ours = results[OURS]?.value;
  // There is none without peers, nor where a difference is lost in the noise.
  return { name, unit, results, ratio: best > 0 && best < Infinity && ours > 0 ? best / ours : undefined, goal };
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
