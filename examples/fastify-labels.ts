// A Fastify app in TypeScript: requests are counted by the plan of who asks, and each keeps the id of its trace.
import { Counter, type ExemplarLabels } from '@prometer/core';
import { metricsPlugin } from '@prometer/fastify';
import fastify from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    plan: string;
  }
}

const orders = new Counter({ name: 'orders', help: 'Orders by what was ordered', labelNames: ['kind'] });
for (const kind of ['book', 'film']) orders.labels(kind); // shown as 0 before the first one

const app = fastify();
app.register(metricsPlugin, {
  // What a hook has found out. Any value but these two is counted as "other".
  labels: { plan: { values: ['free', 'pro'], from: (request) => request.plan } },
  exemplars: (request) => traceOf(request.headers.traceparent),
});

app.decorateRequest('plan', '');
app.addHook('onRequest', async (request) => {
  request.plan = request.headers['x-plan']?.toString() ?? 'free';
});

app.get('/health', { config: { metrics: false } }, () => 'ok\n'); // not measured
app.get<{ Params: { id: string } }>('/orders/:id', (request) => ({ id: request.params.id }));
app.post<{ Params: { kind: string } }>('/orders/:kind', (request, reply) => {
  const { kind } = request.params;
  if (kind !== 'book' && kind !== 'film') return reply.code(404).send('There is no such thing.\n');
  // Without `kind`, or with a label that `orders` doesn't have, this would not compile.
  orders.inc({ kind }, 1, traceOf(request.headers.traceparent));
  return reply.code(201).send('Ordered.\n');
});

const url = await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 3000) });
console.log(`A Fastify app runs:   curl -H 'x-plan: pro' ${url}/orders/1`);
console.log(`Its metrics:          open ${url}/metrics`);
console.log(`With exemplars, too:  curl -H 'accept: application/openmetrics-text' ${url}/metrics`);

/** The ids that a client has sent of its trace (W3C, "Trace Context"). */
function traceOf(traceparent: string | string[] | undefined): ExemplarLabels | undefined {
  const [, trace_id, span_id] = /^00-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}$/.exec(String(traceparent)) ?? [];
  return trace_id === undefined || span_id === undefined ? undefined : { trace_id, span_id };
}
