// Metrics about the process: which there are on which runtime, and that they follow what the process does.
const assert = require('node:assert/strict');

const isLinux = process.platform === 'linux';
const PROCESS = [
  'process_cpu_seconds_total',
  'process_cpu_user_seconds_total',
  'process_cpu_system_seconds_total',
  'process_resident_memory_bytes',
  'process_start_time_seconds',
];
const OF_LINUX = [
  'process_virtual_memory_bytes',
  'process_threads',
  'process_open_fds',
  'process_max_fds',
  'process_virtual_memory_max_bytes',
  'process_network_receive_bytes_total',
  'process_network_transmit_bytes_total',
];
const OF_V8 = [
  'process_heap_bytes',
  'nodejs_heap_size_total_bytes',
  'nodejs_heap_size_used_bytes',
  'nodejs_heap_size_limit_bytes',
  'nodejs_heap_space_size_total_bytes',
  'nodejs_heap_space_size_used_bytes',
  'nodejs_heap_space_size_available_bytes',
];
const RESOURCES = ['nodejs_active_resources', 'nodejs_active_handles', 'nodejs_active_requests'];
const EVERYWHERE = [...PROCESS, ...(isLinux ? OF_LINUX : []), 'nodejs_external_memory_bytes', 'nodejs_version_info'];
const OF_NODE = [
  'nodejs_eventloop_delay_seconds',
  'nodejs_eventloop_active_seconds_total',
  'nodejs_eventloop_idle_seconds_total',
  'nodejs_gc_duration_seconds',
  'nodejs_array_buffers_bytes',
];

/** What each runtime has: what another one answers is made up, and left out. */
const NAMES = {
  node: [...EVERYWHERE, ...OF_V8, ...RESOURCES, ...OF_NODE],
  deno: [...EVERYWHERE, ...OF_V8, ...RESOURCES],
  bun: EVERYWHERE,
};
const RESOURCE_SUMS = RESOURCES.map((name) => `${name}_total`);
/** Beside them, or instead of the histogram of delays. */
const PROM_CLIENT = {
  node: [
    ...RESOURCE_SUMS,
    ...['', 'min_', 'max_', 'mean_', 'stddev_', 'p50_', 'p90_', 'p99_'].map(
      (of) => `nodejs_eventloop_lag_${of}seconds`,
    ),
  ],
  deno: RESOURCE_SUMS,
  bun: [],
};

const { bun, deno } = process.versions;
const runtime = bun ? 'bun' : deno ? 'deno' : 'node';

