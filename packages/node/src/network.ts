import { readFileSync } from 'node:fs';
import type { HeldMetrics } from './held-metrics.ts';
import { sharedReading } from './shared-reading.ts';

/**
 * Bytes over the network, from Linux' /proc, under the names that client_golang gives them. The kernel doesn't count
 * them for a process, but for a network namespace: of a container that is its own, otherwise the machine's. Loopback
 * is counted too.
 */
export function collectNetwork(metrics: HeldMetrics, procFolder = '/proc/self'): void {
  const bytes = sharedReading(() => readOctets(`${procFolder}/net`));
  const whose = 'over the network, with all that share its network namespace.';
  metrics.counter(
    { name: 'process_network_receive_bytes_total', help: `Number of bytes received by the process ${whose}` },
    () => bytes('received'),
  );
  metrics.counter(
    { name: 'process_network_transmit_bytes_total', help: `Number of bytes sent by the process ${whose}` },
    () => bytes('sent'),
  );
}

function readOctets(folder: string): { received: number | undefined; sent: number | undefined } {
  // The first line of a kind names the fields, the second has their values.
  const [names, values] = readFileSync(`${folder}/netstat`, 'latin1')
    .split('\n')
    .filter((line) => line.startsWith('IpExt: '))
    .map((line) => line.split(' '));
  const version6 = readVersion6(`${folder}/snmp6`);
  const total = (direction: 'In' | 'Out'): number | undefined => {
    const octets = values?.[names?.indexOf(`${direction}Octets`) ?? -1];
    if (octets === undefined) return undefined;
    const also = new RegExp(`^Ip6${direction}Octets\\s+(\\d+)`, 'm').exec(version6)?.[1];
    return Number(octets) + Number(also ?? 0);
  };
  return { received: total('In'), sent: total('Out') };
}

/** Not there where the kernel has no IPv6. */
function readVersion6(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
