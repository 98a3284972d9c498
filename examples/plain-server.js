// A server without a framework that is measured, and shows its metrics, by one line. It tells its routes itself.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { instrumentServer } from '@prometer/http';

const routes = [
  { template: '/', pattern: /^\/$/, answer: () => 'Hello!\n' },
  { template: '/users/:id', pattern: /^\/users\/([^/]+)$/, answer: (id) => `User ${id}\n` },
  { template: '/slow', pattern: /^\/slow$/, answer: () => setTimeout(300, 'At last.\n') },
  { template: '/fail', pattern: /^\/fail$/, answer: () => Promise.reject(new Error('This route always fails.')) },
];

const pathOf = (request) => request.url.split('?')[0];
const routeOf = (request) => routes.find(({ pattern }) => pattern.test(pathOf(request)));

async function answer(request, response) {
  const route = routeOf(request);
  if (route === undefined) {
    response.writeHead(404).end('There is nothing here.\n');
    return;
  }
  try {
    response.end(await route.answer(...route.pattern.exec(pathOf(request)).slice(1)));
  } catch (error) {
    console.error(error);
    response.writeHead(500).end('An error.\n');
  }
}

const server = createServer((request, response) => void answer(request, response));
instrumentServer(server, { route: (request) => routeOf(request)?.template });

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
await once(server, 'listening');

const url = `http://127.0.0.1:${server.address().port}`;
console.log(`A plain server runs: open ${url}/users/1, ${url}/slow and ${url}/fail`);
console.log(`Its metrics:         open ${url}/metrics`);
console.log(`Or ask for both:     curl ${url}/users/1 ${url}/metrics`);
