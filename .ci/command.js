import { execFile } from 'node:child_process';

/** Runs a command to its end and returns what it printed; an Error with all of it if it fails or hangs. */
export function command(file, args, { cwd, input = '', seconds = 300 } = {}) {
  return new Promise((resolve, reject) => {
    const options = { cwd, timeout: seconds * 1000, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${file} ${args.join(' ')}: ${how(error, seconds)}\n${stdout}${stderr}`.trim()));
    });
    // A command that ends before it has read everything has said why by its exit code.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

function how(error, seconds) {
  if (error.killed) return `not done after ${seconds} s`;
  return typeof error.code === 'number' ? `exit code ${error.code}` : error.message;
}
