import { once } from 'node:events';
import { stat } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Registry } from '@prometer/core';
import { collectDefaultMetrics } from '../src/index.ts';
import { turns } from './event-loop.ts';

describe('nodejs_active_*', () => {
  let registry: Registry;

  beforeEach(async () => {
    // What earlier tests have closed is gone then.
    await sleep(50);
    registry = new Registry();
    collectDefaultMetrics({ registry, only: ['resources'], names: 'prom-client' });
  });

  afterEach(() => jest.restoreAllMocks());

  const count = (what: string, type: string) => registry.getSampleValue(`nodejs_active_${what}`, { type }) ?? 0;
  const sum = (what: string) => registry.getSampleValue(`nodejs_active_${what}_total`);

  it('counts servers as handles and resources, until they are closed', async () => {
    const before = count('handles', 'TCPServerWrap');
    const servers = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const server = createServer().listen(0, '127.0.0.1');
        await once(server, 'listening');
        return server;
      }),
    );
    const during = [count('handles', 'TCPServerWrap'), count('resources', 'TCPServerWrap')];
    await Promise.all(servers.map((server) => once(server.close(), 'close')));
    await turns();

    expect(during).toEqual([before + 3, before + 3]);
    // It was there, so it is 0 rather than gone.
    expect(registry.getSampleValue('nodejs_active_handles', { type: 'TCPServerWrap' })).toBe(before);
    expect(count('requests', 'TCPServerWrap')).toBe(0);
  });

  it('counts calls to the file system as requests and resources, until they are answered', async () => {
    const before = count('requests', 'FSReqCallback');
    const answers = Array.from({ length: 5 }, () => new Promise((resolve) => stat(__filename, resolve)));
    const during = [count('requests', 'FSReqCallback'), count('resources', 'FSReqCallback')];
    await Promise.all(answers);
    await turns();

    expect(during).toEqual([before + 5, before + 5]);
    expect(count('requests', 'FSReqCallback')).toBe(before);
    expect(count('handles', 'FSReqCallback')).toBe(0);
  });

  it('counts timers that keep the process alive as resources only', () => {
    const before = count('resources', 'Timeout');
    const timers = [setTimeout(() => {}, 1000), setTimeout(() => {}, 1000), setTimeout(() => {}, 1000).unref()];
    const during = count('resources', 'Timeout');
    for (const timer of timers) clearTimeout(timer);

    expect(during).toBe(before + 2);
    expect(count('resources', 'Timeout')).toBe(before);
    expect(count('handles', 'Timeout') + count('requests', 'Timeout')).toBe(0);
  });

  it('agrees with how Node.js itself tells handles and requests apart', async () => {
    const node = process as unknown as Record<'_getActiveHandles' | '_getActiveRequests', () => unknown[]>;
    const server = createServer().listen(0, '127.0.0.1');
    stat(__filename, () => {});

    expect([sum('handles'), sum('requests'), sum('resources')]).toEqual([
      node._getActiveHandles().length,
      node._getActiveRequests().length,
      process.getActiveResourcesInfo().length,
    ]);
    await once(server.close(), 'close');
  });

  it.each([
    ['requests', ['FSReqCallback', 'FSReqPromise', 'GetAddrInfoReqWrap', 'GetNameInfoReqWrap', 'TCPConnectWrap']],
    ['requests', ['PipeConnectWrap', 'ShutdownWrap', 'WriteWrap', 'UDPSendWrap']],
    ['handles', ['TCPSocketWrap', 'TCPServerWrap', 'PipeWrap', 'PipeServerWrap', 'UDPWrap', 'TTYWrap', 'ProcessWrap']],
    ['handles', ['SignalWrap', 'FSEventWrap', 'StatWatcher', 'MessagePort']],
  ])('takes for %s: %p', (what, types) => {
    jest.spyOn(process, 'getActiveResourcesInfo').mockReturnValue(types);

    expect(types.map((type) => count(what, type))).toEqual(types.map(() => 1));
    expect([sum(what), sum('resources')]).toEqual([types.length, types.length]);
  });

  it('has sums under names of prom-client only with its names', async () => {
    const elsewhere = new Registry();
    collectDefaultMetrics({ registry: elsewhere, only: ['resources'] });

    expect(await elsewhere.metrics()).not.toContain('_total');
    expect(await registry.metrics()).toContain(`
# HELP nodejs_active_handles_total Total number of active handles.
# TYPE nodejs_active_handles_total gauge
nodejs_active_handles_total `);
  });
});
