import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { check, expectBetween } from './checks.js';
import { DURATIONS, NASTY, OBSERVED, PLAIN, PLAIN_BUCKETS, ROUND } from './native-target.js';
import { sorted, sum } from './numbers.js';
import { until } from './until.js';

/** How often a round is observed while Prometheus looks on. */
const ROUNDS = 5;
/** What rate() looks back over, in seconds: the whole run, with room for a slow machine. */
const WINDOW = 60;
/** How much wider than the one before a bucket is. */
const GROWTH = 2 ** (1 / 8);

export async function checkNative(prometheus) {
  await check('a native histogram has exactly what was observed', async () => {
    const histogram = await prometheus.histogram('native_only');
    expectObserved(histogram, OBSERVED, GROWTH);
  });
  await check('its labels are exact', async () => {
    const [{ metric }] = await prometheus.query('native_only');
    assert.deepEqual([metric.service, metric.to], [NASTY, NASTY]);
  });
  await check('a histogram with native and classic buckets has exactly what was observed', async () => {
    expectObserved(await prometheus.histogram('both_seconds'), DURATIONS, 2);
  });
  await check('one without observations is a native one too', async () => {
    assert.deepEqual(await prometheus.histogram('native_empty'), { count: 0, sum: 0, buckets: [] });
  });
  await check('one of a custom collector has exactly the buckets that were given', async () => {
    const { buckets, ...rest } = await prometheus.histogram('plain');
    assert.deepEqual(rest, { count: PLAIN.count, sum: PLAIN.sum });
    assert.deepEqual(
      buckets.map(({ rule, count }) => ({ rule, count })),
      PLAIN_BUCKETS.map(({ rule, count }) => ({ rule, count })),
    );
    buckets.forEach(({ lower, upper }, i) => {
      const { from, to, sign } = PLAIN_BUCKETS[i];
      expectNear(lower, sign * 2 ** from);
      expectNear(upper, sign * 2 ** to);
    });
  });
  for (const [query, values] of Object.entries({ native_only: OBSERVED, both_seconds: DURATIONS })) {
    const growth = query === 'native_only' ? GROWTH : 2;
    for (const quantile of [0.01, 0.5, 0.9, 0.99]) {
      await check(`histogram_quantile(${quantile}, ${query}) is as near as its buckets are wide`, async () => {
        expectQuantile(await prometheus.value(`histogram_quantile(${quantile}, ${query})`), quantile, values, growth);
      });
    }
  }
  await check('histogram_count, histogram_sum and histogram_fraction are exact', async () => {
    assert.equal(await prometheus.value('histogram_count(native_only)'), OBSERVED.length);
    assert.equal(await prometheus.value('histogram_sum(native_only)'), sum(OBSERVED));
    const [below, all] = [OBSERVED.filter((value) => value > 1 && value <= 2).length, OBSERVED.length];
    expectNear(await prometheus.value('histogram_fraction(1, 2, native_only)'), below / all);
  });
}

/** More observations, over some scrapes. */
export async function checkFurther(observeRound, prometheus) {
  const later = Array.from({ length: ROUNDS }, () => ROUND).flat();
  for (let i = 0; i < ROUNDS; i++) {
    observeRound();
    await setTimeout(800);
  }
  const all = [...OBSERVED, ...later];
  const isSeen = await check('further observations are seen exactly', () =>
    until(async () => expectObserved(await prometheus.histogram('native_only'), all, GROWTH)),
  );
  if (!isSeen) return;
  const increase = `increase(native_only[${WINDOW}s])`;
  await check('increase() of a native histogram counts what came since', async () => {
    // It reckons with half a scrape's time more at both ends.
    const count = await prometheus.value(`histogram_count(${increase})`);
    expectBetween(count, 0.9 * later.length, 1.5 * later.length);
  });
  for (const quantile of [0.1, 0.5, 0.9]) {
    await check(`histogram_quantile(${quantile}) of its rate() is that of what came since`, async () => {
      const value = await prometheus.value(`histogram_quantile(${quantile}, sum(rate(native_only[${WINDOW}s])))`);
      expectQuantile(value, quantile, later, GROWTH);
    });
  }
}

/** Each bucket has to have the observations that lie between its bounds, and all together all of them. */
function expectObserved({ count, sum: total, buckets }, values, growth) {
  assert.equal(count, values.length);
  assert.equal(total, sum(values));
  assert.equal(sum(buckets.map((bucket) => bucket.count)), count);
  for (const bucket of buckets) {
    assert.equal(bucket.count, values.filter((value) => isIn(bucket, value)).length, JSON.stringify(bucket));
    const [inner, outer] = sorted([Math.abs(bucket.lower), Math.abs(bucket.upper)]);
    expectNear(outer / inner, bucket.rule === 'both' ? 1 : growth);
  }
}

function isIn({ rule, lower, upper }, value) {
  if (value === lower) return rule === 'lower' || rule === 'both';
  if (value === upper) return rule === 'upper' || rule === 'both';
  return value > lower && value < upper;
}

/** The true quantile is in the same bucket. */
function expectQuantile(estimated, quantile, values, growth) {
  const exact = sorted(values)[Math.ceil(quantile * values.length) - 1];
  expectBetween(estimated / exact, 1 / growth, growth);
}

function expectNear(actual, expected) {
  expectBetween(actual, ...sorted([expected * (1 - 1e-9), expected * (1 + 1e-9)]));
}
