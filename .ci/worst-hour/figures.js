/** How numbers are printed. */
export function megabytes(bytes) {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}

export function thousands(count) {
  return Math.round(count).toLocaleString('en-US');
}

export function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Throws if a number is greater than it may be. */
export function expectAtMost(what, actual, most) {
  if (!(actual <= most)) throw new Error(`${what}: ${actual}, more than ${most}`);
}
