import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from './checks.js';
import { command } from './command.js';
import { temporaryFolder } from './temporary-folder.js';

/** What a consumer installs beside Prometer. */
const others = {
  '@types/express': '5.0.6',
  '@types/node': '20.19.43',
  express: '5.3.0',
  fastify: '5.12.8',
  jest: '30.5.2',
  'typescript-5': 'npm:typescript@5.9.3',
  'typescript-7': 'npm:typescript@7.0.2',
};

const systems = {
  'import of ES modules': { folder: 'esm', type: 'module', module: 'nodenext', moduleResolution: 'nodenext' },
  'require of CommonJS': { folder: 'cjs', type: 'commonjs', module: 'nodenext', moduleResolution: 'nodenext' },
};

/** TypeScript's other ways to find a package's declarations. */
const resolutions = [
  { folder: 'esm-16', type: 'module', module: 'node16', moduleResolution: 'node16' },
  { folder: 'cjs-16', type: 'commonjs', module: 'node16', moduleResolution: 'node16' },
  { folder: 'bundled', type: 'module', module: 'esnext', moduleResolution: 'bundler' },
];

/** The module system of a project that has never heard of `exports`, and the nearest to it that TypeScript 7 has. */
const classic = {
  'typescript-5': { folder: 'classic-5', type: 'commonjs', module: 'commonjs', moduleResolution: 'node10' },
  'typescript-7': { folder: 'classic-7', type: 'commonjs', module: 'commonjs', moduleResolution: 'bundler' },
};

/** Uses the packed packages from projects outside the repository. */
export async function checkConsumers(packages) {
  const folder = temporaryFolder('consumer');
  const dependencies = { ...others };
  for (const { name, tarball } of packages) dependencies[`@prometer/${name}`] = `file:${tarball}`;
  // What the packages depend on among themselves is to be the tarballs too, whatever is published.
  const overrides = Object.fromEntries(packages.map(({ name }) => [`@prometer/${name}`, `$@prometer/${name}`]));
  writeJson(join(folder, 'package.json'), { private: true, dependencies, overrides });
  const install = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  if (!(await check('a consumer installs all packages', () => command('npm', install, { cwd: folder })))) return;

  for (const [system, { folder: project, type }] of Object.entries(systems)) {
    makeProject(join(folder, project), type, [type === 'module' ? 'use.mjs' : 'use.cjs', 'uses.cjs']);
    const program = type === 'module' ? 'use.mjs' : 'use.cjs';
    for (const { name } of packages) {
      await check(`@prometer/${name}: works by ${system}`, () => node([program, name], join(folder, project)));
    }
  }
  makeProject(join(folder, 'both'), 'module', ['one-copy.mjs', 'one-registry.mjs']);
  await check('import and require give the same', () => node(['one-copy.mjs'], join(folder, 'both')));
  await check('two copies share one defaultRegistry', () => node(['one-registry.mjs'], join(folder, 'both')));

  makeProject(join(folder, 'jest'), undefined, ['uses.cjs']);
  for (const { name } of packages) {
    const test = `const uses = require('./uses.cjs');\ntest('works', () => uses['${name}'](require));\n`;
    writeFileSync(join(folder, 'jest', `${name}.test.js`), test);
    const jest = [join(folder, 'node_modules', 'jest', 'bin', 'jest.js'), `${name}.test.js`];
    await check(`@prometer/${name}: works in Jest as it comes`, () => node(jest, join(folder, 'jest')));
  }

  for (const compiler of ['typescript-5', 'typescript-7']) {
    for (const system of [...Object.values(systems), ...resolutions, classic[compiler]]) {
      const { folder: project, type, module, moduleResolution } = system;
      const at = join(folder, 'types', compiler, project);
      makeProject(
        at,
        type,
        packages.map(({ name }) => `types/${name}.ts`),
      );
      // With skipLibCheck off, the packages' own declarations are checked as well.
      const compilerOptions = {
        module,
        moduleResolution,
        target: 'es2022',
        types: ['node'],
        strict: true,
        noEmit: true,
        esModuleInterop: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
      };
      writeJson(join(at, 'tsconfig.json'), { compilerOptions, include: ['types'] });
      const tsc = join(folder, 'node_modules', compiler, 'bin', 'tsc');
      const version = others[compiler].replace('npm:typescript@', 'TypeScript ');
      await check(
        `${version} compiles a consumer: type ${type}, module ${module}, moduleResolution ${moduleResolution}`,
        () => node([tsc, '-p', '.'], at),
      );
    }
  }
}

function makeProject(folder, type, files) {
  mkdirSync(folder, { recursive: true });
  writeJson(join(folder, 'package.json'), { private: true, type });
  for (const file of files) cpSync(join(import.meta.dirname, 'consumer', file), join(folder, file));
}

function node(args, cwd) {
  return command(process.execPath, args, { cwd, seconds: 120 });
}

function writeJson(file, content) {
  writeFileSync(file, JSON.stringify(content, undefined, 2));
}
