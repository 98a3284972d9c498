import { Registry } from '@prometer/core';
import { HttpMetrics } from '@prometer/http';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { ask, until } from '../../packages/http/test/client.ts';
import { read, tableOf } from './documents.ts';

/** The rows of docs/benchmarks.md that the README's are of. */
const ROWS: Readonly<Record<string, string>> = {
  '`inc()` of a series that is kept': 'inc, kept series',
  '`inc({ … })` with three labels, 128 series': 'inc, 3 labels, fresh object, strings, 128 series',
  '`observe({ … }, seconds)` with three labels': 'observe, object of 3 labels',
  'a scrape of 10,000 counters, as text': 'text of 10000 counters',
  'a scrape of 53 small metrics, as text': 'text of 53 small families',
  'a scrape of a million lines: longest block of the event loop': 'longest block of the event loop, CPU, plain',
  'a scrape of a million lines: memory at its peak': 'memory at its peak, above that before, plain',
  'an idle second with the metrics about the process, in CPU': 'CPU in a second',
  'a request to Express 5, five routes, CPU added': 'Express 5, five routes, added',
  'a request to Fastify 5, five routes, CPU added': 'Fastify 5, five routes, added',
  "memory of a counter's series, 10 × 100 × 100 label values": 'per counter, 10 × 100 × 100 values, by object',
  'CPU of importing the core': 'CPU of import',
  'the core as it is installed': 'size with dependencies',
};

/** These are no library that does what ours does. */
const NO_PEERS = ['OpenTelemetry', 'without metrics', 'prom-client by hand', 'ratio'];

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  bytes: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
};

/** What was measured in a row of docs/benchmarks.md: a figure and its unit, by the library; the first such row is taken. */
function measured(name: string): Map<string, string> {
  const lines = read('docs/benchmarks.md').split('\n');
  const cellsOf = (line: string): string[] => line.split('|').map((cell) => cell.trim());
  const at = lines.findIndex((line) => cellsOf(line)[1] === name);
  const head = lines.slice(0, at).findLastIndex((line) => cellsOf(line)[1] === '');
  const [, , ...cells] = cellsOf(lines[at] ?? '');
  return new Map(cellsOf(lines[head] ?? '').map((library, i) => [library, cells[i - 2]?.split(/ ±|, /)[0] as string]));
}

function valueOf(figure: string): number {
  const [number, unit = ''] = figure.split(' ');
  return Number(number) * (UNITS[unit] ?? NaN);
}

describe('The figures of the README', () => {
  const rows = tableOf('README.md', 'What it costs');

  it.each(rows)('%s, are those of the benchmarks', (what, ours, others = '') => {
    const all = measured(ROWS[what] ?? what);
    const [figure = '', library = ''] = others.split(', ');
    const peers = [...all].filter(([name, its]) => name !== 'Prometer' && !NO_PEERS.includes(name) && its);

    expect(ours).toBe(all.get('Prometer'));
    expect(figure).toBe(all.get(library));
    expect(Math.min(...peers.map(([, its]) => valueOf(its)))).toBe(valueOf(figure));
  });

  it('are all that there are to compare, of one day and one machine', () => {
    const dayOf = (file: string): string | undefined => /^\d{4}-\d\d-\d\d, .*?(?=\.?$)/m.exec(read(file))?.[0];

    expect(rows.map(([what]) => what)).toEqual(Object.keys(ROWS));
    expect(dayOf('README.md')).toMatch(/Node\.js v\d/);
    expect(dayOf('README.md')).toBe(dayOf('docs/benchmarks.md'));
  });
});

describe('What the guide says of the series of a histogram', () => {
  it('is what one request makes', async () => {
    const [, buckets, series] = /A histogram of (\d+) buckets is (\d+) series/.exec(read('docs/http-metrics.md')) ?? [];
    const registry = new Registry();
    const metrics = new HttpMetrics({ registry, defaultMetrics: false });
    const server = createServer((request, response) => {
      metrics.measure(request, response, () => '/');
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await ask((server.address() as AddressInfo).port, '/');
    const shown = async (): Promise<string[]> =>
      (await registry.metrics()).match(/^http_request_duration_seconds_\w+\{.*/gm) ?? [];
    await until(async () => (await shown()).length > 0);
    server.close();
    metrics.close();

    expect((await shown()).length).toBe(Number(series));
    expect((await shown()).filter((line) => /le="\d/.test(line)).length).toBe(Number(buckets));
  });
});
