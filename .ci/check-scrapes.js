import assert from 'node:assert/strict';
import { check, expectBetween } from './checks.js';
import {
  BOUNDS,
  COUNTED,
  DURATIONS,
  HELP,
  NASTY,
  NATIVE_TRACE,
  OBSERVED,
  SUMMARIZED,
  TEMPERATURES,
  traceOf,
} from './native-target.js';
import { sorted, sum } from './numbers.js';

/** What is shown alike in all formats. */
export async function checkNumbers(format, prometheus) {
  const seen = (query, label) => valuesBy(prometheus, query, label);
  await check(`${format}: counters are exact, whatever their labels`, async () => {
    assert.deepEqual(await seen('sent_bytes_total', 'to'), COUNTED);
    assert.deepEqual(await seen('sent_bytes_total', 'service'), { [NASTY]: COUNTED.nobody });
  });
  await check(`${format}: gauges are exact`, async () => {
    assert.deepEqual(await seen('temperature_celsius', 'at'), TEMPERATURES);
  });
  await check(`${format}: names that this Prometheus does not know yet have underscores`, async () => {
    assert.deepEqual(await seen('heap_gr__e', 'in_r_ume'), { [NASTY]: 1.5 });
  });
  await check(`${format}: a summary is exact`, async () => {
    assert.equal(await prometheus.value('batch_items_count'), SUMMARIZED.length);
    assert.equal(await prometheus.value('batch_items_sum'), sum(SUMMARIZED));
    for (const [quantile, value] of Object.entries(await seen('batch_items', 'quantile'))) {
      const exact = sorted(SUMMARIZED)[Math.ceil(Number(quantile) * SUMMARIZED.length) - 1];
      expectBetween(value, 0.99 * exact, 1.01 * exact);
    }
    assert.deepEqual(Object.keys(await seen('batch_items', 'quantile')).map(Number), [0.5, 1]);
  });
  await check(`${format}: an info says its labels, a state set its state`, async () => {
    const [{ metric, value }] = await prometheus.query('build_info');
    assert.deepEqual([metric.version, metric.path, value], ['1.2.3', NASTY, 1]);
    assert.deepEqual(await seen('job_state', 'job_state'), { starting: 0, [NASTY]: 1 });
  });
}

/** What Prometheus has of histograms that come without their native buckets. */
export async function checkClassic(prometheus) {
  await check('without native histograms, the classic buckets are exact', async () => {
    const buckets = await prometheus.query('both_seconds_bucket');
    assert.deepEqual(
      Object.fromEntries(buckets.map(({ metric, value }) => [Number(metric.le.replace('+Inf', 'Infinity')), value])),
      Object.fromEntries([...BOUNDS, Infinity].map((le) => [le, DURATIONS.filter((value) => value <= le).length])),
    );
    assert.equal(await prometheus.value('both_seconds_count'), DURATIONS.length);
    assert.equal(await prometheus.value('both_seconds_sum'), sum(DURATIONS));
  });
  await check('without native histograms, one with native buckets only is its count and its sum', async () => {
    assert.equal(await prometheus.value('native_only_bucket'), OBSERVED.length);
    assert.equal(await prometheus.value('native_only_count'), OBSERVED.length);
    assert.equal(await prometheus.value('native_only_sum'), sum(OBSERVED));
  });
}

export async function checkExemplars(native, text) {
  const counted = Object.entries(COUNTED).map(([to, value]) => [{ trace_id: traceOf(to) }, value]);
  for (const [format, prometheus] of Object.entries({ protobuf: native, OpenMetrics: text })) {
    await check(`${format}: exemplars of counters are exact`, async () => {
      assert.deepEqual(new Set(await exemplarsOf(prometheus, 'sent_bytes_total')), new Set(counted));
    });
  }
  await check('protobuf: an exemplar of a native histogram is exact', async () => {
    assert.deepEqual(await exemplarsOf(native, 'native_only'), [[NATIVE_TRACE, 2 ** 40]]);
  });
  await check('OpenMetrics: each bucket has the exemplar of its last observation', async () => {
    const last = [...BOUNDS, Infinity].map((le, i, all) =>
      DURATIONS.findLast((value) => value <= le && value > (all[i - 1] ?? -Infinity)),
    );
    assert.deepEqual(
      new Set(await exemplarsOf(text, 'both_seconds_bucket')),
      new Set(last.map((value) => [{ trace_id: `took ${value}` }, value])),
    );
  });
}

export async function checkMetadata(native, text) {
  const histograms = { native_only: [['histogram', HELP, '']], native_empty: [['histogram', 'Nothing yet', '']] };
  await check('protobuf: types and help texts are told', async () => {
    // Prometheus 2.42 takes no unit from it.
    const expected = {
      sent_bytes_total: [['counter', HELP, '']],
      temperature_celsius: [['gauge', '', '']],
      batch_items: [['summary', 'Items in a batch', '']],
      build_info: [['gauge', 'What runs', '']],
      job_state: [['gauge', 'The job', '']],
      plain: [['gaugehistogram', 'Plain', '']],
      both_seconds: [['histogram', '', '']],
      ...histograms,
    };
    assert.deepEqual(await metadataOf(native, Object.keys(expected)), expected);
  });
  await check('OpenMetrics: types, help texts and units are told', async () => {
    const expected = {
      sent_bytes: [['counter', HELP, 'bytes']],
      temperature_celsius: [['gauge', '', 'celsius']],
      batch_items: [['summary', 'Items in a batch', '']],
      build: [['info', 'What runs', '']],
      job_state: [['stateset', 'The job', '']],
      plain: [['gaugehistogram', 'Plain', '']],
      both_seconds: [['histogram', '', 'seconds']],
      ...histograms,
    };
    assert.deepEqual(await metadataOf(text, Object.keys(expected)), expected);
  });
}

/** By the value of one label, what the samples of a query are. */
async function valuesBy(prometheus, query, label) {
  return Object.fromEntries((await prometheus.query(query)).map(({ metric, value }) => [metric[label], value]));
}

/** The labels and the value of each exemplar. */
async function exemplarsOf(prometheus, query) {
  const exemplars = await prometheus.exemplars(query);
  const now = Date.now() / 1000;
  for (const { timestamp } of exemplars) expectBetween(timestamp, now - 60, now);
  return exemplars.map(({ labels, value }) => [labels, value]);
}

/** What has been told of the families of these names. */
async function metadataOf(prometheus, names) {
  const metadata = await prometheus.metadata();
  return Object.fromEntries(
    names.map((name) => [name, metadata[name]?.map(({ type, help, unit }) => [type, help, unit])]),
  );
}
