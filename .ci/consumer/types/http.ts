import { createServer } from 'node:http';
import { Registry } from '@prometer/core';
import { metricsHandler, startHttpServer } from '@prometer/http';

export async function serve(): Promise<number> {
  const server = await startHttpServer({ port: 0, host: '127.0.0.1', registry: new Registry(), path: '/metrics' });
  const url: string = server.url;
  await server.close();
  return server.port + url.length;
}
export const onDefaultPort = () => startHttpServer(8000);
export const byHand = createServer(metricsHandler({ registry: new Registry() }));
