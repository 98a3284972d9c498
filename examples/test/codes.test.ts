import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startHttpServer } from '@prometer/http';
import { codeIn, read, tableOf } from './documents.ts';

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

  it.each([
    ['EADDRINUSE', (port: number) => ({ port, host: '127.0.0.1' })],
    // An address for documents, which no machine has.
    ['EADDRNOTAVAIL', () => ({ port: 0, host: '192.0.2.1' })],
  ])('names %s, which a server of its own rejects with and is no code of a MetricError', async (code, where) => {
    const server = await startHttpServer({ port: 0, host: '127.0.0.1' });
    const error = await startHttpServer(where(server.port)).catch((thrown: unknown) => thrown);
    await server.close();

    expect(error).toMatchObject({ name: 'Error', code });
    expect(read(PAGE)).toContain(`\`${code}\``);
    expect(explained('Errors')).not.toContain(code);
  });
});
