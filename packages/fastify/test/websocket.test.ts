import websocket from '@fastify/websocket';
import { Registry } from '@prometer/core';
import { until } from '../../http/test/client.ts';
import { MeasuredApp } from '../../http/test/measured-app.ts';
import { metricsPlugin } from '../src/index.ts';
import { listening } from './listening.ts';
import { apps } from './measured-app.ts';

const handshake = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;

describe('metricsPlugin beside @fastify/websocket', () => {
  const { make, options, registry } = apps();

  async function start(): Promise<MeasuredApp> {
    const app = make();
    app.register(metricsPlugin, options());
    await app.register(websocket);
    app.get('/rooms/:room', { websocket: true }, (socket) => socket.send('Welcome'));
    return new MeasuredApp(registry(), await listening(app));
  }

  it('S2 shows sockets while they are open, and counts them with their route when they end', async () => {
    const client = await start();
    let meanwhile: unknown;
    await client.leave(handshake('/rooms/1'), async () => {
      await until(() => client.value('http_streams_active', { kind: 'websocket' }) === 1);
      meanwhile = [client.inFlight(), await client.counts()];
    });
    await client.countedTotal(1);

    expect(meanwhile).toEqual([0, {}]);
    expect(await client.counts()).toEqual({ 'GET /rooms/:room 101': 1 });
    expect(client.value('http_streams_active', { kind: 'websocket' })).toBe(0);
    expect(await client.lines('http_request_duration_seconds_count')).toEqual([]);
    expect(await client.lines('http_request_aborts_total')).toEqual([]);
  });

  it('S2 counts a request to upgrade for a path that is no route', async () => {
    const client = await start();
    await client.talk(handshake('/nowhere'), (read) => read.includes('\r\n\r\n'));
    await client.countedTotal(1);

    expect(await client.counts()).toEqual({ 'GET unmatched 404': 1 });
    expect(client.value('http_streams_active', { kind: 'websocket' }) ?? 0).toBe(0);
    expect(client.inFlight()).toBe(0);
  });

  it('S2 shows the sockets of a scope that is measured alone', async () => {
    const app = make();
    const ofScope = new Registry();
    await app.register(websocket);
    app.register(
      async (child) => {
        child.register(metricsPlugin, { registry: ofScope, defaultMetrics: false });
        child.get('/rooms/:room', { websocket: true }, (socket) => socket.send('Welcome'));
      },
      { prefix: '/child' },
    );
    const client = new MeasuredApp(ofScope, await listening(app));
    await client.talk(handshake('/child/rooms/1'), (read) => read.includes('Welcome'));
    await client.countedTotal(1);

    expect(await client.counts()).toEqual({ 'GET /child/rooms/:room 101': 1 });
    expect(client.inFlight()).toBe(0);
  });
});
