import { lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { command } from '../command.js';
import { PROGRAMS, SYSTEM } from './versions.js';

/**
 * Where a runtime of that version is on this machine. It is fetched once, into a folder outside of the repository that
 * stays; what isn't to be had, for want of a network for example, is an Error.
 */
export async function install({ program, version }) {
  const { package: name, file } = PROGRAMS[program];
  const system = `${process.platform}-${process.arch}`;
  if (system !== SYSTEM) throw new Error(`${name} is for ${SYSTEM}, and this is ${system}.`);
  const folder = ownFolder();
  const installed = join(folder, `${program}-${version}`);
  const binaryIn = (where) => join(where, 'node_modules', name, file);
  if (!(await isRight(binaryIn(installed), version))) {
    const fresh = mkdtempSync(join(folder, 'new-'));
    try {
      writeFileSync(join(fresh, 'package.json'), '{ "private": true }\n');
      // Nothing of theirs runs: the package for this machine is the program.
      const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
      await command('npm', ['install', ...options, `${name}@${version}`], { cwd: fresh, seconds: 120 });
      if (!(await isRight(binaryIn(fresh), version)))
        throw new Error(`${name}@${version} is not ${program} ${version}.`);
      // Only what is whole gets its name.
      rmSync(installed, { recursive: true, force: true });
      renameSync(fresh, installed);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  }
  return binaryIn(installed);
}

/** Whose programs are run must be ours: anybody may make a folder of this name there. */
function ownFolder() {
  const { uid, username } = userInfo();
  const folder = join(tmpdir(), `prometer-runtimes-${username}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o022) !== 0) {
    throw new Error(`${folder} is not a folder that only ${username} can write to: remove it.`);
  }
  return folder;
}

async function isRight(binary, version) {
  try {
    const [said] = (await command(binary, ['--version'], { seconds: 20 })).split('\n');
    return said.match(/\d+\.\d+\.\d+/)?.[0] === version;
  } catch {
    return false;
  }
}
