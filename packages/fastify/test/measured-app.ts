import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { Registry } from '@prometer/core';
import { MeasuredApp } from '../../http/test/measured-app.ts';
import { metricsPlugin, type FastifyMetricsOptions } from '../src/index.ts';
import { listening } from './listening.ts';

/** Apps for the tests of the block that it is called in, each closed when its test is over. */
export function apps(): {
  registry(): Registry;
  /** What the plugin is told, to measure into the test's registry. */
  options(): { registry: Registry; defaultMetrics: false };
  make(options?: FastifyServerOptions): FastifyInstance;
  /** Lets an app listen, which is closed too. */
  listen(app: FastifyInstance): Promise<MeasuredApp>;
  /** An app that listens, with the plugin before what `build` adds. */
  start(build: (app: FastifyInstance) => void, options?: FastifyMetricsOptions<string>): Promise<MeasuredApp>;
} {
  let registry = new Registry();
  let made: FastifyInstance[] = [];

  beforeEach(() => {
    registry = new Registry();
  });

  afterEach(async () => {
    const apps = made;
    made = [];
    for (const app of apps) await app.close();
  });

  const make = (options: FastifyServerOptions = {}): FastifyInstance => {
    const app = fastify({ forceCloseConnections: true, ...options });
    made.push(app);
    return app;
  };
  const options = (): { registry: Registry; defaultMetrics: false } => ({ registry, defaultMetrics: false });
  const listen = async (app: FastifyInstance): Promise<MeasuredApp> => new MeasuredApp(registry, await listening(app));

  return {
    registry: () => registry,
    options,
    make,
    listen,
    start(build, given) {
      const app = make();
      app.register(metricsPlugin, { ...options(), ...given });
      build(app);
      return listen(app);
    },
  };
}
