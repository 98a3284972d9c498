// Bytes that are no request, or an odd one: no app ends, and what Node.js hands to an app is counted once, in few series.
import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { measure } from '../checks.js';
import { Connection } from './connection.js';
import { expectAtMost, thousands } from './figures.js';
import { FRAMEWORK_NAMES } from './frameworks.js';
import { fuzzedConnection } from './fuzzed-requests.js';
import { Random } from './random.js';
import { samplesOf, scrape, total, valuesOf } from './scrape.js';
import { withTarget } from './targets.js';

const AT_ONCE = 40;
/** How long an answer is waited for: many of these bytes get none. */
const PATIENCE_MS = 60;

/** What a method or a route may be counted as. */
const METHODS = new Set('GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH QUERY _OTHER'.split(' '));
const ROUTES = new Set('/ /users/:id /slow /fail /hold /late /drip /echo unmatched'.split(' '));

export async function run({ seed, isLong }) {
  const connections = isLong ? 30_000 : 2000;
  await Promise.all(
    FRAMEWORK_NAMES.flatMap((framework) =>
      [false, true].map((upgrades) =>
        measure(
          `${framework}${upgrades ? ', which upgrades connections' : ''}: outlives fuzzed bytes, and counts each request once`,
          () =>
            withTarget(framework, 'basic', { settings: { upgrades } }, (target) =>
              fuzz(target, seed, connections / (upgrades ? 2 : 1)),
            ),
        ),
      ),
    ),
  );
  for (const framework of FRAMEWORK_NAMES) {
    await measure(`${framework}: a client that resets its connection before the answer is a 499`, () =>
      withTarget(framework, 'basic', {}, resetBeforeAnswer),
    );
  }
}

async function fuzz(target, seed, connections) {
  let left = connections;
  let answers = 0;
  let bytes = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left > 0) {
        const { pieces, ending } = fuzzedConnection(new Random(seed + left--));
        bytes += pieces.join('').length;
        const answered = await talk(target.port, pieces, ending);
        answers += answered;
      }
    }),
  );

  const body = await whenOver(target);
  const seen = await target.call('seen');
  const counted = valuesOf(body, 'http_requests_total');
  assert.equal(total(valuesOf(body, 'http_requests_in_flight')), 0, 'in flight');
  assert.equal(total(valuesOf(body, 'http_streams_active')), 0, 'streams');
  assert.equal(total(counted), seen.request + seen.upgrade, 'requests that were counted');
  for (const { labels } of samplesOf(body, 'http_requests_total')) {
    assert.ok(METHODS.has(labels.method), `method ${labels.method}`);
    assert.ok(ROUTES.has(labels.route), `route ${labels.route}`);
    assert.match(labels.status_code, /^[1-5]\d\d$/);
  }
  const series = Object.keys(counted).length;
  expectAtMost('series', series, 200);
  const warnings = await target.call('warnings');
  // Node.js and Express have their own to say of odd URLs.
  assert.deepEqual(
    warnings.filter(({ code }) => code?.startsWith('PROMETER')),
    [],
  );
  return (
    `${thousands(connections)} connections, ${thousands(bytes / 1024)} kB, ${thousands(answers)} answers; ` +
    `${thousands(seen.request)} requests and ${thousands(seen.upgrade)} upgrades, each counted once, in ${series} series`
  );
}

/** Resolves to how many answers there were. */
async function talk(port, pieces, ending) {
  const connection = await new Connection(port).opened();
  for (const piece of pieces) {
    connection.write(piece);
    if (pieces.length > 1) await setTimeout(1);
  }
  if (ending === 'end') connection.end();
  if (ending !== 'leave' && ending !== 'reset') {
    try {
      await connection.until(() => false, PATIENCE_MS);
    } catch {
      // It is open still.
    }
  }
  if (ending === 'reset') connection.reset();
  else connection.leave();
  return connection.received.match(/HTTP\/1\.1 [2-5]\d\d /g)?.length ?? 0;
}

/** Waits until all has been read that clients have left behind, and resolves to what is counted then. */
async function whenOver(target) {
  const end = performance.now() + 5000;
  for (;;) {
    const before = await target.call('seen');
    await setTimeout(200);
    const body = await scrape(target);
    const isOpen = total(valuesOf(body, 'http_requests_in_flight')) + total(valuesOf(body, 'http_streams_active')) > 0;
    const isOver = !isOpen && isDeepStrictEqual(await target.call('seen'), before);
    if (isOver || performance.now() > end) return body;
  }
}

/** The app answers as soon as it learns that its client has gone, so nobody gets that answer. */
async function resetBeforeAnswer(target) {
  const clients = 50;
  for (let i = 0; i < clients; i++) {
    const connection = await new Connection(target.port).opened();
    connection.write('GET /late HTTP/1.1\r\nHost: x\r\n\r\n');
    await connection.until((received) => received.includes('HTTP/1.1 102 '));
    connection.reset();
  }
  const body = await whenOver(target);
  assert.deepEqual(valuesOf(body, 'http_requests_total'), { 'GET /late 499': clients });
  assert.deepEqual(valuesOf(body, 'http_request_aborts_total'), { 'GET /late headers client': clients });
  return `${clients} of ${clients}`;
}
