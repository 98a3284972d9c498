import { encodeText, TEXT_CONTENT_TYPE } from '../../src/encode/text.ts';
import { Counter, Gauge, Histogram, Summary } from '../../src/index.ts';
import type { FamilyView } from '../../src/model.ts';

function textOf(...metrics: object[]): string {
  return Buffer.concat([...encodeText(metrics as FamilyView[])]).toString();
}

describe('Text format 0.0.4', () => {
  it('is announced with its version and character set', () => {
    expect(TEXT_CONTENT_TYPE).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('is empty without families', () => {
    expect([...encodeText([])]).toEqual([]);
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
      labelText: `a="${a}"`,
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

  it('comes in pieces of some 64 KB that end with a whole series', () => {
    const summary = new Summary({ name: 'ss', help: 'S', labelNames: ['a'], registry: null });
    for (let i = 0; i < 5_000; i++) summary.observe({ a: `value ${i}` }, i);
    const pieces = [...encodeText([summary as FamilyView])].map((piece) => Buffer.from(piece).toString());

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
});
