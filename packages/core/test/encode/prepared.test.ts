import * as fc from 'fast-check';
import { Prepared } from '../../src/encode/prepared.ts';
import { Counter, Gauge, Histogram, Info, Registry, StateSet, Summary, type Metric } from '../../src/index.ts';
import type { FamilyView } from '../../src/model.ts';

const ACCEPTS = [
  'text/plain;version=0.0.4',
  'text/plain;version=1.0.0;escaping=allow-utf-8',
  'application/openmetrics-text;version=1.0.0',
  'application/openmetrics-text;version=1.0.0;escaping=dots',
  'application/openmetrics-text;version=2.0.0;escaping=allow-utf-8',
  'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited',
];

/** More than are kept, most of them not ASCII, and of some it takes long to copy them to words. */
const VALUES = Array.from({ length: 400 }, (_, i) => (i % 3 === 0 ? `${i}` : `größer als ${'😱'.repeat(i % 7)} ${i}`));

function isSame(some: Uint8Array, others: Uint8Array): boolean {
  return Buffer.compare(some, others) === 0;
}

/** The metrics in a registry that has exposed nothing yet. */
function anew(metrics: Iterable<Metric>): Registry {
  const registry = new Registry();
  for (const metric of metrics) registry.register(metric);
  return registry;
}

describe('What is prepared of a family', () => {
  it('is made once if it is live, else each time', () => {
    const make = jest.fn(({ name }: FamilyView) => ({ name }));
    const prepared = new Prepared(make);
    const live = new Gauge({ name: 'live', help: '', registry: null }) as unknown as FamilyView;
    const plain: FamilyView = { name: 'plain', help: '', type: 'gauge', series: [] };
    const made = [live, plain, live, plain].map((family) => prepared.of(family));
    expect(made.map(({ name }) => name)).toEqual(['live', 'plain', 'live', 'plain']);
    expect(made[2]).toBe(made[0]);
    expect(made[3]).not.toBe(made[1]);
    expect(make).toHaveBeenCalledTimes(3);
  });

  it('shows the same as what is made for the first time, whatever happened in between', async () => {
    const value = fc.nat({ max: VALUES.length - 1 });
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('fill' as const), from: value, count: value }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), from: value, count: value }) },
      fc.record({ kind: fc.constantFrom('clear' as const, 'exemplar' as const, 'swap' as const), from: value }),
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('scrape' as const), from: fc.nat({ max: 5 }) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), fc.boolean(), async (steps, created) => {
        const registry = new Registry();
        const labelNames = ['a', 'b.c'] as const;
        const all = { help: 'Größe', labelNames, registry, maxSeries: Infinity };
        const counter = new Counter({ name: 'c', ...all });
        const gauge = new Gauge({ name: 'g.g', ...all });
        const histogram = new Histogram({ name: 'h', buckets: [1, 2.5], native: true, ...all });
        const summary = new Summary({ name: 's', quantiles: [0.5], ...all });
        const info = new Info({ name: 'i', help: '', registry });
        const state = new StateSet({ name: 'st', help: '', states: ['on', 'öff'], registry });
        const metrics = new Set<Metric>([counter, gauge, histogram, summary, info, state]);
        for (const { kind, from, ...rest } of steps) {
          const count = 'count' in rest ? rest.count : 0;
          const values = VALUES.slice(from, from + count);
          switch (kind) {
            case 'fill':
              for (const a of values) {
                const labels = { a, 'b.c': a.slice(0, 5) };
                counter.inc(labels, 3);
                gauge.set(labels, -0.5);
                histogram.observe(labels, 2);
                summary.observe(labels, 2);
              }
              info.set({ [`l${from % 4}`]: VALUES[from] as string });
              state.set(from % 2 === 0 ? 'on' : 'öff');
              break;
            case 'remove':
              for (const a of values) for (const metric of [counter, gauge, histogram]) metric.remove(a, a.slice(0, 5));
              break;
            case 'clear':
              for (const metric of [counter, gauge]) metric.clear();
              break;
            case 'exemplar':
              counter.inc({ a: VALUES[from] as string, 'b.c': '' }, 1, { id: 'x' });
              break;
            case 'swap':
              registry.unregister(gauge);
              if (!metrics.delete(gauge)) {
                registry.register(gauge);
                metrics.add(gauge);
              }
              break;
            case 'scrape':
              await registry.expose(ACCEPTS[from] as string, { openMetrics2: true });
          }
        }
        const other = anew(metrics);
        const options = { openMetrics2: true, created };
        for (const accept of ACCEPTS) {
          const scrape = registry.stream(accept, options);
          const pieces = [(await scrape.next()).value as Uint8Array];
          const { body } = await other.expose(accept, options);
          // Twice, as what comes for the second time is kept, and while another one is in the midst of it.
          for (let i = 0; i < 2; i++) expect(isSame((await registry.expose(accept, options)).body, body)).toBe(true);
          for await (const piece of scrape) pieces.push(piece);
          expect(isSame(Buffer.concat(pieces), body)).toBe(true);
        }
        for (let i = 0; i < 2; i++) expect(await registry.metrics(options)).toBe(await other.metrics(options));
      }),
      { numRuns: 10 },
    );
  });

  it('shows a metric that has the name of one before it', async () => {
    const registry = new Registry();
    for (const help of ['one', 'other']) {
      const gauge = registry.gauge({ name: 'g', help, labelNames: [help] });
      gauge.set({ [help]: 'ü' }, 1);
      for (let i = 0; i < 3; i++) {
        expect(await registry.metrics()).toBe(`# HELP g ${help}\n# TYPE g gauge\ng{${help}="ü"} 1\n`);
      }
      registry.unregister(gauge);
    }
  });

  it('shows what two registries have, each as its own labels make it', async () => {
    const gauge = new Gauge({ name: 'g', help: 'G', labelNames: ['a'], registry: null });
    gauge.set({ a: 'x' }, 1);
    const registries = [new Registry(), new Registry({ labels: { b: 'y' } }), new Registry({ labels: { b: 'z' } })];
    for (const registry of registries) registry.register(gauge);
    const merged = Registry.merge(registries);
    for (let i = 0; i < 3; i++) {
      expect(await merged.metrics()).toBe(
        '# HELP g G\n# TYPE g gauge\ng{a="x"} 1\ng{b="y",a="x"} 1\ng{b="z",a="x"} 1\n',
      );
      expect(await (registries[1] as Registry).metrics()).toBe('# HELP g G\n# TYPE g gauge\ng{b="y",a="x"} 1\n');
      expect(await (registries[0] as Registry).metrics()).toBe('# HELP g G\n# TYPE g gauge\ng{a="x"} 1\n');
    }
  });
});
