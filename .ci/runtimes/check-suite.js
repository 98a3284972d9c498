import { join } from 'node:path';
import { check } from '../checks.js';
import { command } from '../command.js';

const root = join(import.meta.dirname, '..', '..');
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');

/** The tests of what may differ between versions of Node.js. */
const TESTS = {
  core: ['packages/core/'],
  'http and fastify': ['packages/http/', 'packages/fastify/test/conformance'],
  // The newest Express is enough here: the others are tested by the Node.js that runs all.
  express: ['packages/express/test/conformance', '--testNamePattern', '^Express 5.3'],
};

/** Parts of the tests, as functions that have that version of Node.js run them. */
export function suiteChecks(name, node) {
  return Object.entries(TESTS).map(
    ([part, args]) =>
      () =>
        check(`${name}: the tests of ${part} pass`, async () => {
          // Two at once have less of the machine each.
          const output = await command(node, [jest, '--runInBand', '--testTimeout=30000', ...args], { cwd: root });
          if (!/^Tests: [1-9]\d* passed, 0 failed, \d+ skipped$/m.test(output)) throw new Error(output);
        }),
  );
}
