import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ask, until } from '../../packages/http/test/client.ts';
import { withProgram } from './configuration.ts';
import { blocksIn, isServer, read, sectionOf, sections, type Block } from './documents.ts';
import { expectShown } from './shown.ts';

const servers = sections.flatMap((section) => blocksIn(section, 'js', 'ts')).filter(isServer);
const shows = sectionOf('README.md', 'See what you get');

describe('The README', () => {
  it('has an app of Express and one of Fastify, and no other document has any', () => {
    expect(servers.map(({ at, text }) => [at.split(':')[0], /import (\w+) from/.exec(text)?.[1]])).toEqual([
      ['README.md', 'express'],
      ['README.md', 'fastify'],
    ]);
  });
});

describe.each(servers.map((block): [string, Block] => [block.at, block]))('The app in %s', (_, block) => {
  let child: ChildProcess;
  let port: number;

  async function start(text: string): Promise<void> {
    port = await freePort();
    child = spawn(process.execPath, ['--input-type=module', '--eval', text.replace('3000', String(port))], {
      // Packages are found from there, as they are built.
      cwd: join(__dirname, '..'),
      env: { ...process.env, METRICS_TOKEN: 'a-long-token' },
      stdio: 'inherit',
    });
    await until(() =>
      ask(port, '/metrics').then(
        () => true,
        () => false,
      ),
    );
  }

  afterEach(async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });

  it.each(['README.md: Keep /metrics private', 'docs/serving-metrics.md: Ask for a token or a password'])(
    'keeps its metrics private by what %s has in place of a line of it',
    async (title) => {
      const [file, heading] = title.split(': ') as [string, string];
      const [, adapter = ''] = /^import .*('@prometer\/\w+').*\n/m.exec(block.text) ?? [];
      const shown = blocksIn(sectionOf(file, heading), 'js').find(({ text }) => text.includes(adapter)) as Block;
      const lines = Array.from(read(file).matchAll(/in\s+place\s+of\s+`([^`]+)`/g), ([, line]) => line as string);
      const line = lines.find((each) => block.text.includes(each)) ?? `(none in ${file})`;
      const [imports, ...rest] = shown.text.split('\n\n') as [string, ...string[]];
      expect(block.text).toContain(`\n${line};`);

      await start(
        block.text.replace(/^import .*'@prometer\/\w+';$/m, imports).replace(`${line};`, () => rest.join('\n')),
      );
      const authorization = 'Bearer a-long-token';

      expect((await ask(port, '/metrics')).status).toBe(401);
      expect((await ask(port, '/metrics', 'GET', { authorization })).status).toBe(200);
      expect((await ask(port, '/users/1')).body).toBe('User 1\n');
    },
  );

  withProgram('curl', () => {
    it('prints what the README shows, when it is asked by the README’s commands', async () => {
      await start(block.text);
      const commands = blocksIn(shows, 'sh').flatMap(({ text }) => text.trim().split('\n'));
      const printed: string[] = [];
      for (const command of commands) {
        const there = command.replace('curl http://localhost:3000', `curl -fsS http://127.0.0.1:${port}`);
        printed.push((await promisify(execFile)('sh', ['-c', there])).stdout);
      }

      expect(commands.length).toBe(3);
      expect(printed.slice(0, 2)).toEqual(['User 1\n', 'User 2\n']);
      const [shown] = blocksIn(shows, 'text') as [Block];
      expectShown(shown.text, printed[2] as string);
    });
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
