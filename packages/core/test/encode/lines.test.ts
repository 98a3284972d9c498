import { PIECE } from '../../src/encode/byte-writer.ts';
import { LineStart } from '../../src/encode/line-start.ts';
import { hasCreated, seriesWriter, writeAll, writeSample, type Dialect } from '../../src/encode/lines.ts';
import { TextWriter } from '../../src/encode/text-writer.ts';
import type { FamilyView, SeriesView } from '../../src/model.ts';
import { piecesOf } from './encoded.ts';

const PLAIN: Dialect = {
  scheme: 'underscores',
  end: (timestamp) => (timestamp === undefined ? '\n' : ` at ${timestamp}\n`),
  gaugeHistogram: ['_gsum', '_gcount'],
  hasSum: () => true,
};

function labelled(labels: Record<string, string>): SeriesView {
  return { labelNames: Object.keys(labels), labelValues: Object.values(labels) };
}

function linesOf(family: object, dialect: Partial<Dialect> = {}): string {
  const out = new TextWriter(16);
  const view = family as FamilyView;
  const steps = writeAll(out, view, seriesWriter(view, { ...PLAIN, ...dialect }));
  return Buffer.concat([...piecesOf(out, steps)]).toString();
}

describe('Lines of samples', () => {
  it('have the value after their start, and then their end', () => {
    const out = new TextWriter(16);
    const start = new LineStart({ name: 'a' }, '', 'underscores');
    writeSample(out, start, labelled({}), 1, '\n');
    writeSample(out, start, labelled({ b: 'c' }), 2.5, ' 7\n');
    expect(Buffer.from(out.take()).toString()).toBe('a 1\na{b="c"} 2.5 7\n');
  });

  it('of a summary and a histogram have their own label last', () => {
    const summary = { ...labelled({ a: 'x' }), quantiles: [{ quantile: 1, value: NaN }], sum: 0, count: 0 };
    expect(linesOf({ name: 's', type: 'summary', series: [summary] })).toBe(
      's{a="x",quantile="1.0"} NaN\ns_sum{a="x"} 0\ns_count{a="x"} 0\n',
    );
    const histogram = { ...labelled({ a: 'x' }), timestamp: 5, sum: 3, upperBounds: [1], bucketCounts: [1, 2] };
    expect(linesOf({ name: 'h', type: 'gaugehistogram', series: [histogram] })).toBe(
      'h_bucket{a="x",le="1.0"} 1 at 5\nh_bucket{a="x",le="+Inf"} 3 at 5\nh_gsum{a="x"} 3 at 5\nh_gcount{a="x"} 3 at 5\n',
    );
  });

  it('of a histogram follow the bounds of each series', () => {
    const series = [
      { ...labelled({}), sum: 3, upperBounds: [1], bucketCounts: [1, 2] },
      { ...labelled({ a: 'x' }), sum: 3, upperBounds: [], bucketCounts: [1] },
    ];
    expect(linesOf({ name: 'h', type: 'histogram', series }, { hasSum: () => false })).toBe(
      'h_bucket{le="1.0"} 1\nh_bucket{le="+Inf"} 3\nh_bucket{a="x",le="+Inf"} 1\n',
    );
  });

  it('have quotes in every place that needs them', () => {
    const series = [{ ...labelled({ 'a.b': 'x' }), sum: 3, upperBounds: [], bucketCounts: [1] }];
    expect(linesOf({ name: 'h.h', type: 'histogram', series }, { scheme: 'allow-utf-8' })).toBe(
      '{"h.h_bucket","a.b"="x",le="+Inf"} 1\n{"h.h_sum","a.b"="x"} 3\n{"h.h_count","a.b"="x"} 1\n',
    );
    const states = [{ ...labelled({}), states: { 'a"': true, b: false } }];
    expect(linesOf({ name: 's.s', type: 'stateset', series: states }, { scheme: 'allow-utf-8' })).toBe(
      '{"s.s","s.s"="a\\""} 1\n{"s.s","s.s"="b"} 0\n',
    );
  });

  it('have exemplars in formats that know them, after the time', () => {
    const exemplar = { labels: { t: '1' }, value: 2 };
    const counter = { name: 'c', type: 'counter', series: [{ ...labelled({}), value: 2, timestamp: 3, exemplar }] };
    const gauge = { ...counter, name: 'g', type: 'gauge' };
    const ours = { exemplar: ({ value }: { value: number }, most: number) => ` #${value} of ${most}` };
    expect(linesOf(counter)).toBe('c_total 2 at 3\n');
    expect(linesOf(counter, ours)).toBe('c_total 2 at 3 #2 of Infinity\n');
    expect(linesOf(gauge, ours)).toBe('g 2 at 3\n');
    const histogram = {
      name: 'h',
      type: 'histogram',
      series: [{ ...labelled({}), sum: 2, upperBounds: [1], bucketCounts: [1, 1], exemplars: [exemplar, undefined] }],
    };
    expect(linesOf(histogram, ours)).toContain('h_bucket{le="1.0"} 1 #2 of 1\nh_bucket{le="+Inf"} 2\n');
    expect(linesOf(histogram)).toContain('h_bucket{le="1.0"} 1\nh_bucket{le="+Inf"} 2\n');
  });

  it('tell when a series began to count where that belongs to the type', () => {
    const having = (
      ['counter', 'gauge', 'histogram', 'gaugehistogram', 'summary', 'info', 'stateset', 'unknown'] as const
    ).filter((type) => hasCreated({ name: 'x', type }));
    expect(having).toEqual(['counter', 'histogram', 'summary']);
  });

  it('are given away in pieces that end with a whole series', () => {
    const series = Array.from({ length: 3 }, () => ({ ...labelled({ a: 'x'.repeat(PIECE / 2) }), value: 1 }));
    const out = new TextWriter(16);
    const family = { name: 'g', help: '', type: 'gauge', series } as FamilyView;
    const given = [...piecesOf(out, writeAll(out, family, seriesWriter(family, PLAIN)))];
    expect(given.map(({ length }) => length)).toEqual([PIECE + 20, PIECE / 2 + 10]);
  });

  it('are given away once a piece is full to the byte', () => {
    const line = PIECE / 2;
    const series = Array.from({ length: 3 }, () => ({ ...labelled({ a: 'x'.repeat(line - 10) }), value: 1 }));
    const out = new TextWriter(16);
    const family = { name: 'g', help: '', type: 'gauge', series } as FamilyView;
    const given = [...piecesOf(out, writeAll(out, family, seriesWriter(family, PLAIN)))];
    expect(given.map(({ length }) => length)).toEqual([PIECE, line]);
  });
});
