import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeIn, tableOf } from './documents.ts';

const packages = join(__dirname, '../../packages');
const PAGE = 'docs/errors-and-warnings.md';

/** What the packages' sources say. */
function sources(): string {
  return ['core', 'node', 'http', 'express', 'fastify']
    .flatMap((name) => {
      const folder = join(packages, name, 'src');
      return readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => readFileSync(join(folder, file), 'utf8'));
    })
    .join('\n');
}

/** The codes that a table of the page explains, each with a meaning and what to do. */
function explained(heading: string): string[] {
  return tableOf(PAGE, heading)
    .filter((cells) => cells.length === 3 && cells.every((cell) => cell !== ''))
    .flatMap(([code]) => codeIn(code));
}

describe('The page of errors and warnings', () => {
  it('explains all codes of errors, and no others', () => {
    const [, union = ''] = /export type MetricErrorCode =\n([\s\S]*?);/.exec(sources()) ?? [];
    const codes = Array.from(union.matchAll(/'([A-Z_]+)'/g), ([, code]) => code as string);

    expect(codes.length).toBeGreaterThan(0);
    expect(explained('Errors').toSorted()).toEqual(codes.toSorted());
  });

  it('explains all codes of warnings, and no others', () => {
    const codes = new Set(Array.from(sources().matchAll(/'(PROMETER_[A-Z_]+)'/g), ([, code]) => code as string));

    expect(codes.size).toBeGreaterThan(0);
    expect(explained('Warnings').toSorted()).toEqual([...codes].toSorted());
  });
});
