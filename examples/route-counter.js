// An app that counts its own visits and serves its metrics from a route of its own, without an adapter.
import { once } from 'node:events';
import { Counter, defaultRegistry } from '@prometer/core';
import express from 'express';

const visits = new Counter({ name: 'visits', help: 'Visits of each page', labelNames: ['page'] });
const app = express();

app.get('/', (request, response) => {
  visits.inc({ page: '/' });
  response.send('You have been counted.\n');
});

app.get('/metrics', async (request, response) => {
  const { contentType, body } = await defaultRegistry.expose();
  response.set('Content-Type', contentType).send(Buffer.from(body));
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
await once(server, 'listening');

const url = `http://127.0.0.1:${server.address().port}`;
console.log(`An app that counts visits runs: open ${url}/`);
console.log(`Its metrics:                    open ${url}/metrics`);
console.log(`Or ask for both:                curl ${url}/ ${url}/metrics`);
