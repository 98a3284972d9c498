// Requests for metrics that nobody means well with: each has its status, in a bounded time, and shows nothing to strangers.
import assert from 'node:assert/strict';
import { measure } from '../checks.js';
import { askRaw } from './connection.js';
import { expectAtMost, seconds, thousands } from './figures.js';
import { FRAMEWORK_NAMES } from './frameworks.js';
import { SECRET } from './guarded-target.js';
import { RIGHT, SCRAPES, WRONG } from './hostile-scrapes.js';
import { Random } from './random.js';
import { withTarget } from './targets.js';

/** Node.js' own is 16 kB, which would keep the worst from ever getting to /metrics. */
const nodeOptions = ['--max-http-header-size=1000000'];
/** What a server of metrics alone takes, whatever Node.js is told. */
const HEADER_BYTES_OF_OWN = 16 * 1024;
/** Fastify repeats in a 404 what was asked for, so it isn't the name alone. */
const SHOWN = new RegExp(`${SECRET} 1|# TYPE|version=[01]`);
const LONGEST_MS = 10_000;
const AT_ONCE = 4;

export async function run({ seed, isLong }) {
  await Promise.all(
    [...FRAMEWORK_NAMES, 'own'].map(async (framework) => {
      const title = framework === 'own' ? 'startHttpServer' : framework;
      for (const who of Object.keys(RIGHT)) {
        await measure(
          `${title}, shown to ${who}: ${SCRAPES.length} hostile scrapes have the status that they should`,
          () => withTarget(framework, 'guarded', { settings: { who }, nodeOptions }, (target) => asksAll(target, who)),
        );
        if (who === 'everybody') continue;
        await measure(`${title}, shown to ${who}: shows nothing to others`, () =>
          withTarget(framework, 'guarded', { settings: { who }, nodeOptions }, (target) =>
            showsNothing(target, who, seed, isLong ? 20_000 : 500),
          ),
        );
      }
    }),
  );
}

async function asksAll(target, who) {
  let longest = { took: 0 };
  let shown = 0;
  const wrong = [];
  await inTurn(SCRAPES, async ({ what, method, head, body, status }) => {
    const { answer, took } = await ask(target, `${head}${RIGHT[who]}\r\n${body}`, method);
    const expected = expectedStatus(target.framework, { head, status });
    if (answer?.status !== expected) wrong.push(`${what}: ${answer?.status}, not ${expected}`);
    else if (expected === 405) assert.match(answer.head, /\r\nAllow: GET, HEAD\r\n/, what);
    else if (expected !== 200) assert.doesNotMatch(answer.body, SHOWN, what);
    if (answer?.body.includes(SECRET)) shown++;
    if (took > longest.took) longest = { took, what };
  });
  assert.deepEqual(wrong, []);
  expectAtMost(`milliseconds of ${longest.what}`, longest.took, LONGEST_MS);
  return `${shown} were shown metrics, the longest answer took ${Math.round(longest.took)} ms (${longest.what})`;
}

function expectedStatus(framework, { head, status }) {
  if (framework === 'own') {
    if (head.length > HEADER_BYTES_OF_OWN) return 431;
    if (status === 'elsewhere') return 404;
    return status;
  }
  if (status !== 'elsewhere') return status;
  if (framework !== 'fastify') return 404;
  // Fastify ends a path at a #, as a URL's ends there, and refuses by itself what can't be decoded.
  if (head.startsWith('GET /metrics# ')) return 200;
  return /\/%(?:ff)? HTTP/.test(head) ? 400 : 404;
}

/** Whatever is asked for, and however, by who hasn't the right to. */
async function showsNothing(target, who, seed, fuzzed) {
  const statuses = {};
  let longest = 0;
  const expectNothing = async (bytes, method) => {
    const { answer, took } = await ask(target, bytes, method);
    // Half a request has none, however long one waits.
    if (answer !== undefined) longest = Math.max(longest, took);
    const { status, body = '', head = '' } = answer ?? { status: 'closed' };
    assert.doesNotMatch(head + body, SHOWN, bytes.slice(0, 500));
    statuses[status] = (statuses[status] ?? 0) + 1;
    return { status, head };
  };
  await inTurn(WRONG[who], async (credentials) => {
    const { status, head } = await expectNothing(
      `GET /metrics HTTP/1.1\r\nHost: x\r\nAuthorization: ${credentials}\r\n\r\n`,
    );
    const isTooLong = target.framework === 'own' && credentials.length > HEADER_BYTES_OF_OWN;
    assert.equal(status, isTooLong ? 431 : 401, credentials.slice(0, 200));
    if (!isTooLong) assert.match(head, /\r\nWWW-Authenticate: (?:Bearer|Basic) realm="metrics"/);
  });
  await inTurn(SCRAPES, async ({ what, method, head, body, status }) => {
    const answer = await expectNothing(`${head}\r\n${body}`, method);
    const isRefused = status !== 'elsewhere' && !(target.framework === 'own' && head.length > HEADER_BYTES_OF_OWN);
    if (isRefused) assert.equal(answer.status, 401, what);
  });
  const random = new Random(seed);
  const bytes = Array.from({ length: fuzzed }, () => fuzz(random, who));
  await inTurn(bytes, (each) => expectNothing(each, each.startsWith('HEAD') ? 'HEAD' : 'GET'));
  expectAtMost('milliseconds of an answer', longest, LONGEST_MS);
  const all = Object.entries(statuses).map(([status, times]) => `${status} ${thousands(times)} times`);
  return `${all.join(', ')}; the longest answer took ${seconds(longest)}`;
}

/** Those that don't become the right one by another byte. */
const UNLIKE = Object.fromEntries(
  Object.entries(WRONG).map(([who, all]) => {
    const right = RIGHT[who].trim().split(' ').at(-1);
    return [who, all.filter((credentials) => !credentials.includes(right))];
  }),
);

/** One of the hostile scrapes with one of the wrong credentials, of both of which some bytes are others. */
function fuzz(random, who) {
  const { head, body } = random.of(SCRAPES);
  let fuzzed = `${head}Authorization: ${random.of(UNLIKE[who])}\r\nConnection: close\r\n\r\n${body}`;
  for (let i = random.below(4); i > 0; i--) {
    const at = random.below(Math.min(fuzzed.length, 200));
    fuzzed = `${fuzzed.slice(0, at)}${String.fromCharCode(random.below(256))}${fuzzed.slice(at + 1)}`;
  }
  return fuzzed;
}

async function ask(target, bytes, method) {
  const start = performance.now();
  let answer;
  try {
    answer = await askRaw(target.port, bytes, { isHead: method === 'HEAD', withinMs: LONGEST_MS });
  } catch (error) {
    // Half a request has no answer.
    if (!error.message.startsWith('No answer for')) throw error;
  }
  return { answer, took: performance.now() - start };
}

/** A few at once. */
async function inTurn(all, use) {
  const left = [...all];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left.length > 0) await use(left.shift());
    }),
  );
}
