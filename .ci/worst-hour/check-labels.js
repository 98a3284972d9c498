// Values of labels without end, and hostile ones: series have a limit, what is past it is counted together, and exactly.
import assert from 'node:assert/strict';
import { measure } from '../checks.js';
import { sum } from '../numbers.js';
import { Connection } from './connection.js';
import { expectAtMost, megabytes, seconds, thousands } from './figures.js';
import { FRAMEWORK_NAMES } from './frameworks.js';
import { hostileValue, labelOf } from './hostile-values.js';
import { HUGE } from './label-target.js';
import { Random } from './random.js';
import { samplesOf, scrape, valuesOf } from './scrape.js';
import { withTarget } from './targets.js';

const OVERFLOW = '_overflow';
const MOST_OF_A_COUNTER = 10_000;
const MOST_OF_REQUESTS = 2000;
const CONNECTIONS = 16;
const PIPELINED = 20;

export async function run({ seed, isLong, startPythonParser }) {
  const parse = startPythonParser();
  await Promise.all([
    measure('a counter takes a million hostile label values', () =>
      withTarget('plain', 'label', {}, (target) => countHostile(target, parse, seed, 1_000_000)),
    ),
    ...FRAMEWORK_NAMES.map((framework) =>
      measure(
        `${framework}: a label of its own takes hostile values from ${isLong ? 'a million' : '20,000'} requests`,
        () =>
          withTarget(framework, 'label', {}, (target) => sendHostile(target, parse, seed, isLong ? 1_000_000 : 20_000)),
      ),
    ),
  ]);
}

async function countHostile(target, parse, seed, values) {
  const start = await target.call('memory');
  await target.call('count', seed, values / 10);
  const early = await target.call('memory');
  let refused;
  for (let i = 1; i < 10; i++) refused = await target.call('count', seed + i, values / 10);
  const end = await target.call('memory');

  const expected = { refused: 0, overflow: 0, series: new Map() };
  for (let i = 0; i < 10; i++) {
    const random = new Random(seed + i);
    for (let j = 0; j < values / 10; j++) {
      const { kind, value } = hostileValue(random, HUGE);
      if (kind === 'garbage') expected.refused++;
      else countIn(expected, labelOf(value), MOST_OF_A_COUNTER);
    }
  }
  assert.equal(refused, expected.refused, 'refused');
  const seen = await readSeries(target, parse, 'hostile', ({ value }) => value ?? '');
  expected.series.set(OVERFLOW, expected.overflow);
  assert.deepEqual(differences(seen, expected.series), {}, 'series');
  assert.equal(await overflows(target, 'hostile'), expected.overflow, 'prometer_series_overflow_total');
  await expectOneWarning(target, 'hostile', MOST_OF_A_COUNTER, 'value');
  expectAtMost('growth of the heap past the limit', end.heap - early.heap, 2 * 2 ** 20);
  return (
    `${thousands(values)} values, ${thousands(refused)} refused, ${thousands(seen.size)} series, ` +
    `${thousands(expected.overflow)} in the overflow series; heap ${[start, early, end].map(({ heap }) => megabytes(heap)).join(', ')}` +
    ` before, after a tenth, at the end`
  );
}

function countIn(expected, label, most) {
  const known = expected.series.get(label);
  if (known !== undefined) expected.series.set(label, known + 1);
  else if (expected.series.size < most) expected.series.set(label, 1);
  else expected.overflow++;
}

