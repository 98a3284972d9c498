import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { Registry } from '@prometer/core';
import { withCertificates } from '../../http/test/certificates.ts';
import { until } from '../../http/test/client.ts';
import { createMetricsMiddleware } from '../src/index.ts';
import { versions } from './fixture.ts';

withCertificates(({ server: certificate, authority }) => {
  it.each(versions)('S2 In $name, sockets that a server with TLS upgrades are shown too', async ({ express }) => {
    const registry = new Registry();
    const app = express();
    app.use(createMetricsMiddleware({ registry, defaultMetrics: false }));
    const server = createServer(certificate, app).listen(0, '127.0.0.1');
    server.on('upgrade', (_request, socket) => {
      socket
        .on('error', () => {})
        .write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
    });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const open = (bytes: string): ReturnType<typeof connect> => {
      const socket = connect({ port, host: '127.0.0.1', ca: authority.cert, checkServerIdentity: () => undefined });
      socket.on('error', () => {}).write(bytes);
      return socket.resume();
    };
    const first = open('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(first, 'data');
    const second = open('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
    const active = (): number | undefined => registry.getSampleValue('http_streams_active', { kind: 'websocket' });
    await until(() => active() === 1);
    second.destroy();
    await until(() => active() === 0);
    first.destroy();
    server.close();

    expect(
      registry.getSampleValue('http_requests_total', { method: 'GET', route: 'unmatched', status_code: 101 }),
    ).toBe(1);
  });
});
