/** What a few measurements of the same thing come to: the one in the middle, and where the middle half of them lies. */
export function summarize(measured) {
  const sorted = measured.toSorted((a, b) => a - b);
  return { value: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
}

/**
 * How many times more one is than the other: the median of all rounds, where both were measured one after the other in each,
 * since the machine may be faster in one round than in the next.
 */
export function ratioOf(a, b) {
  if (a.rounds === undefined || b.rounds === undefined) return { value: a.value / b.value };
  return summarize(b.rounds.slice(0, a.rounds.length).map((its, round) => a.rounds[round] / its));
}

export function geometricMean(values) {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

function quantile(sorted, q) {
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)];
  return below + (sorted[Math.ceil(at)] - below) * (at % 1);
}
