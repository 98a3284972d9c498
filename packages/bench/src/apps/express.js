import { createRequire } from 'node:module';
import express from 'express';
import { ANSWER } from './routes.js';

/** An Express 5 app with these routes, and with the adapter of this name; `metrics()` is its text. */
export async function expressApp(adapter, routes) {
  const app = express();
  const metrics = await ADAPTERS[adapter](app);
  for (const route of routes) app.get(route, (_request, response) => response.json(ANSWER));
  return { listener: app, metrics };
}

/** Each counts and times requests by method, route or path, and status; where that isn't how it comes, it is told to. */
export const ADAPTERS = {
  'without metrics': async () => undefined,

  Prometer: async (app) => {
    const [{ metricsMiddleware }, { defaultRegistry }] = await Promise.all([
      import('@prometer/express'),
      import('@prometer/core'),
    ]);
    app.use(metricsMiddleware);
    return () => defaultRegistry.metrics();
  },

  'express-prom-bundle': async (app) => {
    const { default: bundle } = await import('express-prom-bundle');
    app.use(bundle({ includeMethod: true, includePath: true }));
    return registerOf('prom-client');
  },

  'prometheus-api-metrics': async (app) => {
    // It can't be imported, for it asks for the module that required it.
    app.use(createRequire(import.meta.url)('prometheus-api-metrics')());
    return registerOf('prom-client');
  },

  '@promster/express': async (app) => {
    const { createMiddleware, getSummary } = await import('@promster/express');
    app.use(createMiddleware({ app }));
    return getSummary;
  },

  'prom-client by hand': async (app) => {
    const { default: client } = await import('prom-client');
    const histogram = new client.Histogram({
      name: 'http_request_duration_seconds',
      help: 'Duration of requests',
      labelNames: ['method', 'route', 'status_code'],
    });
    app.use((request, response, next) => {
      const start = performance.now();
      response.once('finish', () => {
        const labels = { method: request.method, route: request.route?.path, status_code: response.statusCode };
        histogram.observe(labels, (performance.now() - start) / 1000);
      });
      next();
    });
    return registerOf('prom-client');
  },
};

async function registerOf(name) {
  const { default: client } = await import(name);
  return () => client.register.metrics();
}
