// One and the same app for each framework, measured by Prometer with the options that a check wants.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const require = createRequire(join(import.meta.dirname, '..', '..', 'examples', 'package.json'));

const HOST = '127.0.0.1';
const SLOW_MS = 20;

/** As long as `?ms=` says, which is up to two seconds. */
async function beSlow(url) {
  const { ms = SLOW_MS } = Object.fromEntries(new URLSearchParams(url.split('?')[1]));
  await setTimeout(Math.min(Number(ms) || 0, 2000));
}

/** Starts the app of a framework; `server` is what listens, `close` ends it as an app of that framework is ended. */
export const FRAMEWORKS = {
  async express(options) {
    const express = require('express');
    const { createMetricsMiddleware } = require('@prometer/express');
    const app = express();
    const middleware = createMetricsMiddleware(options);
    app.use(middleware);
    app.get('/', (_request, response) => response.send('ok'));
    app.get('/users/:id', (request, response) => response.send(request.params.id));
    app.get('/slow', async (request, response) => {
      await beSlow(request.url);
      response.send('slow');
    });
    app.get('/fail', () => {
      throw new Error('This route always fails.');
    });
    app.get('/hold', (_request, response) => response.writeProcessing());
    app.get('/late', (request, response) => {
      response.writeProcessing();
      request.socket.once('error', () => response.send('too late'));
    });
    app.get('/drip', (_request, response) => response.write('drop'));
    app.post('/echo', async (request, response) => response.send(String(await bytesIn(request))));
    const server = app.listen(0, HOST);
    await once(server, 'listening');
    // Express leaves the rest to who has made the server.
    return { server, close: () => closed(server, middleware.metrics) };
  },

  async fastify(options) {
    const app = require('fastify')({ bodyLimit: 1024 * 1024 });
    app.register(require('@prometer/fastify').metricsPlugin, options);
    app.get('/', () => 'ok');
    app.get('/users/:id', (request) => request.params.id);
    app.get('/slow', async (request) => {
      await beSlow(request.url);
      return 'slow';
    });
    app.get('/fail', () => {
      throw new Error('This route always fails.');
    });
    app.get('/hold', (_request, reply) => {
      reply.hijack();
      reply.raw.writeProcessing();
    });
    app.get('/late', async ({ raw }, reply) => {
      reply.raw.writeProcessing();
      await new Promise((resolve) => raw.socket.once('error', resolve));
      return 'too late';
    });
    app.get('/drip', (_request, reply) => {
      reply.hijack();
      reply.raw.write('drop');
    });
    app.post('/echo', (request) => String(Buffer.byteLength(request.body)));
    await app.listen({ port: 0, host: HOST });
    return { server: app.server, close: () => app.close() };
  },

  async plain(options) {
    const { instrumentServer } = require('@prometer/http');
    const server = createServer((request, response) => void answer(request, response));
    const metrics = instrumentServer(server, { route: plainRoute, ...options });
    server.listen(0, HOST);
    await once(server, 'listening');
    return { server, close: () => closed(server, metrics) };
  },
};

/** In which order checks go through them. */
export const FRAMEWORK_NAMES = ['express', 'fastify', 'plain'];

const PLAIN_ROUTES = new Set(['/', '/slow', '/fail', '/hold', '/late', '/drip', '/echo']);

function plainRoute({ method, url }) {
  const [path] = url.split('?', 1);
  if ((path === '/echo') !== (method === 'POST')) return undefined;
  if (/^\/users\/[^/]+$/.test(path)) return '/users/:id';
  return PLAIN_ROUTES.has(path) ? path : undefined;
}

async function answer(request, response) {
  switch (plainRoute(request)) {
    case '/':
      response.end('ok');
      break;
    case '/users/:id':
      response.end(request.url.slice('/users/'.length));
      break;
    case '/slow':
      await beSlow(request.url);
      response.end('slow');
      break;
    case '/fail':
      response.writeHead(500).end('This route always fails.');
      break;
    case '/hold':
      response.writeProcessing();
      break;
    case '/late':
      response.writeProcessing();
      request.socket.once('error', () => response.end('too late'));
      break;
    case '/drip':
      response.write('drop');
      break;
    case '/echo':
      response.end(String(await bytesIn(request)));
      break;
    default:
      response.writeHead(404).end('not found');
  }
}

async function bytesIn(request) {
  let bytes = 0;
  try {
    for await (const chunk of request) bytes += chunk.length;
  } catch {
    // Its client has left.
  }
  return bytes;
}

async function closed(server, metrics) {
  await new Promise((resolve) => {
    server.close(resolve);
  });
  metrics.close();
}
