import { Counter, defaultRegistry, Gauge, Registry } from '@prometer/core';
import { collectDefaultMetrics, type DefaultMetricsGroup } from '../src/index.ts';

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
# HELP process_virtual_memory_bytes Virtual memory size in bytes.
# TYPE process_virtual_memory_bytes gauge
# HELP process_heap_bytes Process heap size in bytes.
# TYPE process_heap_bytes gauge
# HELP process_open_fds Number of open file descriptors.
# TYPE process_open_fds gauge
# HELP process_max_fds Maximum number of open file descriptors.
# TYPE process_max_fds gauge
# HELP process_start_time_seconds Start time of the process since unix epoch in seconds.
# TYPE process_start_time_seconds gauge
`;

const PROCESS_NAMES = Array.from(PROCESS.matchAll(/# TYPE (\w+)/g), ([, name]) => name);

const MEMORY_AND_VERSION = [
  'nodejs_heap_size_total_bytes',
  'nodejs_heap_size_used_bytes',
  'nodejs_external_memory_bytes',
  'nodejs_array_buffers_bytes',
  'nodejs_version_info',
];

describe('collectDefaultMetrics', () => {
  let registry: Registry;

  beforeEach(() => {
    registry = new Registry();
  });

  describeOnLinux('on Linux', () => {
    it('exposes the process under the names and with the help of the client guidelines', async () => {
      collectDefaultMetrics({ registry, only: ['process'] });

      expect((await registry.metrics()).replace(/^[^#].*\n/gm, '')).toBe(PROCESS);
      expect(await sampleNames(registry)).toEqual(PROCESS_NAMES);
    });

    it('collects every group when none is chosen', async () => {
      collectDefaultMetrics({ registry });

      expect(await sampleNames(registry)).toEqual([...PROCESS_NAMES, ...MEMORY_AND_VERSION]);
    });
  });

  it('collects only the groups that are chosen', async () => {
    collectDefaultMetrics({ registry, only: ['version', 'memory', 'memory'] });

    expect((await sampleNames(registry)).toSorted()).toEqual(MEMORY_AND_VERSION.toSorted());
  });

  it('collects nothing when no group is chosen', async () => {
    collectDefaultMetrics({ registry, only: [] }).stop();

    expect(await sampleNames(registry)).toEqual([]);
  });

  it('goes to the default registry unless told otherwise', () => {
    const runtime = collectDefaultMetrics();
    expect(defaultRegistry.getSampleValue('process_cpu_seconds_total')).toBeGreaterThan(0);
    runtime.stop();
    expect(defaultRegistry.get('process_cpu_seconds_total')).toBeUndefined();
  });

  it('starts nothing that runs between scrapes or keeps the process alive', () => {
    const before = process.getActiveResourcesInfo();
    collectDefaultMetrics({ registry });

    expect(process.getActiveResourcesInfo()).toEqual(before);
  });

  it('collects in any number of registries at once', async () => {
    const other = new Registry();
    const runtime = collectDefaultMetrics({ registry });
    collectDefaultMetrics({ registry: other });
    expect(await sampleNames(other)).toEqual(await sampleNames(registry));

    runtime.stop();
    expect(await sampleNames(registry)).toEqual([]);
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

  describe('called twice', () => {
    it('shows every metric once', async () => {
      collectDefaultMetrics({ registry });
      const once = await sampleNames(registry);
      collectDefaultMetrics({ registry });

      expect(await sampleNames(registry)).toEqual(once);
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
      expect(await sampleNames(registry)).toEqual(['nodejs_version_info']);
      some.stop();
      expect(await sampleNames(registry)).toEqual([]);
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

      expect(await sampleNames(registry)).toEqual([]);
    });
  });

  describe('beside metrics of the application', () => {
    it('leaves one that is defined alike to its owner, also when stopped', () => {
      const mine = new Gauge({ name: 'process_start_time_seconds', help: 'Mine', registry });
      mine.set(7);
      collectDefaultMetrics({ registry }).stop();

      expect(registry.getSampleValue('process_start_time_seconds')).toBe(7);
    });

    it('throws when one is defined otherwise, and adds nothing', async () => {
      new Gauge({ name: 'nodejs_version_info', help: 'Mine', labelNames: ['a'], registry });

      expect(() => collectDefaultMetrics({ registry })).toThrow(
        expect.objectContaining({ name: 'MetricError', code: 'DIFFERENT_DEFINITION' }),
      );
      expect(await sampleNames(registry)).toEqual([]);
      expect(registry.get('process_cpu_seconds_total')).toBeUndefined();
    });
  });

  describe('refuses', () => {
    const CHOICE = "Choose from 'process', 'memory', 'version', or leave the option out for all.";

    it.each([
      ['an unknown group', { only: ['memory', 'heap'] }, `There is no group 'heap' of default metrics. ${CHOICE}`],
      [
        'a name that every object has',
        { only: ['toString'] },
        `There is no group 'toString' of default metrics. ${CHOICE}`,
      ],
      [
        'what is no array',
        { only: 'memory' },
        `The option only of default metrics is 'memory', not an array. ${CHOICE}`,
      ],
      [
        'what is no registry',
        { registry: null },
        'The registry of default metrics is null: give a Registry, or leave it out.',
      ],
      [
        'what is no object',
        null,
        "Default metrics can't be collected with the options null: give an object, or nothing.",
      ],
    ])('%s, and adds nothing', async (_, options, message) => {
      const given = options as { only: DefaultMetricsGroup[] };
      const call = () => collectDefaultMetrics(given === null ? given : { registry, ...given });

      expect(call).toThrow(expect.objectContaining({ name: 'MetricError', code: 'INVALID_OPTION', message }));
      expect(await sampleNames(registry)).toEqual([]);
    });

    it('an unknown group at compile time', () => {
      // @ts-expect-error there is no such group
      expect(() => collectDefaultMetrics({ registry, only: ['heap'] })).toThrow("'heap'");
    });
  });
});

/** The names of all samples, in the order in which they are exposed. */
async function sampleNames(registry: Registry): Promise<string[]> {
  const lines = (await registry.metrics()).split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.replace(/[{ ].*/, ''));
}
