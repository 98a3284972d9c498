import {
  Counter,
  Gauge,
  Histogram,
  MetricError,
  Registry,
  Summary,
  defaultRegistry,
  exponentialBuckets,
  linearBuckets,
} from '@prometer/core';

const requests = new Counter({ name: 'requests', help: 'HTTP requests', labelNames: ['method', 'clientip'] });
requests.labels('get', '127.0.0.1').inc();
requests.labels({ method: 'post', clientip: '10.0.0.1' }).inc(3);
requests.inc({ method: 'get', clientip: '10.0.0.1' });
requests.remove({ method: 'get', clientip: '10.0.0.1' });
// @ts-expect-error: one value for two labels
export const tooFew = (): unknown => requests.labels('get');
// @ts-expect-error: a label that there isn't
export const unknownLabel = (): unknown => requests.labels({ method: 'get', client: '10.0.0.1' });
// @ts-expect-error: a metric needs its help
export const noHelp = (): unknown => new Counter({ name: 'no_help' });

const plain = new Counter({ name: 'cc', help: 'A counter' });
plain.inc(2.5);
const value: number = plain.get();

const gauge = new Gauge({ name: 'gg', help: 'A gauge', registry: null });
gauge.set(3.14);
gauge.dec(2);
const seconds: number = gauge.startTimer()();

const histogram = new Histogram({ name: 'hh', help: 'A histogram', buckets: linearBuckets(1, 2, 3) });
histogram.observe(3);
const result: Promise<string> = histogram.time(async () => 'done');
const { count, sum, buckets }: { count: number; sum: number; buckets: readonly { upperBound: number }[] } =
  histogram.get();

const registry = new Registry();
const summary = new Summary({ name: 'ss', help: 'A summary', labelNames: ['label1'], registry });
summary.labels('a').observe(1);
const mine = registry.counter({ name: 'logins', help: 'Logins', labelNames: ['how'] as const });
mine.inc({ how: 'password' });
const text: Promise<string> = registry.metrics();
const sample: number | undefined = defaultRegistry.getSampleValue('requests_total', {
  method: 'get',
  clientip: '127.0.0.1',
});

export function code(error: unknown): string | undefined {
  return error instanceof MetricError ? error.code : undefined;
}
export { value, seconds, result, count, sum, buckets, text, sample };
export const bounds: readonly number[] = exponentialBuckets(1, 2, 5);
