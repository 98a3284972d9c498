import type { AddressInfo } from 'node:net';
import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import * as core from '@prometer/core';
import * as express from '@prometer/express';
import * as fastify from '@prometer/fastify';
import * as http from '@prometer/http';
import * as node from '@prometer/node';
import makeFastify, { type FastifyInstance } from 'fastify';
import { runExample } from '../../packages/core/test/examples.ts';
import { ask, until, type Answer } from '../../packages/http/test/client.ts';
import { blocksIn, isServer, type Section } from './documents.ts';

/** What became of the code of a section. */
export interface Ran {
  /** What the default registry shows afterwards. */
  shown: string;
  /** The ports that servers were started at, by those that the code gives. */
  ports: ReadonlyMap<number, number>;
  /** What the section's app answers at `/metrics` to who has the token; undefined if it has none. */
  metrics: Answer | undefined;
  /** The status that this should have. */
  expectedStatus: number | undefined;
  /** The status that who has no token gets there, and the one that he should. */
  toStrangers: number | undefined;
  expectedToStrangers: number | undefined;
  /** The routes that were counted when each was asked whose line says how it is measured, and those that should have been. */
  routes: string[];
  expectedRoutes: string[];
  close(): Promise<void>;
}

// Its types are in a package of their own, which nothing here needs.
const makeExpress: () => RequestListener = jest.requireActual('express');

const PACKAGES: Readonly<Record<string, object>> = {
  '@prometer/core': core,
  '@prometer/express': express,
  '@prometer/fastify': fastify,
  '@prometer/http': http,
  '@prometer/node': node,
  express: { default: makeExpress },
  fastify: { default: makeFastify },
};

const TOKEN = 'a-long-token';

/** What is answered at `/metrics` to who has the token, by what the code says of them; else 200. */
const STATUSES = [
  ['path: false', 404],
  ['basicAuth(', 401],
] as const;

/** What is answered there to who has none. */
const STATUSES_TO_STRANGERS = [
  ['path: false', 404],
  ['authorize: ', 401],
] as const;

/** A section that shows a thing for each framework is a program for each. */
export function programsOf(section: Section): Section[] {
  const programs: Section[] = [];
  let imported: string | undefined;
  for (const block of section.blocks) {
    const [, adapter] = /'@prometer\/(express|fastify)'/.exec(block.text) ?? [];
    const isOther = adapter !== undefined && imported !== undefined && adapter !== imported;
    if (programs.length === 0 || isOther) programs.push({ ...section, blocks: [] });
    programs.at(-1)?.blocks.push(block);
    imported = adapter ?? imported;
  }
  return programs;
}

/**
 * Runs all JavaScript and TypeScript of a section as one program. It has an `app` of the framework whose adapter it imports,
 * and starts its servers at free ports. A comment after a statement that is a value has to be the statement's.
 */
export async function runSection(section: Section, files: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const blocks = blocksIn(section, 'js', 'ts').filter((block) => !isServer(block));
  const code = blocks.map(({ text }) => text.replace(/^const app = \w+\(\);\n/m, '')).join('');
  const ports = new Map<number, number>();
  const servers: http.MetricsServer[] = [];
  const listeners: ((warning: Error) => void)[] = [];

  const startHttpServer: typeof http.startHttpServer = async (where) => {
    const options = typeof where === 'object' ? where : { port: where };
    const isTaken = servers.some(({ port }) => port === options.port);
    const server = await http.startHttpServer({ ...options, port: isTaken ? options.port : 0, host: '127.0.0.1' });
    servers.push(server);
    ports.set(Number(options.port), server.port);
    return server;
  };
  const load = (name: string): object => {
    if (name === '@prometer/http') return { ...http, startHttpServer };
    if (name === 'node:fs') return { readFileSync: (file: string) => files[file] };
    const loaded = PACKAGES[name] ?? (jest.requireActual(name) as object);
    return 'default' in loaded ? loaded : { ...loaded, default: loaded };
  };
  const app =
    /'(?:@prometer\/)?fastify'/.test(code) && !code.includes("'@prometer/express'") ? makeFastify() : makeExpress();
  const scope = {
    app,
    $import: load,
    console: { log: () => {}, error: () => {} },
    process: {
      env: { METRICS_TOKEN: TOKEN, METRICS_PASSWORD: TOKEN },
      on: (event: 'warning', listener: (warning: Error) => void) => {
        listeners.push(listener);
        process.on(event, listener);
      },
    },
  };
  await runExample({ at: blocks[0]?.at ?? section.file, code: withoutImports(code) }, scope);
  const shown = await core.defaultRegistry.metrics();
  const hasApp = /^app\./m.test(code);
  const said = hasApp ? saidOf(code) : [];
  const answers = hasApp
    ? await askApp(
        app,
        said.map(({ path }) => path),
      )
    : undefined;
  const statusBy = (statuses: readonly (readonly [option: string, status: number])[]): number | undefined =>
    hasApp ? (statuses.find(([option]) => code.includes(option))?.[1] ?? 200) : undefined;

  return {
    shown,
    ports,
    metrics: answers?.metrics,
    expectedStatus: statusBy(STATUSES),
    toStrangers: answers?.toStrangers,
    expectedToStrangers: statusBy(STATUSES_TO_STRANGERS),
    routes: said.length > 0 ? routesIn(await core.defaultRegistry.metrics()) : [],
    expectedRoutes: said.length > 0 ? [...said.flatMap(({ name }) => name ?? []), 'unmatched'] : [],
    async close() {
      for (const listener of listeners) process.off('warning', listener);
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

/** A static import can't stand in a function; a `var` can stand there twice. */
function withoutImports(code: string): string {
  return code.replace(/^import (.+?) from ('[^']+');.*$/gm, (_, what: string, from: string) => {
    const names = what.startsWith('{') ? what : `{ default: ${what} }`;
    return `var ${names.replace(/\btype \w+,? ?/g, '').replaceAll(' as ', ': ')} = $import(${from});`;
  });
}

/** What lines say of how a route is measured: under which name, or not at all. */
function saidOf(code: string): { path: string; name: string | undefined }[] {
  return Array.from(code.matchAll(/^app\.\w+\('([^']+)'(.*) \/\/ (not measured|under this name)$/gm), (match) => {
    const [, path = '', options = '', said] = match;
    const [, name] = /(?:measureAs\(|route: )'([^']+)'/.exec(options) ?? [];
    return { path: path.replace(/:\w+|\*/g, '7'), name: said === 'not measured' ? undefined : (name ?? 'no name') };
  });
}

function routesIn(text: string): string[] {
  return Array.from(text.matchAll(/^http_requests_total\{.*?route="(.*?)"/gm), ([, route]) => route as string);
}

/** Asks an app for some paths, then for one that nothing is at, and at last for its metrics. */
async function askApp(
  app: RequestListener | FastifyInstance,
  paths: readonly string[],
): Promise<{ metrics: Answer; toStrangers: number }> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const server = 'inject' in app ? app.server : createServer(app);
  if ('inject' in app) await app.listen({ port: 0, host: '127.0.0.1' });
  else await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    for (const path of paths) await ask(port, path);
    if (paths.length > 0) {
      await ask(port, '/nothing/is/here');
      await until(async () => routesIn(await core.defaultRegistry.metrics()).includes('unmatched'));
    }
    const { status: toStrangers } = await ask(port, '/metrics');
    return { metrics: await ask(port, '/metrics', 'GET', headers), toStrangers };
  } finally {
    if ('inject' in app) await app.close();
    else server.close();
  }
}
