// Makes what is published of each package out of its sources and of the declarations that `tsc -b` has just written:
//
//   dist/index.cjs    the whole package in one file, for require
//   dist/index.js     the names of its exports, for import; the package is the same one, so it is in a process only once
//   dist/door.cjs     what index.js takes it through
//   dist/index.d.cts  its declarations in one file, with their comments
//   dist/index.d.ts   the same ones for import
//
// A line of it is short, and what a stack trace shows keeps its name: functions, classes, private methods.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform as shorten } from '@swc/core';
import { transform as print } from 'esbuild';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

const TARGET = { swc: 'es2023', esbuild: 'node20' };

/** Takes the types out of a source, and gives the variables of its functions short names. */
const sources = {
  name: 'sources',
  transform(source, filename) {
    const mangle = { toplevel: false, keep_fnames: true, keep_classnames: true, keep_private_props: true };
    const minify = { compress: false, mangle, format: { comments: false } };
    const jsc = { parser: { syntax: 'typescript' }, target: TARGET.swc, minify };
    return shorten(source, { filename, jsc, swcrc: false });
  },
};

const packages = readdirSync(import.meta.dirname)
  .map((name) => join(import.meta.dirname, name))
  .filter((folder) => existsSync(join(folder, 'tsconfig.json')));
await Promise.all(packages.map(build));

async function build(folder) {
  const dist = join(folder, 'dist');
  const [code, declarations] = await Promise.all([
    bundle(join(folder, 'src', 'index.ts'), sources, {
      format: 'cjs',
      exports: 'named',
      externalLiveBindings: false,
      // Jest refuses an import() in CommonJS.
      dynamicImportInCjs: false,
      interop: 'auto',
    }),
    bundle(join(dist, 'types', 'index.d.ts'), dts(), { format: 'es' }),
  ]);
  const options = { target: TARGET.esbuild, minifyWhitespace: true, minifySyntax: true, lineLimit: 120 };
  const printed = await print(code.code, { ...options, legalComments: 'none' });

  const write = (name, text) => writeFileSync(join(dist, name), text);
  write('index.cjs', printed.code);
  // Node.js looks for the names in the text of what is imported, which would take longer than all the rest.
  write('door.cjs', "exports.all = require('./index.cjs');\n");
  write('index.js', namesOf(code.exports));
  write('index.d.cts', shortened(declarations.code));
  write('index.d.ts', typesOf(code.exports));
}

/** Everything that is reached from `input` by its path, in one file; what is imported by its name stays outside. */
async function bundle(input, plugin, output) {
  const bundled = await rollup({
    input,
    plugins: [plugin],
    external: /^[^./]/,
    onLog(_level, { message }) {
      throw new Error(message);
    },
  });
  const { output: chunks } = await bundled.generate(output);
  return chunks[0];
}

/** Indented by tabs, and without what is said of members that are nobody else's: editors show them alike. */
function shortened(declarations) {
  return declarations
    .replaceAll(/\/\*\*(?:(?!\*\/).)*\*\/\s*(?=protected )/gs, '')
    .replaceAll(/\/\*\* @internal (?:(?!\*\/).)*\*\//gs, '/** @internal */')
    .replaceAll(/^(?: {4})+/gm, (spaces) => '\t'.repeat(spaces.length / 4));
}

function namesOf(names) {
  const named = names.filter((name) => name !== 'default');
  const lines = ["import door from './door.cjs';", `export const {\n  ${named.join(',\n  ')},\n} = door.all;`];
  if (names.includes('default')) lines.push('export default door.all.default;');
  return `${lines.join('\n')}\n`;
}

function typesOf(names) {
  const lines = ["export * from './index.cjs';"];
  if (names.includes('default')) {
    lines.push("declare const byDefault: typeof import('./index.cjs').default;", 'export default byDefault;');
  }
  return `${lines.join('\n')}\n`;
}
