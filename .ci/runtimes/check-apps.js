import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { check } from '../checks.js';
import { start } from '../processes.js';
import { until } from '../until.js';
import { ask, askAll, leave } from './client.js';
import { checkPort } from './check-port.js';

/** By method, route and status, what each app is to have counted in the end. */
const COUNTED = {
  'GET /users/:id 200': 20,
  'HEAD /users/:id 200': 1,
  'POST /echo 200': 1,
  'GET /pieces 200': 2,
  'GET /fail 500': 3,
  'GET unmatched 404': 4,
  'GET /never 499': 1,
  'GET /begun 200': 1,
};
/** Who was there no more, and when. */
const ABORTED = {
  'route="/begun",phase="body",reason="client"': 1,
  'route="/never",phase="headers",reason="client"': 1,
};

/** Starts the program that serves, sends it what is to be counted, and lets it close. */
export async function checkApps(name, file, args) {
  const program = start(file, args, { env: { NODE_ENV: 'test' }, stdin: 'pipe' });
  const lines = createInterface(program.child.stdout)[Symbol.asyncIterator]();
  let urls;
  const serves = await check(`${name}: apps on nothing, on Express and on Fastify start`, async () => {
    const { value = '' } = await withinSeconds(20, lines.next(), program);
    assert.match(value, /^\{/, program.output);
    urls = JSON.parse(value);
  });
  if (serves) {
    const { port, ...apps } = urls;
    await Promise.all(Object.entries(apps).map(([app, url]) => checkApp(`${name}: ${app}`, url)));
    await checkPort(`${name}: a port of its own`, port);
  }
  await check(`${name}: all is closed, and the program ends by itself`, async () => {
    program.child.stdin.end();
    const { value } = await withinSeconds(20, lines.next(), program);
    await withinSeconds(20, untilEnd(program), program);
    assert.deepEqual([value, program.ended, program.output], ['closed', 'exit code 0', '']);
  });
}

async function checkApp(name, url) {
  await check(`${name}: answers as without metrics`, async () => {
    const users = Array.from({ length: 20 }, (_, i) => `${url}/users/${i}`);
    assert.deepEqual(
      (await askAll(users)).map(({ status, body }) => [status, body]),
      users.map((_, i) => [200, String(i)]),
    );
    const headers = { 'content-type': 'application/json' };
    const echoed = await ask(`${url}/echo`, { method: 'POST', headers, body: '{"a":[1,2]}' });
    assert.deepEqual([echoed.status, echoed.body], [200, '{"a":[1,2]}']);
    const head = await ask(`${url}/users/1`, { method: 'HEAD' });
    assert.deepEqual([head.status, head.body], [200, '']);
    for (const { status } of await askAll([`${url}/fail`, `${url}/fail`, `${url}/fail`])) assert.equal(status, 500);
    const nowhere = ['wp-admin', 'a%20b', '%F0%9F%98%B1?q=1', 'users/'].map((path) => `${url}/nowhere/${path}`);
    for (const { status } of await askAll(nowhere)) assert.equal(status, 404);
  });
  await check(`${name}: streams what comes in pieces`, async () => {
    for (const { body } of await askAll([`${url}/pieces`, `${url}/pieces`])) assert.equal(body, 'one two three');
  });
  await check(`${name}: sees a client that leaves before its answer`, async () => {
    const inFlight = async () => (await scrape(url)).includes('http_requests_in_flight{method="GET"} 1\n');
    assert.equal(await leave(`${url}/never`, inFlight), '');
  });
  await check(`${name}: sees a client that leaves in the middle of its answer`, async () => {
    assert.match(await leave(`${url}/begun`, (read) => read.includes('begun')), /^HTTP\/1\.1 200 /);
  });
  await check(`${name}: has counted each request once`, () =>
    until(async () => {
      const text = await scrape(url);
      assert.deepEqual(countsOf(text, 'http_requests_total'), COUNTED);
      assert.deepEqual(countsOf(text, 'http_request_duration_seconds_count'), COUNTED);
      for (const [, value] of text.matchAll(/^http_requests_in_flight\{.*\} (.*)$/gm)) assert.equal(value, '0');
    }),
  );
  await check(`${name}: has counted who was there no more`, async () => {
    const aborts = (await scrape(url)).matchAll(/^http_request_aborts_total\{method="GET",(.*)\} (.*)$/gm);
    assert.deepEqual(Object.fromEntries(Array.from(aborts, ([, labels, value]) => [labels, Number(value)])), ABORTED);
  });
}

async function scrape(url) {
  return (await ask(`${url}/metrics`)).body;
}

function countsOf(text, name) {
  const lines = text.matchAll(new RegExp(`^${name}\\{method="(.*)",route="(.*)",status_code="(.*)"\\} (.*)$`, 'gm'));
  return Object.fromEntries(
    Array.from(lines, ([, method, route, status, count]) => [`${method} ${route} ${status}`, Number(count)]),
  );
}

async function untilEnd(program) {
  if (program.ended === undefined) await once(program.child, 'close');
}

async function withinSeconds(seconds, promise, program) {
  let late;
  const end = new Promise((resolve, reject) => {
    late = setTimeout(() => reject(new Error(`not done after ${seconds} s\n${program.output}`)), seconds * 1000);
  });
  try {
    return await Promise.race([promise, end]);
  } finally {
    clearTimeout(late);
  }
}
