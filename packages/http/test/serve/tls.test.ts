import { connect as connectSocket } from 'node:net';
import { once } from 'node:events';
import { Agent, request, type RequestOptions } from 'node:https';
import { text } from 'node:stream/consumers';
import { Registry } from '@prometer/core';
import { startHttpServer, type MetricsServer, type MetricsTlsOptions } from '../../src/index.ts';
import { ask } from '../client.ts';
import { withCertificates } from '../certificates.ts';
import { registryOf } from '../servers.ts';

const registry = new Registry();
registry.gauge({ name: 'g', help: '' }).set(1);

describe('startHttpServer with tls', () => {
  withCertificates(({ authority, server: own, client, stranger }) => {
    let server: MetricsServer | undefined;

    afterEach(async () => {
      await server?.close();
      server = undefined;
    });

    async function start(tls: MetricsTlsOptions, shown = registry): Promise<number> {
      server = await startHttpServer({ port: 0, host: '127.0.0.1', registry: shown, tls });
      return server.port;
    }

    it('serves the metrics by https', async () => {
      const port = await start(own);

      expect(server?.url).toBe(`https://127.0.0.1:${port}/metrics`);
      expect(await askTls(port, '/metrics')).toContain('g 1\n');
    });

    it('serves what is large', async () => {
      const large = registryOf(20_000);
      const expected = await large.metrics();

      expect(await askTls(await start(own, large), '/metrics')).toBe(expected);
    });

    it('serves no plain http', async () => {
      await expect(ask(await start(own), '/metrics')).rejects.toMatchObject({ code: expect.any(String) });
    });

    it('asks no client for a certificate without ca', async () => {
      expect(await askTls(await start(own), '/metrics', client)).toContain('g 1\n');
    });

    it('serves with ca those whose certificate it has signed', async () => {
      const port = await start({ ...own, ca: authority.cert });

      expect(await askTls(port, '/metrics', client)).toContain('g 1\n');
    });

    it.each([
      ['no certificate', {}],
      ['one that somebody else has signed', stranger],
    ])('serves with ca nobody who has %s', async (_what, certificate) => {
      const port = await start({ ...own, ca: [authority.cert] });

      await expect(askTls(port, '/metrics', certificate)).rejects.toMatchObject({ code: expect.any(String) });
    });

    const bytesOf = (pem: string): Buffer => Buffer.from(pem.replace(/-----.+-----/g, ''), 'base64');
    const trusted = authority.cert.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE');

    it.each<[string, unknown]>([
      ['several in one text', own.cert + authority.cert],
      ['several in one file', Buffer.from(own.cert + authority.cert)],
      ['bytes', new Uint8Array(Buffer.from(authority.cert))],
      ['one of several', [own.cert, Buffer.from(authority.cert)]],
      ['a text with words about it', `# My own\nSubject: x\n\n${authority.cert}\nThe end\n`],
      ['lines that end as on Windows', authority.cert.replaceAll('\n', '\r\n')],
      ['a certificate that says what it is trusted for', trusted],
      ['a file with its key', authority.key + authority.cert],
    ])('takes as ca %s', async (_what, ca) => {
      const port = await start({ ...own, ca } as MetricsTlsOptions);

      expect(await askTls(port, '/metrics', client)).toContain('g 1\n');
      await expect(askTls(port, '/metrics', stranger)).rejects.toMatchObject({ code: expect.any(String) });
    });

    it('leaves it to the program to ask for no certificate though there is a ca', async () => {
      const port = await start({ ...own, ca: authority.cert, requestCert: false });

      expect(await askTls(port, '/metrics')).toContain('g 1\n');
    });

    it('closes with a connection that has not got as far as a request', async () => {
      const socket = connectSocket(await start(own), '127.0.0.1');
      await once(socket, 'connect');
      await new Promise((resolve) => setTimeout(resolve, 20));

      await Promise.all([server?.close(), once(socket.on('error', () => {}).resume(), 'close')]);

      expect(socket.destroyed).toBe(true);
    });

    it('closes with open keep-alive connections', async () => {
      const port = await start(own);
      const agent = new Agent({ keepAlive: true });
      await askTls(port, '/metrics', { agent });
      await server?.close();
      agent.destroy();

      await expect(askTls(port, '/metrics')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    });

    it.each<[string, unknown, RegExp]>([
      ['nothing', {}, /^The option "tls" has no certificate: give cert and key, or pfx/],
      ['no key', { cert: own.cert }, /^The option "tls" has no key: give cert and key, or pfx/],
      ['an unset certificate', { cert: undefined, key: own.key }, /^The option "tls" has no certificate/],
      [
        'what is no certificate',
        { cert: 'x', key: own.key },
        /^The certificates of the option "tls" can't be used: .+PEM/,
      ],
      ['the key of another one', { cert: own.cert, key: client.key }, /can't be used: .+ mismatch/],
      ['what is no key', { ...own, key: 'x' }, /can't be used: /],
      ['an empty key', { ...own, key: '' }, /^The option "tls" has no key/],
      ['an empty pfx', { pfx: Buffer.alloc(0) }, /^The option "tls" has no certificate/],
      ['authorities that are none', { ...own, ca: 'x' }, /can't be used: /],
      ['an empty authority', { ...own, ca: '' }, /can't be used: /],
      ['no authorities', { ...own, ca: [] }, /can't be used: ca is empty/],
      ['authorities that are empty', { ...own, ca: [''] }, /can't be used: ca\[0\] has no certificate as PEM/],
      ['an authority that is null', { ...own, ca: null }, /used: ca is null, and no certificate\. Give .+ ca as read/],
      ['an authority that is false', { ...own, ca: false }, /used: ca is false, and no certificate/],
      ['authorities with one that is null', { ...own, ca: [authority.cert, null] }, /used: ca\[1\] is null, and no/],
      ['an authority as DER', { ...own, ca: bytesOf(authority.cert) }, /used: ca has no certificate as PEM, .+-inform/],
      ['a key as authority', { ...own, ca: authority.key }, /used: ca has no certificate as PEM/],
      [
        'authorities of which the second is broken',
        { ...own, ca: own.cert + authority.cert.replace('MII', 'XXX') },
        /used: the certificate 2 of ca can't be read: /,
      ],
      [
        'authorities of which the second ends too early',
        { ...own, ca: [authority.cert, own.cert + authority.cert.slice(0, -30)] },
        /used: the certificate 2 of ca\[1\] can't be read: it doesn't begin and end on lines of its own/,
      ],
      [
        'authorities of which the first has no end',
        { ...own, ca: own.cert.replace(/-----END.*/, '') + authority.cert },
        /used: the certificate 1 of ca can't be read: /,
      ],
      [
        'authorities of which the first begins with a byte order mark',
        { ...own, ca: `\ufeff${own.cert}${authority.cert}` },
        /used: the certificate 1 of ca can't be read: it doesn't begin/,
      ],
      ['an authority in the middle of lines', { ...own, ca: `  ${authority.cert}` }, /used: the certificate 1 of ca /],
      ['a bad pfx', { pfx: Buffer.from('x') }, /can't be used: /],
      ['an unknown version', { ...own, minVersion: 'TLSv9' }, /can't be used: /],
      [
        'a misspelt option',
        { ...own, requestCerts: true },
        /^There is no option "requestCerts" of "tls". Is "requestCert" meant/,
      ],
      ['what is no object', 'cert.pem', /^The options of "tls" are "cert.pem"/],
      ['null', null, /^The options of "tls" are null/],
    ])('refuses %s', async (_what, tls, message) => {
      const started = startHttpServer({ port: 0, tls: tls as MetricsTlsOptions });
      started.then(
        (wrong) => (server = wrong),
        () => {},
      );

      await expect(started).rejects.toMatchObject({
        name: 'MetricError',
        code: 'INVALID_OPTION',
        message: expect.stringMatching(message),
      });
    });

    it('gives as the cause what TLS says', async () => {
      await expect(startHttpServer({ port: 0, tls: { ...own, key: client.key } })).rejects.toHaveProperty(
        'cause.code',
        expect.stringMatching('MISMATCH'),
      );
    });

    async function askTls(port: number, path: string, options: RequestOptions = {}): Promise<string> {
      const sent = request({ host: '127.0.0.1', port, path, ca: authority.cert, agent: false, ...options }).end();
      const [response] = await once(sent, 'response');
      return text(response);
    }
  });
});
