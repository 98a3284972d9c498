// Packs every public package as it would be published, and uses it as its users would: by import, by require,
// from Jest, from TypeScript.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkConsumers } from './check-consumers.js';
import { checkSize } from './check-size.js';
import { checkTarball } from './check-tarball.js';
import { check, finish } from './checks.js';
import { command } from './command.js';
import { publicPackages } from './public-packages.js';
import { temporaryFolder } from './temporary-folder.js';

const root = join(import.meta.dirname, '..');
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const folder = temporaryFolder('packages');
const packages = [];
for (const { name, manifest } of publicPackages(root)) {
  const tarball = join(folder, `prometer-${name}-${manifest.version}.tgz`);
  // pnpm, because it replaces `workspace:` and `catalog:` by versions.
  const pack = ['--yes', packageManager, '--filter', manifest.name, 'pack', '--pack-destination', folder];
  if (!(await check(`${manifest.name}: packs`, () => command('npx', pack, { cwd: root })))) continue;
  packages.push({ name, tarball });
  await checkTarball(manifest.name, tarball, root);
  await checkSize(manifest.name, tarball);
}
await checkConsumers(packages);
finish();
