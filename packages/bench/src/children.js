import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const TIMEOUT_MS = 180_000;
const NODE_OPTIONS = ['--expose-gc', '--max-old-space-size=8192', '--no-warnings'];

const running = new Set();

/** Starts a process in which `module.child(subject, options)` makes what can be called from here. */
async function startChild(module, subject, options) {
  const forked = fork(join(import.meta.dirname, 'child.js'), [module, subject, JSON.stringify(options)], {
    execArgv: NODE_OPTIONS,
    serialization: 'advanced',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  running.add(forked);
  forked.once('exit', () => running.delete(forked));
  let calls = 0;
  const child = {
    pid: forked.pid,
    call(name, ...given) {
      const id = ++calls;
      forked.send({ id, name, given });
      return answerOf(forked, id, `${name}(${given.join(', ')}) of ${subject}`);
    },
    async stop() {
      if (!running.has(forked)) return;
      const exit = once(forked, 'exit');
      forked.kill('SIGKILL');
      await exit;
    },
  };
  try {
    await answerOf(forked, 0, `the start of ${subject}`);
  } catch (error) {
    // What came too late would run on beside all that is measured from then on.
    await child.stop();
    throw error;
  }
  return child;
}

/** Starts a process for each of these, does something with them by name, and stops them. */
export async function withChildren(module, subjects, options, use) {
  const children = new Map();
  try {
    for (const subject of subjects) children.set(subject, await startChild(module, subject, options));
    return await use(children);
  } finally {
    await Promise.all([...children.values()].map((child) => child.stop()));
  }
}

/** What a call comes to; an answer that comes when nobody waits for it any more is nobody else's. */
function answerOf(forked, call, what) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => settle(reject, new Error(`${what}: no answer for ${TIMEOUT_MS / 1000} s`)),
      TIMEOUT_MS,
    );
    const onMessage = ({ id, result, failure }) => {
      if (id !== call) return;
      if (failure === undefined) settle(resolve, result);
      else settle(reject, new Error(`${what}: ${failure}`));
    };
    const onExit = (code, signal) => settle(reject, new Error(`${what}: the process ended, ${code ?? signal}`));
    const settle = (how, outcome) => {
      clearTimeout(late);
      forked.off('message', onMessage);
      forked.off('exit', onExit);
      how(outcome);
    };
    forked.on('message', onMessage);
    forked.on('exit', onExit);
  });
}

// Whatever ends this process ends what it started.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
