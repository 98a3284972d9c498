import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** How a program ended, and what it printed. */
export interface Ended {
  code: number | null;
  signal: string | null;
  out: string;
}

/** Runs a program in the folder of a package, which finds itself there by its name, as it was built. */
export async function runProgram(folder: string, program: string): Promise<Ended> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 10_000,
  });
  const [out, error, [code, signal]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  if (error !== '') throw new Error(error);
  return { code, signal, out };
}
