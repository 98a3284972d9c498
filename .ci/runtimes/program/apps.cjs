// The same app on each framework and on none, measured as it comes, and metrics at a port of their own.
// oxlint-disable-next-line typescript/unbound-method -- it is a function of the module
const { once } = require('node:events');
const http = require('node:http');
const { Readable } = require('node:stream');

const HOST = '127.0.0.1';
const PIECES = ['one ', 'two ', 'three'];

/**
 * Says where the apps are, and closes them when there is no more input.
 *
 * @param modules what the packages and the frameworks give
 */
exports.serve = async (modules) => {
  const { urls, close } = await startApps(modules);
  // oxlint-disable-next-line typescript/no-misused-promises -- what it rejects with ends the program
  process.stdin.resume().once('end', async () => {
    await close();
    console.log('closed');
  });
  console.log(JSON.stringify(urls));
};

/** The URLs by name, and how to close all of it. */
async function startApps(modules) {
  const apps = {
    plain: await startPlain(modules),
    express: await startExpress(modules),
    fastify: await startFastify(modules),
  };
  const { url, close } = await modules.http.startHttpServer({ port: 0, host: HOST, keepProcessAlive: true });
  const all = { ...apps, port: { url: url.replace(/\/metrics$/, ''), close } };
  return {
    urls: Object.fromEntries(Object.entries(all).map(([name, app]) => [name, app.url])),
    close: () => Promise.all(Object.values(all).map((app) => app.close())),
  };
}

async function startPlain({ core, http: { instrumentServer } }) {
  const routes = {
    '/users/:id': (request, response) => response.end(request.url.slice('/users/'.length)),
    '/echo': (request, response) => request.pipe(response),
    '/pieces': (request, response) => pieces().pipe(response),
    '/begun': (request, response) => response.write('begun'),
    '/never': () => {},
    '/fail': (request, response) => response.writeHead(500).end(),
  };
  const routeOf = ({ url }) => (url.startsWith('/users/') ? '/users/:id' : url in routes ? url : undefined);
  const server = http.createServer((request, response) => {
    const route = routeOf(request);
    if (route === undefined) response.writeHead(404).end();
    else routes[route](request, response);
  });
  const metrics = instrumentServer(server, { registry: new core.Registry(), route: routeOf });
  return listening(server.listen(0, HOST), () => metrics.close());
}

async function startExpress({ adapters, frameworks }) {
  const { express } = frameworks;
  const app = express();
  app.use(adapters.express.metricsMiddleware);
  app.get('/users/:id', (request, response) => response.send(request.params.id));
  app.post('/echo', express.json(), (request, response) => response.json(request.body));
  app.get('/pieces', (request, response) => pieces().pipe(response));
  app.get('/begun', (request, response) => response.write('begun'));
  app.get('/never', () => {});
  app.get('/fail', async () => {
    throw new Error('This route always fails.');
  });
  return listening(app.listen(0, HOST), () => {});
}

async function startFastify({ core, adapters, frameworks }) {
  const app = frameworks.fastify({ forceCloseConnections: true });
  app.register(adapters.fastify.metricsPlugin, { registry: new core.Registry() });
  app.get('/users/:id', (request) => request.params.id);
  app.post('/echo', (request) => request.body);
  app.get('/pieces', (request, reply) => reply.send(pieces()));
  app.get('/begun', (request, reply) => {
    reply.hijack();
    reply.raw.write('begun');
  });
  app.get('/never', () => new Promise(() => {}));
  app.get('/fail', async () => {
    throw new Error('This route always fails.');
  });
  return { url: await app.listen({ host: HOST, port: 0 }), close: () => app.close() };
}

async function listening(server, onClose) {
  await once(server, 'listening');
  return {
    url: `http://${HOST}:${server.address().port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      onClose();
    },
  };
}

/** Each some time after the one before. */
function pieces() {
  return Readable.from(
    (async function* () {
      for (const piece of PIECES) {
        yield piece;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })(),
  );
}
