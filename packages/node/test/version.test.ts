import { execFileSync } from 'node:child_process';
import { Registry } from '@prometer/core';
import { collectDefaultMetrics } from '../src/index.ts';

describe('nodejs_version_info', () => {
  it('is 1, with the version of the node that runs in its labels', async () => {
    const version = execFileSync(process.execPath, ['--version'], { encoding: 'utf8' }).trim();
    const [major, minor, patch] = version.slice(1).split('.');

    expect(await exposed()).toBe(`\
# HELP nodejs_version_info Version of Node.js as labels; the value is always 1.
# TYPE nodejs_version_info gauge
nodejs_version_info{version="${version}",major="${major}",minor="${minor}",patch="${patch}"} 1
`);
  });

  it('takes the parts of a nightly version apart', async () => {
    const { version, versions } = process;
    Object.defineProperty(process, 'version', { value: 'v27.1.0-nightly20270102abc' });
    Object.defineProperty(process, 'versions', { value: { ...versions, node: '27.1.0-nightly20270102abc' } });
    const text = await exposed();
    Object.defineProperty(process, 'version', { value: version });
    Object.defineProperty(process, 'versions', { value: versions });

    expect(text).toContain(
      '\nnodejs_version_info{version="v27.1.0-nightly20270102abc",major="27",minor="1",patch="0"} 1\n',
    );
  });
});

function exposed(): Promise<string> {
  const registry = new Registry();
  collectDefaultMetrics({ registry, only: ['version'] });
  return registry.metrics();
}
