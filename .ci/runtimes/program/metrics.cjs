// Each kind of metric once, and what the formats make of them, to the byte.
const assert = require('node:assert/strict');
const { readFamilies } = require('./read-protobuf.cjs');

const NASTY = 'é"\n\\';
const PROTOBUF = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
/** When a series began to count, and when an exemplar was seen, to the millisecond. */
const TIME = /\b1(?:\d{9}(?:\.\d{1,3})?|(?:\.\d{1,12})?e\+09)(?=\n)/g;

const TEXT = `\
# HELP orders_total Orders, "quoted" C:\\\\
# TYPE orders_total counter
orders_total{service="shop",country="de"} 1
orders_total{service="shop",country="é\\"\\n\\\\"} 2.5
# HELP temperature_celsius 
# TYPE temperature_celsius gauge
temperature_celsius{service="shop"} -273.15
# HELP duration_seconds Durations
# TYPE duration_seconds histogram
duration_seconds_bucket{service="shop",le="0.1"} 1
duration_seconds_bucket{service="shop",le="1.0"} 3
duration_seconds_bucket{service="shop",le="+Inf"} 4
duration_seconds_sum{service="shop"} 31.05
duration_seconds_count{service="shop"} 4
# HELP sizes_bytes Native
# TYPE sizes_bytes histogram
sizes_bytes_bucket{service="shop",le="+Inf"} 6
sizes_bytes_sum{service="shop"} 1025
sizes_bytes_count{service="shop"} 6
# HELP items Items
# TYPE items summary
items_sum{service="shop"} 6
items_count{service="shop"} 3
# HELP build_info Build
# TYPE build_info gauge
build_info{service="shop",version="1.2.3"} 1
# HELP job Job
# TYPE job gauge
job{service="shop",job="idle"} 0
job{service="shop",job="busy"} 1
# HELP heap_gr__e Names of any letters
# TYPE heap_gr__e gauge
heap_gr__e{service="shop",in_r_ume="😱"} +Inf
# HELP plain Custom
# TYPE plain gauge
plain{service="shop",a="b"} NaN
`;

const OPENMETRICS = `\
# HELP orders Orders, \\"quoted\\" C:\\\\
# TYPE orders counter
orders_total{service="shop",country="de"} 1
orders_created{service="shop",country="de"} TIME
orders_total{service="shop",country="é\\"\\n\\\\"} 2.5 # {trace_id="abc"} 2.5 TIME
orders_created{service="shop",country="é\\"\\n\\\\"} TIME
# HELP temperature_celsius 
# TYPE temperature_celsius gauge
# UNIT temperature_celsius celsius
temperature_celsius{service="shop"} -273.15
# HELP duration_seconds Durations
# TYPE duration_seconds histogram
# UNIT duration_seconds seconds
duration_seconds_bucket{service="shop",le="0.1"} 1
duration_seconds_bucket{service="shop",le="1.0"} 3
duration_seconds_bucket{service="shop",le="+Inf"} 4
duration_seconds_sum{service="shop"} 31.05
duration_seconds_count{service="shop"} 4
duration_seconds_created{service="shop"} TIME
# HELP sizes_bytes Native
# TYPE sizes_bytes histogram
# UNIT sizes_bytes bytes
sizes_bytes_bucket{service="shop",le="+Inf"} 6
sizes_bytes_sum{service="shop"} 1025
sizes_bytes_count{service="shop"} 6
sizes_bytes_created{service="shop"} TIME
# HELP items Items
# TYPE items summary
items_sum{service="shop"} 6
items_count{service="shop"} 3
items_created{service="shop"} TIME
# HELP build Build
# TYPE build info
build_info{service="shop",version="1.2.3"} 1
# HELP job Job
# TYPE job stateset
job{service="shop",job="idle"} 0
job{service="shop",job="busy"} 1
# HELP heap_gr__e Names of any letters
# TYPE heap_gr__e gauge
heap_gr__e{service="shop",in_r_ume="😱"} +Inf
# HELP plain Custom
# TYPE plain gauge
plain{service="shop",a="b"} NaN
# EOF
`;

