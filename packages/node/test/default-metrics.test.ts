import { PerformanceObserver } from 'node:perf_hooks';
import timers from 'node:timers';
import { inspect } from 'node:util';
import { Counter, defaultRegistry, Gauge, lint, Registry } from '@prometer/core';
import { collectDefaultMetrics, type DefaultMetricsGroup, type DefaultMetricsNames } from '../src/index.ts';

const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

const PROCESS = `\
# HELP process_cpu_seconds_total Total user and system CPU time spent in seconds.
# TYPE process_cpu_seconds_total counter
# HELP process_cpu_user_seconds_total Total user CPU time spent in seconds.
# TYPE process_cpu_user_seconds_total counter
# HELP process_cpu_system_seconds_total Total system CPU time spent in seconds.
# TYPE process_cpu_system_seconds_total counter
# HELP process_resident_memory_bytes Resident memory size in bytes.
# TYPE process_resident_memory_bytes gauge
# HELP process_heap_bytes Process heap size in bytes.
# TYPE process_heap_bytes gauge
# HELP process_virtual_memory_bytes Virtual memory size in bytes.
# TYPE process_virtual_memory_bytes gauge
# HELP process_threads Number of OS threads in the process.
# TYPE process_threads gauge
# HELP process_open_fds Number of open file descriptors.
# TYPE process_open_fds gauge
# HELP process_max_fds Maximum number of open file descriptors.
# TYPE process_max_fds gauge
# HELP process_virtual_memory_max_bytes Maximum amount of virtual memory available in bytes.
# TYPE process_virtual_memory_max_bytes gauge
# HELP process_network_receive_bytes_total Number of bytes received by the process over the network, with all that share its network namespace.
# TYPE process_network_receive_bytes_total counter
# HELP process_network_transmit_bytes_total Number of bytes sent by the process over the network, with all that share its network namespace.
# TYPE process_network_transmit_bytes_total counter
# HELP process_start_time_seconds Start time of the process since unix epoch in seconds.
# TYPE process_start_time_seconds gauge
`;

