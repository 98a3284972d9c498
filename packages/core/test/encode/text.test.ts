import { textPieces } from './encoded.ts';
import { Counter, Gauge, Histogram, Info, StateSet, Summary, type MetricFamily } from '../../src/index.ts';
import type { FamilyView } from '../../src/model.ts';
import { viewOf } from '../../src/gather/plain.ts';

function textOf(...metrics: object[]): string {
  return Buffer.concat([...textPieces(metrics as FamilyView[])]).toString();
}

describe('Text format 0.0.4', () => {
  it('is empty without families', () => {
    expect([...textPieces([])]).toEqual([]);
  });

  it('writes HELP and TYPE of a family that has no series', () => {
    const counter = new Counter({ name: 'cc', help: 'A counter', labelNames: ['a'], registry: null });
    expect(textOf(counter)).toBe('# HELP cc_total A counter\n# TYPE cc_total counter\n');
  });

  it('escapes backslash and line feed in the help, not the double quote', () => {
    const gauge = new Gauge({ name: 'gg', help: 'C:\\dir\n"two"\\n lines\n\t\r', registry: null });
    expect(textOf(gauge)).toBe('# HELP gg C:\\\\dir\\n"two"\\\\n lines\\n\t\r\n# TYPE gg gauge\ngg 0\n');
  });

  it('escapes backslash, line feed and double quote in a label value', () => {
    const gauge = new Gauge({ name: 'gg', help: '', labelNames: ['a'], registry: null });
    gauge.set({ a: 'C:\\DIR\\\n"x"\t' }, 1);
    expect(textOf(gauge)).toBe('# HELP gg \n# TYPE gg gauge\ngg{a="C:\\\\DIR\\\\\\n\\"x\\"\t"} 1\n');
  });

  it('escapes label values that are no strings too', () => {
    const gauge = new Gauge({ name: 'gg', help: '', labelNames: ['a', 'b', 'c', 'd'], registry: null });
    gauge.set({ a: 1.5, b: true, c: null, d: undefined }, 1);
    expect(textOf(gauge)).toBe('# HELP gg \n# TYPE gg gauge\ngg{a="1.5",b="true",c="",d=""} 1\n');
  });

  it('writes UTF-8', () => {
    const gauge = new Gauge({ name: 'gg', help: '温度', labelNames: ['a'], registry: null });
    gauge.set({ a: 'Björn 佖佥 😱' }, 1);
    expect(textOf(gauge)).toBe('# HELP gg 温度\n# TYPE gg gauge\ngg{a="Björn 佖佥 😱"} 1\n');
  });

  it.each([
    [NaN, 'NaN'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
    [-0, '0'],
    [1e21, '1e+21'],
    [5e-324, '5e-324'],
    [123456789, '1.23456789e+08'],
    [0.1 + 0.2, '0.30000000000000004'],
  ])('writes the value %p as %s', (value, text) => {
    const gauge = new Gauge({ name: 'gg', help: '', registry: null });
    gauge.set(value);
    expect(textOf(gauge)).toBe(`# HELP gg \n# TYPE gg gauge\ngg ${text}\n`);
  });

  it('writes le in canonical form, after the other labels', () => {
    const histogram = new Histogram({
      name: 'hh',
      help: 'H',
      labelNames: ['z'],
      buckets: [1e-9, 0.5, 1, 1e7],
      registry: null,
    });
    histogram.observe({ z: 'x' }, 0.5);
    expect(textOf(histogram)).toBe(
      '# HELP hh H\n' +
        '# TYPE hh histogram\n' +
        'hh_bucket{z="x",le="1e-09"} 0\n' +
        'hh_bucket{z="x",le="0.5"} 1\n' +
        'hh_bucket{z="x",le="1.0"} 1\n' +
        'hh_bucket{z="x",le="1e+07"} 1\n' +
        'hh_bucket{z="x",le="+Inf"} 1\n' +
        'hh_sum{z="x"} 0.5\n' +
        'hh_count{z="x"} 1\n',
    );
  });

  it('writes the sum of a histogram with a negative bound', () => {
    const histogram = new Histogram({ name: 'hh', help: 'H', buckets: [-1], registry: null });
    histogram.observe(-3);
    expect(textOf(histogram)).toBe(
      '# HELP hh H\n# TYPE hh histogram\nhh_bucket{le="-1.0"} 1\nhh_bucket{le="+Inf"} 1\nhh_sum -3\nhh_count 1\n',
    );
  });

  it('writes the unit in the name only', () => {
    const counter = new Counter({ name: 'sent', help: 'Sent', unit: 'bytes', registry: null });
    expect(textOf(counter)).toBe('# HELP sent_bytes_total Sent\n# TYPE sent_bytes_total counter\nsent_bytes_total 0\n');
  });

  it('writes names that need quotes with underscores, the same in every line', () => {
    const histogram = new Histogram({
      name: 'http.time',
      help: 'H',
      labelNames: ['http.route'],
      buckets: [],
      registry: null,
    });
    histogram.observe({ 'http.route': '/' }, 1);
    const counter = new Counter({ name: '1.é', help: 'C', registry: null });
    expect(textOf(histogram, counter)).toBe(
      '# HELP http_time H\n' +
        '# TYPE http_time histogram\n' +
        'http_time_bucket{http_route="/",le="+Inf"} 1\n' +
        'http_time_sum{http_route="/"} 1\n' +
        'http_time_count{http_route="/"} 1\n' +
        '# HELP ____total C\n' +
        '# TYPE ____total counter\n' +
        '____total 0\n',
    );
  });

  it('writes the series of a view whose buckets differ from series to series', () => {
    const series = (a: string, upperBounds: number[], bucketCounts: number[]) => ({
      labelNames: ['a'],
      labelValues: [a],
      sum: 0,
      upperBounds,
      bucketCounts,
    });
    const view: FamilyView = {
      name: 'hh',
      help: 'H',
      type: 'histogram',
      unit: undefined,
      series: [series('x', [1], [2, 3]), series('y', [4, 5], [1, 0, 1])],
    };
    expect(textOf(view)).toBe(
      '# HELP hh H\n' +
        '# TYPE hh histogram\n' +
        'hh_bucket{a="x",le="1.0"} 2\nhh_bucket{a="x",le="+Inf"} 5\nhh_sum{a="x"} 0\nhh_count{a="x"} 5\n' +
        'hh_bucket{a="y",le="4.0"} 1\nhh_bucket{a="y",le="5.0"} 1\nhh_bucket{a="y",le="+Inf"} 2\nhh_sum{a="y"} 0\nhh_count{a="y"} 2\n',
    );
  });

  it('leaves out a family that escaping gives the name of another one, and tells why', () => {
    const families = ['a.b', 'U__a_2e_b', 'c'].map((name) => new Gauge({ name, help: '', registry: null }));
    const left: [string, string][] = [];
    const pieces = textPieces(families as Iterable<FamilyView>, {
      escaping: 'values',
      onInvalid: ({ name }, reason) => left.push([name, reason]),
    });
    expect(Buffer.concat([...pieces]).toString()).toBe(
      '# HELP U__a_2e_b \n# TYPE U__a_2e_b gauge\nU__a_2e_b 0\n# HELP c \n# TYPE c gauge\nc 0\n',
    );
    expect(left).toEqual([['U__a_2e_b', 'another family is exposed as U__a_2e_b']]);
  });

  it('writes times in whole milliseconds, and a gauge histogram as a histogram', () => {
    const series = [{ labels: {}, count: 2, sum: -4, timestamp: -5.7, buckets: [] }];
    expect(textOf(viewOf({ name: 'gh', help: '', type: 'gaugehistogram', series }))).toBe(
      '# HELP gh \n# TYPE gh histogram\ngh_bucket{le="+Inf"} 2 -5\ngh_sum -4 -5\ngh_count 2 -5\n',
    );
  });

  it('comes in pieces of some 64 KB that end with a whole series', () => {
    const summary = new Summary({ name: 'ss', help: 'S', labelNames: ['a'], registry: null });
    for (let i = 0; i < 5_000; i++) summary.observe({ a: `value ${i}` }, i);
    const pieces = [...textPieces([summary as FamilyView])].map((piece) => Buffer.from(piece).toString());

    expect(pieces.length).toBeGreaterThan(2);
    for (const piece of pieces) expect(piece).toMatch(/\nss_count\{a="value \d+"\} 1\n$/);
    for (const piece of pieces.slice(0, -1)) {
      expect(piece.length).toBeGreaterThanOrEqual(65536);
      expect(piece.length).toBeLessThan(65536 + 200);
    }
    expect(pieces.join('')).toBe(textOf(summary));
  });

  it('writes a series that is larger than a piece', () => {
    const gauge = new Gauge({ name: 'gg', help: 'G', labelNames: ['a'], registry: null });
    const long = 'é'.repeat(300_000);
    gauge.set({ a: long }, 1);
    gauge.set({ a: 'x' }, 2);
    expect(textOf(gauge)).toBe(`# HELP gg G\n# TYPE gg gauge\ngg{a="${long}"} 1\ngg{a="x"} 2\n`);
  });

  it('writes an info as a gauge, and nothing but HELP and TYPE before it is set', () => {
    const info = new Info({ name: 'build', help: 'B', registry: null });
    const head = '# HELP build_info B\n# TYPE build_info gauge\n';
    expect(textOf(info)).toBe(head);
    info.set({ version: '1"2', 'git.commit': 'abc' });
    expect(textOf(info)).toBe(`${head}build_info{version="1\\"2",git_commit="abc"} 1\n`);
  });

  it('writes a state set as a gauge with a sample for each state, named in a label like the metric', () => {
    const states = new StateSet({ name: 'a.b', help: 'S', labelNames: ['x'], states: ['o"n', 'off'], registry: null });
    states.labels('y').set('o"n');
    expect(textOf(states)).toBe('# HELP a_b S\n# TYPE a_b gauge\na_b{x="y",a_b="o\\"n"} 1\na_b{x="y",a_b="off"} 0\n');
  });

  it('writes quantiles after the other labels and in canonical form, NaN where there are none', () => {
    const summary = new Summary({ name: 's', help: 'S', labelNames: ['a'], quantiles: [0, 0.5, 1], registry: null });
    summary.labels('x');
    expect(textOf(summary)).toBe(
      '# HELP s S\n# TYPE s summary\n' +
        's{a="x",quantile="0.0"} NaN\ns{a="x",quantile="0.5"} NaN\ns{a="x",quantile="1.0"} NaN\n' +
        's_sum{a="x"} 0\ns_count{a="x"} 0\n',
    );
  });

  it('writes a histogram that has native buckets with its classic ones', () => {
    const histogram = new Histogram({ name: 'h', help: 'H', buckets: [], native: true, registry: null });
    histogram.observe(2);
    expect(textOf(histogram)).toBe('# HELP h H\n# TYPE h histogram\nh_bucket{le="+Inf"} 1\nh_sum 2\nh_count 1\n');
  });

  describe('with times of creation', () => {
    const created = (...metrics: object[]): string =>
      Buffer.concat([...textPieces(metrics as FamilyView[], { created: true })]).toString();
    beforeEach(() => jest.spyOn(Date, 'now').mockReturnValue(1_600_000_000_500));
    afterEach(() => jest.restoreAllMocks());

    it('writes them as a gauge of its own after the family', () => {
      const counter = new Counter({ name: 'c', help: 'C\\', labelNames: ['a'], registry: null });
      counter.inc({ a: 'x' });
      counter.inc({ a: 'y' });
      const gauge = new Gauge({ name: 'g', help: 'G', registry: null });
      expect(created(counter, gauge)).toBe(
        '# HELP c_total C\\\\\n# TYPE c_total counter\nc_total{a="x"} 1\nc_total{a="y"} 1\n' +
          '# HELP c_created C\\\\\n# TYPE c_created gauge\nc_created{a="x"} 1.6000000005e+09\nc_created{a="y"} 1.6000000005e+09\n' +
          '# HELP g G\n# TYPE g gauge\ng 0\n',
      );
    });

    it('writes those of a summary and of a histogram, under names without quotes', () => {
      const summary = new Summary({ name: 's.x', help: '', registry: null });
      const histogram = new Histogram({ name: 'h.x', help: '', buckets: [], registry: null });
      expect(created(summary, histogram)).toBe(
        '# HELP s_x \n# TYPE s_x summary\ns_x_sum 0\ns_x_count 0\n' +
          '# HELP s_x_created \n# TYPE s_x_created gauge\ns_x_created 1.6000000005e+09\n' +
          '# HELP h_x \n# TYPE h_x histogram\nh_x_bucket{le="+Inf"} 0\nh_x_sum 0\nh_x_count 0\n' +
          '# HELP h_x_created \n# TYPE h_x_created gauge\nh_x_created 1.6000000005e+09\n',
      );
    });

    it('writes no family where no series knows', () => {
      const family: MetricFamily = { name: 'c', help: '', type: 'counter', series: [{ labels: {}, value: 1 }] };
      expect(created(viewOf(family))).toBe('# HELP c_total \n# TYPE c_total counter\nc_total 1\n');
    });

    it('writes those of the series that know, without the timestamp of their values', () => {
      const series = [
        { labels: { a: 'x' }, value: 1 },
        { labels: { a: 'y' }, value: 2, created: 0, timestamp: 7 },
      ];
      expect(created(viewOf({ name: 'c', help: '', type: 'counter', series }))).toBe(
        '# HELP c_total \n# TYPE c_total counter\nc_total{a="x"} 1\nc_total{a="y"} 2 7\n' +
          '# HELP c_created \n# TYPE c_created gauge\nc_created{a="y"} 0\n',
      );
    });

    it.each(['gauge', 'unknown'] as const)(
      'writes none of a %s, whose name with _created another family may have',
      (type) => {
        const text = created(viewOf({ name: 'g', help: '', type, series: [{ labels: {}, value: 1, created: 5 }] }));
        expect(text).not.toContain('g_created');
      },
    );
  });
});
