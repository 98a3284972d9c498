import { expectEqual } from '../checks.js';
import { observations } from '../label-values.js';
import { OPENTELEMETRY, OURS } from '../libraries.js';
import { operationsChild, timeOperations } from '../operations.js';
import { operationRows } from '../rows.js';

export const title = "Native histograms, against OpenTelemetry's exponential one";

const LIBRARIES = [OURS, OPENTELEMETRY];

const goals = {
  'observe, kept series': { times: 4, against: [OPENTELEMETRY] },
  'observe, no labels': { times: 4, against: [OPENTELEMETRY] },
};

export async function run(options) {
  return { rows: operationRows(await timeOperations(import.meta.url, { ...options, libraries: LIBRARIES }), goals) };
}

export const child = (library, options) =>
  operationsChild(library, options, (open) => {
    const registry = open();
    const kept = registry.nativeHistogram({ name: 'kept', labelNames: ['method', 'status'] }).labels('GET', '200');
    const plain = registry.nativeHistogram({ name: 'plain' });
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
