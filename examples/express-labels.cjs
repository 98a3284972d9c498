// An Express app in CommonJS: requests are counted by the plan of who asks, and each keeps the id of its trace.
const events = require('node:events');
const { Counter } = require('@prometer/core');
const { createMetricsMiddleware, measureAs } = require('@prometer/express');
const express = require('express');

const orders = new Counter({ name: 'orders', help: 'Orders by what was ordered', labelNames: ['kind'] });
for (const kind of ['book', 'film']) orders.labels(kind); // shown as 0 before the first one

const app = express();
app.use(
  createMetricsMiddleware({
    // Who asks decides what is in a header: any value but these two is counted as "other".
    labels: { plan: { values: ['free', 'pro'], from: (request) => request.headers['x-plan'] ?? 'free' } },
    exemplars: (request) => traceOf(request.headers.traceparent),
  }),
);

app.get('/health', measureAs(false), (request, response) => response.send('ok\n')); // not measured
app.get('/orders/:id', (request, response) => response.json({ id: request.params.id }));
app.post('/orders/:kind', (request, response) => {
  const { kind } = request.params;
  if (kind !== 'book' && kind !== 'film') {
    response.status(404).send('There is no such thing.\n');
    return;
  }
  orders.inc({ kind }, 1, traceOf(request.headers.traceparent));
  response.status(201).send('Ordered.\n');
});

/** The ids that a client has sent of its trace (W3C, "Trace Context"). */
function traceOf(traceparent = '') {
  const [, trace_id, span_id] = /^00-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}$/.exec(traceparent) ?? [];
  return trace_id === undefined ? undefined : { trace_id, span_id };
}

async function start() {
  const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
  await events.once(server, 'listening');

  const url = `http://127.0.0.1:${server.address().port}`;
  console.log(`An Express app runs:  curl -H 'x-plan: pro' ${url}/orders/1`);
  console.log(`Its metrics:          open ${url}/metrics`);
  console.log(`With exemplars, too:  curl -H 'accept: application/openmetrics-text' ${url}/metrics`);
}

module.exports = start();
