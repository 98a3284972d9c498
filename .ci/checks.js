// Counts checks that are no jest tests, and prints one line for each.
let passed = 0;
let failed = 0;

/** Runs a check, which throws if it fails; returns whether it passed. */
export function check(name, run) {
  return judge(name, async () => void (await run()));
}

/** The same of one that resolves to what it has seen: text with figures, which is printed. */
export function measure(name, run) {
  return judge(name, run);
}

async function judge(name, run) {
  try {
    const figures = await run();
    passed++;
    console.log(figures === undefined ? `ok ${name}` : `ok ${name}: ${figures}`);
    return true;
  } catch (error) {
    failed++;
    console.log(`FAIL ${name}\n${printable(String(error?.message ?? error)).replaceAll(/^/gm, '  ')}`);
    return false;
  }
}

export function expectBetween(actual, low, high) {
  if (!(actual >= low && actual <= high)) throw new Error(`is ${actual}, not between ${low} and ${high}`);
}

/** Ends a program of checks: its last line is what .ci/run adds up. */
export function finish() {
  console.log(`Checks: ${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

/** Control characters would make the output one that isn't text, in which .ci/run finds no line. */
function printable(text) {
  return text.replaceAll(/(?!\n)\p{Cc}/gu, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
