import {
  Counter,
  defaultRegistry,
  Gauge,
  Histogram,
  Info,
  Registry,
  StateSet,
  Summary,
  type Collector,
  type CounterSeries,
  type EndTimer,
  type ExemplarLabels,
  type HistogramSeries,
  type HistogramValue,
  type InfoSeries,
  type LabelValue,
  type Metric,
  type MetricErrorCode,
  type MetricFamily,
  type NativeHistogram,
  type NativeOptions,
  type Series,
  type StateSetSeries,
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
const build = new Info({ name: 'build', help: '', registry });
const parts = new Info({ name: 'parts', help: '', labelNames: ['part'], registry });
const job = new StateSet({ name: 'job', help: '', states: ['starting', 'running'], registry });
const lights = new StateSet({ name: 'lights', help: '', labelNames: ['id'], states: ['on', 'off'], registry });
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

  it('takes exemplars with labels of any name and kind', () => {
    const labels: ExemplarLabels = { trace_id: 'abc' };
    const dynamic: Record<string, LabelValue> = { spanId: 5 };
    plain.inc(1, { trace_id: 'abc' });
    plain.inc(1, { traceId: 1n, 'any name': true, ok: null });
    plain.inc(undefined, labels);
    plain.labels().inc(1, dynamic);
    requests.inc(both, 2, { trace_id: 'abc' });
    requests.inc(both, undefined, { traceId: 'abc' });
    requests.labels('get', 'x').inc(2, { span: 'x' });
    latency.observe(3, { trace_id: 'abc' });
    duration.observe({ route: '/', status: 200 }, 3, { traceId: 'abc' });
    duration.labels('/', 200).observe(3, labels);
    expect(plain.labels().exemplar?.labels).toEqual({ spanId: '5' });
  });

  it('passes the types of work through', async () => {
    class Work {
      done = true;
    }
    const sync = plain.countExceptions(() => 'text' as const);
    const async = requests.countExceptions(async () => new Work(), both);
    const tracked = gauge.trackInProgress(() => [1, 'a'] as [number, string]);
    const later = queue.trackInProgress(async () => 5, { kind: 'a' });
    const nothing = gauge.trackInProgress(() => {});
    const timed = sizes.time(() => ({ rows: 1 }));
    const through = requests.labels('get', 'x').countExceptions(() => 1);
    const never = (): never => plain.countExceptions((): never => process.exit(1));
    expect([
      isSame<typeof sync, 'text'>(true),
      isSame<typeof async, Promise<Work>>(true),
      isSame<typeof tracked, [number, string]>(true),
      isSame<typeof later, Promise<number>>(true),
      isSame<typeof nothing, void>(true),
      isSame<typeof timed, { rows: number }>(true),
      isSame<typeof through, number>(true),
      isSame<ReturnType<typeof never>, never>(true),
    ]).not.toContain(false);
    expect([await async, await later]).toEqual([new Work(), 5]);
  });

  it('takes what an info says, and the states that a state set has', () => {
    build.set({ version: '1.2.3', 'any name': 5, ok: true, none: undefined });
    parts.labels('a').set({ version: '1' });
    parts.labels({ part: 'a' }).set({});
    job.set('running');
    lights.labels('1').set('on');
    lights.labels({ id: 2 }).set('off');
    expect([
      isSame<ReturnType<typeof build.labels>, InfoSeries>(true),
      isSame<ReturnType<typeof job.get>, 'starting' | 'running' | undefined>(true),
      isSame<ReturnType<typeof lights.labels>, StateSetSeries<'on' | 'off'>>(true),
      isSame<typeof job, StateSet<readonly [], readonly ['starting', 'running']>>(true),
    ]).not.toContain(false);
    const dynamic: string[] = ['a', 'b'];
    const any = new StateSet({ name: 'any', help: '', states: dynamic, registry: null });
    any.set('a');
    expect([job.get(), any.get()]).toEqual(['running', 'a']);
  });

  it('takes every option of native buckets, of quantiles and of limits', () => {
    const all: Required<NativeOptions> = {
      factor: 1.1,
      zeroThreshold: 2 ** -128,
      maxBuckets: 160,
      minResetSeconds: 3600,
      maxZeroThreshold: 0,
      maxExemplars: 10,
      exemplarTtlSeconds: 300,
    };
    const beside = new Histogram({ name: 'n', help: 'native', native: true, registry: null });
    const only = new Histogram({ name: 'n2', help: 'native only', buckets: [], native: all, registry: null });
    const some = new Histogram({ name: 'n3', help: '', native: { factor: undefined, maxBuckets: 0 }, registry: null });
    const summary = new Summary({
      name: 'q',
      help: 'with quantiles',
      quantiles: Object.freeze([0.5, 0.9, 0.99]),
      maxAgeSeconds: 600,
      ageBuckets: 5,
      maxSeries: 10_000,
      unit: undefined,
      registry: null,
    });
    const native: NativeHistogram | undefined = only.get().native;
    const share: number = beside.quantile(0.9) + duration.quantile(0.9, { route: '/', status: 1 });
    const [quantile] = summary.get().quantiles;
    const pair: { quantile: number; value: number } | undefined = quantile;
    expect([native?.schema, some.get().native?.schema, share, pair]).toEqual([
      3,
      3,
      NaN,
      { quantile: 0.5, value: NaN },
    ]);
    expect(isSame<ReturnType<typeof only.labels>, HistogramSeries>(true)).toBe(true);
  });

  it('removes by position, by name, and by some labels', () => {
    const counter = new Counter({ name: 'cc', help: '', labelNames: ['a', 'b'], registry: null });
    const removed: [boolean, boolean, number, number] = [
      counter.remove('x', 1),
      counter.remove({ a: 'x', b: 1 }),
      counter.removeMatching({ a: 'x' }),
      counter.removeMatching({}),
    ];
    expect(removed).toEqual([false, false, 0, 0]);
  });

  it('takes custom collectors, synchronous and asynchronous, of plain data', async () => {
    const own = new Registry({ labels: { service: 'api', shard: 5 } });
    const series: Series = { labels: { a: 'x' }, value: 1, timestamp: 5, exemplar: { labels: {}, value: 1 } };
    const family: MetricFamily = { name: 'custom', help: '', type: 'unknown', series: [series] };
    const collector: Collector = own.register({ collect: () => [family] });
    own.register({
      collect: async () => [{ ...family, name: 'later' }],
      describe: () => [{ name: 'later', type: 'unknown' }],
    });
    const gathered: MetricFamily[] = await own.gather({ names: ['later'], timeoutSeconds: 1 });
    const code: MetricErrorCode = 'INVALID_NAME';
    expect([gathered.map(({ name }) => name), own.unregister(collector), own.unregister('none'), code]).toEqual([
      ['later'],
      true,
      false,
      'INVALID_NAME',
    ]);
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
      isSame<ReturnType<typeof make.info>, Info<readonly ['a']>>(true),
      isSame<ReturnType<typeof make.stateSet>, StateSet<readonly ['a'], readonly ['on', 'off']>>(true),
      isSame<ReturnType<typeof make.plainStateSet>, StateSet<readonly [], readonly ['on']>>(true),
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
    const all: Metric[] = [plain, requests, gauge, queue, latency, duration, sizes, batches, build, parts, job, lights];

    const found = registry.get('plain');
    if (found?.type === 'counter') found.inc();
    const other = registry.get('gauge');
    if (other?.type === 'counter') other.inc({ a: 'x' });

    expect(jobs.get({ kind: 'x' })).toBe(1);
    expect(all.map(({ type }) => type).join(' ')).toBe(
      'counter counter gauge gauge histogram histogram summary summary info info stateset stateset',
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
  info: () => registry.info({ name: 'i', help: '', labelNames: ['a'] }),
  stateSet: () => registry.stateSet({ name: 'ss', help: '', labelNames: ['a'], states: ['on', 'off'] }),
  plainStateSet: () => registry.stateSet({ name: 'pp', help: '', states: ['on'] }),
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
  // @ts-expect-error -- a metric without any has no series to remove
  plain.remove();
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

  // @ts-expect-error -- an exemplar label without text
  plain.inc(1, { trace_id: {} });
  // @ts-expect-error -- a text is no exemplar
  plain.inc(1, 'abc');
  // @ts-expect-error -- an exemplar in the place of the value
  plain.inc({ trace_id: 'abc' });
  // @ts-expect-error -- an exemplar in the place of the value
  requests.inc(both, { trace_id: 'abc' });
  // @ts-expect-error -- an exemplar label without text
  requests.labels('get', 'x').inc(1, { trace_id: [] });
  // @ts-expect-error -- an exemplar in the place of the value
  latency.observe({ trace_id: 'abc' });
  // @ts-expect-error -- an exemplar label without text
  duration.observe({ route: '/', status: 1 }, 1, { trace_id: {} });
  // @ts-expect-error -- a gauge has no exemplars
  gauge.set(1, { trace_id: 'abc' });
  // @ts-expect-error -- a summary has no exemplars
  sizes.observe(1, { trace_id: 'abc' });

  // @ts-expect-error -- no work
  void plain.countExceptions();
  // @ts-expect-error -- the labels of work that is counted
  requests.countExceptions(() => 1);
  // @ts-expect-error -- a label missing of work that is counted
  requests.countExceptions(() => 1, { method: 'get' });
  // @ts-expect-error -- labels on a metric without any
  plain.countExceptions(() => 1, { method: 'get' });
  // @ts-expect-error -- the labels of work that is tracked
  queue.trackInProgress(() => 1);
  // @ts-expect-error -- an unknown label of work that is tracked
  queue.trackInProgress(() => 1, { sort: 'a' });
  // @ts-expect-error -- labels on a metric without any
  gauge.trackInProgress(() => 1, { kind: 'a' });
  // @ts-expect-error -- work that takes something
  gauge.trackInProgress((a: number) => a);
  // @ts-expect-error -- a counter tracks nothing
  plain.trackInProgress(() => 1);
  // @ts-expect-error -- the result of work is that of the work
  const text: string = gauge.trackInProgress(() => 1);
  // @ts-expect-error -- asynchronous work gives a promise
  const now: number = plain.countExceptions(async () => 1);

  // @ts-expect-error -- what an info says has labels
  build.set('1.2.3');
  // @ts-expect-error -- an info says something
  build.set();
  // @ts-expect-error -- a label value without text
  build.set({ version: {} });
  // @ts-expect-error -- an info with labels is set through labels()
  parts.set({ version: '1' });
  // @ts-expect-error -- a label is missing
  parts.labels();
  // @ts-expect-error -- an info isn't counted
  build.inc();
  // @ts-expect-error -- an info has no unit
  void new Info({ name: 'x', help: '', unit: 'seconds' });
  // @ts-expect-error -- a state that it can't be in
  job.set('stopped');
  // @ts-expect-error -- a state is missing
  job.set();
  // @ts-expect-error -- a state set with labels is set through labels()
  lights.set('on');
  // @ts-expect-error -- a state set with labels is read through labels()
  lights.get();
  // @ts-expect-error -- a state that it can't be in
  lights.labels('1').set('running');
  // @ts-expect-error -- states are required
  void new StateSet({ name: 'x', help: '' });
  // @ts-expect-error -- states are texts
  void new StateSet({ name: 'x', help: '', states: [1] });
  // @ts-expect-error -- a state set has no unit
  void new StateSet({ name: 'x', help: '', states: ['a'], unit: 'seconds' });
  // @ts-expect-error -- a state that it can't be in, of a state set that the registry made
  registry.stateSet({ name: 'x', help: '', states: ['a'] }).set('b');
  // @ts-expect-error -- no labels, of an info that the registry made
  registry.info({ name: 'x', help: '', labelNames: ['a'] }).set({});

  // @ts-expect-error -- a text says nothing of native buckets
  void new Histogram({ name: 'x', help: '', native: 'yes' });
  // @ts-expect-error -- a misspelt option of native buckets
  void new Histogram({ name: 'x', help: '', native: { factors: 2 } });
  // @ts-expect-error -- a summary has no native buckets
  void new Summary({ name: 'x', help: '', native: true });
  // @ts-expect-error -- quantiles are a list
  void new Summary({ name: 'x', help: '', quantiles: 0.5 });
  // @ts-expect-error -- a histogram's quantiles are asked for
  void new Histogram({ name: 'x', help: '', quantiles: [0.5] });
  // @ts-expect-error -- a share is a number
  latency.quantile('0.5');
  // @ts-expect-error -- a share is missing
  latency.quantile();
  // @ts-expect-error -- the labels of the series are missing
  duration.quantile(0.5);
  // @ts-expect-error -- a summary has only the quantiles that it was made with
  sizes.quantile(0.5);
  // @ts-expect-error -- a limit is a number
  void new Counter({ name: 'x', help: '', maxSeries: '10' });
  // @ts-expect-error -- an unknown label
  requests.removeMatching({ verb: 'get' });
  // @ts-expect-error -- labels on a metric without any
  plain.removeMatching({ method: 'get' });
  // @ts-expect-error -- which series is missing
  requests.removeMatching();
  // @ts-expect-error -- the family of a custom collector has a help
  registry.register({ collect: () => [{ name: 'x', type: 'gauge' as const, series: [] }] });
  // @ts-expect-error -- there is no such type
  registry.register({ collect: () => [{ name: 'x', help: '', type: 'meter' as const, series: [] }] });
  // @ts-expect-error -- a collector collects
  registry.register({});
  // @ts-expect-error -- there is no such text format
  void registry.metrics({ format: 'xml' });
  // @ts-expect-error -- a misspelt option of a registry
  void new Registry({ label: { a: 'x' } });

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
  void [sum, other, labelled, text, now];
}
