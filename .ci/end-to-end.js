// A real Prometheus scrapes the Express and the Fastify example while they get a known number of requests; then
// its HTTP API is asked what it saw.
import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { check, finish } from './checks.js';
import { command } from './command.js';
import { EXPECTED, SLOW_SECONDS, sendLoad, warmUp } from './load.js';
import { startPrometheus } from './prometheus.js';
import { startExample, stopAll } from './processes.js';
import { temporaryFolder } from './temporary-folder.js';

const NAMES = ['express', 'fastify'];
/** What rate() looks back over, in seconds: the whole run, with room for a slow machine. */
const WINDOW = 60;

try {
  const started = await startAll();
  if (started !== undefined) await checkAll(started);
} finally {
  await stopAll();
}
finish();

async function startAll() {
  let started;
  await check('the examples and Prometheus start', async () => {
    const urls = Object.fromEntries(await Promise.all(NAMES.map(async (name) => [name, await startExample(name)])));
    started = { urls, prometheus: await startPrometheus(temporaryFolder('end-to-end'), urls) };
  });
  return started;
}

async function checkAll({ urls, prometheus }) {
  for (const name of NAMES) {
    const up = async () => assert.deepEqual(await prometheus.value(`up{job="${name}"}`), 1);
    if (!(await check(`${name}: up is 1`, () => until(up)))) return;
  }

  const seesCounters = await check('a first round of requests is answered, and seen', async () => {
    await Promise.all(NAMES.map((name) => warmUp(urls[name])));
    // Only what comes after a counter was first seen is seen by rate().
    const seen = 'count(count by (job) (http_requests_total{route="/fail"}))';
    await until(async () => assert.deepEqual(await prometheus.value(seen), NAMES.length));
  });
  if (!seesCounters) return;
  await check('ten more and a client that leaves are answered', () =>
    Promise.all(NAMES.map((name) => sendLoad(urls[name]))),
  );

  for (const name of NAMES) {
    const counted = async () => {
      const result = await prometheus.query(`sum by (route, status_code) (http_requests_total{job="${name}"})`);
      assert.deepEqual(
        Object.fromEntries(result.map(({ metric, value }) => [`${metric.route} ${metric.status_code}`, value])),
        EXPECTED,
      );
    };
    await check(`${name}: requests by route and status are exactly what was sent`, () => until(counted));

    for (const [labels, sent] of [
      ['route="/users/:id",status_code="200"', EXPECTED['/users/:id 200']],
      ['route="/fail"', EXPECTED['/fail 500']],
    ]) {
      await check(`${name}: rate() of {${labels}}`, async () => {
        const perSecond = await prometheus.value(`sum(rate(http_requests_total{job="${name}",${labels}}[${WINDOW}s]))`);
        expectBetween(perSecond, (0.7 * sent) / WINDOW, (1.3 * sent) / WINDOW);
      });
    }
    await check(`${name}: histogram_quantile(0.9) of the slow route`, async () => {
      const buckets = `http_request_duration_seconds_bucket{job="${name}",route="/slow",status_code="200"}`;
      const seconds = await prometheus.value(`histogram_quantile(0.9, sum by (le) (rate(${buckets}[${WINDOW}s])))`);
      // All lie between the bounds 0.25 and 0.5, and Prometheus spreads them evenly over that bucket.
      expectBetween(seconds, SLOW_SECONDS, 0.5);
    });
    await check(`${name}: the average of the fast route`, async () => {
      const of = `{job="${name}",route="/users/:id"}`;
      const seconds = await prometheus.value(
        `http_request_duration_seconds_sum${of} / http_request_duration_seconds_count${of}`,
      );
      expectBetween(seconds, 0.000_001, 0.1);
    });
    await check(`${name}: nothing is in flight`, async () => {
      assert.deepEqual(await prometheus.value(`sum(http_requests_in_flight{job="${name}"})`), 0);
    });
    await check(`${name}: the process is measured`, async () => {
      const age = await prometheus.value(`time() - process_start_time_seconds{job="${name}"}`);
      expectBetween(age, 0, 300);
    });
    await check(`${name}: promtool check metrics`, async () => {
      const text = await (await fetch(`${urls[name]}/metrics`)).text();
      await command('promtool', ['check', 'metrics'], { input: text });
    });
  }

  await setTimeout(2000);
  for (const name of NAMES) {
    await check(`${name}: still counted exactly once after further scrapes`, async () => {
      const total = Object.values(EXPECTED).reduce((sum, count) => sum + count, 0);
      assert.deepEqual(await prometheus.value(`sum(http_requests_total{job="${name}"})`), total);
      assert.deepEqual(await prometheus.value(`min_over_time(up{job="${name}"}[${WINDOW}s])`), 1);
    });
  }
  await check('Prometheus has nothing to complain of', () => prometheus.expectNoComplaint());
}

/** Tries until it doesn't throw any more, for up to 15 seconds: Prometheus takes some to see what happened. */
async function until(attempt) {
  const end = performance.now() + 15_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > end) throw error;
      await setTimeout(250);
    }
  }
}

function expectBetween(actual, low, high) {
  if (!(actual >= low && actual <= high)) throw new Error(`is ${actual}, not between ${low} and ${high}`);
}
