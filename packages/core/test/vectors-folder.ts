import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

// What other implementations give for the same input, kept outside of the project.
const folder = process.env['PROMETER_VECTORS'] ?? resolve(__dirname, '../../../../shared/vectors');

/** Defines the tests of `check` where the vectors are there, and says that nothing is checked where they are not. */
export function withVectors(check: () => void): void {
  if (existsSync(folder)) check();
  // Says what was not checked.
  else it.skip(`agrees with the vectors in ${folder}`, () => {});
}

export function readVectors(file: string): unknown {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}

/** A number as the vectors write it: one that JSON can't write is a text. */
export function numberOf(given: number | string): number {
  return Number(String(given).replace('Inf', 'Infinity'));
}
