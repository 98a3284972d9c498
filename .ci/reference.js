// The reference of all public packages, made out of their doc comments. A public name without one, a link that leads
// nowhere, a class or a function without an example is a failure. That the examples are true, examples.test.ts tells.
//
//   node .ci/reference.js         checks it
//   node .ci/reference.js FOLDER  writes it there, to be read in a browser
import { join, resolve } from 'node:path';
import { Application, ReflectionKind } from 'typedoc';
import { check, finish } from './checks.js';
import { publicPackages } from './public-packages.js';
import { temporaryFolder } from './temporary-folder.js';

const packages = publicPackages(join(import.meta.dirname, '..'));
const [given] = process.argv.slice(2);
const out = given === undefined ? temporaryFolder('reference') : resolve(given);

const validation = { notDocumented: true, invalidLink: true, invalidPath: true, notExported: false };
const app = await Application.bootstrap({
  name: 'Prometer',
  readme: 'none',
  entryPointStrategy: 'packages',
  entryPoints: packages.map(({ folder }) => folder),
  packageOptions: {
    entryPoints: ['src/index.ts'],
    excludeInternal: true,
    excludePrivate: true,
    excludeProtected: true,
    disableSources: true,
    validation,
    // What a property is, its name mostly says.
    requiredToBeDocumented: ['Class', 'Interface', 'Function', 'Variable', 'TypeAlias', 'Method', 'Accessor'],
  },
  validation: { ...validation, notDocumented: false },
  githubPages: false,
});
const project = await app.convert();
if (project === undefined) throw new Error('There is no reference: what is wrong, is said above.');

await check('The reference is whole', async () => {
  app.validate(project);
  await app.generateDocs(project, out);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error('What is missing, is said above.');
});

for (const { manifest } of packages) {
  await check(`${manifest.name}: every class and function has an example`, () => {
    const exported = project.getChildByName([manifest.name]).children;
    const without = exported.filter(needsExample).filter((reflection) => !hasExample(reflection));
    if (without.length > 0) throw new Error(`None have ${without.map(({ name }) => name).join(', ')}`);
  });
}
finish();

/** A series is made by its metric's `labels()`, which shows it. */
function needsExample({ kind, name }) {
  return kind === ReflectionKind.Function || (kind === ReflectionKind.Class && !name.endsWith('Series'));
}

function hasExample({ comment, signatures = [] }) {
  return [comment, ...signatures.map((signature) => signature.comment)].some((each) =>
    each?.getTags('@example').some(({ content }) => content.some(({ text }) => text.startsWith('```ts\n'))),
  );
}
