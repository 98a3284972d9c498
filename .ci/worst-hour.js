// The worst hour that an app may have: clients, collectors and functions that do all they shouldn't, and full load. Each
// check is against servers in processes of their own, and prints what it has done, with figures.
// `node .ci/worst-hour.js --seed 7 --only soak` repeats a part of a run; `--long` gives ten minutes to the load alone.
import { parseArgs } from 'node:util';
import { finish } from './checks.js';
import { FRAMEWORK_NAMES } from './worst-hour/frameworks.js';
import { stopAll } from './processes.js';
import { startPythonParser } from './python-parser.js';

/** One after the other; those that mostly wait, at once. */
const PARTS = [
  ['labels'],
  ['scrapers'],
  ['collectors', 'functions', 'names', 'inputs'],
  ['closing'],
  ['requests'],
  ['soak'],
];
const SOAK_SECONDS = { short: 4, long: 600 / FRAMEWORK_NAMES.length };

const { values } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    only: { type: 'string', multiple: true, default: PARTS.flat() },
  },
});
const seed = Number(values.seed);
const soakSeconds = values.long ? SOAK_SECONDS.long : SOAK_SECONDS.short;
console.log(`The seed is ${seed}.`);
try {
  for (const parts of PARTS) {
    await Promise.all(parts.filter((part) => values.only.includes(part)).map(run));
  }
} finally {
  await stopAll();
}
finish();

async function run(part) {
  const checks = await import(`./worst-hour/check-${part}.js`);
  await checks.run({ seed, isLong: values.long, soakSeconds, startPythonParser });
}
