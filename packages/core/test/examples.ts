import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { transformSync } from '@swc/core';

interface Example {
  /** The file and the line at which it begins. */
  at: string;
  code: string;
}

/** The examples in the doc comments of a folder's TypeScript files: what stands between ```ts and ```. */
export function examplesIn(folder: string): Example[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .toSorted()
    .flatMap((file) =>
      examplesOf(relative(process.cwd(), join(folder, file)), readFileSync(join(folder, file), 'utf8')),
    );
}

export function examplesOf(file: string, source: string): Example[] {
  return [...source.matchAll(/^ *\* ```ts\n((?: *\*.*\n)*?) *\* ```$/gm)].map((match) => ({
    at: `${file}:${source.slice(0, match.index).split('\n').length + 1}`,
    code: (match[1] as string).replace(/^ *\* ?/gm, ''),
  }));
}

/**
 * Runs an example with `scope` as the names that it can use. After a statement, a comment that is a value, as in
 * `counter.get(); // 3`, has to equal the statement's; how many did is the result.
 */
export async function runExample({ at, code }: Example, scope: Record<string, unknown>): Promise<number> {
  let asserted = 0;
  const check = (actual: unknown, expected: unknown, line: number): void => {
    const [file, start] = at.split(':');
    expect({ at: `${file}:${Number(start) + line}`, value: actual }).toEqual({
      at: `${file}:${Number(start) + line}`,
      value: expected,
    });
    asserted++;
  };
  const checked = code.split('\n').map(asCheck).join('\n');
  const { code: script } = transformSync(`export default async () => {\n${checked}\n};`, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
    module: { type: 'commonjs' },
  });
  const exports: { default?: () => Promise<void> } = {};
  // oxlint-disable-next-line typescript/no-implied-eval -- the examples are our own
  new Function('exports', '$check', ...Object.keys(scope), script)(exports, check, ...Object.values(scope));
  await exports.default?.();
  return asserted;
}

const STATEMENT = /^(\s*)(?!(?:const|let|return|throw|import|if|for|while)\b|\}|\/)(.+); \/\/ (.+)$/;
const VALUE = /^(?:['"`[{]|-?[\d.]|(?:true|false|null|undefined|NaN|-?Infinity)$)/;

function asCheck(line: string, i: number): string {
  const [, indent, statement, comment = ''] = STATEMENT.exec(line) ?? [];
  return VALUE.test(comment) ? `${indent}$check(${statement}, (${comment}), ${i});` : line;
}
