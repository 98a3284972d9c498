import * as fc from 'fast-check';
import { Counter, Gauge, Histogram, Info, Registry, StateSet, Summary } from '../src/index.ts';

const value = fc.oneof(
  fc.constantFrom('', 'x', 'y', 'a longer value than eight bytes', '"', '\\', '\n', 'é', '\x7f\u{10ffff}'),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: fc.constantFrom('"', '\\', '\n', '{', '}', ',', '=', 'a', '😱', '\0'), maxLength: 12 }),
);
const number = fc.oneof(fc.nat(20), fc.double({ noNaN: true, min: 0, max: 1e9 }));
/** Label values, a number, and what is done: they are used, used again by position, or taken out. */
const step = fc.tuple(
  fc.tuple(value, value, value),
  number,
  fc.constantFrom('use' as const, 'use' as const, 'use' as const, 'remove' as const),
  fc.boolean(),
);
const labelNames = fc.uniqueArray(fc.constantFrom('a', 'b.c', 'd e', 'é', 'constructor', '_x'), {
  maxLength: 3,
  selector: (name) => name.replace(/[^a-z]/g, '_'),
});

/** Without exemplars, series of one number each are read row by row. */
const metrics = fc.record({
  names: labelNames,
  steps: fc.array(step, { maxLength: 60 }),
  hasExemplars: fc.boolean(),
});

const PROTOBUF = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
const ACCEPTED: readonly string[] = [
  'text/plain;version=0.0.4',
  'text/plain;version=1.0.0;escaping=allow-utf-8',
  'text/plain;version=1.0.0;escaping=dots',
  'application/openmetrics-text;version=1.0.0',
  'application/openmetrics-text;version=1.0.0;escaping=values',
  'application/openmetrics-text;version=2.0.0;escaping=allow-utf-8',
  PROTOBUF,
  `${PROTOBUF};escaping=allow-utf-8`,
];

type Step = readonly [values: readonly string[], amount: number, what: 'use' | 'remove', hasExemplar: boolean];

/**
 * Makes a metric of every kind and does all this with it. Each begins a step later and every second one has its labels the
 * other way round, so that values which have the same number in one are not those which have it in the next.
 */
function fill(
  registry: Registry,
  { names, steps, hasExemplars }: { names: readonly string[]; steps: readonly Step[]; hasExemplars: boolean },
): void {
  const base = (name: string, labels = names) => ({ name, help: 'H', labelNames: labels, registry });
  const turned = names.toReversed();
  const counter = new Counter(base('cc'));
  const gauge = new Gauge(base('g.g', turned));
  const histogram = new Histogram({ ...base('hh'), buckets: [1, 10] });
  const native = new Histogram({ ...base('nn', turned), buckets: [1], native: true });
  const summary = new Summary({ ...base('ss'), quantiles: [0.5] });
  const info = new Info(base('ii', turned));
  const states = new StateSet({ ...base('st'), states: ['on', 'o"f'] });
  const uses: [metric: object, use: (values: [], amount: number, hasExemplar: boolean) => void][] = [
    [counter, (values, amount, has) => counter.labels(...values).inc(amount, has ? { id: amount } : undefined)],
    [gauge, (values, amount) => gauge.labels(...values).set(amount)],
    [histogram, (values, amount, has) => histogram.labels(...values).observe(amount, has ? { id: amount } : undefined)],
    [native, (values, amount, has) => native.labels(...values).observe(amount, has ? { id: amount } : undefined)],
    [summary, (values, amount) => summary.labels(...values).observe(amount)],
    [info, (values, amount, has) => info.labels(...values).set(has ? { said: amount, 'as.well': 'x' } : {})],
    [states, (values, amount) => states.labels(...values).set(amount > 5 ? 'on' : 'o"f')],
  ];
  for (const [i, [metric, use]] of uses.entries()) {
    for (const [all, amount, what, hasExemplar] of steps.slice(i)) {
      // Some begin to count at the same time.
      jest.setSystemTime(1_700_000_000_123 + 1000 * Math.trunc(amount % 2));
      const values = all.slice(0, names.length) as [];
      if (what === 'remove' && names.length > 0) (metric as Counter<readonly string[]>).remove(...values);
      else use(values, amount, hasExemplar && hasExemplars);
    }
  }
}

describe('A live family and the same as plain data of a collector', () => {
  beforeEach(() => jest.useFakeTimers({ now: 1_700_000_000_123 }));
  afterEach(() => jest.useRealTimers());

  it.each([[{}], [{ service: 'a"b\\', zone: '\n' }]])(
    'are the same in every format, with the labels %p',
    async (labels) => {
      await fc.assert(
        fc.asyncProperty(metrics, async (given) => {
          const live = new Registry({ labels });
          fill(live, given);
          const bare = Registry.merge([]);
          for (const name of ['cc', 'g.g', 'hh', 'nn', 'ss', 'ii', 'st']) bare.register(live.get(name) as never);
          const plain = new Registry({ labels });
          const families = structuredClone(await bare.gather());
          plain.register({ collect: () => families });
          for (const accept of ACCEPTED) {
            for (const created of [false, true]) {
              const [actual, expected] = await Promise.all(
                [live, plain].map((registry) => registry.expose(accept, { created, openMetrics2: true })),
              );
              expect(actual?.contentType).toBe(expected?.contentType);
              expect(textOf(actual?.body)).toBe(textOf(expected?.body));
            }
          }
        }),
        { numRuns: 60 },
      );
    },
  );
});

/** Bytes, shown one by one where they aren't text. */
function textOf(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes as Uint8Array).toString('latin1');
}
