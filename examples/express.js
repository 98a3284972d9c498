// An Express app that is measured, and shows its metrics, by one line.
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { metricsMiddleware } from '@prometer/express';
import express from 'express';

const app = express();
app.use(metricsMiddleware);

app.get('/', (request, response) => response.send('Hello!\n'));
app.get('/slow', async (request, response) => {
  await setTimeout(300);
  response.send('At last.\n');
});
app.get('/fail', () => {
  throw new Error('This route always fails.');
});

const users = express.Router();
users.get('/:id', (request, response) => response.json({ id: request.params.id }));
app.use('/users', users);

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
await once(server, 'listening');

const url = `http://127.0.0.1:${server.address().port}`;
console.log(`An Express app runs: open ${url}/users/1, ${url}/slow and ${url}/fail`);
console.log(`Its metrics:         open ${url}/metrics`);
console.log(`Or ask for both:     curl ${url}/users/1 ${url}/metrics`);
