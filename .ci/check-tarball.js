import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { check } from './checks.js';
import { command } from './command.js';

/** What packages/build.js makes, and what npm takes along. */
const PUBLISHED = /^package\/(package\.json|LICENSE|README\.md|dist\/(index\.(cjs|js|d\.cts|d\.ts)|door\.cjs))$/;

/** What can be told of a packed package without installing it. */
export async function checkTarball(name, tarball, root) {
  await check(`${name}: holds what it should and nothing else`, async () => {
    const files = (await command('tar', ['-tzf', tarball])).trim().split('\n');
    const strange = files.filter((file) => !PUBLISHED.test(file));
    if (strange.length > 0) throw new Error(`Not to be published: ${strange.join(', ')}`);
    const manifest = await command('tar', ['-xzOf', tarball, 'package/package.json']);
    if (/"(workspace|catalog):/.test(manifest)) throw new Error(`Has a version that only pnpm knows:\n${manifest}`);
  });

  await check(`${name}: publint`, async () => {
    const bytes = readFileSync(tarball);
    const { messages, pkg } = await publint({
      pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) },
    });
    if (messages.length > 0) throw new Error(messages.map((message) => formatMessage(message, pkg)).join('\n'));
  });

  await check(`${name}: are the types wrong`, () =>
    command(join(root, 'node_modules', '.bin', 'attw'), [tarball, '--format', 'ascii', '--no-emoji', '--no-color']),
  );
}
