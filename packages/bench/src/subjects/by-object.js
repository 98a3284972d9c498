import { expectEqual } from '../checks.js';
import {
  columnsOf,
  labelSetsOf,
  LABEL_NAMES,
  largeNumberValue,
  numberValue,
  SHAPES,
  textValue,
} from '../label-values.js';
import { operationsChild, timeOperations } from '../operations.js';
import { operationRows } from '../rows.js';
import { geometricMean } from '../statistics.js';

export const title = 'Counters, by an object of labels or by position';

const BY_POSITION = ['labels(a, b, c).inc(), 128 series', 'labels(a, b, c).inc(), 10000 series'];

export async function run(options) {
  const results = await timeOperations(import.meta.url, options);
  const goals = Object.fromEntries(
    Object.keys(results).map((name) => [name, BY_POSITION.includes(name) ? { times: 5 } : { times: 3, aim: 4 }]),
  );
  const rows = operationRows(results, goals);
  const ratios = rows.filter(({ name }) => !BY_POSITION.includes(name)).map(({ ratio }) => ratio);
  rows.splice(-BY_POSITION.length, 0, {
    name: 'all of these objects, geometric mean',
    ratio: geometricMean(ratios),
    goal: { times: 3.5 },
  });
  return { rows };
}

export const child = (library, options) =>
  operationsChild(library, options, (open) => {
    const operations = {};
    for (const labels of [2, 3, 4]) {
      for (const [kind, valueOf] of Object.entries(VALUES)) {
        for (const series of [128, 10_000]) {
          const shape = SHAPES[labels][series];
          for (const [how, calls] of Object.entries(CALLS)) {
            const name = `inc, ${labels} labels, ${how} object, ${kind}, ${series} series`;
            operations[name] = operation(open(), shape, valueOf, calls[labels]);
          }
        }
      }
    }
    operations[BY_POSITION[0]] = operation(open(), SHAPES[3][128], textValue, byPosition);
    operations[BY_POSITION[1]] = operation(open(), SHAPES[3][10_000], textValue, byPosition);
    return operations;
  });

/** All series are there from the start, made in another order than they are used in. */
function operation(registry, shape, valueOf, begin) {
  const counter = registry.counter({ name: 'used_total', labelNames: LABEL_NAMES.slice(0, shape.length) });
  for (const labels of labelSetsOf(columnsOf(shape, valueOf, false))) counter.inc(labels, 0);
  const columns = columnsOf(shape, valueOf);
  return {
    run: begin(counter, columns, labelSetsOf(columns)),
    check: async (times) => expectEqual('The sum', await registry.total('used_total'), times),
  };
}

const VALUES = { strings: textValue, numbers: numberValue, 'large numbers': largeNumberValue };

const CALLS = {
  fresh: {
    2: (counter, [method, route]) => {
      let at = 0;
      return (times) => {
        for (let i = 0; i < times; i++) {
          if (++at >= method.length) at = 0;
          counter.inc({ method: method[at], route: route[at] });
        }
      };
    },
    3: (counter, [method, route, status]) => {
      let at = 0;
      return (times) => {
        for (let i = 0; i < times; i++) {
          if (++at >= method.length) at = 0;
          counter.inc({ method: method[at], route: route[at], status: status[at] });
        }
      };
    },
    4: (counter, [method, route, status, tenant]) => {
      let at = 0;
      return (times) => {
        for (let i = 0; i < times; i++) {
          if (++at >= method.length) at = 0;
          counter.inc({ method: method[at], route: route[at], status: status[at], tenant: tenant[at] });
        }
      };
    },
  },
  reused: { 2: reused, 3: reused, 4: reused },
};

function reused(counter, _columns, sets) {
  let at = 0;
  return (times) => {
    for (let i = 0; i < times; i++) {
      if (++at >= sets.length) at = 0;
      counter.inc(sets[at]);
    }
  };
}

function byPosition(counter, [method, route, status]) {
  let at = 0;
  return (times) => {
    for (let i = 0; i < times; i++) {
      if (++at >= method.length) at = 0;
      counter.labels(method[at], route[at], status[at]).inc();
    }
  };
}
