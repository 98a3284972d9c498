import type { ErrorRequestHandler } from 'express';
import { conforms } from '../../http/test/conformance.ts';
import { createMetricsMiddleware } from '../src/index.ts';
import { serve, versions } from './fixture.ts';

for (const { name, express, wildcard } of versions) {
  conforms({
    name,
    wildcard,
    ignoresTrailingSlash: true,
    parsesBodyInRoute: true,
    start(registry) {
      const app = express();
      app.use(createMetricsMiddleware({ registry, defaultMetrics: false }));

      app.get('/users/:id', (request, response) => void response.send(request.params.id));
      app.get('/slow', (_request, response) => void setTimeout(() => response.send('At last'), 1000));
      app.get('/never', () => {});
      app.get('/fail', () => {
        throw new Error('This route fails');
      });
      app.get('/reject', (_request, _response, next) => Promise.reject(new Error('This route rejects')).catch(next));
      app.get('/stream', (_request, response) => void response.write('a piece'));
      app.get('/late', (_request, response) => {
        response.writeHead(200).write('a piece');
        response.statusCode = 500;
        response.end();
      });
      app.post('/echo', express.json(), (request, response) => void response.send(request.body));
      app.get(wildcard, (_request, response) => void response.send('a file'));

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

      const onError: ErrorRequestHandler = (error, _request, response, _next) => {
        response.status(error.status ?? 500).send('An error');
      };
      app.use(onError);
      return serve(app);
    },
  });
}
