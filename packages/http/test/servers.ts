import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from '@prometer/core';

/** Runs a server on this machine for as long as the callback, or what it gives, takes. */
export async function serving<Result>(
  listener: RequestListener,
  use: (port: number) => Result | Promise<Result>,
): Promise<Result> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use((server.address() as AddressInfo).port);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** A registry whose exposition as text has so many lines of some 40 bytes each, and two more. */
export function registryOf(lines: number): Registry {
  const registry = new Registry();
  const gauge = registry.gauge({ name: 'gauge_with_lines', help: '', labelNames: ['number'], maxSeries: Infinity });
  for (let i = 0; i < lines; i++) gauge.labels(String(i).padStart(12, '0')).set(i);
  return registry;
}
