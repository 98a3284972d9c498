import { once } from 'node:events';
import fs from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from '@prometer/core';
import { HeldMetrics } from '../src/held-metrics.ts';
import { collectDefaultMetrics } from '../src/index.ts';
import { collectNetwork } from '../src/network.ts';

const MB = 2 ** 20;
const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;
const hosts = ['127.0.0.1', '::1'].filter((host) =>
  Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === host)),
);

describe('process_network_receive_bytes_total and process_network_transmit_bytes_total', () => {
  let registry: Registry;

  beforeEach(() => {
    registry = new Registry();
    collectDefaultMetrics({ registry, only: ['process'] });
  });

  const sample = (direction: string, of = registry) =>
    of.getSampleValue(`process_network_${direction}_bytes_total`) as number;

  describeOnLinux('on Linux', () => {
    it.each(hosts)('rise by what is sent over %s', async (host) => {
      const [received, sent] = [sample('receive'), sample('transmit')];
      await send(host, 8 * MB);

      expect(sample('receive') - received).toBeGreaterThanOrEqual(8 * MB);
      expect(sample('transmit') - sent).toBeGreaterThanOrEqual(8 * MB);
    });

    it('are between what the kernel tells before and after', () => {
      const lower = kernel('In');
      const shown = sample('receive');
      expect(shown).toBeGreaterThanOrEqual(lower);
      expect(shown).toBeLessThanOrEqual(kernel('In'));
    });
  });

  it('add up both versions of IP, and do without the second', () => {
    const folder = fs.mkdtempSync(join(tmpdir(), 'proc-'));
    fs.mkdirSync(join(folder, 'net'));
    fs.writeFileSync(
      join(folder, 'net/netstat'),
      'TcpExt: InOctets OutOctets\nTcpExt: 7 7\nIpExt: InNoRoutes InOctets OutOctets\nIpExt: 5 1000 200\n',
    );
    const elsewhere = new Registry();
    collectNetwork(new HeldMetrics(elsewhere), folder);
    expect([sample('receive', elsewhere), sample('transmit', elsewhere)]).toEqual([1000, 200]);

    fs.writeFileSync(join(folder, 'net/snmp6'), 'Ip6InOctets                     \t30\nIp6OutOctets            \t4\n');
    expect([sample('receive', elsewhere), sample('transmit', elsewhere)]).toEqual([1030, 204]);
    fs.rmSync(folder, { recursive: true });
  });

  it.each(['no /proc', 'a /proc of another kind'])('are left out where there is %s', async (what) => {
    const folder = fs.mkdtempSync(join(tmpdir(), 'proc-'));
    fs.mkdirSync(join(folder, 'net'));
    if (what !== 'no /proc') fs.writeFileSync(join(folder, 'net/netstat'), 'IpExt: InNoRoutes\nIpExt: 5\n');
    const elsewhere = new Registry();
    collectNetwork(new HeldMetrics(elsewhere), folder);

    expect(await elsewhere.metrics()).toBe('');
    fs.rmSync(folder, { recursive: true });
  });
});

async function send(host: string, bytes: number): Promise<void> {
  const server = createServer((socket) => socket.resume().on('end', () => socket.end()));
  await once(server.listen(0, host), 'listening');
  const socket = connect((server.address() as AddressInfo).port, host);
  socket.resume().end(Buffer.alloc(bytes));
  await once(socket, 'close');
  await once(server.close(), 'close');
}

/** All that the kernel's files tell of a direction, whatever else is in them. */
function kernel(direction: string): number {
  const [names = [], values = []] = fs
    .readFileSync('/proc/net/netstat', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('IpExt:'))
    .map((line) => line.split(' '));
  const version6 = fs.existsSync('/proc/net/snmp6') ? fs.readFileSync('/proc/net/snmp6', 'utf8') : '';
  const more = version6.split('\n').find((line) => line.startsWith(`Ip6${direction}Octets`));
  return Number(values[names.indexOf(`${direction}Octets`)]) + Number(more?.split(/\s+/)[1] ?? 0);
}
