import type { Framework } from './framework.ts';
import { startsApps } from './measured-app.ts';

/** The label of a route is its template, whatever was asked for. */
export function namesRoutes(framework: Framework): void {
  describe('by route', () => {
    const start = startsApps(framework);

    it('R1 names a route by its template, whatever its parameters and query', async () => {
      const app = await start();
      await app.askAll(['/users/1', '/users/2', '/users/abc?q=1']);

      expect(await app.counted(3)).toEqual({ 'GET /users/:id 200': 3 });
    });

    it('R2 joins the templates of all routers that a route is in', async () => {
      const app = await start();
      await app.ask('/api/v1/orders/7/items/9');

      expect(await app.counted(1)).toEqual({ 'GET /api/v1/orders/:orderId/items/:itemId 200': 1 });
    });

    it('R3 names the parameters of a mount', async () => {
      const app = await start();
      await app.askAll(Array.from({ length: 200 }, (_, i) => `/tenants/tenant-${i}/things/5`));

      expect(await app.counted(200)).toEqual({ 'GET /tenants/:tenant/things/:id 200': 200 });
    });

    it('R4 takes the root of a router with and without a slash for one route', async () => {
      const app = await start();
      await app.askAll(['/api/v1', '/api/v1/']);

      expect(await app.counted(2)).toEqual({ 'GET /api/v1 200': 2 });
    });

    it('R5 treats a slash at the end as the framework does', async () => {
      const app = await start();
      await app.ask('/users/1/');

      expect(await app.counted(1)).toEqual(
        framework.ignoresTrailingSlash ? { 'GET /users/:id 200': 1 } : { 'GET unmatched 404': 1 },
      );
    });

    it('R6 names a route with an expression by its source', async () => {
      const app = await start();
      await app.askAll(['/rx/12', '/rx/13']);

      expect(await app.counted(2)).toEqual({ [`GET ${framework.templates.expression} 200`]: 2 });
    });

    const { alternatives } = framework.templates;
    if (alternatives !== undefined) {
      it('R7 names a route of an array by what matched or, where the router does not tell, by one name', async () => {
        const app = await start();
        await app.askAll(['/a/1', '/b/2', '/a/3', '/b/4']);
        const [a, b] = alternatives;

        expect(await app.counted(4)).toEqual(
          a === b ? { [`GET ${a} 200`]: 4 } : { [`GET ${a} 200`]: 2, [`GET ${b} 200`]: 2 },
        );
      });
    }

    it('R8 names a wildcard route as it is declared', async () => {
      const app = await start();
      await app.ask('/files/x/y.txt');

      expect(await app.counted(1)).toEqual({ [`GET ${framework.templates.wildcard} 200`]: 1 });
    });

    it('R9 names a route of an app in the app with its mount', async () => {
      const app = await start();
      await app.ask('/sub/p/3');

      expect(await app.counted(1)).toEqual({ 'GET /sub/p/:id 200': 1 });
    });

    it('R10 names what is refused at a mount by the mount', async () => {
      const app = await start();
      await app.askAll(Array.from({ length: 50 }, (_, i) => `/secure/area/${i}`));

      expect(await app.counted(50)).toEqual({ 'GET /secure/* 401': 50 });
    });

    it('R11 names a file by where the files are', async () => {
      const app = await start();
      const { status } = await app.ask('/static/conformance.test.ts');

      expect(status).toBe(200);
      expect(await app.counted(1)).toEqual({ 'GET /static/* 200': 1 });
    });

    it('R12 names a route that passes the request on, to nobody, by its template', async () => {
      const app = await start();
      await app.askAll(['/fall/1', '/fall/2']);

      expect(await app.counted(2)).toEqual({ 'GET /fall/:id 404': 2 });
    });

    it('names a route as it says itself, whatever its template', async () => {
      const app = await start();
      await app.askAll(['/named/1', '/named/2']);

      expect(await app.counted(2)).toEqual({ 'GET a name 200': 2 });
    });

    it('does not count a route that says that it is not measured, nor while it is handled', async () => {
      const app = await start();
      await app.ask('/health');
      await app.ask('/users/1');

      expect(await app.counted(1)).toEqual({ 'GET /users/:id 200': 1 });
      expect(app.inFlight()).toBe(0);
    });
  });
}
