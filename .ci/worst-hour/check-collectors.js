// Collectors that fail in all ways there are: each costs its own families only, is counted, and is warned of once.
import assert from 'node:assert/strict';
import { measure } from '../checks.js';
import { FAILING } from './collector-target.js';
import { expectAtMost, megabytes, seconds, thousands } from './figures.js';
import { FRAMEWORK_NAMES } from './frameworks.js';
import { scrape, total, valuesOf } from './scrape.js';
import { withTarget } from './targets.js';

const WAITS_SECONDS = 0.5;
const headers = { 'x-prometheus-scrape-timeout-seconds': String(WAITS_SECONDS) };
/** Of what fails slowly and quickly, one after the other. */
const SCRAPES = 6;
const AT_ONCE = 50;
/** How often one collector may be under way. */
const MOST_UNDER_WAY = 100;

export async function run() {
  await Promise.all(
    FRAMEWORK_NAMES.flatMap((framework) => [
      measure(`${framework}: collectors that fail in ${FAILING.length} ways cost nothing but themselves`, () =>
        withTarget(framework, 'collector', {}, survivesFailing),
      ),
      measure(`${framework}: collectors that scrape what they are collected for come to an end`, () =>
        withTarget(framework, 'collector', { settings: { recursive: true } }, survivesRecursive),
      ),
    ]),
  );
}

async function survivesFailing(target) {
  let longest = 0;
  for (let i = 1; i <= SCRAPES; i++) {
    const start = performance.now();
    const body = await scrape(target, { headers });
    longest = Math.max(longest, performance.now() - start);
    expectOthers(body);
    const errors = valuesOf(body, 'prometer_collector_errors_total');
    assert.deepEqual(errors, Object.fromEntries(FAILING.map((name) => [name, i])), `errors after ${i} scrapes`);
  }
  expectAtMost('milliseconds of a scrape', longest, WAITS_SECONDS * 1000 + 1500);

  const before = await target.call('memory');
  const bodies = await Promise.all(Array.from({ length: AT_ONCE }, () => scrape(target, { headers })));
  for (const body of bodies) expectOthers(body);
  // What hangs for ever is begun so often, and then no more.
  for (let i = 0; i < 3; i++) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => scrape(target, { headers })));
  }
  const after = await target.call('memory');
  expectAtMost('growth of the heap', after.heap - before.heap, 3 * 2 ** 20);
  const { hangs } = await target.call('runs');
  expectAtMost('runs that hang', hangs, MOST_UNDER_WAY);
  const warnings = await target.call('warnings');
  assert.deepEqual(
    FAILING.map((name) => warnings.filter(({ message }) => message.includes(`"${name}"`)).length),
    FAILING.map(() => 1),
  );
  const errors = valuesOf(await scrape(target, { headers }), 'prometer_collector_errors_total');
  const scrapes = SCRAPES + 4 * AT_ONCE + 1;
  assert.deepEqual(errors, Object.fromEntries(FAILING.map((name) => [name, scrapes])));
  return (
    `${scrapes} scrapes, all with the other families, the longest of those by itself in ${seconds(longest)} ` +
    `of ${WAITS_SECONDS} s; ${thousands(total(errors))} failures counted, ${warnings.length} warnings, ${hangs} runs that hang; ` +
    `heap ${megabytes(before.heap)}, ${megabytes(after.heap)}`
  );
}

async function survivesRecursive(target) {
  const start = performance.now();
  const body = await scrape(target, { headers });
  const took = performance.now() - start;
  expectOthers(body);
  const together = await Promise.all(Array.from({ length: 5 }, () => scrape(target, { headers })));
  for (const each of together) expectOthers(each);
  const runs = await target.call('runs');
  const memory = await target.call('memory');
  const response = await fetch(`${target.url}/users/1`);
  assert.equal(await response.text(), '1');
  return `a scrape in ${seconds(took)}, five more at once; ${Object.entries(runs)
    .map(([name, times]) => `${name} ran ${thousands(times)} times`)
    .join(', ')}; heap ${megabytes(memory.heap)}`;
}

function expectOthers(body) {
  assert.deepEqual([valuesOf(body, 'before'), valuesOf(body, 'after')], [{ '': 1 }, { '': 2 }]);
  assert.match(body, /^# TYPE http_requests_total counter$/m);
}
