import { gzipSync } from 'node:zlib';
import { check } from './checks.js';
import { command } from './command.js';

/**
 * How many kB of 1,000 bytes a package may be: all that is installed, and its code as gzip sends it. A little above what
 * they are, so that one that grows is grown on purpose.
 */
const LIMITS = {
  '@prometer/core': { unpacked: 177, gzipped: 38 },
  '@prometer/node': { unpacked: 46, gzipped: 7 },
  '@prometer/http': { unpacked: 84, gzipped: 18.5 },
  '@prometer/express': { unpacked: 26, gzipped: 3.7 },
  '@prometer/fastify': { unpacked: 25, gzipped: 3 },
};

export async function checkSize(name, tarball) {
  const [everything, code] = await Promise.all([
    command('tar', ['-xzOf', tarball]),
    command('tar', ['-xzOf', tarball, 'package/dist/index.cjs']),
  ]);
  const sizes = { unpacked: Buffer.byteLength(everything) / 1000, gzipped: gzipSync(code, { level: 9 }).length / 1000 };
  for (const [what, kB] of Object.entries(sizes)) {
    const limit = LIMITS[name]?.[what];
    await check(`${name}: ${kB.toFixed(1)} kB ${what}, of ${limit} at most`, () => {
      if (!(kB <= limit)) throw new Error(`Where what it brings is worth that, raise the limit in .ci/check-size.js.`);
    });
  }
}
