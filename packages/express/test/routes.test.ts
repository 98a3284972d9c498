import { Registry } from '@prometer/core';
import { ask, until } from '../../http/test/client.ts';
import { createMetricsMiddleware } from '../src/index.ts';
import { serve, versions, type Express } from './fixture.ts';

describe.each(versions)('In $name, a route is named', ({ name, express }) => {
  const keepsPatterns = name === 'Express 5.3';

  /** What one request is counted as, in an app that `build` adds to after the metrics. */
  async function nameOf(path: string, build: (app: ReturnType<Express>) => void, method = 'GET'): Promise<string> {
    const [only, ...more] = await namesOf([path], build, method);
    expect(more).toEqual([]);
    return only as string;
  }

  async function namesOf(
    paths: string[],
    build: (app: ReturnType<Express>) => void,
    method = 'GET',
  ): Promise<string[]> {
    const registry = new Registry();
    const app = express();
    app.use(createMetricsMiddleware({ registry, defaultMetrics: false }));
    build(app);
    const fixture = await serve(app);
    for (const path of paths) await ask(fixture.port, path, method);
    const read = async (): Promise<RegExpMatchArray[]> => [
      ...(await registry.metrics()).matchAll(/^http_requests_total\{.*route="(.*)",status_code="(.*)"\} (\d+)$/gm),
    ];
    await until(async () => (await read()).reduce((sum, [, , , count]) => sum + Number(count), 0) === paths.length);
    await fixture.close();
    return (await read()).map(([, route, status, count]) => `${route} ${status} ${count}`);
  }

  const answer = (_request: unknown, response: { send(text: string): unknown }): void =>
    void response.send('An answer');

  it('by the source of a regular expression', async () => {
    expect(await nameOf('/rx/12', (app) => app.get(/^\/rx\/\d+$/, answer))).toBe(String.raw`/^\\/rx\\/\\d+$/ 200 1`);
  });

  it('by the alternative of an array that matched or, where the router does not tell, by them all', async () => {
    const names = await namesOf(['/a/1', '/b/2'], (app) => app.get(['/a/:id', '/b/:id'], answer));

    expect(names).toEqual(keepsPatterns ? ['/a/:id 200 1', '/b/:id 200 1'] : ['/a/:id,/b/:id 200 2']);
  });

  it('under the mount of an app in the app', async () => {
    const name = await nameOf('/sub/p/3', (app) => {
      const sub = express();
      sub.get('/p/:id', answer);
      app.use('/sub', sub);
    });

    expect(name).toBe('/sub/p/:id 200 1');
  });

  it('by the mount of the middleware that answered', async () => {
    const name = await nameOf('/secure/area/1', (app) => {
      app.use('/secure', (_request, response) => void response.status(401).send('No'));
    });

    expect(name).toBe('/secure/* 401 1');
  });

  it('by itself when it passes a request on and nobody answers', async () => {
    expect(await nameOf('/fall/1', (app) => app.get('/fall/:id', (_request, _response, next) => next()))).toBe(
      '/fall/:id 404 1',
    );
  });

  it('by the handler that ran last when several match', async () => {
    const name = await nameOf('/a/b', (app) => {
      app.all('/:first/:second', (_request, _response, next) => next());
      app.get('/a/:id', answer);
    });

    expect(name).toBe('/a/:id 200 1');
  });

  it('by its own mount when another one matches the same part of the path', async () => {
    const name = await nameOf('/users/1', (app) => {
      app.use('/:section', (_request, _response, next) => next());
      const users = express.Router();
      users.get('/:id', answer);
      app.use('/users', users);
    });

    expect(name).toBe('/users/:id 200 1');
  });

  it('by its own mount when a mount before it matched less of the path', async () => {
    const name = await nameOf('/a/b/1', (app) => {
      app.use('/a', (_request, _response, next) => next());
      const router = express.Router();
      router.get('/:id', answer);
      app.use('/a/b', router);
    });

    expect(name).toBe('/a/b/:id 200 1');
  });

  it('by the parameters of several mounts', async () => {
    const name = await nameOf('/t/acme/u/acme/x', (app) => {
      const users = express.Router();
      users.get('/x', answer);
      const tenants = express.Router();
      tenants.use('/u/:user', users);
      app.use('/t/:tenant', tenants);
    });

    expect(name).toBe('/t/:tenant/u/:user/x 200 1');
  });

  it('by a parameter whose value is also a fixed part of its mount', async () => {
    const name = await nameOf('/tenants/tenants/x', (app) => {
      const router = express.Router();
      router.get('/x', answer);
      app.use('/tenants/:tenant', router);
    });

    expect(name).toBe('/tenants/:tenant/x 200 1');
  });

  it('though the handler answers after the router was left', async () => {
    const name = await nameOf('/api/later', (app) => {
      const api = express.Router();
      api.get('/later', (_request, response) => void setTimeout(() => response.send('Later'), 20));
      app.use('/api', api);
    });

    expect(name).toBe('/api/later 200 1');
  });

  it('as one of a bounded number when its mount is a regular expression', async () => {
    const paths = Array.from({ length: 40 }, (_, i) => `/v${i}/x`);
    const names = await namesOf(paths, (app) => {
      const router = express.Router();
      router.get('/x', answer);
      app.use(/^\/v\d+/, router);
    });

    expect(names.length).toBeLessThanOrEqual(17);
  });

  it('without the part of the path that was left before the metrics were asked', async () => {
    const registry = new Registry();
    const app = express();
    const router = express.Router();
    router.use(createMetricsMiddleware({ registry, defaultMetrics: false }));
    router.get('/x/:id', answer);
    app.use('/tenants/:tenant', router);
    const fixture = await serve(app);
    await ask(fixture.port, '/tenants/acme/x/1');
    await fixture.close();

    expect(registry.getSampleValue('http_requests_total', { method: 'GET', route: '/*/x/:id', status_code: 200 })).toBe(
      1,
    );
  });
});
