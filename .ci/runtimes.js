// The built packages on every runtime that they are for: programs that use them as their users do, measured over real
// sockets; and on the versions of Node.js that are maintained, the tests.
import { check, finish } from './checks.js';
import { stopAll } from './processes.js';
import { checkPrograms } from './runtimes/check-programs.js';
import { suiteChecks } from './runtimes/check-suite.js';
import { install } from './runtimes/install.js';
import { makeProject } from './runtimes/project.js';
import { PROGRAMS, RUNTIMES } from './runtimes/versions.js';

/** How much is done at once: as much as a small machine has cores. */
const AT_ONCE = 2;

try {
  const found = (await Promise.all(RUNTIMES.map(find))).filter((runtime) => runtime !== undefined);
  const project = makeProject();
  const waiting = [
    ...found.map(
      ({ name, file, args }) =>
        () =>
          checkPrograms(name, file, args, project),
    ),
    ...found.filter(({ suite }) => suite).flatMap(({ name, file }) => suiteChecks(name, file)),
  ];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
} finally {
  await stopAll();
}
finish();

/** One that isn't to be had is a failure: nothing of what it is here for has been seen. */
async function find({ program, version, suite }) {
  const { name, args } = PROGRAMS[program];
  const runtime = { name: `${name} ${version}`, args, suite, file: undefined };
  const isThere = await check(`${runtime.name} is there`, async () => {
    runtime.file = await install({ program, version });
  });
  return isThere ? runtime : undefined;
}
