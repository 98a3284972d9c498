import { expectEqual } from '../checks.js';
import { columnsOf, labelSetsOf, LABEL_NAMES, observations, SHAPES } from '../label-values.js';
import { observing, operationsChild, timeOperations } from '../operations.js';
import { operationRows } from '../rows.js';

export const title = 'Histograms, with the default buckets';

const goals = {
  'observe, kept series': { times: 30, bytes: 0 },
  'observe, no labels': { times: 8, bytes: 0 },
  'observe, object of 3 labels': { times: 4.3 },
  'startTimer and end, 3 labels': { times: 2.5 },
};

export async function run(options) {
  return { rows: operationRows(await timeOperations(import.meta.url, options), goals) };
}

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export const child = (library, options) =>
  operationsChild(library, options, (open) => {
    const registry = open();
    const labelNames = LABEL_NAMES.slice(0, 3);
    const define = (name, its) => registry.histogram({ name, buckets: BUCKETS, ...its });
    const kept = define('kept', { labelNames }).labels('GET', '/users/:id', '200');
    const plain = define('plain');
    const labelled = define('labelled', { labelNames });
    const timed = define('timed', { labelNames });
    const values = observations(1024);
    const sets = labelSetsOf(columnsOf(SHAPES[3][128]));
    let at = 0;
    const checkCount = (name) => async (times) =>
      expectEqual('The count', await registry.total(`${name}_count`), times);
    return {
      ...observing(registry, kept, plain),
      'observe, object of 3 labels': {
        run(times) {
          for (let i = 0; i < times; i++) {
            const { method, route, status } = sets[++at & 127];
            labelled.observe({ method, route, status }, values[at & 1023]);
          }
        },
        check: checkCount('labelled'),
      },
      // OpenTelemetry has no timers.
      ...(timed.startTimer !== undefined && {
        'startTimer and end, 3 labels': {
          run(times) {
            for (let i = 0; i < times; i++) {
              const { method, route, status } = sets[++at & 127];
              const end = timed.startTimer({ method, route, status });
              end();
            }
          },
          check: checkCount('timed'),
        },
      }),
    };
  });
