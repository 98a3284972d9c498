import { expectEqual } from '../checks.js';
import { BUCKETS, columnsOf, labelSetsOf, LABEL_NAMES, observations, SHAPES } from '../label-values.js';
import { checkObserved } from '../observed.js';
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
    let atTimed = 0;
    return {
      ...observing(registry, kept, plain, BUCKETS),
      'observe, object of 3 labels': {
        run(times) {
          for (let i = 0; i < times; i++) {
            const { method, route, status } = sets[at & 127];
            labelled.observe({ method, route, status }, values[at++ & 1023]);
          }
        },
        check: checkObserved(registry, 'labelled', values, BUCKETS),
      },
      // OpenTelemetry has no timers.
      ...(timed.startTimer !== undefined && {
        'startTimer and end, 3 labels': {
          run(times) {
            for (let i = 0; i < times; i++) {
              const { method, route, status } = sets[atTimed++ & 127];
              const end = timed.startTimer({ method, route, status });
              end();
            }
          },
          async check(times) {
            expectEqual('The count', await registry.total('timed_count'), times);
            expectEqual('That time has passed', (await registry.total('timed_sum')) > 0, true);
          },
        },
      }),
    };
  });
