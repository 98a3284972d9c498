import { Registry } from '@prometer/core';
import type { ErrorRequestHandler } from 'express';
import { ask, until } from '../../http/test/client.ts';
import { createMetricsMiddleware } from '../src/index.ts';
import { serve } from '../../http/test/fixture-parts.ts';
import { otherCopy, versions, type Express } from './fixture.ts';

describe.each(versions)('In $name, a route is named', ({ name, express, keepsPatterns }) => {
  const [is4, is51] = versions.map((version) => version.name === name);

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

  it('by the handler that ran last when several match', async () => {
    const name = await nameOf('/a/b', (app) => {
      app.all('/:first/:second', (_request, _response, next) => next());
      app.get('/a/:id', answer);
    });

    expect(name).toBe('/a/:id 200 1');
  });

  it('by the mount whose middleware answers when a route before it has passed the request on', async () => {
    const names = await namesOf(['/secure/area/1', '/static/routes.test.ts', '/api/x/1', '/nowhere'], (app) => {
      app.all(is4 ? '*' : '/{*any}', (_request, _response, next) => next());
      app.use('/secure', (_request, response) => void response.status(401).send('No'));
      app.use('/static', express.static(__dirname));
      const api = express.Router();
      api.get('/x/:id', (_request, _response, next) => next('router'));
      app.use('/api', api);
      app.use('/api', (_request, response) => void response.status(403).send('No'));
    });

    expect(names).toEqual(['/secure/* 401 1', '/static/* 200 1', '/api/* 403 1', `${is4 ? '*' : '/{*any}'} 404 1`]);
  });

  it('by itself where a mount passes on what it has passed on, to nobody', async () => {
    const name = await nameOf('/fall/1', (app) => {
      app.get('/fall/:id', (_request, _response, next) => next());
      app.use('/fall', (_request, _response, next) => next());
    });

    expect(name).toBe('/fall/:id 404 1');
  });

  it('by itself where middleware of the whole app answers what it has passed on', async () => {
    const name = await nameOf('/users/1', (app) => {
      app.get('/users/:id', (_request, _response, next) => next());
      app.use('/users', (_request, _response, next) => next());
      app.use(answer);
    });

    expect(name).toBe('/users/:id 200 1');
  });

  it('by itself where it answers and passes on to a mount that only looks', async () => {
    const name = await nameOf('/users/1', (app) => {
      app.get('/users/:id', (_request, response, next) => {
        response.send('somebody');
        next();
      });
      app.use('/users', () => {});
    });

    expect(name).toBe('/users/:id 200 1');
  });

  it('by a route that a mount comes before, though another route has passed the request on', async () => {
    const name = await nameOf('/users/1', (app) => {
      app.get('/:any/:id', (_request, _response, next) => next());
      const users = express.Router();
      users.get('/:id', answer);
      app.use('/users', users);
    });

    expect(name).toBe('/users/:id 200 1');
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

  it('by the regular expression that it is mounted at or, where the router does not tell, by one name', async () => {
    const paths = Array.from({ length: 40 }, (_, i) => `/v${i}/x`);
    const names = await namesOf(paths, (app) => {
      const router = express.Router();
      router.get('/x', answer);
      app.use(/^\/v\d+/i, router);
    });

    expect(names).toEqual([is51 ? '/*/x 200 40' : String.raw`/^\\/v\\d+/i/x 200 40`]);
  });

  it('by one name when a regular expression with groups is mounted', async () => {
    const names = await namesOf(['/v1/x', '/v2/x'], (app) => {
      app.use(/^\/v(?<version>\d+)/, answer);
    });

    expect(names).toEqual([is51 ? '/* 200 2' : String.raw`/^\\/v(?<version>\\d+)//* 200 2`]);
  });

  it('by one name when a wildcard is mounted', async () => {
    const paths = ['/secret/abc', '/secret/def', '/q', '/a/b/c/d'];
    const names = await namesOf(paths, (app) => app.use(is4 ? '*' : '/{*splat}', answer));

    expect(names).toEqual([keepsPatterns ? '/{*splat}/* 200 4' : '/* 200 4']);
  });

  it('by what is fixed of a mounted wildcard', async () => {
    const paths = ['/files/abc', '/files/def/g', '/files/files', '/FILES/1/2/3'];
    const names = await namesOf(paths, (app) => app.use(is4 ? '/files/*' : '/files/*splat', answer));

    expect(names).toEqual([keepsPatterns ? '/files/*splat/* 200 4' : '/files/* 200 4']);
  });

  it('by what is fixed, and the parameters, of a mounted wildcard with both', async () => {
    const names = await namesOf(['/t/t/f/f', '/t/x/f/t/x/f'], (app) =>
      app.use(is4 ? '/t/:tenant/f/*' : '/t/:tenant/f/*splat', answer),
    );

    expect(names).toEqual([keepsPatterns ? '/t/:tenant/f/*splat/* 200 2' : '/t/:tenant/f/* 200 2']);
  });

  it('by its mount as it is declared, in whatever case it is asked for', async () => {
    const build = (app: ReturnType<Express>): void => {
      const router = express.Router();
      router.get('/p/:id', answer);
      app.use('/Api/:x/End', router);
      app.use('/plain', router);
    };
    const name = is51 ? '/api/:x/end/p/:id' : '/Api/:x/End/p/:id';

    expect(await namesOf(['/ApI/End/eNd/p/1', '/api/2/END/p/2'], build)).toEqual([`${name} 200 2`]);
    expect(await namesOf(['/PLAIN/p/1', '/Plain/p/2'], build)).toEqual(['/plain/p/:id 200 2']);
  });

  it('the same whichever request came first', async () => {
    const build = (app: ReturnType<Express>): void => {
      const router = express.Router();
      router.get('/p', answer);
      app.use(is4 ? '/:lang?/d' : '{/:lang}/d', router);
    };
    const names = (await namesOf(['/d/p', '/d/d/p', '/en/d/p'], build)).toSorted();

    expect((await namesOf(['/en/d/p', '/d/d/p', '/d/p'], build)).toSorted()).toEqual(names);
    expect(names).toEqual(is51 ? ['/:lang/d/p 200 2', '/d/p 200 1'] : [`${is4 ? '/:lang?/d' : '{/:lang}/d'}/p 200 3`]);
  });

  it('by one name when several parameters are in one part of its mount', async () => {
    const names = await namesOf(['/1-2/p', '/3-4/p', '/5-5/p'], (app) => {
      const router = express.Router();
      router.get('/p', answer);
      app.use('/:a-:b', router);
    });

    expect(names).toEqual([is51 ? '/*/p 200 3' : '/:a-:b/p 200 3']);
  });

  it('by the alternative of a mounted array that matched', async () => {
    const names = await namesOf(['/a/p', '/b/1/p', '/b/2/p', '/users/p', '/v1/p'], (app) => {
      const router = express.Router();
      router.get('/p', answer);
      app.use(['/users', '/b/:x', '/:one'], router);
    });

    expect(names.toSorted()).toEqual(['/:one/p 200 2', '/b/:x/p 200 2', '/users/p 200 1']);
  });

  it('by the regular expression of a mounted array that matched', async () => {
    const names = await namesOf(['/a/p', '/v1/p', '/v2/p'], (app) => {
      const router = express.Router();
      router.get('/p', answer);
      app.use(['/a', /^\/v\d+/], router);
    });

    expect(names).toEqual(['/a/p 200 1', is51 ? '/*/p 200 2' : String.raw`/^\\/v\\d+//p 200 2`]);
  });

  it('by a mounted parameter with an expression of its own, and an optional one', async () => {
    if (!is4) return;
    const names = await namesOf(['/n/5/de/p', '/n/6/en/p', '/n/6/f/x/y/p'], (app) => {
      const router = express.Router();
      router.get('/p', answer);
      app.use('/n/:id(\\d+|(x))/:lang?', router);
      app.use('/n/:id/f/:rest*', router);
    });

    expect(names).toEqual([String.raw`/n/:id(\\d+|(x))/:lang?/p 200 2`, '/n/:id/f/:rest*/p 200 1']);
  });

  it('never by a part of the path that can not be decoded', async () => {
    const names = await namesOf(['/t/%E0%A4%A/x'], (app) => app.use('/t/:id', answer));

    expect(names).toEqual(['unmatched 400 1']);
  });

  it('though a part of the path that was entered before can not be decoded', async () => {
    const name = await nameOf('/a/%E0%A4%A', (app) => {
      app.use('/a', (_request, _response, next) => next());
      app.use([/^\/a\/%E0%A4%A/, '/:x'], answer);
    });

    expect(name).toBe(is51 ? '/* 200 1' : String.raw`/^\\/a\\/%E0%A4%A//* 200 1`);
  });

  it('by its own mount where one that it is in would match all of the path too', async () => {
    const name = await nameOf('/files/a/b', (app) => {
      const router = express.Router();
      router.use(is4 ? '*' : '/{*splat}', answer);
      app.use('/files', router);
    });

    expect(name).toBe(keepsPatterns ? '/files/{*splat}/* 200 1' : '/files/* 200 1');
  });

  it('by its own mount where each of several that it is in would match all of the path too', async () => {
    const name = await nameOf('/a/b/c', (app) => {
      const [outer, inner] = [express.Router(), express.Router()];
      inner.use(is4 ? '*' : '/{*splat}', answer);
      outer.use('/b', inner);
      app.use('/a', outer);
    });

    expect(name).toBe(keepsPatterns ? '/a/b/{*splat}/* 200 1' : '/a/b/* 200 1');
  });

  it('by the mount of the middleware that failed, though the app handles its error', async () => {
    const name = await nameOf('/secure/1', (app) => {
      app.use('/secure', (_request, _response, next) => next(Object.assign(new Error('No'), { status: 401 })));
      const onError: ErrorRequestHandler = (error, _request, response, _next) => {
        response.status(error.status).send('No');
      };
      app.use(onError);
    });

    expect(name).toBe('/secure/* 401 1');
  });

  it('not by an error handler that is passed over', async () => {
    const onError: ErrorRequestHandler = (_error, _request, response, _next) => {
      response.status(500).send('An error');
    };
    const build = (app: ReturnType<Express>): void => {
      app.get('/api/x', answer);
      app.use('/api', onError);
    };

    expect(await nameOf('/api/x', build, 'OPTIONS')).toBe('unmatched 200 1');
  });

  it('by the mounts whose parameters are loaded', async () => {
    const name = await nameOf('/api/1/x', (app) => {
      const router = express.Router();
      const api = express.Router();
      api.param('id', (_request, _response, next) => next());
      api.use('/:id', router);
      router.get('/x', answer);
      app.use('/api', api);
    });

    expect(name).toBe('/api/:id/x 200 1');
  });

  it('not at all when what loads a parameter answers', async () => {
    const name = await nameOf('/users/1', (app) => {
      app.param('id', (_request, response) => void response.status(403).send('No'));
      app.get('/users/:id', answer);
    });

    expect(name).toBe('unmatched 403 1');
  });

  it('by itself where the metrics are a handler of it', async () => {
    const registry = new Registry();
    const app = express();
    app.get('/x/:id', createMetricsMiddleware({ registry, defaultMetrics: false }), answer);
    const fixture = await serve(app);
    await ask(fixture.port, '/x/1');
    await fixture.close();

    expect(registry.getSampleValue('http_requests_total', { method: 'GET', route: '/x/:id', status_code: 200 })).toBe(
      1,
    );
  });

  it.each(versions)('by the templates of routers that $name has made', async (version) => {
    const other = otherCopy(version);
    const name = await nameOf('/r/1/s/2/p/3', (app) => {
      const inner = other.Router();
      inner.get('/p/:id', answer);
      const router = express.Router();
      router.use('/s/:s', inner);
      app.use('/r/:r', router);
    });

    expect(name).toBe('/r/:r/s/:s/p/:id 200 1');
  });

  it.each(versions)('under the mount of an app that $name has made, once it has answered', async (version) => {
    const other = otherCopy(version);
    const build = (app: ReturnType<Express>): void => {
      const sub = other();
      sub.get('/p/:id', answer);
      app.use('/sub', sub);
    };
    await namesOf(['/sub/p/1'], build);

    expect(await nameOf('/sub/p/2', build)).toBe('/sub/p/:id 200 1');
  });

  it('by its own route when a router that is a handler before it has passed the request on', async () => {
    const name = await nameOf('/users/1', (app) => {
      const router = express.Router();
      router.get('/users/:name', (_request, _response, next) => next());
      app.get('/users/:id', router, answer);
    });

    expect(name).toBe('/users/:id 200 1');
  });

  it('by the alternative that matched though a handler has changed the URL', async () => {
    const name = await nameOf('/b/1', (app) => {
      app.get(
        ['/a/:id', '/b/:id'],
        (request, _response, next) => {
          request.url = '/elsewhere';
          next();
        },
        answer,
      );
    });

    expect(name).toBe(`${keepsPatterns ? '/b/:id' : '/a/:id,/b/:id'} 200 1`);
  });

  it('by all its alternatives when what loads a parameter has changed the URL to none of them', async () => {
    const name = await nameOf('/b/1', (app) => {
      app.param('id', (request, _response, next) => {
        request.url = '/elsewhere';
        next();
      });
      app.get(['/a/:id', '/b/:id'], answer);
    });

    expect(name).toBe('/a/:id,/b/:id 200 1');
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

  it('with the mounts below those that were entered before the metrics were asked', async () => {
    const registry = new Registry();
    const app = express();
    const router = express.Router();
    router.use(createMetricsMiddleware({ registry, defaultMetrics: false }));
    router.use('/sub/:sub', answer);
    app.use('/tenants/:tenant', router);
    const fixture = await serve(app);
    await ask(fixture.port, '/tenants/acme/sub/1/2');
    await fixture.close();

    expect(
      registry.getSampleValue('http_requests_total', { method: 'GET', route: '/*/sub/:sub/*', status_code: 200 }),
    ).toBe(1);
  });

  it('though nobody knows where the router that it leaves is mounted, nor can decode it', async () => {
    const registry = new Registry();
    const app = express();
    const [outer, inner] = [express.Router(), express.Router()];
    inner.use(createMetricsMiddleware({ registry, defaultMetrics: false }));
    outer.use('/b', inner);
    outer.use('/:y', answer);
    app.use(/^\/x[^/]*/, outer);
    const fixture = await serve(app);
    const { status } = await ask(fixture.port, '/x%E0%A4%A/b');
    await fixture.close();

    expect(status).toBe(200);
    expect(await registry.metrics()).toContain(`route="${is51 ? '/*' : '/:y/*'}",status_code="200"} 1\n`);
  });

  it('by nothing that it knows, when it leaves the router that asked for the metrics for a middleware', async () => {
    const registry = new Registry();
    const app = express();
    const [outer, inner] = [express.Router(), express.Router()];
    inner.use(createMetricsMiddleware({ registry, defaultMetrics: false }));
    outer.use('/b', inner);
    outer.use(answer);
    app.use('/a', outer);
    const fixture = await serve(app);
    await ask(fixture.port, '/a/b/1');
    await fixture.close();

    expect(registry.getSampleValue('http_requests_total', { method: 'GET', route: '/*', status_code: 200 })).toBe(1);
  });

  it('without the mounts between, when it leaves the router that asked for the metrics', async () => {
    const registry = new Registry();
    const app = express();
    const [outer, inner] = [express.Router(), express.Router()];
    inner.use(createMetricsMiddleware({ registry, defaultMetrics: false }));
    outer.use('/b', inner);
    outer.get('/b/:id', answer);
    app.use('/a', outer);
    const fixture = await serve(app);
    await ask(fixture.port, '/a/b/1');
    await fixture.close();

    expect(registry.getSampleValue('http_requests_total', { method: 'GET', route: '/*/b/:id', status_code: 200 })).toBe(
      1,
    );
  });

  it('by a way that is set up once, however many apps there are', async () => {
    const [layer] = express.Router().get('/', answer).stack;
    const prototype = Object.getPrototypeOf(layer) as { handle_request?: unknown; handleRequest?: unknown };
    const method = (): unknown => prototype.handle_request ?? prototype.handleRequest;
    await namesOf(['/users/1'], (app) => app.get('/users/:id', answer));
    const before = method();
    const names = await namesOf(['/users/1', '/users/2'], (app) => app.get('/users/:id', answer));

    expect(names).toEqual(['/users/:id 200 2']);
    expect(method()).toBe(before);
  });
});
