import { expectEqual } from '../checks.js';
import { LABEL_NAMES } from '../label-values.js';
import { operationsChild, timeOperations } from '../operations.js';
import { operationRows } from '../rows.js';

export const title = 'Counters and gauges, of a series that is kept or without labels';

const LABELS = ['GET', '/users/:id', '200'];

const goals = {
  'inc, kept series': { times: 60, bytes: 0 },
  'inc, two kept series in turn': { times: 60, bytes: 0 },
  'set, kept series': { times: 60, bytes: 0 },
  'inc, no labels': { times: 3, bytes: 0 },
  'set, no labels': { times: 6, bytes: 0 },
};

export async function run(options) {
  return { rows: operationRows(await timeOperations(import.meta.url, options), goals) };
}

export const child = (library, options) =>
  operationsChild(library, options, (open) => {
    const registry = open();
    const labelNames = LABEL_NAMES.slice(0, 3);
    const counter = registry.counter({ name: 'kept_total', labelNames });
    const kept = counter.labels(...LABELS);
    // Of one series alone, the processor waits each time for what it has just stored.
    const counterOfTwo = registry.counter({ name: 'two_kept_total', labelNames });
    const [one, other] = [counterOfTwo.labels(...LABELS), counterOfTwo.labels('POST', ...LABELS.slice(1))];
    const plain = registry.counter({ name: 'plain_total' });
    const keptGauge = registry.gauge({ name: 'kept_gauge', labelNames }).labels(...LABELS);
    const gauge = registry.gauge({ name: 'gauge' });
    // A gauge is set to how often it was set, which tells later that it was.
    let keptSet = 0;
    let set = 0;
    return {
      'inc, kept series': {
        run(times) {
          for (let i = 0; i < times; i++) kept.inc();
        },
        check: async (times) => expectEqual('The counter', await registry.total('kept_total'), times),
      },
      'inc, two kept series in turn': {
        run(times) {
          for (let i = 1; i < times; i += 2) {
            one.inc();
            other.inc();
          }
          if (times % 2 === 1) one.inc();
        },
        check: async (times) => expectEqual('The counters', await registry.total('two_kept_total'), times),
      },
      'set, kept series': {
        run(times) {
          for (let i = 1; i <= times; i++) keptGauge.set(keptSet + i);
          keptSet += times;
        },
        check: async (times) => expectEqual('The gauge', await registry.total('kept_gauge'), times),
      },
      'inc, no labels': {
        run(times) {
          for (let i = 0; i < times; i++) plain.inc();
        },
        check: async (times) => expectEqual('The counter', await registry.total('plain_total'), times),
      },
      'set, no labels': {
        run(times) {
          for (let i = 1; i <= times; i++) gauge.set(set + i);
          set += times;
        },
        check: async (times) => expectEqual('The gauge', await registry.total('gauge'), times),
      },
    };
  });