const shop = (labels = {}) => ({ service: 'shop', ...labels });
const family = (name, help, type, ...metrics) => ({ name, help, type, metrics });
/** As they are read back. Times of creation are checked by themselves. */
const FAMILIES = [
  family(
    'orders_total',
    'Orders, "quoted" C:\\',
    'COUNTER',
    { labels: shop({ country: 'de' }), counter: { value: 1 } },
    {
      labels: shop({ country: NASTY }),
      counter: { value: 2.5, exemplar: { labels: { trace_id: 'abc' }, value: 2.5 } },
    },
  ),
  { ...family('temperature_celsius', '', 'GAUGE', { labels: shop(), gauge: { value: -273.15 } }), unit: 'celsius' },
  {
    ...family('duration_seconds', 'Durations', 'HISTOGRAM', {
      labels: shop(),
      histogram: {
        count: 4,
        sum: 31.05,
        buckets: [
          { count: 1, upperBound: 0.1 },
          { count: 3, upperBound: 1 },
          // The last, of all, is the count.
        ],
      },
    }),
    unit: 'seconds',
  },
  {
    // Of factor 2, a bucket for each power of two: 1, 2, then 3 up to 4, and 1024; -5 is in the one up to -8.
    ...family('sizes_bytes', 'Native', 'HISTOGRAM', {
      labels: shop(),
      histogram: {
        count: 6,
        sum: 1025,
        schema: 0,
        zeroThreshold: 2 ** -128,
        zeroCount: 1,
        positiveSpans: [
          { offset: 0, length: 3 },
          { offset: 7, length: 1 },
        ],
        positiveDeltas: [1, 0, 0, 0],
        negativeSpans: [{ offset: 3, length: 1 }],
        negativeDeltas: [1],
      },
    }),
    unit: 'bytes',
  },
  family('items', 'Items', 'SUMMARY', { labels: shop(), summary: { count: 3, sum: 6 } }),
  family('build_info', 'Build', 'GAUGE', { labels: shop({ version: '1.2.3' }), gauge: { value: 1 } }),
  family(
    'job',
    'Job',
    'GAUGE',
    { labels: shop({ job: 'idle' }), gauge: { value: 0 } },
    { labels: shop({ job: 'busy' }), gauge: { value: 1 } },
  ),
  family('heap.größe', 'Names of any letters', 'GAUGE', {
    labels: shop({ 'in.räume': '😱' }),
    gauge: { value: Infinity },
  }),
  family('plain', 'Custom', 'GAUGE', { labels: shop({ a: 'b' }), gauge: { value: NaN } }),
];

