// Apps that are closed in the middle of it all: who asked before is answered, all is counted, and the process ends by itself.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { measure } from '../checks.js';
import { SERIES } from './closing-target.js';
import { Connection } from './connection.js';
import { megabytes, seconds } from './figures.js';
import { FRAMEWORK_NAMES } from './frameworks.js';
import { samplesOf } from './scrape.js';
import { startTarget } from './targets.js';

const REQUESTS = 50;
const ENDS_WITHIN_MS = 10_000;

export async function run() {
  await Promise.all(
    [...FRAMEWORK_NAMES, 'own'].flatMap((framework) => {
      const title = framework === 'own' ? 'startHttpServer' : framework;
      return [
        measure(`${title}: answers whole who asked before it was closed, and ends`, () =>
          withEnding(framework, {}, answersWhole),
        ),
        measure(`${title}: ends when it is closed and scrapers leave in the middle`, () =>
          withEnding(framework, {}, leavesInTheMiddle),
        ),
        measure(`${title}: ends when it is closed and a collector hangs`, () =>
          withEnding(framework, { hangs: true }, leavesHanging),
        ),
      ];
    }),
  );
}

/** Starts a target and closes it in the middle of `use`; sees that it ends by itself then, with nothing left undone. */
async function withEnding(framework, settings, use) {
  const target = await startTarget(framework, 'closing', { settings });
  try {
    const figures = await use(target);
    const start = performance.now();
    assert.equal(await target.ended(ENDS_WITHIN_MS), 'exit code 0', target.output());
    const { slow, inFlight } = JSON.parse(target.output());
    if (framework !== 'own') assert.deepEqual([slow, inFlight], [REQUESTS, 0], 'slow requests, and those in flight');
    return `${figures}; it ended ${seconds(performance.now() - start)} later`;
  } finally {
    await target.stop();
  }
}

async function answersWhole(target) {
  const expectAnswers = await beginSlow(target);
  const { answered } = await beginWholeScrape(target);
  await close(target);
  await expectAnswers();
  const body = await answered;
  const values = samplesOf(body, 'many').map(({ value }) => value);
  assert.equal(values.length, SERIES);
  assert.deepEqual(values, [...values.keys()]);
  assert.deepEqual(samplesOf(body, 'takes_its_time'), [{ labels: {}, value: 0 }]);
  return `a scrape of ${megabytes(body.length)} and ${target.framework === 'own' ? 'no' : REQUESTS} requests in its middle were answered`;
}

async function leavesInTheMiddle(target) {
  const expectAnswers = await beginSlow(target);
  const scrapers = await Promise.all(Array.from({ length: 5 }, () => beginScrape(target)));
  await close(target);
  await expectAnswers();
  for (const [i, scraper] of scrapers.entries()) {
    if (i % 2 === 0) scraper.leave();
    else scraper.reset();
  }
  return `${scrapers.length} left`;
}

async function leavesHanging(target) {
  const expectAnswers = await beginSlow(target);
  const scrapers = await Promise.all(Array.from({ length: 5 }, () => new Connection(target.port).opened()));
  for (const scraper of scrapers) scraper.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
  await setTimeout(100);
  await close(target);
  await expectAnswers();
  for (const scraper of scrapers) scraper.leave();
  return `${scrapers.length} left while it hung`;
}

/**
 * Sends requests that take some time, of which a server of metrics alone has none. Resolves, once the app has them, to what
 * waits for the answers.
 */
async function beginSlow(target) {
  if (target.framework === 'own') return async () => {};
  const answers = Array.from({ length: REQUESTS }, async () => {
    const connection = await new Connection(target.port).opened();
    connection.write('GET /slow?ms=2000 HTTP/1.1\r\nHost: x\r\n\r\n');
    const answer = await connection.answer();
    connection.leave();
    return answer?.body;
  });
  const answered = Promise.all(answers);
  answered.catch(() => {});
  // There is no such sample before the first of them.
  while (!((await target.call('value', 'http_requests_in_flight', { method: 'GET' })) >= REQUESTS))
    await setTimeout(10);
  return async () => assert.deepEqual(await answered, Array(REQUESTS).fill('slow'));
}

/** Resolves when the first of it is there. */
async function beginScrape(target) {
  const scraper = await new Connection(target.port).opened();
  scraper.write('GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: text/plain\r\n\r\n');
  await scraper.until((received) => received.includes('\nmany{'));
  return scraper;
}

/** Resolves when the first of it is there, to what resolves to the whole body. */
async function beginWholeScrape(target) {
  const request = get(`${target.url}/metrics`, { agent: false });
  const [response] = await once(request, 'response');
  assert.equal(response.statusCode, 200);
  const pieces = [await once(response, 'data')];
  response.on('data', (piece) => pieces.push([piece]));
  const answered = once(response, 'end').then(() => Buffer.concat(pieces.flat()).toString());
  answered.catch(() => {});
  // Not as a promise, which would be waited for.
  return { answered };
}

/** Doesn't wait for it, only until it has begun. */
async function close(target) {
  void target.call('close').catch(() => {});
  await setTimeout(20);
}
