import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** Compiles modules as a program that has installed the packages would, strictly; returns the errors. */
export function compile(modules: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'compile-'));
  try {
    // A link to what the examples have installed.
    symlinkSync(join(root, 'examples/node_modules'), join(folder, 'node_modules'), 'junction');
    modules.forEach((text, i) => writeFileSync(join(folder, `module-${i}.mts`), `${text}\nexport {};\n`));
    const compilerOptions = {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: 'es2023',
      module: 'node20',
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.mts'] }));
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder],
      { encoding: 'utf8' },
    );
    return `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
