import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { transformSync } from '@swc/core';
import * as http from '@prometer/http';
import { conforms } from '../../packages/http/test/conformance.ts';
import { inPieces, RefusedError, serve, thenBroken } from '../../packages/http/test/fixture-parts.ts';
import { adapter } from './contributing.ts';
import { Koa, Router, type Context, type Middleware } from './koa.ts';

const { koaMetrics } = run(adapter) as { koaMetrics(options: http.HttpMetricsOptions<string>): Middleware };

conforms({
  name: 'Koa, by the adapter of CONTRIBUTING.md',
  templates: {
    wildcard: '/files/*path',
    expression: String.raw`/^\\/rx\\/\\d+$/`,
    alternatives: ['/a/:id', '/b/:id'],
  },
  ignoresTrailingSlash: true,
  statusOfOptions: 404,
  tellsErrors: true,
  nameOfUndecodable: 'unmatched',
  async start(...installed) {
    const app = new Koa();
    app.silent = true;
    for (const options of installed) app.use(koaMetrics(options));
    addRoutes(app);
    return serve(app);
  },
});

/** Runs the module with this project's sources, as all tests of the suite do. */
function run(code: string): Record<string, unknown> {
  const { code: commonjs } = transformSync(code, { jsc: { target: 'es2023' }, module: { type: 'commonjs' } });
  const exports = {};
  // oxlint-disable-next-line typescript/no-implied-eval -- it is this project's own
  new Function('require', 'exports', commonjs)(() => http, exports);
  return exports;
}

function addRoutes(app: Koa): void {
  // The router hands on what can't be decoded as it is.
  app.use((ctx, next) => {
    try {
      decodeURIComponent(ctx.path);
    } catch {
      ctx.throw(400);
    }
    return next();
  });

  const router = new Router();
  router.get(
    '/users/:id',
    answer((ctx) => ctx.params.id),
  );
  router.post('/echo', async (ctx) => {
    ctx.body = await json(ctx.req).catch(() => ctx.throw(400));
  });
  router.post(
    '/pipe',
    answer((ctx) => ctx.req),
  );

  router.get('/slow', async (ctx) => {
    await setTimeout(1000);
    ctx.body = 'At last';
  });
  router.get('/never', () => new Promise(() => {}));
  router.get(
    '/pieces',
    answer(() => Readable.from(inPieces('a', 'b'))),
  );
  router.get('/stream', (ctx) => {
    ctx.respond = false;
    ctx.res.statusCode = 200;
    ctx.res.write('a piece');
  });
  router.get('/events', (ctx) => {
    ctx.type = 'text/event-stream';
    ctx.body = Readable.from(inPieces('data: first\n\n', 'data: last\n\n'));
  });

  router.get('/fail', () => {
    throw new TypeError('This route fails');
  });
  router.get('/reject', () => Promise.reject(new Error('This route rejects')));
  router.get('/refuse', () => {
    throw new RefusedError('This route refuses');
  });
  router.get(
    '/broken',
    answer(() => Readable.from(thenBroken())),
  );
  router.get('/late', (ctx) => {
    ctx.respond = false;
    ctx.res.writeHead(200).write('a piece');
    ctx.res.statusCode = 500;
    ctx.res.end();
  });
  router.get('/fall/:id', (_ctx, next) => next());

  const v1 = new Router({ prefix: '/v1' });
  v1.use(async (ctx, next) => {
    try {
      await next();
    } catch {
      ctx.status = 500;
      ctx.body = 'An error';
    }
  });
  v1.get(
    '/',
    answer(() => 'v1'),
  );
  v1.get(
    '/orders/:orderId/items/:itemId',
    answer(() => 'an item'),
  );
  v1.get('/boom/:id', () => {
    throw new Error('This route fails');
  });
  const api = new Router();
  api.use('/api', v1.routes());
  app.use(api.routes());
  const tenants = new Router({ prefix: '/tenants/:tenant' });
  tenants.get(
    '/things/:id',
    answer(() => 'a thing'),
  );
  app.use(tenants.routes());
  const sub = new Router({ prefix: '/sub' });
  sub.get(
    '/p/:id',
    answer(() => 'a p'),
  );
  app.use(sub.routes());

  router.get(
    /^\/rx\/\d+$/,
    answer(() => 'An expression'),
  );
  router.get(
    ['/a/:id', '/b/:id'],
    answer(() => 'One of several'),
  );
  router.get(
    '/files/*path',
    answer(() => 'a file'),
  );
  router.get('/health', (ctx) => {
    ctx.state.route = false;
    ctx.body = 'ok';
  });
  router.get('/named/:id', (ctx) => {
    ctx.state.route = 'a name';
    ctx.body = 'named';
  });
  app.use(router.routes());

  app.use(
    below('/static', (ctx) => {
      ctx.body = createReadStream(join(__dirname, ctx.path.slice('/static/'.length)));
    }),
  );
  app.use(
    below('/secure', (ctx) => {
      ctx.status = 401;
    }),
  );
}

/** What answers all below a mount, without a router, names that itself. */
function below(mount: string, middleware: (ctx: Context) => void): Middleware {
  return (ctx, next) => {
    if (!ctx.path.startsWith(`${mount}/`)) return next();
    ctx.state.route = `${mount}/*`;
    return middleware(ctx);
  };
}

function answer(body: (ctx: Context) => unknown): Middleware {
  return (ctx) => {
    ctx.body = body(ctx);
  };
}
