// Packs every public package as it would be published, and uses it as its users would: by import, by require,
// from Jest, from TypeScript.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkConsumers } from './check-consumers.js';
import { checkTarball } from './check-tarball.js';
import { check, finish } from './checks.js';
import { command } from './command.js';
import { temporaryFolder } from './temporary-folder.js';

const root = join(import.meta.dirname, '..');
const { packageManager } = readJson(join(root, 'package.json'));

const folder = temporaryFolder('packages');
const packages = [];
for (const name of readdirSync(join(root, 'packages'))) {
  const manifest = manifestOf(name);
  if (manifest === undefined || manifest.private) continue;
  const tarball = join(folder, `prometer-${name}-${manifest.version}.tgz`);
  // pnpm, because it replaces `workspace:` and `catalog:` by versions.
  const pack = ['--yes', packageManager, '--filter', manifest.name, 'pack', '--pack-destination', folder];
  if (!(await check(`${manifest.name}: packs`, () => command('npx', pack, { cwd: root })))) continue;
  packages.push({ name, tarball });
  await checkTarball(manifest.name, tarball, root);
}
await checkConsumers(packages);
finish();

function manifestOf(name) {
  try {
    return readJson(join(root, 'packages', name, 'package.json'));
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
