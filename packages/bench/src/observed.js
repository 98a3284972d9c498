import { expectEqual, expectNear } from './checks.js';

/** What a histogram or a summary has to say when these values were observed in turn, over and over, so often in all. */
export function totalsOf(values, times, buckets = []) {
  const rounds = Math.floor(times / values.length);
  const rest = values.slice(0, times % values.length);
  // In each bucket is what is in those below it, too.
  const bucketsOf = (all) => all.reduce((sum, value) => sum + buckets.filter((bound) => value <= bound).length, 0);
  return {
    count: times,
    sum: rounds * addedUp(values) + addedUp(rest),
    bucket: rounds * bucketsOf(values) + bucketsOf(rest) + times,
  };
}

/** Checks that it says so. A metric without `buckets` has none. */
export function checkObserved(registry, name, values, buckets) {
  return async (times) => {
    const { count, sum, bucket } = totalsOf(values, times, buckets);
    expectEqual('The count', await registry.total(`${name}_count`), count);
    expectNear('The sum', await registry.total(`${name}_sum`), sum);
    if (buckets !== undefined) expectEqual('The buckets', await registry.total(`${name}_bucket`), bucket);
  };
}

function addedUp(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0);
}
