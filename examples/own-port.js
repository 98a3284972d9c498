// An app whose metrics have a port of their own, which can be closed to everybody but Prometheus.
import { once } from 'node:events';
import { createMetricsMiddleware } from '@prometer/express';
import { startHttpServer } from '@prometer/http';
import express from 'express';

const app = express();
app.use(createMetricsMiddleware({ path: false })); // measures, and serves nothing

app.get('/', (request, response) => response.send('Hello!\n'));

// Before the app: what is wrong with the metrics' port is seen at once.
const metrics = await startHttpServer({ port: process.env.METRICS_PORT ?? 9464, host: '127.0.0.1' });
const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
await once(server, 'listening');

const url = `http://127.0.0.1:${server.address().port}`;
console.log(`An app runs:   open ${url}/`);
console.log(`Its metrics:   open ${metrics.url}`);
console.log(`Not here:      curl ${url}/metrics`);
