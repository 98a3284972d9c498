// Functions of the program's own that fail in all ways there are: no request is lost, and nobody sees what isn't theirs.
import assert from 'node:assert/strict';
import { expectBetween, measure } from '../checks.js';
import { sum } from '../numbers.js';
import { askRaw, Connection } from './connection.js';
import { seconds, thousands } from './figures.js';
import { FAULTS, REFUSALS } from './function-target.js';
import { FRAMEWORK_NAMES } from './frameworks.js';
import { samplesOf, scrape } from './scrape.js';
import { withTarget } from './targets.js';

const CONNECTIONS = 8;
const WAYS = Object.keys(FAULTS).length;
/** As often as all ways take, so that all are gone through alike. */
const REQUESTS = CONNECTIONS * WAYS * 20;

export async function run() {
  await Promise.all(
    FRAMEWORK_NAMES.flatMap((framework) => [
      measure(`${framework}: functions that fail in ${WAYS} ways cost no request`, () =>
        withTarget(framework, 'function', {}, losesNoRequest),
      ),
      measure(`${framework}: an authorize that fails in ${Object.keys(REFUSALS).length + 1} ways shows nothing`, () =>
        withTarget(framework, 'function', {}, showsNothing),
      ),
    ]),
  );
}

async function losesNoRequest(target) {
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const connection = await new Connection(target.port).opened();
      for (let i = 0; i < REQUESTS / CONNECTIONS; i++) {
        connection.write('GET /users/1 HTTP/1.1\r\nHost: x\r\n\r\n');
        const answer = await connection.answer();
        assert.deepEqual([answer?.status, answer?.body], [200, '1']);
      }
      connection.leave();
    }),
  );
  const body = await scrape(target, { headers: { 'x-authorize': 'true' } });
  const calls = await target.call('calls');
  for (const [name, times] of Object.entries(calls)) assert.equal(times, REQUESTS, `calls of ${name}`);
  const requests = samplesOf(body, 'http_requests_total');
  assert.equal(sumOf(requests), REQUESTS, 'requests that were counted');
  for (const { labels } of requests) {
    // The empty label isn't there to a reader.
    assert.deepEqual(
      { bad: labels.bad, good: labels.good, status: labels.status_code },
      { bad: '', good: '8', status: '200' },
    );
    assert.equal(labels.route, target.framework === 'plain' ? 'unmatched' : '/users/:id');
  }
  assert.equal(sumOf(samplesOf(body, 'http_requests_in_flight')), 0);
  const errors = Object.fromEntries(
    samplesOf(body, 'prometer_label_errors_total').map(({ labels, value }) => [labels.label, value]),
  );
  // What is too long is none of the values that a label may have.
  assert.deepEqual(errors, { bad: REQUESTS, worse: REQUESTS - REQUESTS / WAYS });
  const codes = (await target.call('warnings')).map(({ code }) => code).toSorted();
  // What is no exemplar is dropped by each of the two metrics.
  const dropped = ['PROMETER_EXEMPLAR_DROPPED', 'PROMETER_EXEMPLAR_DROPPED'];
  const expected = [
    ...dropped,
    'PROMETER_EXEMPLAR_ERROR',
    'PROMETER_IGNORE_ERROR',
    'PROMETER_LABEL_ERROR',
    'PROMETER_LABEL_ERROR',
  ];
  if (target.framework === 'plain') expected.push('PROMETER_ROUTE_ERROR');
  assert.deepEqual(codes, expected);
  return (
    `${thousands(REQUESTS)} requests, all answered with 200 and counted once; ` +
    `${thousands(errors.bad + errors.worse)} errors of labels counted; ${codes.length} warnings`
  );
}

async function showsNothing(target) {
  const late = performance.now();
  const hanging = ask(target, 'hangs').then((answer) => ({ answer, took: performance.now() - late }));
  for (const how of Object.keys(REFUSALS)) {
    await Promise.all(Array.from({ length: 20 }, async () => expectRefusal(await ask(target, how))));
  }
  const { answer, took } = await hanging;
  expectRefusal(answer);
  expectBetween(took, 9500, 15_000);
  assert.equal((await ask(target, 'true')).status, 200);
  return `${20 * Object.keys(REFUSALS).length + 1} scrapes got 401, the one for which it hangs after ${seconds(took)}`;
}

function ask(target, how) {
  return askRaw(target.port, `GET /metrics HTTP/1.1\r\nHost: x\r\nX-Authorize: ${how}\r\n\r\n`);
}

function expectRefusal({ status, head, body }) {
  assert.deepEqual([status, body], [401, 'Unauthorized\n']);
  assert.match(head, /^WWW-Authenticate: Bearer realm="metrics"$/im);
}

function sumOf(samples) {
  return sum(samples.map(({ value }) => value));
}
