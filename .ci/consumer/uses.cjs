// One small use of each package. `load` is import, require, or Jest's require.
const assert = require('node:assert/strict');

exports.core = async (load) => {
  const { Counter, Gauge, Histogram, MetricError, Registry, Summary, defaultRegistry } = await load('@prometer/core');
  const requests = new Counter({ name: 'requests', help: 'Requests', labelNames: ['method'] });
  requests.labels('get').inc(2);
  requests.inc({ method: 'get' });
  assert.equal(defaultRegistry.getSampleValue('requests_total', { method: 'get' }), 3);
  assert.throws(() => requests.labels('get').inc(-1), MetricError);

  const registry = new Registry();
  new Gauge({ name: 'g', help: 'A gauge', registry }).set(3.5);
  new Histogram({ name: 'h', help: 'A histogram', buckets: [1], registry }).observe(1);
  new Summary({ name: 's', help: 'A summary', registry }).observe(1);
  assert.equal(
    await registry.metrics(),
    [
      '# HELP g A gauge\n# TYPE g gauge\ng 3.5\n',
      '# HELP h A histogram\n# TYPE h histogram\nh_bucket{le="1.0"} 1\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n',
      '# HELP s A summary\n# TYPE s summary\ns_sum 1\ns_count 1\n',
    ].join(''),
  );
};

exports.node = async (load) => {
  const { Registry } = await load('@prometer/core');
  const { collectDefaultMetrics } = await load('@prometer/node');
  const registry = new Registry();
  const runtime = collectDefaultMetrics({ registry });
  assert.match(await registry.metrics(), /^process_cpu_seconds_total \d/m);
  runtime.stop();
};

exports.http = async (load) => {
  const { Gauge, Registry } = await load('@prometer/core');
  const { metricsHandler, startHttpServer } = await load('@prometer/http');
  const registry = new Registry();
  new Gauge({ name: 'a', help: 'A gauge', registry }).set(345);
  const server = await startHttpServer({ port: 0, host: '127.0.0.1', registry });
  assert.match(await read(server.url), /^a 345$/m);
  await server.close();
  assert.equal(typeof metricsHandler({ registry }), 'function');
};

exports.express = async (load) => {
  const { defaultRegistry } = await load('@prometer/core');
  const { metricsMiddleware } = await load('@prometer/express');
  const express = defaultOf(await load('express'));
  const app = express();
  app.use(metricsMiddleware);
  app.get('/users/:id', (request, response) => response.send(request.params.id));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  await expectMeasured(`http://127.0.0.1:${server.address().port}`, defaultRegistry);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
};

exports.fastify = async (load) => {
  const { defaultRegistry } = await load('@prometer/core');
  const { default: byDefault, metricsPlugin } = await load('@prometer/fastify');
  assert.equal(defaultOf({ default: byDefault }), metricsPlugin);
  const app = defaultOf(await load('fastify'))({ forceCloseConnections: true });
  app.register(metricsPlugin);
  app.get('/users/:id', (request) => request.params.id);
  await expectMeasured(await app.listen({ host: '127.0.0.1', port: 0 }), defaultRegistry);
  await app.close();
};

/** The registry is one that was loaded by itself: it is the one that the adapter's own dependency has. */
async function expectMeasured(url, registry) {
  assert.equal(await read(`${url}/users/7`), '7');
  assert.match(
    await read(`${url}/metrics`),
    /^http_requests_total\{method="GET",route="\/users\/:id",status_code="200"\} 1$/m,
  );
  const labels = { method: 'GET', route: '/users/:id', status_code: '200' };
  assert.equal(registry.getSampleValue('http_requests_total', labels), 1);
}

async function read(url) {
  const response = await fetch(url);
  assert.equal(response.status, 200);
  return response.text();
}

/** What CommonJS gives itself and ES modules give as `default`. */
function defaultOf(module) {
  return module.default ?? module;
}
