import { spawnSync } from 'node:child_process';
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

const peersFolder = join(__dirname, '../../packages/bench');

/** Names in a piece of code that aren't in what another library says of itself. */
function unknownIn(code: string, files: readonly string[]): string[] {
  const source = files.map((file) => readFileSync(join(peersFolder, 'node_modules', file), 'utf8')).join('\n');
  const known = new Set([...(source.match(/\w+/g) ?? []), 'await', 'false', 'import', 'from']);
  return (code.match(/[A-Za-z]\w+/g) ?? []).filter((name) => !known.has(name));
}

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

const BY_PACKAGE: Readonly<Record<string, object>> = {
  '@prometer/core': core,
  '@prometer/express': express,
  '@prometer/fastify': fastify,
  '@prometer/http': http,
};

/** Whether a package has what is imported from it. */
function canImport(code: string): boolean {
  const [, name = '', from = ''] = /^import (?:\{ (\w+) \}|\* as \w+) from '(.+)'$/.exec(code) ?? [];
  const there = BY_PACKAGE[from];
  return there !== undefined && (name === '' || name in there);
}

/** Whether something is as a table calls it. */
async function exists(code: string, heading: string): Promise<boolean> {
  if (code.startsWith('import ')) return canImport(code);
  if (code.startsWith('@')) return code in BY_PACKAGE;
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
    const named = rows.flatMap(([old]) => codeIn(old));

    expect(named.length).toBeGreaterThan(10);
    expect(named.flatMap((code) => unknownIn(code, files))).toEqual([]);
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

describe('The table in the README', () => {
  const rows = tableOf('README.md', 'Coming from another library');

  it('names what the other libraries have', () => {
    const unknown = rows.flatMap(([from = '', old]) => {
      const [, files = []] = PEERS.find(([heading]) => from.startsWith(`[${heading}]`)) ?? [];
      const [name = ''] = files[0]?.split('/') ?? [];
      return codeIn(old).flatMap((code) => unknownIn(code, [...files, `${name}/README.md`]));
    });

    expect(rows.map(([from]) => /\[(.+)\]/.exec(from as string)?.[1])).toEqual(PEERS.map(([heading]) => heading));
    expect(rows.filter(([, old]) => codeIn(old).length !== 1)).toEqual([]);
    expect(unknown).toEqual([]);
  });

  it('names what there is', () => {
    const written = rows.flatMap(([, , ours]) => codeIn(ours));
    const missing = written.filter((code) => {
      const [, used = ''] = /^app\.(?:use|register)\((\w+)\)$/.exec(code) ?? [];
      return !canImport(code) && !(used in EXPORTED);
    });

    expect(written.length).toBe(PEERS.length);
    expect(missing).toEqual([]);
  });
});

describe('A metric without labels', () => {
  const calls = codeIn(/^- A metric without labels takes none: (.*\n.*)$/m.exec(read(PAGE))?.[1]).filter((code) =>
    code.endsWith('({}, 5)'),
  );
  // Its types are of no module that tests know.
  const promClient = jest.requireActual<typeof core>(join(peersFolder, 'node_modules/prom-client'));

  it.each(calls)('refuses %s, which prom-client takes', (call) => {
    const [, kind = '', method = ''] = /^(\w+)\.(\w+)/.exec(call) ?? [];
    const run = ({ Counter, Gauge, Histogram, Summary }: typeof core, alone: object): void => {
      const kinds: Record<string, new (definition: never) => object> = {
        counter: Counter,
        gauge: Gauge,
        histogram: Histogram,
        summary: Summary,
      };
      const metric = new (kinds[kind] as (typeof kinds)[string])({ name: 'a', help: 'a', ...alone } as never);
      (metric as Record<string, (labels: object, value: number) => void>)[method]?.({}, 5);
    };

    expect(() => run(promClient, { registers: [] })).not.toThrow();
    expect(() => run(core, { registry: null })).toThrow('Labels are for a metric that declares labelNames');
  });

  it('is told of all calls that take a number', () => {
    expect(calls.length).toBe(6);
  });
});

describe('What the tables say that there is', () => {
  it('would be missed', async () => {
    const imports = ["import { Counters } from '@prometer/core'", "import * as client from '@prometer/cores'"];
    const wrong = [
      ...imports,
      'registry.gatherAll()',
      'defaultRegister',
      '@prometer/cores',
      'ignored',
      'statusLabel: "classes"',
      'measuredAs(false)',
    ];
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

// Prints the bounds that the others' histograms have by themselves.
const BOUNDS = `
import promBundle from 'express-prom-bundle';
import fastify from 'fastify';
import fastifyMetrics from 'fastify-metrics';
const app = fastify();
app.register(fastifyMetrics, { defaultMetrics: { enabled: false } });
await app.ready();
const bounds = [app.metrics.routeMetrics.routeHist, promBundle().metrics.http_request_duration_seconds];
console.log(JSON.stringify(bounds.map(({ upperBounds }) => upperBounds)));
await app.close();
`;

describe('The bounds of the durations', () => {
  let ofFastifyMetrics: number[];
  let ofBundle: number[];

  beforeAll(() => {
    const args = ['--input-type=module', '--eval', BOUNDS];
    const { stdout } = spawnSync(process.execPath, args, { cwd: peersFolder, encoding: 'utf8' });
    [ofFastifyMetrics, ofBundle] = JSON.parse(stdout) as [number[], number[]];
  });

  const ours = (options: object = {}): readonly number[] => {
    const registry = new core.Registry();
    new http.HttpMetrics({ registry, defaultMetrics: false, ...options });
    return (registry.get('http_request_duration_seconds') as core.Histogram).upperBounds;
  };

  it('of fastify-metrics are all among ours', () => {
    expect(ofFastifyMetrics.length).toBeGreaterThan(5);
    expect(ours()).toEqual(expect.arrayContaining(ofFastifyMetrics));
  });

  it('of express-prom-bundle are others, and are kept by what the page says', () => {
    const [kept = ''] = /(?<=`)buckets: \[.*?\](?=`)/.exec(read(PAGE)) ?? [];

    expect(ours()).not.toEqual(expect.arrayContaining(ofBundle));
    expect(ours(evaluate(kept))).toEqual(ofBundle);
  });
});
