import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { check, expectEqual } from '../checks.js';
import { withChildren } from '../children.js';
import { OURS, PEERS } from '../libraries.js';
import { cpuMs } from '../process-figures.js';
import { comparedRow } from '../rows.js';
import { summarize } from '../statistics.js';

export const title = 'Importing and installing';

const PACKAGES = { [OURS]: '@prometer/core', ...Object.fromEntries(PEERS.map((peer) => [peer, peer])) };
const HOW = ['import', 'require'];
const AGAINST = ['prom-client'];

export async function run({ short }) {
  const measured = Object.fromEntries(
    HOW.map((how) => [how, new Map(Object.keys(PACKAGES).map((name) => [name, []]))]),
  );
  for (let round = 0; round < (short ? 1 : 15); round++) {
    await withChildren(import.meta.url, Object.keys(PACKAGES), {}, async (children) => {
      for (const [name, running] of children) {
        const how = HOW[round % 2];
        measured[how].get(name).push(await running.call('load', how));
        await check(`${how} of ${name}`, () => running.call('check'));
      }
    });
  }
  const rows = HOW.filter((how) => measured[how].get(OURS).length > 0).map((how) => {
    const results = Object.fromEntries([...measured[how]].map(([name, all]) => [name, summarize(all)]));
    return comparedRow(`CPU of ${how}`, 'ms', results, { times: 4, against: AGAINST });
  });
  const sizes = { [OURS]: { value: await packedSize('@prometer/core') } };
  for (const peer of PEERS) sizes[peer] = { value: installedSize(peer) };
  rows.push(comparedRow('size with dependencies', 'B', sizes, { times: 20, against: AGAINST }));
  const withNode = { ...sizes, [OURS]: { value: sizes[OURS].value + (await packedSize('@prometer/node')) } };
  rows.push({ ...comparedRow('size, with @prometer/node too', 'B', withNode, { against: AGAINST }), goal: undefined });
  const notes = [
    'The ratios are against prom-client. Ours is as it is packed, with its license; the others are as they are installed, with what they depend on and with the default metrics, which `@prometer/node` has of ours.',
  ];
  return { rows, notes };
}

export function child(name) {
  let loaded;
  return {
    async load(how) {
      const before = cpuMs();
      loaded = how === 'import' ? await import(PACKAGES[name]) : createRequire(import.meta.url)(PACKAGES[name]);
      return cpuMs() - before;
    },
    check() {
      expectEqual('What Counter is', typeof loaded.Counter, 'function');
    },
  };
}

/** What is published of a package of the workspace, in bytes; pnpm, which publishes it, adds the license. */
async function packedSize(name) {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--loglevel=error'], {
    cwd: join(dirname(createRequire(import.meta.url).resolve(name)), '..'),
  });
  const [{ unpackedSize }] = JSON.parse(stdout);
  return unpackedSize + statSync(join(import.meta.dirname, '../../../../LICENSE')).size;
}

/** All files of a package and of what it depends on, in bytes. */
function installedSize(name, from = join(import.meta.dirname, '..'), seen = new Set()) {
  const folder = folderOf(name, from);
  if (seen.has(folder)) return 0;
  seen.add(folder);
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const those = Object.keys(dependencies).map((each) => installedSize(each, folder, seen));
  return filesIn(folder) + those.reduce((sum, size) => sum + size, 0);
}

function folderOf(name, from) {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      return realpathSync(join(folder, 'node_modules', name));
    } catch {
      // It is further up.
    }
  }
  throw new Error(`${name} is not installed for ${from}.`);
}

function filesIn(folder) {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    bytes += entry.isDirectory() ? filesIn(path) : statSync(path).size;
  }
  return bytes;
}
