import { expectEqual, expectNear } from '../checks.js';
import { countSamples, sumOf } from '../exposition.js';
import { BUCKETS, columnsOf, labelSetsOf, LABEL_NAMES, observations, SHAPES } from '../label-values.js';
import { OURS } from '../libraries.js';
import { totalsOf } from '../observed.js';
import { operationsChild, timeOperations } from '../operations.js';
import { operationRows, shareRow } from '../rows.js';

export const title = 'Scrapes, as text, OpenMetrics and protobuf';

const PROTOBUF = 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';

const USUAL = '53 small families';

const TIMES = {
  '1000 counters': 5,
  '10000 counters': 8,
  '100000 counters': 12,
  '10000 histograms': 9,
  [USUAL]: undefined,
};

const COPY = 'copy of the bytes of 100000 counters';
const TEXT_BYTES = 'text of 100000 counters, as bytes';

const NOTE =
  'Each but ours stands in the rows of OpenMetrics and protobuf with its text. Text and OpenMetrics are strings, as from ' +
  'the peers; protobuf is bytes, in a new buffer each time.';

export async function run(options) {
  const results = {};
  // Each in processes of its own, as nobody has all of them in one.
  for (const what of Object.keys(TIMES)) {
    Object.assign(results, await timeOperations(import.meta.url, { ...options, what }));
  }
  const goals = {};
  for (const [what, times] of Object.entries(TIMES)) {
    if (times !== undefined) goals[`text of ${what}`] = { times };
    for (const format of ['OpenMetrics', 'protobuf']) {
      if (times !== undefined) goals[`${format} of ${what}`] = { times: 8 };
      // They are to be compared with the peers' text.
      results[`${format} of ${what}`] = { ...results[`text of ${what}`], ...results[`${format} of ${what}`] };
    }
  }
  const rows = operationRows(results, goals);
  rows.push(shareRow('text of 100000 counters, as bytes / copy', results[TEXT_BYTES][OURS], results[COPY][OURS], 7));
  return { rows, notes: [NOTE] };
}

export const child = (library, { short, what }) =>
  operationsChild(library, { short }, async (open) => {
    const registry = open();
    const { samples, totals } = fillings(short)[what](registry);
    const checkText = (text) => {
      expectEqual('The number of samples', countSamples(text), samples);
      for (const [sample, total] of Object.entries(totals)) expectNear(`All of ${sample}`, sumOf(text, sample), total);
    };
    const operations = { [`text of ${what}`]: textOperation(registry.text, checkText) };
    if (library !== OURS) return operations;
    operations[`OpenMetrics of ${what}`] = textOperation(registry.openMetrics, checkText);
    operations[`protobuf of ${what}`] = bytesOperation(registry, PROTOBUF);
    if (what === '100000 counters') Object.assign(operations, await copying(registry));
    return operations;
  });

function fillings(short) {
  const scale = short ? 10 : 1;
  return {
    '1000 counters': (registry) => fillCounters(registry, 1000 / scale),
    '10000 counters': (registry) => fillCounters(registry, 10_000 / scale),
    '100000 counters': (registry) => fillCounters(registry, 100_000 / scale),
    '10000 histograms': (registry) => fillHistograms(registry, 10_000 / scale),
    [USUAL]: fillUsual,
  };
}

/** About what a process has with default metrics and those of a few routes. */
function fillUsual(registry) {
  for (let i = 0; i < 40; i++) registry.gauge({ name: `gauge_${i}` }).set(i);
  for (let i = 0; i < 10; i++) {
    const counter = registry.counter({ name: `requests_${i}_total`, labelNames: LABEL_NAMES.slice(0, 2) });
    for (const labels of labelSetsOf(columnsOf([1, 3]))) counter.inc(labels, 7);
  }
  for (let i = 0; i < 3; i++) {
    const histogram = registry.histogram({
      name: `duration_${i}`,
      labelNames: LABEL_NAMES.slice(0, 1),
      buckets: BUCKETS,
    });
    for (const labels of labelSetsOf(columnsOf([5]))) histogram.observe(labels, 0.3);
  }
  return { samples: 40 + 10 * 3 + 3 * 5 * (BUCKETS.length + 3), totals: { requests_3_total: 21 } };
}

export function fillCounters(registry, size) {
  const counter = registry.counter({ name: 'requests_total', labelNames: LABEL_NAMES.slice(0, 3) });
  let sum = 0;
  labelSetsOf(columnsOf(SHAPES[3][size])).forEach((labels, i) => {
    counter.inc(labels, i % 1000);
    sum += i % 1000;
  });
  return { samples: size, totals: { requests_total: sum } };
}

const OBSERVATIONS_EACH = 4;

function fillHistograms(registry, size) {
  const histogram = registry.histogram({ name: 'duration', labelNames: LABEL_NAMES.slice(0, 3), buckets: BUCKETS });
  const values = observations(997);
  labelSetsOf(columnsOf(SHAPES[3][size])).forEach((labels, i) => {
    for (let n = 0; n < OBSERVATIONS_EACH; n++) histogram.observe(labels, values[(i * OBSERVATIONS_EACH + n) % 997]);
  });
  const { count, sum, bucket } = totalsOf(values, size * OBSERVATIONS_EACH, BUCKETS);
  // With the bucket +Inf, the sum and the count.
  const samples = size * (BUCKETS.length + 3);
  return { samples, totals: { duration_count: count, duration_sum: sum, duration_bucket: bucket } };
}

function textOperation(read, check) {
  let length = 0;
  let scrapes = 0;
  let last;
  return {
    allocates: false,
    async run(times) {
      for (let i = 0; i < times; i++) {
        const text = await read();
        // Whoever uses a text that was put together of others by `+` makes it one at last, and so does this.
        last = text.codePointAt(text.length - 1);
        length += text.length;
        scrapes++;
      }
    },
    async check(times) {
      const text = await read();
      check(text);
      expectEqual('The number of scrapes', scrapes, times);
      expectEqual('The length of all of them', length, text.length * times);
      expectEqual('The last character of the last one', last, 0x0a);
    },
  };
}

function bytesOperation({ expose }, accept) {
  let length = 0;
  return {
    allocates: false,
    async run(times) {
      for (let i = 0; i < times; i++) length += (await expose(accept)).length;
    },
    async check(times) {
      // That it says the same in each format is what the tests of the core are about.
      expectEqual('The length of all of them', length, (await expose(accept)).length * times);
    },
  };
}

async function copying(registry) {
  const bytes = await registry.expose('text/plain');
  let length = 0;
  let last;
  return {
    [TEXT_BYTES]: bytesOperation(registry, 'text/plain'),
    [COPY]: {
      allocates: false,
      run(times) {
        for (let i = 0; i < times; i++) {
          last = bytes.slice();
          length += last.length;
        }
      },
      check(times) {
        expectEqual('The length of all of them', length, bytes.length * times);
        expectEqual('The order of the bytes', Buffer.compare(bytes, last), 0);
      },
    },
  };
}
