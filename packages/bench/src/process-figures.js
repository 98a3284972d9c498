import { openSync, readFileSync, readSync, writeFileSync } from 'node:fs';

// Where the system doesn't tell (it is Linux that does), something near to it has to do.

/** Lets the peak of the memory begin anew. */
export function forgetPeak() {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // It is that of the whole life of the process then.
  }
}

/** The most memory that the process has had, in bytes. */
export function peakBytes() {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))[1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}

/** CPU time of the whole process, in milliseconds. */
export function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Of this thread alone, where the system tells, and else of the whole process. */
export const threadCpuMs = threadClock() ?? cpuMs;

function threadClock() {
  let file;
  try {
    file = openSync('/proc/thread-self/schedstat');
  } catch {
    return undefined;
  }
  const bytes = Buffer.alloc(64);
  return () => {
    // To be asked for that of the process brings it up to date, which is done in steps of milliseconds otherwise.
    process.cpuUsage();
    const length = readSync(file, bytes, 0, bytes.length, 0);
    return Number.parseInt(bytes.latin1Slice(0, length), 10) / 1e6;
  };
}

/** Collects garbage until there is no more to find. */
export async function collectGarbage() {
  for (let i = 0; i < 4; i++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