async function sendHostile(target, parse, seed, requests) {
  const sent = { labels: new Map(), errors: 0 };
  const begun = performance.now();
  const start = await target.call('memory');
  await send(target.port, seed, requests / 5, sent);
  const early = await target.call('memory');
  for (let i = 1; i < 5; i++) await send(target.port, seed + i * CONNECTIONS, requests / 5, sent);
  const end = await target.call('memory');
  const took = performance.now() - begun;

  const seen = await readSeries(target, parse, 'http_requests', tenantIn);
  const overflow = seen.get(undefined);
  let named = 0;
  for (const [label, count] of seen) {
    if (label === undefined) continue;
    // A series that exists has all that was sent with its label.
    assert.equal(count, sent.labels.get(label), `requests of ${JSON.stringify(label)}`);
    named += count;
  }
  assert.equal(seen.size, MOST_OF_REQUESTS + 1, 'series');
  assert.equal(named + overflow, requests, 'requests');
  assert.equal(await overflows(target, 'http_requests'), overflow, 'prometer_series_overflow_total');
  const body = await scrape(target, {
    query: '?name[]=prometer_label_errors&name[]=http_request_duration_seconds_count',
  });
  assert.deepEqual(valuesOf(body, 'prometer_label_errors_total'), { tenant: sent.errors }, 'label errors');
  const timed = samplesOf(body, 'http_request_duration_seconds_count').map(({ value }) => value);
  assert.equal(sum(timed), requests, 'durations');
  await expectOneWarning(target, 'http_requests', MOST_OF_REQUESTS, 'tenant');
  await expectOneWarning(target, 'http_request_duration_seconds', MOST_OF_REQUESTS, 'tenant');
  expectAtMost('growth of the heap past the limit', end.heap - early.heap, 3 * 2 ** 20);
  return (
    `${thousands(requests)} answered with 200 in ${seconds(took)}, ${thousands(sent.labels.size)} values, ` +
    `${thousands(sent.errors)} of them no label; ${thousands(seen.size)} series, ${thousands(overflow)} requests in the overflow series; ` +
    `heap ${[start, early, end].map(({ heap }) => megabytes(heap)).join(', ')} before, after a fifth, at the end`
  );
}

/** Undefined of the overflow series. */
function tenantIn({ method, tenant = '' }) {
  return method === OVERFLOW ? undefined : tenant;
}

async function send(port, seed, requests, sent) {
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async (_, i) => {
      const random = new Random(seed + i);
      const connection = await new Connection(port).opened();
      let left = Math.floor(requests / CONNECTIONS);
      while (left > 0) {
        const count = Math.min(left, PIPELINED);
        left -= count;
        connection.write(Array.from({ length: count }, () => request(random, sent)).join(''));
        for (let j = 0; j < count; j++) assert.equal((await connection.answer())?.status, 200);
      }
      connection.leave();
    }),
  );
}

function request(random, sent) {
  const { kind, value } = hostileValue(random, 10);
  if (kind !== 'text') sent.errors++;
  // JSON has no NaN and no Infinity: they come as null.
  const label = kind === 'text' ? labelOf(JSON.parse(JSON.stringify({ value })).value) : '';
  sent.labels.set(label, (sent.labels.get(label) ?? 0) + 1);
  const json = JSON.stringify(kind === 'huge' ? { huge: value } : { value });
  const header = json.replaceAll(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `GET /users/1 HTTP/1.1\r\nHost: x\r\nX-Tenant: ${header}\r\n\r\n`;
}

/** By what `key` makes of their labels, what the series of a counter are; as Python reads both formats. */
async function readSeries(target, parse, name, key) {
  const [text, openmetrics] = await Promise.all(
    Object.entries({ text: 'text/plain', openmetrics: 'application/openmetrics-text;version=1.0.0' }).map(
      async ([format, accept]) => {
        const document = await scrape(target, { query: `?name[]=${name}_total`, accept });
        const families = await parse(format, document);
        const { samples } = families.find((family) => family.name === name);
        return new Map(samples.map(({ labels, value }) => [key(labels), value]));
      },
    ),
  );
  assert.deepEqual(openmetrics, text);
  return text;
}

/** By key, what two maps have that isn't the same. */
function differences(actual, expected) {
  const keys = new Set([...actual.keys(), ...expected.keys()]);
  const differing = [...keys].filter((key) => actual.get(key) !== expected.get(key));
  return Object.fromEntries(
    differing.map((key) => [JSON.stringify(key), { actual: actual.get(key), expected: expected.get(key) }]),
  );
}

function overflows(target, metric) {
  return target.call('value', 'prometer_series_overflow_total', { metric });
}

async function expectOneWarning(target, metric, most, label) {
  const messages = (await target.call('warnings')).map(({ message }) => message);
  const about = messages.filter((message) => message.includes(`"${metric}" has reached its limit of ${most} series`));
  assert.equal(about.length, 1, `warnings of ${metric}`);
  assert.match(about[0], new RegExp(`label "${label}" has `));
}
