import { promClient } from './libraries/prom-client.js';

export const OURS = 'Prometer';

/** Those that the goals are about. */
export const PEERS = ['prom-client', '@prometheus-io/client', '@platformatic/prom-client'];

/** Shown beside them. */
export const OPENTELEMETRY = 'OpenTelemetry';

export const LIBRARIES = [OURS, ...PEERS, OPENTELEMETRY];

/** Loads a library; the same few calls for each then open registries of it. */
export async function load(name) {
  switch (name) {
    case OURS:
      return (await import('./libraries/prometer.js')).open;
    case OPENTELEMETRY:
      return (await import('./libraries/opentelemetry.js')).open;
    default:
      return promClient((await import(name)).default);
  }
}
