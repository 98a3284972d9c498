import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { ask, until } from '../../packages/http/test/client.ts';
import { adapter, app } from './contributing.ts';

// Says where it is and, when it has ended, which metrics about the process are left.
const PROGRAM = `${adapter}
${app}
import { defaultRegistry } from '@prometer/core';
server.once('listening', () => console.log(server.address().port));
process.once('SIGTERM', () =>
  server.close(async () => console.log((await defaultRegistry.metrics()).match(/^(process|nodejs)_.*/gm))),
);`;

describe('The adapter that CONTRIBUTING.md shows', () => {
  let child: ChildProcess;
  let lines: Interface;
  let port: number;

  beforeEach(async () => {
    child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
      // Packages are found from there, as they are built.
      cwd: join(__dirname, '..'),
      env: { ...process.env, PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let errors = '';
    child.stderr?.on('data', (piece: Buffer) => (errors += piece));
    lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    port = await new Promise<number>((resolve, reject) => {
      lines.once('line', (line) => resolve(Number(line)));
      lines.once('close', () => reject(new Error(`The program has ended: ${errors}`)));
    });
  });

  afterEach(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  const metrics = async (): Promise<string> => (await ask(port, '/metrics')).body;
  const counted = async (): Promise<string[]> => (await metrics()).match(/^http_requests_total.*/gm)?.map(String) ?? [];

  /** Asks for these one by one, and returns the statuses and what is counted then. */
  async function askAll(paths: string[], series: number): Promise<{ statuses: number[]; counted: string[] }> {
    const statuses: number[] = [];
    for (const path of paths) statuses.push((await ask(port, path)).status);
    await until(async () => (await counted()).length === series);
    return { statuses, counted: await counted() };
  }

  it('counts all requests of a route in one series', async () => {
    expect(await askAll(['/api/users/1', '/nowhere', '/api/users/2', '/api/users/3?x=1'], 2)).toEqual({
      statuses: [200, 404, 200, 200],
      counted: [
        'http_requests_total{method="GET",route="/api/users/:id",status_code="200"} 3',
        'http_requests_total{method="GET",route="unmatched",status_code="404"} 1',
      ],
    });
  });

  it('counts what no route matches as unmatched', async () => {
    expect(await askAll(['/nowhere', '/api/users', '/'], 1)).toEqual({
      statuses: [404, 404, 404],
      counted: ['http_requests_total{method="GET",route="unmatched",status_code="404"} 3'],
    });
  });

  it('counts an error as 500 of its route', async () => {
    expect(await askAll(['/api/fail'], 1)).toEqual({
      statuses: [500],
      counted: ['http_requests_total{method="GET",route="/api/fail",status_code="500"} 1'],
    });
  });

  it('answers /metrics, and counts neither that nor what is skipped or ignored', async () => {
    const { status, headers } = await ask(port, '/metrics');
    const { statuses } = await askAll(['/metrics', '/api/health', '/favicon.ico', '/api/users/1'], 1);

    expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(statuses).toEqual([200, 200, 404, 200]);
    expect(await counted()).toEqual(['http_requests_total{method="GET",route="/api/users/:id",status_code="200"} 1']);
    expect(await metrics()).toContain('\nhttp_requests_in_flight{method="GET"} 0\n');
  });

  it('takes the metrics about the process out again when its server is closed', async () => {
    expect(await metrics()).toMatch(/^process_cpu_seconds_total [\d.]+$/m);

    child.kill('SIGTERM');
    const [left] = await once(lines, 'line');
    const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];

    expect([left, code]).toEqual(['null', 0]);
  });
});
