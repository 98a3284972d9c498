import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as core from '@prometer/core';
import * as express from '@prometer/express';
import * as fastify from '@prometer/fastify';
import * as http from '@prometer/http';
import { collectDefaultMetrics } from '@prometer/node';
import makeFastify from 'fastify';
import { codeIn, read, sectionsOf, tableOf } from './documents.ts';
import { samplesOfAll } from './samples.ts';

const PAGE = 'docs/migration.md';
const EXPORTED: Readonly<Record<string, unknown>> = { ...core, ...express, ...fastify, ...http, collectDefaultMetrics };

/** Where the names of each library are written down, beside the benchmarks, which use it. */
const PEERS: readonly [heading: string, files: readonly string[]][] = [
  ['prom-client', ['prom-client/index.d.ts']],
  ['fastify-metrics', ['fastify-metrics/dist/types.d.ts', 'fastify-metrics/dist/fastify-metrics.js']],
  ['express-prom-bundle', ['express-prom-bundle/src/index.js', 'express-prom-bundle/README.md']],
];

/** What the tables call things of a kind. */
function receivers(): Readonly<Record<string, object>> {
  const definition = { help: '', registry: null, labelNames: ['a'] };
  return {
    registry: new core.Registry(),
    counter: new core.Counter({ ...definition, name: 'a' }),
    histogram: new core.Histogram({ ...definition, name: 'a' }),
  };
}

/** Where an option can be given: each refuses one that it doesn't have. */
const TAKE_OPTIONS: Readonly<Record<string, readonly ((options: object) => unknown)[]>> = {
  'prom-client': [
    (options) => new core.Summary({ name: 'a', help: '', registry: null, ...options }),
    (options) => collectDefaultMetrics({ ...options, only: [] }).stop(),
  ],
  'fastify-metrics': [adapter],
  'express-prom-bundle': [adapter],
};

function adapter(options: object): void {
  express.createMetricsMiddleware({ registry: new core.Registry(), ...options }).metrics.close();
}

/** Whether something is as a table calls it. */
async function exists(code: string, heading: string): Promise<boolean> {
  const [, receiver, method] = /^(\w+)\.(\w+)\(.*\)$/.exec(code) ?? [];
  if (receiver !== undefined) {
    const on = receivers()[receiver] as Readonly<Record<string, unknown>> | undefined;
    return typeof on?.[method as string] === 'function';
  }
  const [, called, , option] = /^(?:new )?(\w+)\((\{ (\w+) \})?.*\)$/.exec(code) ?? [];
  if (called !== undefined) {
    const call = EXPORTED[called] as ((options: object) => unknown) | undefined;
    if (typeof call !== 'function') return false;
    return option === undefined || called === 'Registry' || accepts(TAKE_OPTIONS[heading], { [option]: undefined });
  }
  if (/^[A-Za-z]+$/.test(code) && code in EXPORTED) return true;
  if (code.startsWith('config: ')) return isRouteConfig(evaluate(code));
  const [, name = '', value] = /^(\w+)(: .+)?$/.exec(code) ?? [];
  if (name === '') return accepts(TAKE_OPTIONS[heading], evaluate(code));
  return accepts(TAKE_OPTIONS[heading], value === undefined ? { [name]: undefined } : evaluate(code));
}

function accepts(takers: readonly ((options: object) => unknown)[] = [], options: object): boolean {
  return takers.some((take) => {
    try {
      take(options);
      return true;
    } catch {
      return false;
    }
  });
}

function evaluate(code: string): object {
  // oxlint-disable-next-line typescript/no-implied-eval -- what the page says
  return new Function('registry', `return { ${code} };`)(new core.Registry()) as object;
}

/** Whether a route that says this is measured in another way than one that says nothing. */
async function isRouteConfig(options: object): Promise<boolean> {
  const registry = new core.Registry();
  const app = makeFastify();
  app.register(fastify.metricsPlugin, { registry, defaultMetrics: false });
  app.get('/a', options, () => 'a');
  await app.inject('/a');
  await app.close();
  const text = await registry.metrics();
  return !text.includes('route="/a"') && !(text.includes('route=') && !text.includes('route="a name"'));
}

describe.each(PEERS)('The table of %s', (heading, files) => {
  const rows = tableOf(PAGE, heading);

  it('names what the other library has', () => {
    const source = files
      .map((file) => readFileSync(join(__dirname, '../../packages/bench/node_modules', file), 'utf8'))
      .join('\n');
    const known = new Set(source.match(/\w+/g));
    const named = rows.flatMap(([old]) => codeIn(old)).flatMap((code) => code.match(/[A-Za-z]\w+/g) ?? []);

    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !known.has(name) && !['await', 'false'].includes(name))).toEqual([]);
  });

  it('names what there is', async () => {
    const named = rows.flatMap(([, ours]) => codeIn(ours));
    const missing = [];
    for (const code of named) if (!(await exists(code, heading))) missing.push(code);

    expect(named.length).toBeGreaterThan(5);
    expect(missing).toEqual([]);
  });

  it('has a counterpart, or a dash, in each row', () => {
    expect(rows.filter(([, ours]) => ours !== '–' && codeIn(ours).length === 0)).toEqual([]);
  });
});

describe('What the tables say that there is', () => {
  it('would be missed', async () => {
    const wrong = ['registry.gatherAll()', 'defaultRegister', 'ignored', 'statusLabel: "classes"', 'measuredAs(false)'];
    const found = [];
    for (const code of [...wrong, 'config: { measured: false }', 'collectDefaultMetrics({ register })']) {
      for (const [heading] of PEERS) if (await exists(code, heading)) found.push(code);
    }

    expect(found).toEqual([]);
  });

  it('is also shown at /metrics, where metrics are named', async () => {
    const samples = await samplesOfAll();
    const text = read(PAGE).replace(/`http_request_summary_seconds`/g, '');
    const named = Array.from(text.matchAll(/`((?:http|process|nodejs)_\w+)`/g), ([, name]) => name as string);

    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((name) => !samples.has(name))).toEqual([]);
    expect(sectionsOf(PAGE).length).toBeGreaterThan(PEERS.length);
  });
});
