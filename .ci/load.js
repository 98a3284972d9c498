import http from 'node:http';
import { setTimeout } from 'node:timers/promises';

/** How long the slow route of the examples takes. */
export const SLOW_SECONDS = 0.3;

const ROUNDS = 10;

/** What a round asks for, how often, and what it is to be answered and counted as. */
const ROUND = [
  { times: 3, method: 'GET', path: () => '/', status: 200, route: '/' },
  { times: 7, method: 'GET', path: (n) => `/users/${n}`, status: 200, route: '/users/:id' },
  { times: 1, method: 'GET', path: (n) => `/users/a%20b?page=${n}`, status: 200, route: '/users/:id' },
  { times: 2, method: 'GET', path: () => '/slow', status: 200, route: '/slow' },
  { times: 2, method: 'GET', path: () => '/fail', status: 500, route: '/fail' },
  { times: 3, method: 'GET', path: (n) => `/wp-admin/${n}`, status: 404, route: 'unmatched' },
  { times: 1, method: 'POST', path: () => '/', status: 404, route: 'unmatched' },
];

/** By route and status, how many requests an app has had after its warm-up and load. */
export const EXPECTED = { '/slow 499': 1 };
for (const { times, status, route } of ROUND) {
  const key = `${route} ${status}`;
  EXPECTED[key] = (EXPECTED[key] ?? 0) + times * (ROUNDS + 1);
}

/** One round, so that every series but that of the abort exists. */
export function warmUp(url) {
  return sendRound(url, 0);
}

/** One client that doesn't wait for its answer, and ten rounds over some seconds, for rate() needs several scrapes. */
export async function sendLoad(url) {
  await abort(url);
  const sent = [];
  for (let round = 1; round <= ROUNDS; round++) {
    sent.push(sendRound(url, round));
    await setTimeout(600);
  }
  await Promise.all(sent);
}

async function sendRound(url, round) {
  const requests = ROUND.flatMap(({ times, method, path, status }) =>
    Array.from({ length: times }, (_, i) => expectStatus(method, url + path(round * 100 + i), status)),
  );
  await Promise.all(requests);
}

async function expectStatus(method, url, status) {
  const response = await fetch(url, { method, signal: AbortSignal.timeout(20_000) });
  await response.arrayBuffer();
  if (response.status !== status) throw new Error(`${method} ${url} answered ${response.status}, not ${status}`);
}

/** Asks for the slow route, and leaves once the app says that it is busy with it. */
async function abort(url) {
  const request = http.get(`${url}/slow`, { agent: false });
  const end = new Promise((resolve) => {
    request.on('error', ({ message }) => resolve(message));
    request.on('response', () => resolve('it was answered'));
  });
  while (!(await (await fetch(`${url}/metrics`)).text()).includes('http_requests_in_flight{method="GET"} 1\n')) {
    if (await Promise.race([end, setTimeout(10)])) break;
  }
  request.destroy(new Error('left'));
  const how = await end;
  if (how !== 'left') throw new Error(`The client of ${url}/slow was to leave, but ${how}`);
}
