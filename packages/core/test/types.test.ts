import {
  Counter,
  defaultRegistry,
  Gauge,
  Histogram,
  Registry,
  Summary,
  type CounterSeries,
  type EndTimer,
  type HistogramValue,
  type LabelValue,
  type Metric,
  type SummaryValue,
} from '../src/index.ts';

/** True where two types are the same. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- two functions compare them exactly
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const isSame = <A, B>(same: Same<A, B>): boolean => same;

const registry = new Registry();
const plain = new Counter({ name: 'plain', help: '', registry });
const requests = new Counter({ name: 'requests', help: '', labelNames: ['method', 'clientip'], registry });
const gauge = new Gauge({ name: 'gauge', help: '', registry });
const queue = new Gauge({ name: 'queue', help: '', labelNames: ['kind'], registry });
const latency = new Histogram({ name: 'latency', help: '', registry });
const duration = new Histogram({ name: 'duration', help: '', labelNames: ['route', 'status'], registry });
const sizes = new Summary({ name: 'sizes', help: '', registry });
const batches = new Summary({ name: 'batches', help: '', labelNames: ['kind'], registry });
const both = { method: 'get', clientip: 'x' };

describe('What compiles', () => {
  it('runs', async () => {
    plain.inc();
    plain.inc(2);
    plain.labels().inc();
    requests.labels('get', '127.0.0.1').inc();
    requests.labels('get', 5).inc(2);
    requests.labels({ method: 'get', clientip: true }).inc();
    requests.labels({ clientip: null, method: undefined }).inc();
    requests.inc({ method: 'get', clientip: 10n });
    requests.inc(both, 2);
    requests.get(both);
    requests.remove('get', 'x');
    requests.remove({ method: 'get', clientip: '127.0.0.1' });
    gauge.set(1);
    gauge.dec();
    gauge.setToCurrentTime();
    gauge.startTimer()();
    queue.set({ kind: 'a' }, 1);
    queue.inc({ kind: 'a' });
    queue.dec({ kind: 'a' }, 2);
    queue.setToCurrentTime({ kind: 'a' });
    queue.startTimer({ kind: 'a' })();
    latency.observe(1);
    latency.startTimer()();
    duration.observe({ route: '/', status: 200 }, 1);
    duration.startTimer({ route: '/' })({ status: 200 });
    duration.startTimer()({ route: '/', status: 200 });
    duration.startTimer({ route: '/', status: 200 })();
    sizes.observe(1);
    batches.observe({ kind: 'a' }, 1);
    batches.startTimer()({ kind: 'a' });
    latency.time(() => 1);
    await duration.time(async () => 1, { route: '/', status: 200 });
    batches.time(() => 1, { kind: 'a' });

    expect(registry.getSampleValue('plain_total')).toBe(4);
    expect(registry.getSampleValue('requests_total', { method: 'get', clientip: 'x' })).toBe(undefined);
  });

  it('takes label names that are known at run time only', () => {
    const labelNames: string[] = ['a', 'b'];
    const values: string[] = ['x', 'y'];
    const dynamic = new Counter({ name: 'dynamic', help: '', labelNames, registry });
    const labels: Record<string, LabelValue> = { a: 'x', b: 'y' };
    dynamic.labels(...values).inc();
    dynamic.inc(labels);
    dynamic.inc({ a: 'x', b: 'y' }, 2);
    registry.counter({ name: 'dynamic', help: '', labelNames }).inc(labels);
    const timed = new Histogram({ name: 'timed', help: '', labelNames, registry: null });
    timed.startTimer({ a: 'x' })({ b: 'y' });
    timed.time(() => 1, labels);

    expect(dynamic.get(labels)).toBe(5);
    expect(timed.get(labels).count).toBe(2);
  });

  it('knows what it gets', () => {
    expect([
      isSame<typeof plain, Counter>(true),
      isSame<typeof requests, Counter<readonly ['method', 'clientip']>>(true),
      isSame<ReturnType<typeof requests.labels>, CounterSeries>(true),
      isSame<ReturnType<typeof duration.get>, HistogramValue>(true),
      isSame<ReturnType<typeof batches.get>, SummaryValue>(true),
      isSame<ReturnType<typeof gauge.startTimer>, EndTimer>(true),
      isSame<ReturnType<typeof registry.metrics>, Promise<string>>(true),
    ]).not.toContain(false);
    const text: string = latency.time(() => 'text');
    const later: Promise<number> = duration.time(async () => 1, { route: '/', status: 200 });
    expect([text, later]).toEqual(['text', expect.any(Promise)]);
  });

  it('gets the same types from a registry as from a class', () => {
    const own = new Registry();
    expect([
      isSame<ReturnType<typeof make.counter>, Counter<readonly ['a', 'b']>>(true),
      isSame<ReturnType<typeof make.plain>, Counter>(true),
      isSame<ReturnType<typeof make.gauge>, Gauge<readonly ['a']>>(true),
      isSame<ReturnType<typeof make.histogram>, Histogram<readonly ['a']>>(true),
      isSame<ReturnType<typeof make.summary>, Summary<readonly ['a']>>(true),
    ]).not.toContain(false);
    make.counter().inc({ a: 1, b: 2 });
    expect(own.getSampleValue('c_total', { a: 1, b: 2 })).toBe(undefined);
  });

  it('lets a metric be kept in a field, an argument, and a list of any metrics', () => {
    class Worker {
      readonly jobs: Counter<['kind']> = new Counter({ name: 'jobs', help: '', labelNames: ['kind'], registry: null });
    }
    const count = (counter: Counter<readonly ['kind']>): void => counter.inc({ kind: 'x' });
    const { jobs } = new Worker();
    count(jobs);
    const all: Metric[] = [plain, requests, gauge, queue, latency, duration, sizes, batches];

    const found = registry.get('plain');
    if (found?.type === 'counter') found.inc();
    const other = registry.get('gauge');
    if (other?.type === 'counter') other.inc({ a: 'x' });

    expect(jobs.get({ kind: 'x' })).toBe(1);
    expect(all.map(({ type }) => type).join(' ')).toBe(
      'counter counter gauge gauge histogram histogram summary summary',
    );
  });

  it('knows the metric in collect', () => {
    const own = new Registry();
    new Gauge({
      name: 'own',
      help: '',
      labelNames: ['a'],
      registry: own,
      collect() {
        this.set({ a: 'x' }, 1);
        // @ts-expect-error -- its label is called a
        if (own === registry) this.set({ b: 'x' }, 1);
      },
    });
    expect(own.getSampleValue('own', { a: 'x' })).toBe(1);
  });

  it('takes frozen, read-only and typed lists', () => {
    const labelNames = Object.freeze(['a'] as const);
    const counter = new Counter({ name: 'cc', help: '', labelNames, registry: null });
    const buckets: readonly number[] = [1, 2];
    expect(new Histogram({ name: 'hh', help: '', buckets, registry: null }).upperBounds).toEqual([1, 2]);
    expect(counter.labels('x').get()).toBe(0);
  });
});

describe('What does not compile', () => {
  it('is only compiled, never called', () => expect(whatDoesNotCompile).toHaveLength(0));
});

const make = {
  counter: () => registry.counter({ name: 'c', help: '', labelNames: ['a', 'b'] }),
  plain: () => registry.counter({ name: 'p', help: '' }),
  gauge: () => registry.gauge({ name: 'g', help: '', labelNames: ['a'] }),
  histogram: () => registry.histogram({ name: 'h', help: '', labelNames: ['a'], buckets: [1] }),
  summary: () => registry.summary({ name: 's', help: '', labelNames: ['a'] }),
};

/** Never called: each line is a mistake that the compiler has to find, and an error if it doesn't. */
function whatDoesNotCompile(): void {
  // @ts-expect-error -- a missing label
  requests.inc({ method: 'get' });
  // @ts-expect-error -- a missing label
  requests.labels({ method: 'get' });
  // @ts-expect-error -- a missing label
  requests.remove({ clientip: 'x' });
  // @ts-expect-error -- one label too many
  requests.inc({ method: 'get', clientip: 'x', extra: 'y' });
  // @ts-expect-error -- one label too many
  requests.labels({ method: 'get', clientip: 'x', extra: 'y' });
  // @ts-expect-error -- a misspelt label
  requests.inc({ method: 'get', clientIp: 'x' });
  // @ts-expect-error -- too few positions
  requests.labels('get');
  // @ts-expect-error -- no positions
  requests.labels();
  // @ts-expect-error -- too many positions
  requests.labels('get', 'x', 'y');
  // @ts-expect-error -- too few positions
  requests.remove('get');
  // @ts-expect-error -- too few positions from a list of unknown length
  requests.labels(...['get', 'x'].slice());
  // @ts-expect-error -- both ways at once
  requests.labels({ method: 'get', clientip: 'x' }, 'x');
  // @ts-expect-error -- an array of values
  requests.labels(['get', 'x']);
  // @ts-expect-error -- a label value without text
  requests.labels('get', {});
  // @ts-expect-error -- a label value without text
  requests.inc({ method: 'get', clientip: ['x'] });
  // @ts-expect-error -- a label value without text
  requests.inc({ method: 'get', clientip: Symbol('x') });

  // @ts-expect-error -- labels on a metric without any
  plain.inc({ method: 'get' });
  // @ts-expect-error -- labels on a metric without any
  plain.inc({});
  // @ts-expect-error -- labels on a metric without any
  plain.inc({ method: 'get' }, 1);
  // @ts-expect-error -- labels on a metric without any
  plain.labels('x');
  // @ts-expect-error -- labels on a metric without any
  plain.labels({ method: 'get' });
  // @ts-expect-error -- labels on a metric without any
  plain.labels({});
  // @ts-expect-error -- labels on a metric without any
  plain.remove('x');
  // @ts-expect-error -- labels on a metric without any
  plain.get({ method: 'get' });
  // @ts-expect-error -- labels on a metric without any
  gauge.set({ method: 'get' }, 1);
  // @ts-expect-error -- labels on a metric without any
  gauge.dec({ method: 'get' });
  // @ts-expect-error -- labels on a metric without any
  gauge.setToCurrentTime({ method: 'get' });
  // @ts-expect-error -- labels on a metric without any
  gauge.startTimer({ method: 'get' });
  // @ts-expect-error -- labels on a metric without any
  latency.observe({ method: 'get' }, 1);
  // @ts-expect-error -- labels on a metric without any
  latency.startTimer({ method: 'get' });
  // @ts-expect-error -- labels on a metric without any
  latency.startTimer()({ method: 'get' });
  // @ts-expect-error -- labels on a metric without any
  latency.time(() => 1, { method: 'get' });
  // @ts-expect-error -- labels on a metric without any
  sizes.observe({ method: 'get' }, 1);
  // @ts-expect-error -- labels on a metric without any
  sizes.startTimer({ method: 'get' });
  // @ts-expect-error -- labels on a metric without any
  sizes.get({ method: 'get' });

  // @ts-expect-error -- no labels on a metric that has some
  requests.inc();
  // @ts-expect-error -- no labels on a metric that has some
  requests.inc(1);
  // @ts-expect-error -- no labels on a metric that has some
  requests.get();
  // @ts-expect-error -- no labels on a metric that has some
  queue.set(1);
  // @ts-expect-error -- no labels on a metric that has some
  queue.dec();
  // @ts-expect-error -- no labels on a metric that has some
  queue.setToCurrentTime();
  // @ts-expect-error -- no labels on a metric that has some
  queue.startTimer();
  // @ts-expect-error -- no labels on a metric that has some
  queue.get();
  // @ts-expect-error -- no labels on a metric that has some
  duration.observe(1);
  // @ts-expect-error -- no labels on a metric that has some
  duration.time(() => 1);
  // @ts-expect-error -- no labels on a metric that has some
  duration.get();
  // @ts-expect-error -- no labels on a metric that has some
  batches.observe(1);
  // @ts-expect-error -- no labels on a metric that has some
  batches.time(() => 1);
  // @ts-expect-error -- a label missing for the time of a call
  duration.time(() => 1, { route: '/' });
  // @ts-expect-error -- an unknown label at the start of a timer
  duration.startTimer({ rout: '/' });
  // @ts-expect-error -- an unknown label at the end of a timer
  duration.startTimer({ route: '/' })({ code: 200 });

  // @ts-expect-error -- a text is no value
  plain.inc('1');
  // @ts-expect-error -- a bigint is no value
  requests.inc({ method: 'get', clientip: 'x' }, 1n);
  // @ts-expect-error -- a value is missing
  gauge.set();
  // @ts-expect-error -- a value is missing
  queue.set({ kind: 'a' });
  // @ts-expect-error -- a value is missing
  latency.observe();
  // @ts-expect-error -- a value is missing
  batches.observe({ kind: 'a' });
  // @ts-expect-error -- null is no value
  gauge.set(null);
  // @ts-expect-error -- a counter isn't set
  plain.set(1);
  // @ts-expect-error -- a counter doesn't fall
  plain.dec();
  // @ts-expect-error -- a summary isn't read as a number
  const sum: number = sizes.get();

  // @ts-expect-error -- help is required
  void new Counter({ name: 'x' });
  // @ts-expect-error -- name is required
  void new Counter({ help: 'x' });
  // @ts-expect-error -- label names are an array
  void new Counter({ name: 'x', help: '', labelNames: 'a' });
  // @ts-expect-error -- label names are strings
  void new Counter({ name: 'x', help: '', labelNames: [1] });
  // @ts-expect-error -- buckets are numbers
  void new Histogram({ name: 'x', help: '', buckets: ['1'] });
  // @ts-expect-error -- a counter has no buckets
  void new Counter({ name: 'x', help: '', buckets: [1] });
  // @ts-expect-error -- a misspelt option
  void new Counter({ name: 'x', help: '', labelnames: ['a'] });
  // @ts-expect-error -- a name is no registry
  void new Counter({ name: 'x', help: '', registry: 'default' });
  // @ts-expect-error -- a missing label, of a metric that the registry made
  registry.counter({ name: 'x', help: '', labelNames: ['a', 'b'] }).inc({ a: 1 });
  // @ts-expect-error -- too many positions, of a metric that the registry made
  registry.histogram({ name: 'x', help: '', labelNames: ['a'] }).labels('x', 'y');
  // @ts-expect-error -- no labels, of a metric that the registry made
  registry.gauge({ name: 'x', help: '', labelNames: ['a'] }).set(1);
  // @ts-expect-error -- labels, of a metric without any that the registry made
  registry.summary({ name: 'x', help: '' }).observe({ a: 1 }, 1);
  // @ts-expect-error -- there may be no such metric
  void defaultRegistry.get('x').name;
  // @ts-expect-error -- a counter with other labels
  const other: Counter<readonly ['a']> = requests;
  // @ts-expect-error -- a counter without labels is none with labels
  const labelled: Counter<readonly ['a']> = plain;
  void [sum, other, labelled];
}
