import { until } from './client.ts';
import type { Framework } from './framework.ts';
import { startsApps } from './measured-app.ts';

const HANDSHAKE = [
  'GET /socket HTTP/1.1',
  'Host: x',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

/** What stays open for long is no request that takes long. */
export function measuresStreams(framework: Framework): void {
  describe('that stay open', () => {
    const start = startsApps(framework);
    const GET_EVENTS = 'GET /events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n';

    it('S2 shows event streams while they are open, not as requests in flight', async () => {
      const app = await start();
      const asked = app.ask('/events');
      await until(() => app.value('http_streams_active', { kind: 'sse' }) === 1);
      const meanwhile = [app.inFlight(), await app.counts()];
      await asked;
      await app.countedTotal(1);

      expect(meanwhile).toEqual([0, {}]);
      expect(await app.counts()).toEqual({ 'GET /events 200': 1 });
      expect([app.inFlight(), app.value('http_streams_active', { kind: 'sse' })]).toEqual([0, 0]);
    });

    it('S2 times event streams to their start only', async () => {
      const app = await start();
      await app.ask('/events');
      await app.countedTotal(1);
      const labels = { method: 'GET', route: '/events' };

      expect(await app.lines('http_request_duration_seconds_count')).toEqual([]);
      expect(app.value('http_response_start_seconds_count', labels)).toBe(1);
      expect(app.value('http_response_start_seconds_sum', labels)).toBeLessThan(0.4);
    });

    it('S2 takes a client that leaves an event stream for one that has had enough', async () => {
      const app = await start();
      await app.talk(GET_EVENTS, (read) => read.includes('data: '));
      await app.countedTotal(1);

      expect(await app.counts()).toEqual({ 'GET /events 200': 1 });
      expect(await app.lines('http_request_aborts_total')).toEqual([]);
      expect(app.value('http_streams_active', { kind: 'sse' })).toBe(0);
    });

    it('S2 shows upgraded sockets while they are open, and counts them when they end', async () => {
      const app = await start();
      app.fixture.server.on('upgrade', (_request, socket) => {
        socket
          .on('error', () => {})
          .write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
        socket.resume().on('end', () => socket.end());
      });
      // Where a server is found by its first request, as in Express, that comes first.
      await app.ask('/metrics');
      let open: unknown;
      await app.leave(`${HANDSHAKE.join('\r\n')}\r\n\r\n`, async () => {
        await until(() => app.value('http_streams_active', { kind: 'websocket' }) === 1);
        open = [app.inFlight() ?? 0, await app.counts()];
      });
      await app.countedTotal(1);

      expect(open).toEqual([0, {}]);
      expect(await app.counts()).toEqual({ 'GET unmatched 101': 1 });
      expect(app.value('http_streams_active', { kind: 'websocket' })).toBe(0);
      expect(await app.lines('http_request_duration_seconds_count')).toEqual([]);
      expect(await app.lines('http_request_aborts_total')).toEqual([]);
    });

    it('S2 leaves a request to upgrade that nobody takes to the app', async () => {
      const app = await start();
      const bytes = 'GET /users/1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n';
      await app.ask('/metrics');
      const answer = await app.talk(bytes, (read) => read.includes('\r\n\r\n'));

      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
      expect(await app.counted(1)).toEqual({ 'GET /users/:id 200': 1 });
    });
  });
}
