// A real Prometheus scrapes the Express and the Fastify example while they get a known number of requests; then
// its HTTP API is asked what it saw.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { check, expectBetween, finish } from './checks.js';
import { command } from './command.js';
import { EXPECTED, SLOW_SECONDS, sendLoad, warmUp } from './load.js';
import { startPrometheus } from './prometheus.js';
import { startExample, stopAll } from './processes.js';
import { startPythonParser } from './python-parser.js';
import { temporaryFolder } from './temporary-folder.js';
import { until } from './until.js';

const NAMES = ['express', 'fastify'];
/** What rate() looks back over, in seconds: the whole run, with room for a slow machine. */
const WINDOW = 60;
/** By the format of the answer, what to ask for it with. */
const ACCEPT = { text: 'text/plain', openmetrics: 'application/openmetrics-text;version=1.0.0' };

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
    const prometheus = await startPrometheus(temporaryFolder('end-to-end'), urls);
    started = { urls, prometheus, parse: startPythonParser() };
  });
  return started;
}

async function checkAll({ urls, prometheus, parse }) {
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
      await command('promtool', ['check', 'metrics'], { input: await scrape(urls[name]) });
    });
    for (const [format, accept] of Object.entries(ACCEPT)) {
      await check(`${name}: Python's parser reads the same from it as ${format}`, async () => {
        const families = await parse(format, await scrape(urls[name], accept));
        const requests = {};
        for (const { labels, value } of families.find((family) => family.name === 'http_requests').samples) {
          const key = `${labels.route} ${labels.status_code}`;
          requests[key] = (requests[key] ?? 0) + value;
        }
        assert.deepEqual(requests, EXPECTED);
      });
    }
  }

  for (const query of queriesOf('../README.md')) {
    await check(`the README's query ${query}`, async () => {
      const answers = await prometheus.query(query);
      assert.ok(
        answers.some(({ value }) => Number.isFinite(value)),
        'it has no answer',
      );
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

function queriesOf(path) {
  const text = readFileSync(join(import.meta.dirname, path), 'utf8');
  const queries = Array.from(text.matchAll(/```promql\n(.*?)\n```/gs), ([, query]) => query);
  assert.ok(queries.length > 0, `${path} has no query`);
  return queries;
}

async function scrape(url, accept = 'text/plain') {
  return (await fetch(`${url}/metrics`, { headers: { accept } })).text();
}
