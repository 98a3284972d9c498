import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ask, until } from '../../packages/http/test/client.ts';
import { start } from './start.ts';

const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');

/** The first code block of the README after a text. */
function blockAfter(text: string): string {
  const after = readme.slice(readme.indexOf(text));
  return (/```\w*\n([\s\S]*?)```/.exec(after) as RegExpExecArray)[1] as string;
}

describe('The README', () => {
  it('shows what the Fastify example really prints', async () => {
    const example = await start('fastify');
    for (const path of ['/users/1', '/users/2', '/slow']) await ask(example.port, path);
    const metrics = async (): Promise<string> => (await ask(example.port, '/metrics')).body;
    await until(async () => (await metrics()).includes('route="/slow"'));
    const printed = withoutTimes(await metrics()).split('\n');
    await example.stop();

    const shown = withoutTimes(blockAfter('now prints')).trimEnd().split('\n');
    let from = 0;
    let gap = false;
    for (const line of shown) {
      if (line === '...') {
        gap = true;
        continue;
      }
      const at = printed.indexOf(line, from);
      expect([line, gap ? at >= from : at === from]).toEqual([line, true]);
      from = at + 1;
      gap = false;
    }
  });

  it('shows metrics of one’s own that work', async () => {
    const program = `${blockAfter('## Metrics of your own')}
      import { defaultRegistry } from '@prometer/core';
      process.stdout.write(await defaultRegistry.metrics());`;
    const cwd = join(__dirname, '..');
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { cwd });

    expect(withoutTimes(stdout)).toBe(`# HELP logins_total Logins by outcome
# TYPE logins_total counter
logins_total{outcome="ok"} 1
logins_total{outcome="wrong password"} 3
logins_total{outcome="locked out"} 1
# HELP jobs_queued Jobs that wait
# TYPE jobs_queued gauge
jobs_queued 6
# HELP db_query_seconds Time of a query
# TYPE db_query_seconds histogram
db_query_seconds_bucket{le="0.01"} 2
db_query_seconds_bucket{le="0.1"} 2
db_query_seconds_bucket{le="1.0"} 2
db_query_seconds_bucket{le="+Inf"} 2
db_query_seconds_sum TIME
db_query_seconds_count 2
# HELP batch_items Items in a batch
# TYPE batch_items summary
batch_items_sum 1
batch_items_count 1
`);
  });

  it.each(['fastify.js', 'express.js', 'plain-server.js', 'exporter.js', 'four-kinds.js', 'route-counter.js'])(
    'links to the example %s',
    (file) => {
      expect(readme).toContain(`(examples/${file})`);
      expect(readFileSync(join(__dirname, '..', file), 'utf8')).not.toBe('');
    },
  );
});

/** What differs from run to run. */
function withoutTimes(text: string): string {
  return text.replace(/^(\S*seconds_(?:sum|total)\S*) \S+$/gm, '$1 TIME');
}
