import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { ADAPTERS as EXPRESS, expressApp } from '../apps/express.js';
import { ADAPTERS as FASTIFY, fastifyApp } from '../apps/fastify.js';
import { WORKLOADS } from '../apps/routes.js';
import { check, expectEqual } from '../checks.js';
import { withChildren } from '../children.js';
import { connectTo } from '../client.js';
import { sumOf } from '../exposition.js';
import { OURS } from '../libraries.js';
import { cpuMs } from '../process-figures.js';
import { comparedRow } from '../rows.js';
import { randomNumbers, shuffled } from '../random.js';
import { summarize } from '../statistics.js';

export const title = 'CPU that a request takes';

// After so many requests, the last code that they take is compiled, which services have behind them.
const FRAMEWORKS = {
  'Express 5': { adapters: EXPRESS, warmUp: 45_000, requests: 750 },
  'Fastify 5': { adapters: FASTIFY, warmUp: 24_000, requests: 1500 },
};
const BARE = 'without metrics';
const BY_HAND = 'prom-client by hand';

const CONNECTIONS = 8;

export async function run({ short }) {
  const release = pin();
  try {
    const where = release
      ? 'Client and servers share one core.'
      : 'Without taskset, client and servers run on any core.';
    const byHand = `"${BY_HAND}" is one histogram in one hook, with neither aborts nor requests in flight.`;
    return { rows: await allRows(short), notes: [byHand, where] };
  } finally {
    release?.();
  }
}

/**
 * Keeps this process, and those that it starts, on one core: to wake a client on another one that has gone to sleep may
 * cost a server more than an adapter does, and does so only while the machine is quiet.
 *
 * @returns how to let go again; undefined where it can't be done
 */
function pin() {
  const threads = ['--all-tasks', '--cpu-list', '--pid'];
  const of = String(process.pid);
  try {
    const [allowed] = /[\d,-]+$/.exec(
      execFileSync('taskset', ['--cpu-list', '--pid', of], { encoding: 'latin1' }).trim(),
    );
    const last = /\d+$/.exec(allowed)[0];
    execFileSync('taskset', [...threads, last, of]);
    return () => execFileSync('taskset', [...threads, allowed, of]);
  } catch {
    return undefined;
  }
}

async function allRows(short) {
  const rows = [];
  for (const [framework, { adapters, warmUp, requests }] of Object.entries(FRAMEWORKS)) {
    const load = short
      ? { warmUp: 20, settling: 5, requests: 50, rounds: 2 }
      : { warmUp, settling: 200, requests, rounds: 8 };
    const names = Object.keys(adapters);
    for (const workload of Object.keys(WORKLOADS)) {
      const what = { framework, workload };
      rows.push(...rowsOf(what, await timesTaken(what, names, load, short ? 1 : 2 * names.length)));
    }
  }
  return rows;
}

/** The microseconds that a request has taken with each adapter, in all rounds of all generations of processes. */
async function timesTaken(what, names, load, generations) {
  const taken = Object.fromEntries(names.map((adapter) => [adapter, []]));
  const random = randomNumbers();
  // Two processes of the same program may differ by more than an adapter adds, and one that was started before the
  // others, or is asked after a certain other one, by a microsecond: each adapter has each place, twice.
  for (let generation = 0; generation < generations; generation++) {
    const first = generation % names.length;
    const order = [...names.slice(first), ...names.slice(0, first)];
    await withChildren(import.meta.url, order, what, (children) => serve(children, what, load, random, taken));
  }
  return taken;
}

/** Adds to `taken` the microseconds that a request has taken in each round. */
async function serve(children, { framework, workload }, { warmUp, settling, requests, rounds }, random, taken) {
  const { paths } = WORKLOADS[workload];
  const servers = [];
  for (const [adapter, process] of children) {
    const client = await connectTo(await process.call('listen'), CONNECTIONS);
    await client.send(paths, warmUp);
    servers.push({ adapter, process, client });
  }
  for (let round = 0; round < rounds; round++) {
    // Whatever slows the machine down for a while meets the ones and the others, and none is always asked after the same one.
    for (const { adapter, process, client } of shuffled(servers, random)) {
      // It has waited while the others had their turns, and no cache has anything of it.
      await client.send(paths, settling);
      const before = await process.call('cpuMs');
      await client.send(paths, requests);
      taken[adapter].push((((await process.call('cpuMs')) - before) * 1000) / requests);
    }
  }
  for (const { adapter, process, client } of servers) {
    const name = `${framework}, ${workload}, ${adapter}`;
    await check(name, () => process.call('check', warmUp + rounds * (settling + requests)));
    client.close();
  }
}

/** What an adapter adds is the difference to the app alone in the same round. */
function rowsOf({ framework, workload }, taken) {
  const name = `${framework}, ${workload}`;
  const all = {};
  const added = {};
  for (const [adapter, us] of Object.entries(taken)) {
    all[adapter] = summarize(us);
    if (adapter !== BARE) added[adapter] = summarize(us.map((each, round) => each - taken[BARE][round]));
  }
  const against = Object.keys(added).filter((adapter) => adapter !== OURS && adapter !== BY_HAND);
  return [
    { table: framework, name: `${name}, in all`, unit: 'µs', results: all },
    { table: framework, ...comparedRow(`${name}, added`, 'µs', added, { times: 2, aim: 3, against }) },
  ];
}

export async function child(adapter, { framework, workload }) {
  const { routes } = WORKLOADS[workload];
  const { listener, metrics } =
    framework === 'Express 5' ? await expressApp(adapter, routes) : await fastifyApp(adapter, routes);
  let served = 0;
  // While the others have their turns, nothing comes.
  const server = createServer({ keepAliveTimeout: 0 }, listener).on('request', () => served++);
  return {
    async listen() {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server.address().port;
    },
    cpuMs,
    async check(sent) {
      expectEqual('The number of requests', served, sent);
      if (metrics === undefined) return;
      const text = await metrics();
      const count = /^(http_request\w*duration\w*_seconds\w*_count)\{/m.exec(text)?.[1];
      expectEqual(`The sum of ${count}`, sumOf(text, count), sent);
      expectEqual(`The number of ${count}`, text.split(`\n${count}{`).length - 1, routes.length);
    },
  };
}
