import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../temporary-folder.js';

const packages = join(import.meta.dirname, '..', '..', 'packages');

/** A consumer's project outside of the repository with the programs in it, to which the built packages are linked. */
export function makeProject() {
  const folder = temporaryFolder('runtimes');
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@prometer'), { recursive: true });
  for (const name of ['core', 'node', 'http', 'express', 'fastify']) {
    symlinkSync(join(packages, name), join(modules, '@prometer', name), 'dir');
  }
  for (const name of ['express', 'fastify']) {
    symlinkSync(join(packages, name, 'node_modules', name), join(modules, name), 'dir');
  }
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  cpSync(join(import.meta.dirname, 'program'), folder, { recursive: true });
  return folder;
}
