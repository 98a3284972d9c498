import { execFileSync } from 'node:child_process';
import { Registry } from '@prometer/core';
import { collectDefaultMetrics, type DefaultMetricsNames } from '../src/index.ts';

describe('nodejs_version_info', () => {
  it('is 1, with the version of the node that runs in its labels', async () => {
    const version = execFileSync(process.execPath, ['--version'], { encoding: 'utf8' }).trim();
    const [major, minor, patch] = version.slice(1).split('.');

    const { v8, uv, openssl, llhttp, nghttp2, undici, zlib, icu } = JSON.parse(
      execFileSync(process.execPath, ['-p', 'JSON.stringify(process.versions)'], { encoding: 'utf8' }),
    ) as NodeJS.ProcessVersions;
    const components = `v8="${v8}",uv="${uv}",openssl="${openssl}",llhttp="${llhttp}",nghttp2="${nghttp2}",undici="${undici}",zlib="${zlib}",icu="${icu}"`;

    expect(await exposed()).toBe(`\
# HELP nodejs_version_info Versions of Node.js and of what it is built on as labels; the value is always 1.
# TYPE nodejs_version_info gauge
nodejs_version_info{version="${version}",major="${major}",minor="${minor}",patch="${patch}",${components}} 1
`);
  });

  it('is an info where the format knows such', async () => {
    const registry = new Registry();
    collectDefaultMetrics({ registry, only: ['version'] });

    expect(await registry.metrics({ format: 'openmetrics' })).toContain('# TYPE nodejs_version info\n');
  });

  it('is a gauge with four labels under the names of prom-client', async () => {
    const [major, minor, patch] = process.versions.node.split('.');

    expect(await exposed('prom-client')).toBe(`\
# HELP nodejs_version_info Node.js version info.
# TYPE nodejs_version_info gauge
nodejs_version_info{version="${process.version}",major="${major}",minor="${minor}",patch="${patch}"} 1
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
      '\nnodejs_version_info{version="v27.1.0-nightly20270102abc",major="27",minor="1",patch="0",v8="',
    );
  });
});

function exposed(names: DefaultMetricsNames = 'prometer'): Promise<string> {
  const registry = new Registry();
  collectDefaultMetrics({ registry, only: ['version'], names });
  return registry.metrics();
}
