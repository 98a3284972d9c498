// An exporter of disk usage: it asks the system when it is scraped, and at no other time.
import { statfs } from 'node:fs/promises';
import { defaultRegistry } from '@prometer/core';
import { startHttpServer } from '@prometer/http';

const paths = (process.env.PATHS ?? '/').split(':');

// A collector gives families as plain data. Both are of one look at each disk.
defaultRegistry.register({
  async collect() {
    const disks = await Promise.all(paths.map(look));
    const found = disks.filter(({ stats }) => stats !== undefined);
    return [
      gauge('disk_readable', 'Whether the path could be looked at', disks, ({ stats }) =>
        stats === undefined ? 0 : 1,
      ),
      gauge('disk_size_bytes', 'Size of the disk', found, ({ stats }) => stats.blocks * stats.bsize),
      gauge('disk_available_bytes', 'What programs can still write', found, ({ stats }) => stats.bavail * stats.bsize),
    ];
  },
});

/** A path that isn't there any more must not hide the others. */
async function look(path) {
  return { path, stats: await statfs(path).catch(() => undefined) };
}

function gauge(name, help, disks, valueOf) {
  return {
    name,
    help,
    type: 'gauge',
    series: disks.map((disk) => ({ labels: { path: disk.path }, value: valueOf(disk) })),
  };
}

// Serving is all that this program does: it goes on for as long as it can be scraped.
const server = await startHttpServer({ port: process.env.PORT ?? 8000, keepProcessAlive: true });
console.log(`An exporter of disk usage runs: open ${server.url}`);
console.log(`Or ask for it:                  curl ${server.url}`);
console.log(`Other disks:                    PATHS=/:/home npm start -- disk-usage`);
