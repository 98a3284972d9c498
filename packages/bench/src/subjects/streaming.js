import { createServer, request } from 'node:http';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGunzip, gzip } from 'node:zlib';
import { metricsHandler } from '@prometer/http';
import { check, expectEqual } from '../checks.js';
import { withChildren } from '../children.js';
import { columnsOf, labelSetsOf, LABEL_NAMES, SHAPES } from '../label-values.js';
import { LIBRARIES, load, OURS } from '../libraries.js';
import { collectGarbage, forgetPeak, peakBytes, threadCpuMs } from '../process-figures.js';
import { comparedRow } from '../rows.js';

export const title = 'A scrape of a million lines, over HTTP';

const CODINGS = { plain: undefined, gzip: 'gzip' };

export async function run({ short }) {
  const lines = short ? 10_000 : 1_000_000;
  const rounds = short ? 1 : 3;
  const largest = { block: { plain: {}, gzip: {} }, peak: { plain: {}, gzip: {} } };
  await withChildren(import.meta.url, LIBRARIES, { lines }, async (servers) => {
    const ports = new Map();
    for (const [library, server] of servers) ports.set(library, await server.call('listen'));
    for (let round = 0; round < rounds; round++)
      for (const [coding, accepted] of Object.entries(CODINGS))
        for (const [library, server] of servers) {
          await server.call('begin');
          const counted = await scrape(ports.get(library), accepted);
          const { blockMs, peak } = await server.call('end');
          await check(`${coding}, ${library}`, () => expectEqual('The number of samples', counted, lines));
          keepLargest(largest.block[coding], library, blockMs);
          keepLargest(largest.peak[coding], library, peak);
        }
  });
  return {
    rows: Object.keys(CODINGS).flatMap((coding) => [
      comparedRow(`longest block of the event loop, CPU, ${coding}`, 'ms', largest.block[coding], { most: 10 }),
      comparedRow(`memory at its peak, above that before, ${coding}`, 'B', largest.peak[coding], { times: 5 }),
    ]),
    notes: ['The largest of all scrapes, with the first one.'],
  };
}

function keepLargest(largest, library, value) {
  largest[library] = { value: Math.max(value, largest[library]?.value ?? 0) };
}

/** Reads a scrape as fast as it comes; resolves to the number of its samples. */
async function scrape(port, coding) {
  const sent = request({
    port,
    host: '127.0.0.1',
    // Ours has more to say than the others: what it tells about its scrapes.
    path: '/metrics?name[]=requests_total',
    headers: coding === undefined ? {} : { 'Accept-Encoding': coding },
  });
  sent.end();
  const [response] = await once(sent, 'response');
  expectEqual('The status', response.statusCode, 200);
  expectEqual('The coding', response.headers['content-encoding'], coding);
  let samples = 0;
  let isLineStart = true;
  const count = async (pieces) => {
    for await (const piece of pieces) {
      if (isLineStart && piece[0] === HASH) samples--;
      for (let at = piece.indexOf(LINE_FEED); at >= 0; at = piece.indexOf(LINE_FEED, at + 1)) {
        samples++;
        if (piece[at + 1] === HASH) samples--;
      }
      isLineStart = piece.at(-1) === LINE_FEED;
    }
  };
  await (coding === undefined ? pipeline(response, count) : pipeline(response, createGunzip(), count));
  return samples;
}

const LINE_FEED = 0x0a;
const HASH = 0x23;

export async function child(library, { lines }) {
  const registry = (await load(library))();
  fill(registry, lines);
  const handler = library === OURS ? metricsHandler({ registry: registry.registry }) : inOneGo(registry);
  const server = createServer(handler);
  let before;
  let longest;
  let isWatching = false;

  return {
    async listen() {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server.address().port;
    },
    async begin() {
      await collectGarbage();
      forgetPeak();
      before = process.memoryUsage.rss();
      longest = 0;
      isWatching = true;
      watch(performance.now(), threadCpuMs());
    },
    end() {
      isWatching = false;
      return { blockMs: longest, peak: Math.max(0, peakBytes() - before) };
    },
  };

  /**
   * What the thread does between two turns of the event loop is what a request that arrives waits for: its CPU time, and
   * no more than the time that has passed where the system tells that of the whole process only.
   */
  function watch(lastTime, lastCpu) {
    setImmediate(() => {
      const [time, cpu] = [performance.now(), threadCpuMs()];
      longest = Math.max(longest, Math.min(time - lastTime, cpu - lastCpu));
      if (isWatching) watch(time, cpu);
    });
  }
}

/** With gzip in zlib's own threads, which is the best that a user can do. */
function inOneGo(registry) {
  const pack = promisify(gzip);
  return async (incoming, response) => {
    const text = await registry.text();
    const isPacked = incoming.headers['accept-encoding'] === 'gzip';
    response.writeHead(200, { 'Content-Type': 'text/plain', ...(isPacked && { 'Content-Encoding': 'gzip' }) });
    response.end(isPacked ? await pack(text) : text);
  };
}

function fill(registry, lines) {
  const counter = registry.counter({ name: 'requests_total', labelNames: LABEL_NAMES.slice(0, 3) });
  labelSetsOf(columnsOf(SHAPES[3][lines])).forEach((labels, i) => counter.inc(labels, i % 1000));
}
