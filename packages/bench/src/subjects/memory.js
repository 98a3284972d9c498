import { check, expectEqual } from '../checks.js';
import { withChildren } from '../children.js';
import { BUCKETS, LABEL_NAMES } from '../label-values.js';
import { LIBRARIES, load } from '../libraries.js';
import { collectGarbage } from '../process-figures.js';
import { comparedRow } from '../rows.js';
import { summarize } from '../statistics.js';

export const title = 'Memory that is kept';

const NAMES = LABEL_NAMES.slice(0, 3);

/** Label values by number of series, as a program makes them: anew each time. */
const DISTINCT = (i) => [`method-${i % 5}`, `user-${i}`, `status-${i % 7}`];
const CROSSED = (i) => [`method-${i % 10}`, `route-${Math.floor(i / 10) % 100}`, `user-${Math.floor(i / 1000)}`];

const CASES = {
  'per counter, 10 × 100 × 100 values, by object': { valuesOf: CROSSED, fill: countByObject, size: 100_000 },
  'per counter, 10 × 100 × 100 values, by position': { valuesOf: CROSSED, fill: countByPosition, size: 100_000 },
  'per counter, the second label distinct, by object': { valuesOf: DISTINCT, fill: countByObject, size: 100_000 },
  'per counter, the second label distinct, by position': { valuesOf: DISTINCT, fill: countByPosition, size: 100_000 },
  'per histogram, 10 × 100 × 10 values, by object': { valuesOf: CROSSED, fill: observeByObject, size: 10_000 },
};

export async function run({ short }) {
  const rows = [];
  for (const shape of Object.keys(CASES)) {
    const measured = new Map(LIBRARIES.map((library) => [library, []]));
    for (let round = 0; round < (short ? 1 : 2); round++) {
      await withChildren(import.meta.url, LIBRARIES, { short, shape }, async (children) => {
        for (const [library, running] of children) {
          measured.get(library).push(await running.call('kept'));
          await check(`${shape}, ${library}`, () => running.call('check'));
        }
      });
    }
    const results = Object.fromEntries([...measured].map(([library, all]) => [library, summarize(all)]));
    rows.push(comparedRow(shape, 'bytes', results, { times: 3, aim: 4 }));
  }
  return { rows };
}

export async function child(library, { short, shape }) {
  const open = await load(library);
  const { valuesOf, fill, size: inFull } = CASES[shape];
  const size = short ? inFull / 100 : inFull;
  // What is made once for all is not what a series takes.
  fill(open(), 10, valuesOf);
  const registry = open();
  return {
    async kept() {
      const before = await memory();
      fill(registry, size, valuesOf);
      return ((await memory()) - before) / size;
    },
    async check() {
      const count = fill === observeByObject ? 'made_count' : 'made_total';
      expectEqual('The sum', await registry.total(count), size);
    },
  };
}

async function memory() {
  await collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function countByObject(registry, size, valuesOf) {
  const counter = registry.counter({ name: 'made_total', labelNames: NAMES });
  for (let i = 0; i < size; i++) {
    const [method, route, status] = valuesOf(i);
    counter.inc({ method, route, status });
  }
}

function countByPosition(registry, size, valuesOf) {
  const counter = registry.counter({ name: 'made_total', labelNames: NAMES });
  for (let i = 0; i < size; i++) counter.labels(...valuesOf(i)).inc();
}

function observeByObject(registry, size, valuesOf) {
  const histogram = registry.histogram({ name: 'made', labelNames: NAMES, buckets: BUCKETS });
  for (let i = 0; i < size; i++) {
    const [method, route, status] = valuesOf(i);
    histogram.observe({ method, route, status }, (i % 100) / 10);
  }
}
