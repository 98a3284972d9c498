import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { ADAPTERS as EXPRESS, expressApp } from '../apps/express.js';
import { ADAPTERS as FASTIFY, fastifyApp } from '../apps/fastify.js';
import { WORKLOADS } from '../apps/routes.js';
import { check, expectEqual } from '../checks.js';
import { withChildren } from '../children.js';
import { clientOf, clientWithin } from '../client.js';
import { sumOf } from '../exposition.js';
import { OURS } from '../libraries.js';
import { cpuMs } from '../process-figures.js';
import { comparedRow } from '../rows.js';
import { summarize } from '../statistics.js';

export const title = 'CPU that a request takes';

const FRAMEWORKS = {
  'Express 5': { adapters: EXPRESS, requests: 750 },
  'Fastify 5': { adapters: FASTIFY, requests: 1500 },
};
// Code that is compiled late is compiled after tens of thousands of requests, and services have that behind them.
const WARM_UP = 45_000;
const BARE = 'without metrics';
const BY_HAND = 'prom-client by hand';

const CONNECTIONS = 8;

/** How requests come to a server: as they do to services, or with nothing else that takes the processor's time and caches. */
const WAYS = {
  'over sockets': async (process) => {
    const client = await clientOf(await process.call('listen'), CONNECTIONS);
    return { send: (paths, count) => client.send(paths, count), close: () => client.close() };
  },
  'without sockets': (process) => ({ send: (paths, count) => process.call('ask', paths, count), close() {} }),
};

export async function run({ short }) {
  const release = pin();
  try {
    const where = release
      ? 'Client and servers share one core.'
      : 'Without taskset, client and servers run on any core.';
    const within = 'Without sockets, the client is in the process of the server; what it takes is in "in all".';
    const byHand = `"${BY_HAND}" is one histogram in one hook, with neither aborts nor requests in flight.`;
    return { rows: await allRows(short), notes: [byHand, where, within] };
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
  for (const way of Object.keys(WAYS))
    for (const [framework, { adapters, requests }] of Object.entries(FRAMEWORKS)) {
      const load = short
        ? { warmUp: 20, settling: 5, requests: 50, rounds: 2 }
        : { warmUp: WARM_UP, settling: 200, requests, rounds: 8 };
      const names = Object.keys(adapters);
      for (const workload of Object.keys(WORKLOADS)) {
        const what = { way, framework, workload };
        rows.push(...rowsOf(what, await timesTaken(what, names, load, short ? 1 : names.length)));
      }
    }
  return rows;
}

/** The microseconds that a request has taken with each adapter, in all rounds of all generations of processes. */
async function timesTaken(what, names, load, generations) {
  const taken = Object.fromEntries(names.map((adapter) => [adapter, []]));
  // Two processes of the same program may differ by more than an adapter adds, and one that was started before the
  // others, or is asked after a certain other one, by a microsecond: each adapter has each place.
  for (let generation = 0; generation < generations; generation++) {
    const first = generation % names.length;
    const order = [...names.slice(first), ...names.slice(0, first)];
    await withChildren(import.meta.url, order, what, (children) => serve(children, what, load, taken));
  }
  return taken;
}

/** Adds to `taken` the microseconds that a request has taken in each round. */
async function serve(children, { way, framework, workload }, { warmUp, settling, requests, rounds }, taken) {
  const { paths } = WORKLOADS[workload];
  const servers = [];
  for (const [adapter, process] of children) {
    const client = await WAYS[way](process);
    await client.send(paths, warmUp);
    servers.push({ adapter, process, client });
  }
  for (let round = 0; round < rounds; round++) {
    // Whatever slows the machine down for a while meets the ones and the others.
    servers.reverse();
    for (const { adapter, process, client } of servers) {
      // It has waited while the others had their turns, and no cache has anything of it.
      await client.send(paths, settling);
      const before = await process.call('cpuMs');
      await client.send(paths, requests);
      taken[adapter].push((((await process.call('cpuMs')) - before) * 1000) / requests);
    }
  }
  for (const { adapter, process, client } of servers) {
    const name = `${framework}, ${workload}, ${way}, ${adapter}`;
    await check(name, () => process.call('check', warmUp + rounds * (settling + requests)));
    client.close();
  }
}

/** What an adapter adds is the difference to the app alone in the same round. */
function rowsOf({ way, framework, workload }, taken) {
  const table = `${framework} ${way}`;
  const name = `${framework}, ${workload}, ${way}`;
  const all = {};
  const added = {};
  for (const [adapter, us] of Object.entries(taken)) {
    all[adapter] = summarize(us);
    if (adapter !== BARE) added[adapter] = summarize(us.map((each, round) => each - taken[BARE][round]));
  }
  const against = Object.keys(added).filter((adapter) => adapter !== OURS && adapter !== BY_HAND);
  return [
    { table, name: `${name}, in all`, unit: 'µs', results: all },
    { table, ...comparedRow(`${name}, added`, 'µs', added, { times: 2, aim: 3, against }) },
  ];
}

export async function child(adapter, { framework, workload }) {
  const { routes } = WORKLOADS[workload];
  const { listener, metrics } =
    framework === 'Express 5' ? await expressApp(adapter, routes) : await fastifyApp(adapter, routes);
  let served = 0;
  // While the others have their turns, nothing comes.
  const server = createServer({ keepAliveTimeout: 0 }, listener).on('request', () => served++);
  let client;
  return {
    async listen() {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server.address().port;
    },
    async ask(paths, count) {
      client ??= clientWithin(server, CONNECTIONS);
      await client.send(paths, count);
    },
    cpuMs,
    async check(sent) {
      expectEqual('The number of requests', served, sent);
      if (metrics === undefined) return;
      const text = await metrics();
      const count = /^(http_request\w*duration\w*_seconds\w*_count)\{/m.exec(text)?.[1];
      expectEqual(`The sum of ${count}`, sumOf(text, count), sent);
    },
  };
}
