import type { HeldMetrics, Naming } from './held-metrics.ts';
import { runtime } from './runtime.ts';
import { sharedReading } from './shared-reading.ts';

/** What keeps the event loop alive, from `process.getActiveResourcesInfo()`: unreferenced timers don't. */
export function collectResources(metrics: HeldMetrics): void {
  const active = activeResources();
  if (active === undefined) return;
  for (const [what, naming] of NAMINGS) {
    metrics.gauges({ ...naming, labelNames: ['type'] }, () =>
      Array.from(active(what), ([type, count]) => [{ type }, count] as const),
    );
  }
}

/** The sums that prom-client has beside them, under its names: gauges, though `_total` is a counter's suffix. */
export function collectResourceSums(metrics: HeldMetrics): void {
  const active = activeResources();
  if (active === undefined) return;
  for (const [what] of NAMINGS) {
    metrics.gauge({ name: `nodejs_active_${what}_total`, help: `Total number of active ${what}.` }, () => {
      let sum = 0;
      for (const count of active(what).values()) sum += count;
      return sum;
    });
  }
}

type Kind = 'handles' | 'requests' | 'resources';

const NAMINGS: readonly (readonly [Kind, Naming])[] = [
  [
    'resources',
    {
      name: 'nodejs_active_resources',
      help: 'Number of active resources that are currently keeping the event loop alive, grouped by async resource type.',
    },
  ],
  [
    'handles',
    { name: 'nodejs_active_handles', help: 'Number of active libuv handles, such as sockets and servers, by type.' },
  ],
  [
    'requests',
    { name: 'nodejs_active_requests', help: 'Number of active libuv requests, such as writes and look-ups, by type.' },
  ],
];

/** The names of what libuv calls requests: `FSReqCallback`, `GetAddrInfoReqWrap`, `TCPConnectWrap`, `WriteWrap` … */
const REQUEST = /Req(?:uest|Wrap|Callback|Promise)?$|(?:Connect|Shutdown|Write|Send)Wrap$/;
/** Node.js' own, no handle of libuv each. */
const TIMER = /^(?:Timeout|Immediate)$/;

function activeResources(): ((kind: Kind) => Map<string, number>) | undefined {
  // Bun's list is always empty.
  if (runtime() === 'bun' || typeof process.getActiveResourcesInfo !== 'function') return undefined;
  return sharedReading(() => {
    const types = process.getActiveResourcesInfo();
    return {
      resources: countEach(types),
      handles: countEach(types.filter((type) => !REQUEST.test(type) && !TIMER.test(type))),
      requests: countEach(types.filter((type) => REQUEST.test(type))),
    };
  });
}

function countEach(types: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}
