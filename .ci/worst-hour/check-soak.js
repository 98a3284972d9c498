// Full load, with all that clients do: what they have sent is what is counted, and memory stays where it was.
import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { measure } from '../checks.js';
import { Connection } from './connection.js';
import { expectAtMost, megabytes, seconds, thousands } from './figures.js';
import { FRAMEWORK_NAMES } from './frameworks.js';
import { expectKept, keptData } from './kept-data.js';
import { Random } from './random.js';
import { scrape, samplesOf, total, valuesOf } from './scrape.js';
import { withTarget } from './targets.js';

const CONNECTIONS = 24;
const PIPELINED = 16;
/** How often memory is looked at; the first time is when everything has been done once. */
const POINTS = 5;
/** In bytes: code, and what V8 learns of it for a minute or more, which without Prometer is up to a megabyte, too. */
const MOST_GROWTH = 2 * 2 ** 20;
/** In bytes: data, of which nothing has a reason to grow. A few for each request are more, even in a short run. */
const MOST_KEPT = 32 * 2 ** 10;

const GETS = [
  { path: () => '/', route: '/', status: 200 },
  { path: (n) => `/users/${n}`, route: '/users/:id', status: 200 },
  { path: (n) => `/users/${n}?page=${n}`, route: '/users/:id', status: 200 },
  { path: (n) => `/wp-admin/${n}`, route: 'unmatched', status: 404 },
  { path: () => '/fail', route: '/fail', status: 500 },
];

export async function run({ seed, soakSeconds }) {
  for (const framework of FRAMEWORK_NAMES) {
    await measure(`${framework}: counts exactly what was sent at full load, in memory that doesn't grow`, () =>
      withTarget(framework, 'soak', {}, (target) => soak(target, seed, soakSeconds)),
    );
  }
}

async function soak(target, seed, soakSeconds) {
  const sent = { requests: {}, aborts: {} };
  const memory = [];
  const lookAtMemory = async () => {
    const body = await counted(target, total(sent.requests));
    memory.push(await target.call('memory'));
    return body;
  };
  // Grown buffers, and most of the compiled code, are there from then on.
  await load(target, seed, Math.min(2, soakSeconds / 2), sent);
  await lookAtMemory();
  const dataBefore = await keptData(target);
  const before = total(sent.requests);
  let took = 0;
  let body;
  for (let i = 1; i < POINTS; i++) {
    const start = performance.now();
    await load(target, seed + i, soakSeconds / (POINTS - 1), sent);
    took += performance.now() - start;
    body = await lookAtMemory();
  }
  const all = total(sent.requests);

  assert.deepEqual(valuesOf(body, 'http_requests_total'), sent.requests, 'requests');
  assert.deepEqual(valuesOf(body, 'http_request_duration_seconds_count'), sent.requests, 'durations');
  assert.deepEqual(valuesOf(body, 'http_request_aborts_total'), sent.aborts, 'aborts');
  assert.equal(total(valuesOf(body, 'http_requests_in_flight')), 0, 'in flight');
  const warnings = await target.call('warnings');
  // Newer versions of Node.js say once what is out of date in others.
  assert.deepEqual(
    warnings.filter(({ code }) => !code?.startsWith('DEP')),
    [],
    'warnings',
  );
  const growth = expectKept(dataBefore, await keptData(target), all - before, MOST_KEPT);
  const heaps = memory.map(({ heap }) => heap);
  expectAtMost('growth of the heap in bytes', heaps.at(-1) - heaps[0], MOST_GROWTH);
  return (
    `${thousands(all)} requests (${thousands(total(sent.aborts))} of clients that left) in ${seconds(took)}, ` +
    `${thousands((all - before) / (took / 1000))} a second; heap ${heaps.map(megabytes).join(', ')}, ` +
    `its data ${growth} bytes more; resident ${memory.map(({ rss }) => megabytes(rss)).join(', ')}`
  );
}

/** Waits until the last of the clients that have left are noticed. */
async function counted(target, requests) {
  const end = performance.now() + 5000;
  for (;;) {
    const body = await scrape(target);
    const isAll = total(valuesOf(body, 'http_requests_total')) >= requests;
    const isOver = samplesOf(body, 'http_requests_in_flight').every(({ value }) => value === 0);
    if ((isAll && isOver) || performance.now() > end) return body;
    await setTimeout(50);
  }
}

async function load(target, seed, forSeconds, sent) {
  const end = performance.now() + forSeconds * 1000;
  const scraping = keepScraping(target, end);
  await Promise.all(
    Array.from({ length: CONNECTIONS }, (_, i) => beClient(target.port, new Random(seed + i), end, sent)),
  );
  await scraping;
}

async function keepScraping(target, end) {
  while (performance.now() < end) {
    await scrape(target, { accept: 'application/openmetrics-text;version=1.0.0' });
    await setTimeout(500);
  }
}

/** One client after the other, until the end. */
async function beClient(port, random, end, sent) {
  const behaviours = [keepAlive, keepAlive, pipeline, pipeline, pipeline, post, leaveBeforeHead, leaveInBody];
  while (performance.now() < end) {
    const connection = await new Connection(port).opened();
    // Some are used once, some for long.
    for (let left = random.below(40); left >= 0 && !connection.isClosed && performance.now() < end; left--) {
      await random.of(behaviours)(connection, random, sent);
    }
    connection.leave();
  }
}

async function keepAlive(connection, random, sent) {
  const { path, route, status } = random.of(GETS);
  connection.write(get(path(random.below(1e6))));
  await expectStatus(connection, status);
  count(sent.requests, `GET ${route} ${status}`);
}

async function pipeline(connection, random, sent) {
  const asked = Array.from({ length: 1 + random.below(PIPELINED) }, () => random.of(GETS));
  connection.write(asked.map(({ path }) => get(path(random.below(1e6)))).join(''));
  for (const { route, status } of asked) {
    await expectStatus(connection, status);
    count(sent.requests, `GET ${route} ${status}`);
  }
}

async function post(connection, random, sent) {
  const body = 'x'.repeat(random.below(5000));
  connection.write(
    `POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  const answer = await expectStatus(connection, 200);
  assert.equal(answer.body, String(body.length));
  count(sent.requests, 'POST /echo 200');
}

async function leaveBeforeHead(connection, random, sent) {
  connection.write(get('/hold'));
  // The app has it by then, and will never answer.
  if (!(await connection.until((received) => received.includes('HTTP/1.1 102 ')))) throw new Error('/hold was cut off');
  leave(connection, random);
  count(sent.requests, 'GET /hold 499');
  count(sent.aborts, 'GET /hold headers client');
}

async function leaveInBody(connection, random, sent) {
  connection.write(get('/drip'));
  if (!(await connection.until((received) => received.includes('drop')))) throw new Error('/drip was cut off');
  leave(connection, random);
  count(sent.requests, 'GET /drip 200');
  count(sent.aborts, 'GET /drip body client');
}

function leave(connection, random) {
  if (random.chance(0.5)) connection.leave();
  else connection.reset();
  connection.isClosed = true;
}

function get(path) {
  return `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
}

async function expectStatus(connection, status) {
  const answer = await connection.answer();
  if (answer?.status !== status) {
    throw new Error(`The answer is ${answer?.status ?? `a closed connection, ${connection.error}`}, not ${status}`);
  }
  return answer;
}

function count(counts, key) {
  counts[key] = (counts[key] ?? 0) + 1;
}
