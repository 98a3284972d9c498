// Changes the source files that are given, one small thing at a time, and says which changes no test has noticed. Some of
// them change nothing that could be seen; each of the others is a test that is missing.
//
//   node .ci/mutate.js packages/core/src/limit.ts ...
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { command } from './command.js';
import { temporaryFolder } from './temporary-folder.js';

/** Rarely needed and large: no dependency. Jest's environment is here, but where Stryker doesn't find it. */
const NEEDED = ['@stryker-mutator/core@9.6.1', '@stryker-mutator/jest-runner@9.6.1', 'jest-environment-node@30.5.2'];
const root = join(import.meta.dirname, '..');

const given = process.argv.slice(2).map((file) => relative(root, resolve(file)));
if (given.length === 0) throw new Error('Nothing to change: give source files, such as packages/core/src/limit.ts.');

const folder = temporaryFolder('mutate');
const installed = join(folder, 'node_modules');
writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
await command('npm', [...install, ...NEEDED], { cwd: folder });

// It would leave alone all that `as` stands behind, for the sake of the types after it.
const syntax = join(installed, '@stryker-mutator', 'instrumenter', 'dist', 'src', 'util', 'syntax-helpers.js');
const left = readFileSync(syntax, 'utf8');
if (!left.includes("'TSAsExpression'")) throw new Error(`There is no TSAsExpression in ${syntax}.`);
writeFileSync(syntax, left.replace("'TSAsExpression'", "'TSLiteralType', 'TSTypeLiteral'"));

// A test that has failed need not look for the smallest input with which it does: that takes longer than all tests.
const fastCheck = createRequire(join(root, 'package.json')).resolve('fast-check');
const setUp = join(folder, 'set-up.js');
writeFileSync(setUp, `require('${fastCheck}').configureGlobal({ endOnFailure: true });\n`);

for (const file of given) {
  let count;
  let missed;
  for (const tests of testsOf(file)) {
    if (missed?.size === 0) break;
    console.log(`${file}, by ${tests.map((test) => basename(test, '.test.ts')).join(', ')}`);
    const found = await change(file, tests, missed === undefined ? [file] : [...missed.values()]);
    count ??= found.count;
    missed = missed === undefined ? found.missed : new Map([...missed].filter(([what]) => found.missed.has(what)));
  }
  if (count === undefined) throw new Error(`No test belongs to ${file}.`);
  console.log(`  ${count - missed.size} of ${count} changes noticed, ${Math.floor((1 - missed.size / count) * 100)} %`);
  for (const what of missed.keys()) console.log(`  ${what}`);
}

/** Those that are named as a file and, for what they miss, those that import it or are named as one that does. */
function testsOf(file) {
  const inPackage = file.split('/').slice(0, 2).join('/');
  const all = ['src', 'test'].flatMap((part) => filesIn(join(inPackage, part)));
  const importing = all.filter((each) => importedBy(each).includes(file));
  const tests = all.filter((each) => each.endsWith('.test.ts'));
  const near = tests.filter((test) => isNamedAs(file, test));
  const users = tests.filter((test) => importing.some((each) => each === test || isNamedAs(each, test)));
  const far = users.filter((test) => !near.includes(test));
  return [near, far].filter(({ length }) => length > 0);
}

function isNamedAs(file, test) {
  const begin = file.replace('/src/', '/test/').replace(/\.ts$/, '');
  return test === `${begin}.test.ts` || test.startsWith(`${begin}-`);
}

function filesIn(directory) {
  const all = readdirSync(join(root, directory), { recursive: true });
  return all.filter((path) => path.endsWith('.ts')).map((path) => join(directory, path));
}

function importedBy(file) {
  const imports = readFileSync(join(root, file), 'utf8').matchAll(/ from '(\.[^']+)'/g);
  return Array.from(imports, ([, path]) => join(dirname(file), path));
}

/** Makes all changes in these places of a file: how many there are and, of those that no test has noticed, where. */
async function change(file, tests, places) {
  const report = join(folder, 'report.json');
  const options = {
    plugins: [join(installed, '@stryker-mutator', 'jest-runner', 'dist', 'src', 'index.js')],
    testRunner: 'jest',
    jest: {
      enableFindRelatedTests: false,
      config: {
        testEnvironment: join(installed, 'jest-environment-node'),
        setupFiles: [setUp],
        testMatch: tests.map((test) => `<rootDir>/${test}`),
      },
    },
    mutate: places,
    coverageAnalysis: 'perTest',
    concurrency: 1,
    ignorePatterns: ['/coverage'],
    tempDirName: join(folder, 'copies'),
    reporters: ['json'],
    jsonReporter: { fileName: report },
  };
  writeFileSync(join(folder, 'options.json'), JSON.stringify(options));
  const stryker = join(installed, '@stryker-mutator', 'core', 'bin', 'stryker.js');
  await command(process.execPath, [stryker, 'run', join(folder, 'options.json')], { cwd: root, seconds: 7200 });
  const { source, mutants } = JSON.parse(readFileSync(report, 'utf8')).files[file];
  const missed = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
  return {
    count: mutants.length,
    missed: new Map(missed.map((mutant) => [whatOf(file, source, mutant), placeOf(file, mutant)])),
  };
}

function whatOf(file, source, { location: { start, end }, replacement }) {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  lines.push(lines.pop().slice(0, end.column - 1));
  lines.unshift(lines.shift().slice(start.column - 1));
  return `${file}:${start.line}:${start.column} ${inLine(lines.join(' '))} -> ${inLine(replacement)}`;
}

/** As Stryker is told: its columns begin at 0 here, and at 1 in its reports. */
function placeOf(file, { location: { start, end } }) {
  return `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;
}

function inLine(code) {
  return code.replaceAll(/\s+/g, ' ');
}
