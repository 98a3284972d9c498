/** What runs the program. Bun and Deno offer Node.js' functions too, but some of theirs answer with constants. */
export type Runtime = 'node' | 'bun' | 'deno';

export function runtime(): Runtime {
  if (process.versions['bun'] !== undefined) return 'bun';
  return process.versions['deno'] === undefined ? 'node' : 'deno';
}
