// Clients of /metrics: a hundred at once, ones that read next to nothing, and ones that leave.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { measure } from '../checks.js';
import { expectAtMost, megabytes, seconds, thousands } from './figures.js';
import { FRAMEWORK_NAMES } from './frameworks.js';
import { samplesOf, scrape } from './scrape.js';
import { SERIES } from './scraper-target.js';
import { withTarget } from './targets.js';

const AT_ONCE = 100;
const SLOW_READERS = 20;
/** More than the system keeps for a connection, some 10 MB, so that the server itself has to wait. */
const MUCH = { series: 100_000, padding: 'x'.repeat(150) };

const GET = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n';

export async function run() {
  await Promise.all([
    measure('startHttpServer: leaves a scraper that reads a byte a second', () =>
      withTarget('plain', 'scraper', { settings: { ...MUCH, ownServer: true } }, leavesSlowReader),
    ),
    checkFrameworks(),
  ]);
}

async function checkFrameworks() {
  for (const framework of FRAMEWORK_NAMES) {
    await measure(`${framework}: answers a hundred scrapers at once`, () =>
      withTarget(framework, 'scraper', {}, answersAll),
    );
    await measure(`${framework}: serves others while ${SLOW_READERS} scrapers read a byte a second`, () =>
      withTarget(framework, 'scraper', { settings: MUCH }, servesOthers),
    );
    await measure(`${framework}: makes no more for scrapers that have left`, () =>
      withTarget(framework, 'scraper', { settings: MUCH }, stopsForWhoLeaves),
    );
  }
}

async function answersAll(target) {
  await scrape(target);
  const runsBefore = await target.call('runs');
  const before = await target.call('memory');
  const start = performance.now();
  const answers = Promise.all(Array.from({ length: AT_ONCE }, () => scrape(target)));
  const others = askUntil(target, answers);
  const bodies = await answers;
  const took = performance.now() - start;
  const { asked, longest } = await others;

  // What is measured of the other requests changes meanwhile.
  const hashes = new Set(bodies.map((body) => hashOf(body.match(/^(?:many|takes_its_time)[ {].*$/gm).join('\n'))));
  assert.equal(hashes.size, 1, 'different answers');
  const values = samplesOf(bodies[0], 'many').map(({ value }) => value);
  assert.deepEqual(values, [...values.keys()]);
  assert.equal(values.length, SERIES);
  const runs = (await target.call('runs')) - runsBefore;
  expectAtMost('runs of the collector', runs, 5);
  const after = await target.call('memory');
  expectAtMost('growth of the heap', after.heap - before.heap, 3 * 2 ** 20);
  return (
    `${AT_ONCE} times the same ${megabytes(bodies[0].length)} in ${seconds(took)}, the collector ran ${runs === 1 ? 'once' : `${runs} times`}; ` +
    `${asked} other requests meanwhile, of which the longest took ${Math.round(longest)} ms; ` +
    `heap ${megabytes(before.heap)} before, ${megabytes(after.heap)} after`
  );
}

/** Asks for something else, again and again, until `done` settles. */
async function askUntil(target, done) {
  const state = { isDone: false };
  const end = () => (state.isDone = true);
  done.then(end, end);
  let longest = 0;
  let asked = 0;
  while (!state.isDone) {
    const start = performance.now();
    const response = await fetch(`${target.url}/users/1`);
    assert.equal(await response.text(), '1');
    longest = Math.max(longest, performance.now() - start);
    asked++;
    await setTimeout(10);
  }
  return { asked, longest };
}

async function servesOthers(target) {
  // What is made with the first scrape is kept for all others.
  await scrape(target);
  const before = await target.call('memory');
  const readers = await Promise.all(Array.from({ length: SLOW_READERS }, () => readSlowly(target.port)));
  const { asked, longest } = await askUntil(target, setTimeout(2000));
  const body = await scrape(target);
  assert.equal(samplesOf(body, 'many').length, MUCH.series);
  const steps = await target.call('steps');
  await setTimeout(300);
  assert.equal(await target.call('steps'), steps, 'parts of scrapes that were made though nobody reads');
  const during = await target.call('memory');
  for (const { socket } of readers) socket.destroy();
  await setTimeout(300);
  const after = await target.call('memory');
  expectAtMost(
    'bytes for each of them',
    (during.heap + during.external - before.heap - before.external) / SLOW_READERS,
    1_000_000,
  );
  expectAtMost('growth of the heap once they have left', after.heap - before.heap, 3 * 2 ** 20);
  return (
    `${asked} requests, of which the longest took ${Math.round(longest)} ms, and a scrape of ${megabytes(body.length)}; ` +
    `heap and buffers ${[before, during, after].map(({ heap, external }) => megabytes(heap + external)).join(', ')} ` +
    'before, meanwhile, and once they had left'
  );
}

async function stopsForWhoLeaves(target) {
  const stepsBefore = await target.call('steps');
  await scrape(target);
  const whole = (await target.call('steps')) - stepsBefore;
  const clients = 10;
  let after = 0;
  for (let i = 0; i < clients; i++) {
    const socket = connect({ port: target.port, host: '127.0.0.1' });
    socket.write(GET);
    await once(socket, 'data');
    socket.destroy();
    await setTimeout(20);
    const left = await target.call('steps');
    await setTimeout(50);
    after = Math.max(after, (await target.call('steps')) - left);
  }
  const made = (await target.call('steps')) - stepsBefore - whole;
  expectAtMost('parts that were made after a client had left', after, 0);
  return `${clients} that leave with the first packet cost ${thousands(made)} parts of scrapes; one that stays, ${thousands(whole)}`;
}

async function leavesSlowReader(target) {
  const start = performance.now();
  const { socket, bytes } = await readSlowly(target.port);
  const body = await scrape(target, { headers: { connection: 'close' } });
  assert.equal(samplesOf(body, 'many').length, MUCH.series);
  // The reader itself would have to read all before it sees the end.
  while ((await target.call('sockets')) > 0) {
    expectAtMost('milliseconds until it is left', performance.now() - start, 30_000);
    await setTimeout(200);
  }
  const took = performance.now() - start;
  const read = bytes();
  socket.destroy();
  return `after ${seconds(took)}, ${read} bytes of ${megabytes(body.length)} read by it; another one had all of it meanwhile`;
}

/** Begins a scrape whose answer is read by one byte a second; resolves with its first. */
async function readSlowly(port) {
  let bytes = 0;
  let socket;
  let begin;
  const begun = new Promise((resolve) => (begin = resolve));
  const onread = {
    buffer: Buffer.alloc(1),
    callback() {
      bytes++;
      begin();
      // To read on is to notice that the other side has gone.
      void setTimeout(1000, undefined, { ref: false }).then(() => socket.resume());
      return false;
    },
  };
  socket = connect({ port, host: '127.0.0.1', onread });
  socket.on('error', () => {});
  socket.write(GET);
  await begun;
  return { socket, bytes: () => bytes };
}

function hashOf(text) {
  return createHash('sha256').update(text).digest('hex');
}