/** @param core and @param node what `@prometer/core` and `@prometer/node` give */
exports.checkDefaultMetrics = async ({ Registry }, { collectDefaultMetrics }, check) => {
  const registry = new Registry();
  const collected = collectDefaultMetrics({ registry });
  const value = (name, labels) => registry.getSampleValue(name, labels);
  const expectMore = (name, than) => assert.ok(value(name) > than, `${name} is ${value(name)}, not above ${than}`);
  const expectBetween = (name, low, high) => {
    assert.ok(value(name) >= low && value(name) <= high, `${name} is ${value(name)}, not from ${low} to ${high}`);
  };
  const checkIfThere = async (name, what, run) => {
    if (registry.get(name) !== undefined) await check(what, run);
  };

  await check('there are the metrics that the runtime has, and no others', async () => {
    assert.deepEqual(await namesOf(registry), new Set(NAMES[runtime]));
  });
  await check("prom-client's names are there too", async () => {
    const other = new Registry();
    const both = collectDefaultMetrics({ registry: other, names: 'prom-client' });
    const expected = [...NAMES[runtime], ...PROM_CLIENT[runtime]].filter((name) => name !== OF_NODE[0]);
    assert.deepEqual(await namesOf(other), new Set(expected));
    both.stop();
    assert.equal(await other.metrics(), '');
  });

  await check('CPU seconds grow by what was worked', () => {
    const before = value('process_cpu_seconds_total');
    // However little of a core there is for it, it isn't long until so much is used.
    const end = performance.now() + 15_000;
    while (value('process_cpu_seconds_total') < before + 0.1 && performance.now() < end) work(0.02);
    expectMore('process_cpu_seconds_total', before + 0.09);
    expectMore('process_cpu_user_seconds_total', 0.05);
    const sum = value('process_cpu_user_seconds_total') + value('process_cpu_system_seconds_total');
    expectBetween('process_cpu_seconds_total', sum - 0.1, sum + 0.1);
  });
  await check('the start time is of the last minute', () => {
    const now = Date.now() / 1000;
    expectBetween('process_start_time_seconds', now - 60, now);
  });
  await check('memory is that of a small program', () => {
    expectBetween('process_resident_memory_bytes', 10e6, 1e9);
    expectBetween('nodejs_external_memory_bytes', 0, 1e9);
  });
  await check('the version is that of the runtime', async () => {
    const [major, minor, patch] = process.versions.node.split(/[.+-]/);
    const own = runtime === 'node' ? {} : { [runtime]: process.versions[runtime] };
    const line = (await registry.metrics()).split('\n').find((each) => each.startsWith('nodejs_version_info{'));
    for (const [name, text] of Object.entries({ version: process.version, major, minor, patch, ...own })) {
      assert.ok(line.includes(`${name}="${text}"`), `no ${name}="${text}" in ${line}`);
    }
    // Others name V8 and the like too, with versions that are made up.
    assert.equal(line.includes('v8="'), runtime === 'node', line);
  });
  await checkIfThere('process_open_fds', 'open files are counted', () => {
    const fs = require('node:fs');
    const before = value('process_open_fds');
    const opened = Array.from({ length: 10 }, () => fs.openSync(__filename));
    expectBetween('process_open_fds', before + 10, before + 12);
    for (const each of opened) fs.closeSync(each);
    expectBetween('process_open_fds', 3, value('process_max_fds'));
    expectBetween('process_threads', 1, 1000);
    expectMore('process_virtual_memory_bytes', value('process_resident_memory_bytes'));
  });
  await checkIfThere('nodejs_heap_size_used_bytes', 'the heap grows with what is kept', () => {
    const before = value('nodejs_heap_size_used_bytes');
    const kept = Array.from({ length: 1e6 }, (_, i) => ({ i }));
    expectMore('nodejs_heap_size_used_bytes', before + 10e6);
    expectBetween('nodejs_heap_size_used_bytes', 1e6, value('nodejs_heap_size_total_bytes'));
    expectBetween('nodejs_heap_size_total_bytes', 1e6, value('nodejs_heap_size_limit_bytes'));
    assert.equal(kept.length, 1e6);
  });
  await checkIfThere('nodejs_array_buffers_bytes', 'array buffers are counted', () => {
    const before = value('nodejs_array_buffers_bytes');
    const kept = Buffer.alloc(50e6);
    expectMore('nodejs_array_buffers_bytes', before + 40e6);
    assert.equal(kept.length, 50e6);
  });
  await checkIfThere('nodejs_gc_duration_seconds', 'garbage collections are observed', async () => {
    for (let i = 0; i < 1e6; i++) work.kept = { i };
    await pause(50);
    assert.ok(value('nodejs_gc_duration_seconds_count', { kind: 'minor' }) > 0);
  });
  await checkIfThere('nodejs_eventloop_delay_seconds', 'a block of the event loop is seen', async () => {
    await pause(20);
    work(0.2);
    await pause(50);
    await registry.metrics();
    const blocks =
      value('nodejs_eventloop_delay_seconds_count') - value('nodejs_eventloop_delay_seconds_bucket', { le: 0.1 });
    assert.ok(blocks >= 1, `${blocks} blocks of more than 0.1 s`);
  });
  await checkIfThere('nodejs_eventloop_active_seconds_total', 'the event loop is active and idle', async () => {
    const [active, idle] = [
      value('nodejs_eventloop_active_seconds_total'),
      value('nodejs_eventloop_idle_seconds_total'),
    ];
    work(0.1);
    await pause(200);
    expectMore('nodejs_eventloop_active_seconds_total', active + 0.05);
    expectMore('nodejs_eventloop_idle_seconds_total', idle + 0.05);
  });
  await checkIfThere('nodejs_active_resources', 'what keeps the event loop alive is counted', () => {
    const timers = { type: 'Timeout' };
    const before = value('nodejs_active_resources', timers) ?? 0;
    const timer = setTimeout(() => {}, 60_000);
    const during = value('nodejs_active_resources', timers);
    clearTimeout(timer);
    assert.equal(during - before, 1);
  });
  await check('what is stopped leaves the registry', async () => {
    collected.stop();
    assert.equal(await registry.metrics(), '');
  });
};

async function namesOf(registry) {
  const types = (await registry.metrics()).matchAll(/^# TYPE (\w+)/gm);
  return new Set(Array.from(types, ([, name]) => name));
}

/** Keeps a core busy. */
function work(seconds) {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) Math.hypot(end, performance.now());
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
