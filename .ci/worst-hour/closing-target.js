// Metrics that take long to send and to collect, and what was counted when the process ends.
import { setTimeout } from 'node:timers/promises';
import { http } from '../prometer.js';

/** More than the system keeps for a connection. */
export const SERIES = 100_000;

export function prepare({ registry, framework, settings: { hangs = false } }) {
  const gauge = registry.gauge({ name: 'many', help: '', labelNames: ['id'], maxSeries: Infinity });
  for (let i = 0; i < (hangs ? 1 : SERIES); i++) gauge.set({ id: `${i}`.padStart(150, 'x') }, i);
  registry.gauge({
    name: 'takes_its_time',
    help: '',
    collect: () => (hangs ? new Promise(() => {}) : setTimeout(100)),
  });
  process.once('exit', () => {
    const labels = { method: 'GET', route: '/slow', status_code: '200' };
    const slow = framework === 'own' ? undefined : registry.getSampleValue('http_requests_total', labels);
    const inFlight = registry.getSampleValue('http_requests_in_flight', { method: 'GET' });
    console.log(JSON.stringify({ slow, inFlight }));
  });
  return framework === 'own'
    ? { listen: () => http.startHttpServer({ port: 0, registry, keepProcessAlive: true }) }
    : {};
}