/** @param core what `@prometer/core` gives */
exports.checkMetrics = async (core, check) => {
  const registry = fill(core);

  await check('each kind of metric is exposed as text', async () => {
    assert.equal(await registry.metrics(), TEXT);
  });
  await check('each kind of metric is exposed as OpenMetrics', async () => {
    const text = await registry.metrics({ format: 'openmetrics', created: true });
    const times = text.match(TIME) ?? [];
    for (const time of times) expectNow(Number(time));
    assert.equal(text.replaceAll(TIME, 'TIME'), OPENMETRICS);
  });
  await check('each kind of metric is read back from protobuf', async () => {
    const { contentType, body } = await registry.expose(`${PROTOBUF};escaping=allow-utf-8`);
    assert.match(contentType, /^application\/vnd\.google\.protobuf; /);
    const { families, times } = readFamilies(body);
    assert.deepEqual(families, FAMILIES);
    // Of two counters and their exemplar, two histograms and a summary.
    assert.equal(times.length, 6);
    times.forEach(expectNow);
  });
  await check('names of any letters are exposed in quotes', async () => {
    const { contentType, body } = await registry.expose('text/plain;version=1.0.0;escaping=allow-utf-8');
    assert.equal(contentType, 'text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8');
    assert.equal(
      new TextDecoder().decode(body),
      TEXT.replaceAll(/^(# \w+) heap_gr__e /gm, '$1 "heap.größe" ').replace(
        'heap_gr__e{service="shop",in_r_ume="😱"}',
        '{"heap.größe",service="shop","in.räume"="😱"}',
      ),
    );
  });
  await check('a stream gives the same as one piece', async () => {
    const pieces = [];
    for await (const piece of registry.stream('text/plain')) pieces.push(piece);
    assert.equal(Buffer.concat(pieces).toString(), TEXT);
  });
  await check('quantiles are exact to a hundredth', () => {
    const items = new core.Summary({ name: 'q', help: '', quantiles: [0.5, 0.99], registry: null });
    for (let i = 1; i <= 1000; i++) items.observe(i);
    for (const { quantile, value } of items.get().quantiles) {
      const exact = quantile * 1000;
      assert.ok(Math.abs(value - exact) <= exact / 100, `${quantile}: ${value}`);
    }
  });
  await check('what is refused is a MetricError with a code', () => {
    assert.throws(
      () => new core.Gauge({ name: 'job', help: 'Again', registry }),
      (error) => {
        assert.ok(error instanceof core.MetricError);
        assert.equal(error.code, 'DUPLICATE_NAME');
        return true;
      },
    );
    assert.throws(() => registry.get('orders_total').labels('de').inc(-1), core.MetricError);
  });
  await check('a timer measures seconds', async () => {
    const timed = new core.Gauge({ name: 'timed', help: '', registry: null });
    const end = timed.startTimer();
    await new Promise((resolve) => setTimeout(resolve, 50));
    end();
    assert.ok(timed.get() > 0.04 && timed.get() < 10, `is ${timed.get()}`);
  });
};

function fill({ Counter, Gauge, Histogram, Info, Registry, StateSet, Summary }) {
  const registry = new Registry({ labels: { service: 'shop' } });
  const orders = new Counter({ name: 'orders', help: 'Orders, "quoted" C:\\', labelNames: ['country'], registry });
  orders.labels('de').inc();
  orders.inc({ country: NASTY }, 2.5, { trace_id: 'abc' });
  new Gauge({ name: 'temperature', unit: 'celsius', help: '', registry }).set(-273.15);
  const duration = new Histogram({ name: 'duration', unit: 'seconds', help: 'Durations', buckets: [0.1, 1], registry });
  for (const seconds of [0.05, 0.5, 0.5, 30]) duration.observe(seconds);
  const native = { buckets: [], native: { factor: 2 } };
  const sizes = new Histogram({ name: 'sizes', unit: 'bytes', help: 'Native', ...native, registry });
  for (const bytes of [0, 1, 2, 3, 1024, -5]) sizes.observe(bytes);
  const items = new Summary({ name: 'items', help: 'Items', registry });
  for (const count of [1, 2, 3]) items.observe(count);
  new Info({ name: 'build', help: 'Build', registry }).set({ version: '1.2.3' });
  new StateSet({ name: 'job', help: 'Job', states: ['idle', 'busy'], registry }).set('busy');
  const heap = new Gauge({ name: 'heap.größe', help: 'Names of any letters', labelNames: ['in.räume'], registry });
  heap.set({ 'in.räume': '😱' }, Infinity);
  registry.register({
    collect: async () => [
      { name: 'plain', help: 'Custom', type: 'gauge', series: [{ labels: { a: 'b' }, value: NaN }] },
    ],
  });
  return registry;
}

function expectNow(seconds) {
  const now = Date.now() / 1000;
  assert.ok(seconds > now - 60 && seconds < now + 1, `${seconds} is not about ${now}`);
}
