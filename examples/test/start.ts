import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** An example that runs as a program of its own. */
export interface Running {
  port: number;
  /** All that it has printed when it had said where it is. */
  said: string[];
  /** Ends it by a signal, SIGTERM if left out; resolves to the one that ended it. */
  stop(signal?: NodeJS.Signals): Promise<NodeJS.Signals | null>;
}

/** What an example printed, and how it ended. */
export interface Ended {
  code: number;
  out: string;
  error: string;
}

function launch(args: string[], port: number | string | undefined, more: NodeJS.ProcessEnv): ChildProcess {
  const env = { ...process.env, METRICS_PORT: '0', PORT: port === undefined ? undefined : String(port), ...more };
  return spawn(process.execPath, [join(__dirname, '..', 'start.js'), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Starts an example as `npm start` does, at free ports, and waits until it has said its three lines. */
export async function start(name?: string, env: NodeJS.ProcessEnv = {}): Promise<Running> {
  const child = launch(name === undefined ? [] : [name], 0, env);
  let out = '';
  let error = '';
  child.stderr?.on('data', (piece: Buffer) => (error += piece));
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (piece: Buffer) => {
      out += piece;
      if (out.split('\n').length > 3) resolve();
    });
    child.once('exit', (code) => reject(new Error(`The example ${name} ended with ${code}: ${error}`)));
  });
  return {
    port: Number(/:(\d+)/.exec(out)?.[1]),
    said: out.trimEnd().split('\n'),
    async stop(signal) {
      child.removeAllListeners('exit');
      child.kill(signal);
      const [, by] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
      return by;
    },
  };
}

/** Runs an example that ends by itself. */
export async function run(args: string[], port?: number | string, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = launch(args, port, env);
  let out = '';
  let error = '';
  child.stdout?.on('data', (piece: Buffer) => (out += piece));
  child.stderr?.on('data', (piece: Buffer) => (error += piece));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, error };
}
