import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const running = new Set();

/**
 * Starts a program, whose output is kept; it ends with this process at the latest. One that is given a `stdin` to write to
 * is talked with: what it answers is read from `child.stdout`, and what it says on stderr is kept. A Node.js that
 * `sendsMessages` has `child.send` and the event `message`.
 */
export function start(file, args, { env = {}, stdin = 'ignore', sendsMessages = false } = {}) {
  const stdio = [stdin, 'pipe', 'pipe', ...(sendsMessages ? ['ipc'] : [])];
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio });
  const program = { child, output: '', ended: undefined };
  running.add(program);
  const kept = stdin === 'pipe' ? [child.stderr] : [child.stdout, child.stderr];
  for (const stream of kept) stream.on('data', (data) => (program.output += data));
  child.once('error', (error) => (program.ended = String(error)));
  child.once('exit', (code, signal) => (program.ended ??= `exit code ${code ?? signal}`));
  return program;
}

/** Starts an example at a free port; resolves to its URL. */
export async function startExample(name) {
  const program = start(process.execPath, [join(import.meta.dirname, '..', 'examples', `${name}.js`)], {
    env: { PORT: '0' },
  });
  return waitFor(program, `the example ${name}`, () => /http:\/\/127\.0\.0\.1:\d+/.exec(program.output)?.[0]);
}

/** Polls until a started program is ready, for up to 20 seconds. */
export async function waitFor(program, what, ready) {
  const end = performance.now() + 20_000;
  for (;;) {
    const found = await ready();
    if (found) return found;
    if (program.ended !== undefined) throw new Error(`${what} ended: ${program.ended}\n${program.output}`);
    if (performance.now() > end) throw new Error(`${what} is not ready after 20 s\n${program.output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Ends everything that was started. */
export async function stopAll() {
  await Promise.all([...running].map(stop));
}

/** Ends one of them. */
export async function stop(program) {
  running.delete(program);
  if (program.ended !== undefined) return;
  const exit = once(program.child, 'exit');
  program.child.kill('SIGTERM');
  const late = setTimeout(() => program.child.kill('SIGKILL'), 5000);
  await exit;
  clearTimeout(late);
}

// Whatever ends this process ends what it started.
process.once('exit', () => {
  for (const { child } of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
