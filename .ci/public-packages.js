import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The packages that are published: what each is called here, where it is, what its package.json says. */
export function publicPackages(root) {
  return readdirSync(join(root, 'packages'))
    .map((name) => ({ name, folder: join(root, 'packages', name) }))
    .filter(({ folder }) => existsSync(join(folder, 'package.json')))
    .map((found) => ({ ...found, manifest: JSON.parse(readFileSync(join(found.folder, 'package.json'), 'utf8')) }))
    .filter(({ manifest }) => !manifest.private);
}
