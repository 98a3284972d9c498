import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { withCertificates, type Certificate } from '../certificates.ts';
import type { Ended } from '../run-program.ts';

/** A program that has loaded what it needs. */
function start(program: string, tls?: Certificate): ChildProcessByStdio<null, Readable, Readable> {
  const loaded = `
    const { startHttpServer } = require('@prometer/http');
    const { Registry } = require('@prometer/core');
    const http = require('node:http');
    const https = require('node:https');
    const { once } = require('node:events');
    const tls = ${JSON.stringify(tls)};
    (async () => {${program}})();
  `;
  return spawn(process.execPath, ['--require', resolve(__dirname, 'from-sources.cjs'), '--eval', loaded], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 10_000,
  });
}

/** Runs a program, and gives how it ended and what it printed. */
async function run(program: string, tls?: Certificate): Promise<Ended> {
  const child = start(program, tls);
  const [out, error, [code, signal]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  if (error !== '') throw new Error(error);
  return { code, signal, out };
}

describe('A program with a port for its metrics', () => {
  it('ends when it has nothing else to do', async () => {
    expect(await run(`await startHttpServer(0); console.log('started');`)).toEqual({
      code: 0,
      signal: null,
      out: 'started\n',
    });
  });

  it('ends though nobody has decided who may see the metrics, and nobody waits for them any more', async () => {
    const program = `
      let isAsked = false;
      const authorize = () => ((isAsked = true), new Promise(() => {}));
      const server = await startHttpServer({ port: 0, host: '127.0.0.1', authorize });
      const request = http.get(server.url).on('error', () => {});
      while (!isAsked) await new Promise((resolve) => setTimeout(resolve, 5));
      request.destroy();
      console.log('left');
    `;

    expect(await run(program)).toEqual({ code: 0, signal: null, out: 'left\n' });
  });

  it('ends though a collector of a scrape hangs whose client has left', async () => {
    const program = `
      let isAsked = false;
      const registry = new Registry();
      registry.gauge({ name: 'g', help: '', collect: () => ((isAsked = true), new Promise(() => {})) });
      const server = await startHttpServer({ port: 0, host: '127.0.0.1', registry, timeoutSeconds: 60 });
      const request = http.get(server.url).on('error', () => {});
      while (!isAsked) await new Promise((resolve) => setTimeout(resolve, 5));
      request.destroy();
      console.log('left');
    `;

    expect(await run(program)).toEqual({ code: 0, signal: null, out: 'left\n' });
  });

  /** A program that has asked for its own metrics through a connection which stays open. */
  function asking(scheme: 'http' | 'https'): string {
    return `
      const server = await startHttpServer({ port: 0, host: '127.0.0.1', tls });
      const agent = new ${scheme}.Agent({ keepAlive: true, rejectUnauthorized: false });
      const request = ${scheme}.get(server.url, { agent });
      const [response] = await once(request, 'response');
      await response.resume().toArray();
      await new Promise((resolve) => setTimeout(resolve, 20));
      const open = Object.values(agent.freeSockets).flat();
      console.log(response.statusCode, open.length);
      // The client's own end doesn't count.
      for (const socket of open) socket.unref();
    `;
  }

  it('ends though a connection is open', async () => {
    expect(await run(asking('http'))).toEqual({ code: 0, signal: null, out: '200 1\n' });
  });

  withCertificates(({ server: tls }) =>
    it('ends though a connection is open by TLS', async () => {
      expect(await run(asking('https'), tls)).toEqual({ code: 0, signal: null, out: '200 1\n' });
    }),
  );

  it('goes on if it is told to, until the server is closed', async () => {
    const program = `
      const server = await startHttpServer({ port: 0, keepProcessAlive: true });
      setTimeout(() => { console.log('alive'); server.close(); }, 300).unref();
    `;

    expect(await run(program)).toEqual({ code: 0, signal: null, out: 'alive\n' });
  });

  it('waits for its server to be closed, which sends a running answer first', async () => {
    const program = `
      let collect;
      const registry = new Registry();
      registry.gauge({ name: 'g', help: '', collect: () => new Promise((resolve) => (collect = resolve)) });
      const server = await startHttpServer({ port: 0, registry, timeoutSeconds: Infinity });
      console.log(server.port);
      const wait = setInterval(() => {
        if (!collect) return;
        clearInterval(wait);
        setTimeout(() => collect(), 200).unref();
        server.close().then(() => console.log('closed'));
      }, 10);
    `;
    const child = start(program);
    const errors = text(child.stderr);
    let out = '';
    let answer: Promise<string> | undefined;
    child.stdout.on('data', (piece: Buffer) => {
      out += piece.toString();
      if (answer !== undefined) return;
      const socket = connect(Number(out), '127.0.0.1');
      socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
      answer = text(socket);
    });
    const [code] = await once(child, 'close');

    expect([code, await errors]).toEqual([0, '']);
    expect(out).toMatch(/^\d+\nclosed\n$/);
    expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\ng 0\n$/);
  });
});
