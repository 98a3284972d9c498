import assert from 'node:assert/strict';
import { join } from 'node:path';
import { check } from '../checks.js';
import { command } from '../command.js';
import { checkApps } from './check-apps.js';

/** By how a program loads the packages, what its files end in. */
const SYSTEMS = { import: 'mjs', require: 'cjs' };

/** Runs the programs of a project, once with `import` and once with `require`. */
export async function checkPrograms(name, file, args, project) {
  for (const [system, ending] of Object.entries(SYSTEMS)) {
    const by = `${name}, ${system}`;
    await checkMeasures(by, file, [...args, join(project, `measures.${ending}`)]);
    await checkApps(by, file, [...args, join(project, `serves.${ending}`)]);
  }
  await check(`${name}: a program that closes nothing ends by itself`, async () => {
    assert.equal(await command(file, [...args, join(project, 'ends.mjs')], { seconds: 20 }), 'answered\n');
  });
}

/** Each line of that program is a check, and the last one says that there are no more. */
async function checkMeasures(name, file, args) {
  let lines = [];
  await check(`${name}: the program of metrics ends by itself`, async () => {
    lines = (await command(file, args, { seconds: 30 }))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(lines.pop(), { end: true });
  });
  for (const { name: what, error } of lines) {
    await check(`${name}: ${what}`, () => {
      if (error !== undefined) throw new Error(error);
    });
  }
}
