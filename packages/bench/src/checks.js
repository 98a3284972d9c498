// Counts what was checked, so that a run can say at its end that every benchmark did the work that it timed.
let passed = 0;
const failures = [];

/** Runs a check, which throws if it fails. */
export async function check(name, run) {
  try {
    await run();
    passed++;
  } catch (error) {
    failures.push(name);
    console.error(`FAIL ${name}: ${error?.message ?? error}`);
  }
}

export function expectEqual(what, actual, expected) {
  if (!Object.is(actual, expected)) throw new Error(`${what} is ${actual}, not ${expected}`);
}

/** The same of a sum, which depends on the order in which it was added up. */
export function expectNear(what, actual, expected) {
  if (!(Math.abs(actual - expected) <= 1e-9 * Math.abs(expected)))
    throw new Error(`${what} is ${actual}, not ${expected}`);
}

/** Ends a run: its last line is what .ci/run adds up. */
export function finish(print) {
  print(`Checks: ${passed} passed, ${failures.length} failed`);
  process.exitCode = failures.length > 0 || passed === 0 ? 1 : 0;
}