const PROCESS_NAMES = Array.from(PROCESS.matchAll(/# TYPE (\w+)/g), ([, name]) => name);

const MEMORY = [
  'nodejs_heap_size_total_bytes',
  'nodejs_heap_size_used_bytes',
  'nodejs_heap_size_limit_bytes',
  'nodejs_external_memory_bytes',
  'nodejs_array_buffers_bytes',
  'nodejs_heap_space_size_total_bytes',
  'nodejs_heap_space_size_used_bytes',
  'nodejs_heap_space_size_available_bytes',
];
const EVENT_LOOP = [
  'nodejs_eventloop_delay_seconds',
  'nodejs_eventloop_active_seconds_total',
  'nodejs_eventloop_idle_seconds_total',
];
const RESOURCES = ['nodejs_active_resources', 'nodejs_active_handles', 'nodejs_active_requests'];
const NODE = [...EVENT_LOOP, 'nodejs_gc_duration_seconds', ...MEMORY, ...RESOURCES, 'nodejs_version_info'];

/** What prom-client 15 has, and as what. */
const PROM_CLIENT = {
  process_cpu_user_seconds_total: 'counter',
  process_cpu_system_seconds_total: 'counter',
  process_cpu_seconds_total: 'counter',
  process_start_time_seconds: 'gauge',
  process_resident_memory_bytes: 'gauge',
  process_virtual_memory_bytes: 'gauge',
  process_heap_bytes: 'gauge',
  process_open_fds: 'gauge',
  process_max_fds: 'gauge',
  nodejs_eventloop_lag_seconds: 'gauge',
  nodejs_eventloop_lag_min_seconds: 'gauge',
  nodejs_eventloop_lag_max_seconds: 'gauge',
  nodejs_eventloop_lag_mean_seconds: 'gauge',
  nodejs_eventloop_lag_stddev_seconds: 'gauge',
  nodejs_eventloop_lag_p50_seconds: 'gauge',
  nodejs_eventloop_lag_p90_seconds: 'gauge',
  nodejs_eventloop_lag_p99_seconds: 'gauge',
  nodejs_active_resources: 'gauge',
  nodejs_active_resources_total: 'gauge',
  nodejs_active_handles: 'gauge',
  nodejs_active_handles_total: 'gauge',
  nodejs_active_requests: 'gauge',
  nodejs_active_requests_total: 'gauge',
  nodejs_heap_size_total_bytes: 'gauge',
  nodejs_heap_size_used_bytes: 'gauge',
  nodejs_external_memory_bytes: 'gauge',
  nodejs_heap_space_size_total_bytes: 'gauge',
  nodejs_heap_space_size_used_bytes: 'gauge',
  nodejs_heap_space_size_available_bytes: 'gauge',
  nodejs_version_info: 'gauge',
  nodejs_gc_duration_seconds: 'histogram',
};

describe('collectDefaultMetrics', () => {
  let registry: Registry;

  beforeEach(() => {
    registry = new Registry();
  });

  describeOnLinux('on Linux', () => {
    it('exposes the process under the names and with the help of the client guidelines', async () => {
      collectDefaultMetrics({ registry, only: ['process'] });

      expect((await registry.metrics()).replace(/^[^#].*\n/gm, '')).toBe(PROCESS);
      expect(await names(registry)).toEqual(PROCESS_NAMES);
    });

    it('collects every group when none is chosen', async () => {
      collectDefaultMetrics({ registry });

      expect(await names(registry)).toEqual([...PROCESS_NAMES, ...NODE]);
    });
  });

  it('collects only the groups that are chosen', async () => {
    collectDefaultMetrics({ registry, only: ['version', 'memory', 'memory'] });

    expect((await names(registry)).toSorted()).toEqual([...MEMORY, 'nodejs_version_info'].toSorted());
  });

  it('collects nothing when no group is chosen', async () => {
    collectDefaultMetrics({ registry, only: [] }).stop();

    expect(await names(registry)).toEqual([]);
  });

  it('goes to the default registry unless told otherwise', () => {
    const runtime = collectDefaultMetrics();
    expect(defaultRegistry.getSampleValue('process_cpu_seconds_total')).toBeGreaterThan(0);
    runtime.stop();
    expect(defaultRegistry.get('process_cpu_seconds_total')).toBeUndefined();
  });

  it('starts nothing that keeps the process alive', () => {
    const before = process.getActiveResourcesInfo();
    collectDefaultMetrics({ registry });

    expect(process.getActiveResourcesInfo()).toEqual(before);
  });

  it('collects in any number of registries at once', async () => {
    const other = new Registry();
    const runtime = collectDefaultMetrics({ registry });
    collectDefaultMetrics({ registry: other });
    expect(await names(other)).toEqual(await names(registry));

    runtime.stop();
    expect(await names(registry)).toEqual([]);
    expect(other.getSampleValue('process_cpu_seconds_total')).toBeGreaterThan(0);
  });

  describe('stop', () => {
    it.each(['stop', Symbol.dispose] as const)('takes the metrics out and leaves the others, as %p', async (way) => {
      new Counter({ name: 'mine', help: 'Mine', registry }).inc();
      const runtime = collectDefaultMetrics({ registry });
      runtime[way]();

      expect(await registry.metrics()).toBe('# HELP mine_total Mine\n# TYPE mine_total counter\nmine_total 1\n');
    });

    it('lets the metrics be collected again, from where they were', () => {
      const runtime = collectDefaultMetrics({ registry });
      const first = registry.getSampleValue('process_cpu_seconds_total') as number;
      runtime.stop();
      collectDefaultMetrics({ registry });

      expect(registry.getSampleValue('process_cpu_seconds_total')).toBeGreaterThanOrEqual(first);
    });

    it('leaves new metrics alone that came after the registry was cleared', () => {
      const old = collectDefaultMetrics({ registry });
      registry.clear();
      collectDefaultMetrics({ registry });
      old.stop();

      expect(registry.getSampleValue('process_cpu_seconds_total')).toBeGreaterThan(0);
    });
  });

  it('leaves nothing behind after a thousand times', async () => {
    const [register, unregister] = [jest.spyOn(registry, 'register'), jest.spyOn(registry, 'unregister')];
    const [observe, disconnect] = [
      jest.spyOn(PerformanceObserver.prototype, 'observe'),
      jest.spyOn(PerformanceObserver.prototype, 'disconnect'),
    ];
    const timed = [jest.spyOn(timers, 'setTimeout'), jest.spyOn(timers, 'setInterval')];
    const listeners = () => process.eventNames().map((name) => process.listenerCount(name));
    // Node.js makes an immediate of its own when it has observed a collection.
    const alive = () => process.getActiveResourcesInfo().filter((type) => type !== 'Immediate');
    const before = [alive(), listeners()];
    for (let i = 0; i < 1000; i++) collectDefaultMetrics({ registry }).stop();

    expect(register.mock.calls.length).toBeGreaterThan(20_000);
    expect(unregister.mock.calls.length).toBe(register.mock.calls.length);
    expect(disconnect.mock.calls.length).toBe(observe.mock.calls.length);
    expect(timed.flatMap(({ mock }) => mock.calls)).toEqual([]);
    expect([alive(), listeners()]).toEqual(before);
    expect(await registry.gather()).toEqual([]);
    jest.restoreAllMocks();
  });

  it('has names, types and help that the linter finds nothing wrong with', async () => {
    collectDefaultMetrics({ registry });

    expect(await lint(registry)).toEqual([]);
  });

  describe('with the names of prom-client', () => {
    it('has all of its metrics, beside those that it lacks', async () => {
      collectDefaultMetrics({ registry, names: 'prom-client' });
      const text = await registry.metrics();

      for (const [name, type] of Object.entries(PROM_CLIENT)) {
        // What only Linux tells is left out elsewhere.
        if (name.startsWith('process_') && process.platform !== 'linux') continue;
        expect(text).toContain(`\n# TYPE ${name} ${type}\n`);
      }
      expect(text).not.toContain('nodejs_eventloop_delay_seconds');
      expect(text).toContain('\nnodejs_eventloop_active_seconds_total ');
    });

    it('is what the linter objects to in prom-client', async () => {
      collectDefaultMetrics({ registry, names: 'prom-client' });

      expect(await lint(registry)).toEqual(
        ['handles', 'requests', 'resources'].map((what) => ({
          metric: `nodejs_active_${what}_total`,
          text: 'non-counter metrics should not have "_total" suffix',
        })),
      );
    });

    it('can be had beside the others, each until it is stopped', async () => {
      const ours = collectDefaultMetrics({ registry });
      const before = await names(registry);
      const theirs = collectDefaultMetrics({ registry, names: 'prom-client' });
      const both = await names(registry);
      ours.stop();
      const rest = await names(registry);

      expect(both).toEqual(expect.arrayContaining([...before, 'nodejs_eventloop_lag_p99_seconds']));
      expect(rest).not.toContain('nodejs_eventloop_delay_seconds');
      expect(rest).toEqual(expect.arrayContaining(['nodejs_eventloop_lag_p99_seconds', 'nodejs_version_info']));
      theirs.stop();
      expect(await names(registry)).toEqual([]);
    });

    it.each<DefaultMetricsNames>(['prometer', 'prom-client'])(
      'keeps garbage collections and the version as the first call has them, with names of %s',
      async (first) => {
        collectDefaultMetrics({ registry, only: ['gc', 'version'], names: first });
        const before = (await registry.metrics()).match(/le="[^"]+"|nodejs_version_info.*/g);
        const second = first === 'prometer' ? 'prom-client' : 'prometer';
        collectDefaultMetrics({ registry, only: ['gc', 'version'], names: second });

        expect((await registry.metrics()).match(/le="[^"]+"|nodejs_version_info.*/g)).toEqual(before);
      },
    );
  });

  describe('elsewhere', () => {
    const { versions } = process;
    afterEach(() => Object.defineProperty(process, 'versions', { value: versions }));

    it.each([
      ['Bun', { bun: '1.4.5' }, ['nodejs_external_memory_bytes', 'nodejs_version_info']],
      [
        'Deno',
        { deno: '2.9.6' },
        [...MEMORY.filter((name) => name !== 'nodejs_array_buffers_bytes'), ...RESOURCES, 'nodejs_version_info'],
      ],
    ])('leaves out what %s does not tell, or makes up', async (_, its, expected) => {
      Object.defineProperty(process, 'versions', { value: { ...versions, ...its } });
      collectDefaultMetrics({ registry, only: ['eventLoop', 'gc', 'memory', 'resources', 'version'] });

      expect(await names(registry)).toEqual(expected);
      expect(await registry.metrics()).toMatch(/nodejs_version_info\{.*,patch="\d+",(?:bun|deno)="[\d.]+"\} 1/);
    });

    it("does not take Bun's size of the heap for that of the process", () => {
      Object.defineProperty(process, 'versions', { value: { ...versions, bun: '1.4.5' } });
      collectDefaultMetrics({ registry, only: ['process'] });

      expect(registry.get('process_resident_memory_bytes')).toBeDefined();
      expect(registry.get('process_heap_bytes')).toBeUndefined();
    });

    it('has nothing of the event loop under the names of prom-client either', async () => {
      Object.defineProperty(process, 'versions', { value: { ...versions, bun: '1.4.5' } });
      collectDefaultMetrics({ registry, only: ['eventLoop', 'resources'], names: 'prom-client' });

      expect(await names(registry)).toEqual([]);
    });
  });

  describe('in a merged registry', () => {
    it('is taken out of the part that another call put it in', async () => {
      const merged = Registry.merge([registry]);
      const [first, second] = [collectDefaultMetrics({ registry }), collectDefaultMetrics({ registry: merged })];
      first.stop();
      expect(registry.get('process_cpu_seconds_total')).toBeDefined();
      second.stop();

      expect([await names(registry), await names(merged)]).toEqual([[], []]);
    });

    it('is taken out of it beside a metric of the application in a part', async () => {
      new Gauge({ name: 'process_start_time_seconds', help: 'Mine', registry }).set(7);
      const merged = Registry.merge([registry]);
      collectDefaultMetrics({ registry: merged }).stop();

      expect(await names(merged)).toEqual(['process_start_time_seconds']);
      expect(await names(registry)).toEqual(['process_start_time_seconds']);
      registry.clear();
      expect(await names(merged)).toEqual([]);
    });
  });

  describe('where the registry adds labels', () => {
    afterEach(() => jest.restoreAllMocks());

    const VERSION = ['nodejs_version_info'];
    const SPACES = ['total', 'used', 'available'].map((what) => `nodejs_heap_space_size_${what}_bytes`);
    it.each<[label: string, names: DefaultMetricsNames, metrics: readonly string[]]>([
      ['version', 'prometer', VERSION],
      ['version', 'prom-client', VERSION],
      ['major', 'prometer', VERSION],
      ['openssl', 'prometer', VERSION],
      ['openssl', 'prom-client', []],
      ['kind', 'prometer', ['nodejs_gc_duration_seconds']],
      ['space', 'prometer', SPACES],
      ['type', 'prom-client', RESOURCES],
      ['le', 'prometer', ['nodejs_eventloop_delay_seconds', 'nodejs_gc_duration_seconds']],
      ['app_version', 'prometer', []],
    ])('such as %s, leaves out with names of %s what has one itself: %j', async (label, chosen, metrics) => {
      const warning = jest.spyOn(process, 'emitWarning').mockReturnValue();
      collectDefaultMetrics({ registry, names: chosen });
      const all = await names(registry);
      const labelled = new Registry({ labels: { [label]: '1.2.3' } });
      collectDefaultMetrics({ registry: labelled, names: chosen });

      expect(await names(labelled)).toEqual(all.filter((name) => !metrics.includes(name)));
      expect(await labelled.metrics()).not.toMatch(/^process_cpu_seconds_total [^\n]|prometer_collector_errors/m);
      expect(warning).toHaveBeenCalledTimes(metrics.length === 0 ? 0 : 1);
    });

    it('warns of it once, of each registry, with what to do', () => {
      const warning = jest.spyOn(process, 'emitWarning').mockReturnValue();
      for (let i = 0; i < 2; i++) {
        const labelled = new Registry({ labels: { version: '1.2.3', kind: 'a' } });
        collectDefaultMetrics({ registry: labelled, only: ['gc', 'version'] }).stop();
        collectDefaultMetrics({ registry: labelled, only: ['gc', 'version'] });
      }

      const message =
        'Default metrics are left out, as their registry adds a label of the same name to every series: "nodejs_gc_duration_seconds" with the label "kind", "nodejs_version_info" with the label "version". Call the label of the registry something else, such as "app_kind", or collect them in a registry without it.';
      const once = [message, { type: 'PrometerWarning', code: 'PROMETER_LABEL_CLASH' }];
      expect(warning.mock.calls).toEqual([once, once]);
    });
  });

  describe('called twice', () => {
    it('shows every metric once', async () => {
      collectDefaultMetrics({ registry });
      const once = await names(registry);
      collectDefaultMetrics({ registry });

      expect(await names(registry)).toEqual(once);
    });

    it('keeps the metrics until both have stopped, whichever stops first and however often', () => {
      const [first, second] = [collectDefaultMetrics({ registry }), collectDefaultMetrics({ registry })];
      first.stop();
      first.stop();
      expect(registry.getSampleValue('nodejs_heap_size_used_bytes')).toBeGreaterThan(0);
      second.stop();
      expect(registry.get('nodejs_heap_size_used_bytes')).toBeUndefined();
    });

    it('with other groups, keeps of each group what is still collected', async () => {
      const some = collectDefaultMetrics({ registry, only: ['version'] });
      const all = collectDefaultMetrics({ registry });
      all.stop();
      expect(await names(registry)).toEqual(['nodejs_version_info']);
      some.stop();
      expect(await names(registry)).toEqual([]);
    });

    it('from two copies of the package, keeps the metrics until both have stopped', async () => {
      const first = collectDefaultMetrics({ registry });
      await jest.isolateModulesAsync(async () => {
        const copy = await import('../src/index.ts');
        expect(copy.collectDefaultMetrics).not.toBe(collectDefaultMetrics);
        const second = copy.collectDefaultMetrics({ registry });
        first.stop();
        expect(registry.getSampleValue('process_cpu_seconds_total')).toBeGreaterThan(0);
        second.stop();
      });

      expect(await names(registry)).toEqual([]);
    });
  });

  describe('beside metrics of the application', () => {
    it('leaves one that is defined alike to its owner, also when stopped', () => {
      const mine = new Gauge({ name: 'process_start_time_seconds', help: 'Mine', registry });
      mine.set(7);
      collectDefaultMetrics({ registry }).stop();

      expect(registry.getSampleValue('process_start_time_seconds')).toBe(7);
    });

    it.each([
      ['is defined otherwise', 'nodejs_heap_size_used_bytes', 'DIFFERENT_DEFINITION'],
      ['has the name of an info', 'nodejs_version_info', 'DUPLICATE_NAME'],
    ])('throws when one %s, and adds nothing', async (_, name, code) => {
      const register = jest.spyOn(registry, 'register');
      const unregister = jest.spyOn(registry, 'unregister');
      new Gauge({ name, help: 'Mine', labelNames: ['a'], registry });
      register.mockClear();

      expect(() => collectDefaultMetrics({ registry })).toThrow(expect.objectContaining({ name: 'MetricError', code }));
      expect(await names(registry)).toEqual([name]);
      // The last that was to be registered was refused.
      const refused = code === 'DUPLICATE_NAME' ? 1 : 0;
      expect(unregister.mock.calls.length).toBe(register.mock.calls.length - refused);
    });
  });

  describe('refuses', () => {
    const CHOICE =
      'Choose from "process", "eventLoop", "gc", "memory", "resources", "version", or leave the option out for all.';

    it.each([
      ['an unknown group', { only: ['memory', 'heap'] }, `There is no group "heap" of default metrics. ${CHOICE}`],
      [
        'a name that every object has',
        { only: ['toString'] },
        `There is no group "toString" of default metrics. ${CHOICE}`,
      ],
      [
        'what is no array',
        { only: 'memory' },
        `The option "only" of default metrics is "memory": give an array. ${CHOICE}`,
      ],
      [
        'unknown names',
        { names: 'opentelemetry' },
        'The option "names" of default metrics is "opentelemetry": give "prometer" or "prom-client", or leave it out.',
      ],
      [
        'what is no registry',
        { registry: null },
        'The option "registry" of default metrics is null: give a Registry, or leave it out.',
      ],
      [
        'what is a registry in part only',
        { registry: { gauge() {} } },
        'The option "registry" of default metrics is { gauge: [Function: gauge] }: give a Registry, or leave it out.',
      ],
      [
        "prom-client's name of an option",
        { register: new Registry() },
        'There is no option "register" of default metrics. Is "registry" meant?',
      ],
      ['a typo', { onyl: ['gc'] }, 'There is no option "onyl" of default metrics. Is "only" meant?'],
      [
        'an option that there is not',
        { prefix: 'app_' },
        'There is no option "prefix" of default metrics. The options are registry, only, names.',
      ],
      ['what is no object', null, 'The options of default metrics are null: give a plain object, or nothing.'],
    ])('%s, and adds nothing', async (_, options, message) => {
      const given = options as { only: DefaultMetricsGroup[] };
      const call = () => collectDefaultMetrics(given === null ? given : { registry, ...given });

      expect(call).toThrow(expect.objectContaining({ name: 'MetricError', code: 'INVALID_OPTION', message }));
      expect(await names(registry)).toEqual([]);
    });

    it.each([
      ['an array', [], '[]'],
      ['a Map', new Map(), 'Map(0) {}'],
      ['an object with methods of its own kind', new Date(0), '1970-01-01T00:00:00.000Z'],
    ])('%s in place of the options', (_, options, shown) => {
      const message = `The options of default metrics are ${shown}: give a plain object, or nothing.`;
      expect(() => collectDefaultMetrics(options as object)).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION', message }),
      );
    });

    it('what can’t be shown, and what is too long to be', () => {
      const hostile = {
        [inspect.custom]() {
          throw new Error('hostile');
        },
      };
      expect(() => collectDefaultMetrics({ registry: hostile as unknown as Registry })).toThrow(
        'The option "registry" of default metrics is object: give a Registry, or leave it out.',
      );
      expect(() => collectDefaultMetrics({ registry, names: 'x'.repeat(300) as 'prometer' })).toThrow(
        `The option "names" of default metrics is "${'x'.repeat(76)}...: give "prometer"`,
      );
    });

    it('a registry in place of the options', async () => {
      const call = () => collectDefaultMetrics(registry as object);

      const message = 'The options of default metrics are a registry: give it as { registry }.';
      expect(call).toThrow(expect.objectContaining({ name: 'MetricError', code: 'INVALID_OPTION', message }));
      expect(await names(registry)).toEqual([]);
    });

    it('an unknown group at compile time', () => {
      // @ts-expect-error there is no such group
      expect(() => collectDefaultMetrics({ registry, only: ['heap'] })).toThrow('"heap"');
    });
  });
});

/** The names of all families, in the order in which they are exposed. */
async function names(registry: Registry): Promise<string[]> {
  return Array.from((await registry.metrics()).matchAll(/^# TYPE (\S+)/gm), ([, name]) => name as string);
}
