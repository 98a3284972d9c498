// A Fastify app that is measured, and shows its metrics, by one line.
import { setTimeout } from 'node:timers/promises';
import { metricsPlugin } from '@prometer/fastify';
import fastify from 'fastify';

const app = fastify();
app.register(metricsPlugin);

app.get('/', () => 'Hello!\n');
app.get('/users/:id', (request) => ({ id: request.params.id }));
app.get('/slow', async () => {
  await setTimeout(300);
  return 'At last.\n';
});
app.get('/fail', () => {
  throw new Error('This route always fails.');
});

const url = await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 3000) });
console.log(`A Fastify app runs: open ${url}/users/1, ${url}/slow and ${url}/fail`);
console.log(`Its metrics:        open ${url}/metrics`);
console.log(`Or ask for both:    curl ${url}/users/1 ${url}/metrics`);
