import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { start, stop } from '../processes.js';

const ANSWER_MS = 60_000;

/**
 * Starts a measured app in a process of its own; `subject` is that of target.js. What it returns is its `port` and `call`,
 * which runs one of its calls there.
 */
export async function startTarget(framework, subject, { settings = {}, nodeOptions = [] } = {}) {
  const args = ['--expose-gc', '--no-warnings', ...nodeOptions, join(import.meta.dirname, 'target.js')];
  const program = start(process.execPath, [...args, framework, subject, JSON.stringify(settings)], {
    // Express would print each error of a route.
    env: { NODE_ENV: 'test' },
    sendsMessages: true,
  });
  const { child } = program;
  const waiting = new Map();
  let last = 0;
  let listens;
  const listening = new Promise((resolve, reject) => {
    listens = resolve;
    child.once('exit', () => reject(new Error(whatIsWrong(program))));
  });
  child.on('message', ({ id, port, result, failure }) => {
    if (port !== undefined) listens(port);
    const settle = waiting.get(id);
    waiting.delete(id);
    if (failure === undefined) settle?.resolve(result);
    else settle?.reject(new Error(failure));
  });
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error(whatIsWrong(program)));
  });

  const port = await listening;
  return {
    port,
    framework,
    url: `http://127.0.0.1:${port}`,
    async call(name, ...given) {
      expectAlive(program);
      const id = ++last;
      const answered = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
      child.send({ id, name, given });
      const late = setTimeout(ANSWER_MS, undefined, { ref: false }).then(() => {
        throw new Error(`The target didn't answer "${name}" for ${ANSWER_MS / 1000} s.`);
      });
      return Promise.race([answered, late]);
    },
    /** It lives, and has said nothing. */
    expectWell() {
      expectAlive(program);
      if (program.output !== '') throw new Error(`The target has said: ${program.output.slice(0, 2000)}`);
    },
    /** Resolves to how it ended, which it is to do by itself. */
    async ended(withinMs) {
      const late = setTimeout(withinMs, 'it still runs', { ref: false });
      // What it has printed is there once it is closed, too.
      if (!child.stdout.closed) await Promise.race([once(child, 'close'), late]);
      return program.ended ?? 'it still runs';
    },
    /** What it has printed. */
    output: () => program.output,
    stop: () => stop(program),
  };
}

/** Starts a target, does something with it, sees that it is still well, and ends it. */
export async function withTarget(framework, subject, options, use) {
  const target = await startTarget(framework, subject, options);
  try {
    const result = await use(target);
    target.expectWell();
    return result;
  } finally {
    await target.stop();
  }
}

function expectAlive(program) {
  if (program.ended !== undefined) throw new Error(whatIsWrong(program));
}

function whatIsWrong({ ended, output }) {
  return `The target ended: ${ended}\n${output.slice(-4000)}`;
}
