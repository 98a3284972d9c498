import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../temporary-folder.js';
import { expectAtMost } from './figures.js';

/** What V8 makes of code as it runs, and learns of it for minutes. All else is there because the program holds it. */
const OF_CODE = new Set(['code', 'hidden', 'object shape', 'synthetic']);
/** Kinds of which each has a name of its own, such as that of its class. */
const NAMED = new Set(['object', 'native']);

/** How many bytes of data are on the heap of a target, by what they are, once all that is garbage is gone. */
export async function keptData(target) {
  const file = join(temporaryFolder('kept'), 'target.heapsnapshot');
  await target.call('snapshot', file);
  try {
    return dataIn(JSON.parse(readFileSync(file, 'utf8')));
  } finally {
    rmSync(file);
  }
}

/** In V8's format: all nodes in one array, so many numbers for each. */
function dataIn({ snapshot, nodes, strings }) {
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, name, size] = ['type', 'name', 'self_size'].map((field) => fields.indexOf(field));
  const kept = {};
  for (let node = 0; node < nodes.length; node += fields.length) {
    const kind = types[type][nodes[node + type]];
    if (OF_CODE.has(kind)) continue;
    const what = NAMED.has(kind) ? strings[nodes[node + name]] : kind;
    kept[what] = (kept[what] ?? 0) + nodes[node + size];
  }
  return kept;
}

/** Throws if so many requests have left more bytes behind than `most`, and says what they are; returns how many there are. */
export function expectKept(before, after, requests, most) {
  const grown = Object.keys(after)
    .map((what) => ({ what, bytes: after[what] - (before[what] ?? 0) }))
    .toSorted((a, b) => b.bytes - a.bytes);
  const bytes = sum(after) - sum(before);
  const each = (bytes / requests).toFixed(1);
  const mostly = grown.slice(0, 3).map((one) => `${one.what} ${one.bytes}`);
  expectAtMost(`growth of data in bytes, ${each} a request (${mostly.join(', ')})`, bytes, most);
  return bytes;
}

function sum(kept) {
  return Object.values(kept).reduce((bytes, each) => bytes + each, 0);
}
