import { Readable } from 'node:stream';
import type { ErrorRequestHandler } from 'express';
import { conforms } from '../../http/test/conformance.ts';
import { BrokenError, inPieces, RefusedError, serve } from '../../http/test/fixture-parts.ts';
import { createMetricsMiddleware, measureAs } from '../src/index.ts';
import { versions, type Express } from './fixture.ts';

for (const { name, express, keepsPatterns, wildcard } of versions) {
  conforms({
    name,
    templates: {
      wildcard,
      expression: String.raw`/^\\/rx\\/\\d+$/`,
      alternatives: keepsPatterns ? ['/a/:id', '/b/:id'] : ['/a/:id,/b/:id', '/a/:id,/b/:id'],
    },
    ignoresTrailingSlash: true,
    statusOfOptions: 200,
    tellsErrors: false,
    // It is refused while the route is looked for.
    nameOfUndecodable: 'unmatched',
    async start(...installed) {
      const app = express();
      for (const options of installed) app.use(createMetricsMiddleware(options));
      addRoutes(app, express, wildcard);
      return serve(app);
    },
  });
}

function addRoutes(app: ReturnType<Express>, express: Express, wildcard: string): void {
  app.get('/users/:id', (request, response) => void response.send(request.params.id));
  app.post('/echo', express.json(), (request, response) => void response.json(request.body));
  app.post('/pipe', (request, response) => void request.pipe(response));

  app.get('/slow', (_request, response) => void setTimeout(() => response.send('At last'), 1000));
  app.get('/never', () => {});
  app.get('/pieces', (_request, response) => void Readable.from(inPieces('a', 'b')).pipe(response));
  app.get('/stream', (_request, response) => void response.write('a piece'));
  app.get('/events', (_request, response) => {
    response.set('Content-Type', 'text/event-stream').flushHeaders();
    Readable.from(inPieces('data: first\n\n', 'data: last\n\n')).pipe(response);
  });

  app.get('/fail', () => {
    throw new TypeError('This route fails');
  });
  app.get('/reject', (_request, _response, next) => Promise.reject(new Error('This route rejects')).catch(next));
  app.get('/refuse', () => {
    throw new RefusedError('This route refuses');
  });
  app.get('/broken', (_request, response) => {
    response.write('a piece');
    setTimeout(() => response.destroy(new BrokenError('There are no more pieces')), 50);
  });
  app.get('/late', (_request, response) => {
    response.writeHead(200).write('a piece');
    response.statusCode = 500;
    response.end();
  });
  app.get('/fall/:id', (_request, _response, next) => next());

  const v1 = express.Router();
  v1.get('/', (_request, response) => void response.send('v1'));
  v1.get('/orders/:orderId/items/:itemId', (_request, response) => void response.send('an item'));
  v1.get('/boom/:id', () => {
    throw new Error('This route fails');
  });
  const api = express.Router();
  api.use('/v1', v1);
  app.use('/api', api);

  const tenants = express.Router({ mergeParams: true });
  tenants.get('/things/:id', (request, response) => void response.json(request.params));
  app.use('/tenants/:tenant', tenants);

  const sub = express();
  sub.get('/p/:id', (_request, response) => void response.send('a p'));
  app.use('/sub', sub);

  app.get(/^\/rx\/\d+$/, (_request, response) => void response.send('An expression'));
  app.get(['/a/:id', '/b/:id'], (_request, response) => void response.send('One of several'));
  app.get(wildcard, (_request, response) => void response.send('a file'));
  app.use('/static', express.static(__dirname));
  app.use('/secure', (_request, response) => void response.status(401).send('No'));
  app.get('/health', measureAs(false), (_request, response) => void response.send('ok'));
  app.get('/named/:id', measureAs('a name'), (_request, response) => void response.send('named'));

  const onError: ErrorRequestHandler = (error, _request, response, _next) => {
    response.status(error.status ?? 500).send('An error');
  };
  app.use(onError);
}
