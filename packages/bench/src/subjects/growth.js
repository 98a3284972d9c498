import { expectEqual } from '../checks.js';
import { countSamples, sumOf } from '../exposition.js';
import { columnsOf, labelSetsOf, LABEL_NAMES, SHAPES } from '../label-values.js';
import { OURS } from '../libraries.js';
import { operationsChild, timeOperations } from '../operations.js';
import { comparedRow, operationRows } from '../rows.js';
import { ratioOf, summarize } from '../statistics.js';

export const title = 'Growth';

const SIZES = [10, 1000, 100_000];
const LINES = [1000, 100_000, 1_000_000];

const incOf = (series) => `inc, object of 3 labels, ${series} series`;
const linesOf = (lines) => `text of ${lines} counters`;

export async function run(options) {
  const [sizes, lines] = scaled(options);
  const incs = await timeOperations(import.meta.url, options);
  const texts = Object.fromEntries(lines.map((count) => [count, incs[linesOf(count)]]));
  for (const count of lines) delete incs[linesOf(count)];
  const perLine = Object.fromEntries(
    lines.map((count) => [`text, per line, ${count} lines`, divided(texts[count], count)]),
  );
  return {
    rows: [
      ...operationRows(incs, {}),
      comparedRow(
        `inc, ${sizes.at(-1)} series / ${sizes[0]} series`,
        '×',
        quotient(incs[incOf(sizes.at(-1))], incs[incOf(sizes[0])]),
        { most: 3 },
      ),
      ...operationRows(perLine, {}),
      comparedRow(
        `text, per line, ${lines.at(-1)} lines / ${lines[0]} lines`,
        '×',
        quotient(perLine[`text, per line, ${lines.at(-1)} lines`], perLine[`text, per line, ${lines[0]} lines`]),
        { most: 2.5 },
      ),
    ],
  };
}

export const child = (library, options) =>
  operationsChild(library, options, (open) => {
    const [sizes, lines] = scaled(options);
    const operations = {};
    for (const series of sizes) operations[incOf(series)] = counting(open(), series);
    // A million lines of the others take minutes together and say nothing new.
    for (const count of library === OURS ? lines : lines.slice(0, 2))
      operations[linesOf(count)] = writing(open(), count);
    return operations;
  });

function scaled({ short }) {
  return short
    ? [
        [10, 100],
        [100, 1000],
      ]
    : [SIZES, LINES];
}

/** Series that are all there from the start are used in another order than they were made in. */
function counting(registry, series) {
  const { counter, sets } = filled(registry, series);
  // A list of that many objects would fill the processor's caches, and no program has one.
  const [methods, routes, statuses] = LABEL_NAMES.map((name) => numbered(sets.map((labels) => labels[name])));
  let at = 0;
  return {
    allocates: false,
    least: sets.length,
    run(times) {
      for (let i = 0; i < times; i++) {
        if (++at >= sets.length) at = 0;
        const method = methods.values[methods.numbers[at]];
        const route = routes.values[routes.numbers[at]];
        const status = statuses.values[statuses.numbers[at]];
        counter.inc({ method, route, status });
      }
    },
    check: async (times) => expectEqual('The sum', await registry.total('used_total'), times),
  };
}

function writing(registry, count) {
  const { counter, sets } = filled(registry, count);
  for (const labels of sets) counter.inc(labels, 7);
  let length = 0;
  return {
    allocates: false,
    async run(times) {
      for (let i = 0; i < times; i++) length += (await registry.text()).length;
    },
    async check(times) {
      const text = await registry.text();
      expectEqual('The number of samples', countSamples(text), count);
      expectEqual('The sum', sumOf(text, 'used_total'), count * 7);
      expectEqual('The length of all of them', length, text.length * times);
    },
  };
}

/** The values of a label, each once, and the number of each set's own. */
function numbered(all) {
  const values = [...new Set(all)];
  const numbers = new Map(values.map((value, number) => [value, number]));
  return { values, numbers: Uint8Array.from(all, (value) => numbers.get(value)) };
}

function filled(registry, series) {
  const counter = registry.counter({ name: 'used_total', labelNames: LABEL_NAMES.slice(0, 3) });
  for (const labels of labelSetsOf(columnsOf(SHAPES[3][series], undefined, false))) counter.inc(labels, 0);
  return { counter, sets: labelSetsOf(columnsOf(SHAPES[3][series])) };
}

function divided(results, by) {
  return Object.fromEntries(
    Object.entries(results).map(([library, { rounds }]) => {
      const all = rounds.map((its) => its / by);
      return [library, { ...summarize(all), rounds: all }];
    }),
  );
}

function quotient(above, below) {
  return Object.fromEntries(
    Object.keys(above)
      .filter((library) => below[library] !== undefined)
      .map((library) => [library, ratioOf(above[library], below[library])]),
  );
}
