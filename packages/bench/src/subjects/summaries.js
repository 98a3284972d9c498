import { expectEqual } from '../checks.js';
import { observations } from '../label-values.js';
import { OURS, PEERS } from '../libraries.js';
import { operationsChild, timeOperations } from '../operations.js';
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
    const values = observations(1024);
    let at = 0;
    return {
      'observe, kept series': {
        run(times) {
          for (let i = 0; i < times; i++) kept.observe(values[++at & 1023]);
        },
        check: async (times) => expectEqual('The count', await registry.total('kept_count'), times),
      },
      'observe, no labels': {
        run(times) {
          for (let i = 0; i < times; i++) plain.observe(values[++at & 1023]);
        },
        check: async (times) => expectEqual('The count', await registry.total('plain_count'), times),
      },
    };
  });
