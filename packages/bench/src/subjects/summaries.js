import { OURS, PEERS } from '../libraries.js';
import { observing, operationsChild, timeOperations } from '../operations.js';
import { operationRows } from '../rows.js';

export const title = 'Summaries, with 3 quantiles and 5 windows';

const goals = {
  'observe, kept series': { times: 20 },
  'observe, no labels': { times: 20 },
};

export async function run(options) {
  // OpenTelemetry has none.
  return {
    rows: operationRows(await timeOperations(import.meta.url, { ...options, libraries: [OURS, ...PEERS] }), goals),
  };
}

export const child = (library, options) =>
  operationsChild(library, options, (open) => {
    const registry = open();
    const all = { quantiles: [0.5, 0.9, 0.99], maxAgeSeconds: 600, ageBuckets: 5 };
    const kept = registry.summary({ name: 'kept', labelNames: ['method', 'status'], ...all }).labels('GET', '200');
    const plain = registry.summary({ name: 'plain', ...all });
    return observing(registry, kept, plain);
  });
