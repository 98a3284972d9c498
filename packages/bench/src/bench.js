// Prometer and its peers, measured side by side: `npm run bench`, or `npm run bench -- counters text` for some subjects.
// --short shows that the benchmarks work, and nothing about speed; --json prints the figures for a program.
import { parseArgs } from 'node:util';
import { check, finish } from './checks.js';
import { machine } from './machine.js';
import { isMet } from './rows.js';
import { figure, goalText, tableOf } from './table.js';
import { OURS } from './libraries.js';

const SUBJECTS = [
  'counters',
  'histograms',
  'by-object',
  'summaries',
  'native',
  'text',
  'streaming',
  'memory',
  'requests',
  'idle',
  'import',
  'growth',
];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
});
const unknown = positionals.filter((name) => !SUBJECTS.includes(name));
if (unknown.length > 0)
  throw new Error(`There is no subject ${unknown.join(', ')}: choose from ${SUBJECTS.join(', ')}.`);

const say = options.json ? () => {} : console.log;
const on = machine();
say(`${on.date}, ${on.cpu}, ${on.cores} cores, ${on.memoryGiB} GiB, ${on.system}, Node.js ${on.node}`);
if (options.short) say('The short form: its figures mean nothing.');
say('± is half of the range in which the middle half of the measurements lies; B is what one operation allocates.');

const outcomes = [];
for (const name of SUBJECTS.filter((each) => positionals.length === 0 || positionals.includes(each))) {
  const subject = await import(`./subjects/${name}.js`);
  const start = performance.now();
  await check(name, async () => {
    const { rows, notes = [] } = await subject.run(options);
    const seconds = (performance.now() - start) / 1000;
    outcomes.push({ name, title: subject.title, rows, seconds });
    say(`\n## ${subject.title}\n`);
    for (const table of tablesOf(rows)) {
      say(`${tableOf(table, options)}\n`);
    }
    for (const note of notes) say(note);
    say(`(${name}: ${seconds.toFixed(0)} s)`);
  });
}

if (options.json) console.log(JSON.stringify({ machine: on, short: options.short, subjects: outcomes }, undefined, 2));
if (!options.short) summarizeGoals();
finish(options.json ? console.error : console.log);

/** Rows that have other columns than the rest say which table they are in. */
function tablesOf(rows) {
  return [...new Set(rows.map(({ table }) => table))].map((table) => rows.filter((row) => row.table === table));
}

function summarizeGoals() {
  const all = outcomes.flatMap(({ name, rows }) => rows.map((row) => ({ subject: name, row })));
  const goals = all.filter(({ row }) => row.goal !== undefined);
  const missed = goals.filter(({ row }) => !isMet(row));
  say(`\n## Goals: ${goals.length - missed.length} of ${goals.length} met`);
  for (const { subject, row } of missed) {
    const ratio = row.ratio === undefined ? figure(row.results[OURS], row.unit) : `${row.ratio.toFixed(2)} ×`;
    say(`- missed: ${subject}, ${row.name}: ${ratio}, goal ${goalText(row)}`);
  }
}
