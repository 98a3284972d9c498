import * as fc from 'fast-check';
import { writtenLabels } from '../../src/encode/label-text.ts';
import { LineStart, writtenName } from '../../src/encode/line-start.ts';
import { TextWriter } from '../../src/encode/text-writer.ts';
import type { EscapingScheme } from '../../src/escaping.ts';
import { Counter } from '../../src/index.ts';
import type { LabelColumnView, SeriesView } from '../../src/model.ts';

const SCHEMES: readonly EscapingScheme[] = ['underscores', 'allow-utf-8', 'dots', 'values'];

function plain(labels: Record<string, string>): SeriesView {
  return { labelNames: Object.keys(labels), labelValues: Object.values(labels) };
}

/** A series whose values are known by numbers; to read them as texts fails. */
function numbered(labelNames: readonly string[], columns: readonly LabelColumnView[], ids: number[]): SeriesView {
  return {
    labelNames,
    columns,
    valueIds: Int32Array.from(ids),
    valueIdsAt: 0,
    get labelValues(): readonly string[] {
      throw new Error('A copy of the values was asked for.');
    },
  };
}

function startsOf(
  all: Iterable<SeriesView>,
  { name = 'm', scheme = 'underscores' as EscapingScheme, hasMore = undefined as boolean | undefined } = {},
): string[] {
  const out = new TextWriter(0);
  const start = new LineStart({ name }, '', scheme, hasMore);
  return Array.from(all, (series) => {
    start.write(out, series);
    return Buffer.from(out.take()).toString();
  });
}

describe('The start of lines', () => {
  it.each([
    ['a:b_total', 'allow-utf-8', 'a:b_total ', 'a:b_total{x="y"} '],
    ['a.b"', 'allow-utf-8', '{"a.b\\""} ', '{"a.b\\"",x="y"} '],
    ['a.b_sum', 'dots', 'a_dot_b__sum ', 'a_dot_b__sum{x="y"} '],
    ['a.b', 'values', 'U__a_2e_b ', 'U__a_2e_b{x="y"} '],
  ] as const)('has the name %s by %s, in the braces where it needs quotes', (name, scheme, bare, labelled) => {
    expect(startsOf([plain({}), plain({ x: 'y' }), plain({})], { name, scheme })).toEqual([bare, labelled, bare]);
  });

  it('ends where one more label can come', () => {
    const all = [plain({}), plain({ x: 'y', z: '' })];
    expect(startsOf(all, { hasMore: true })).toEqual(['m{', 'm{x="y",z="",']);
    expect(startsOf(all, { hasMore: true, name: 'a b', scheme: 'allow-utf-8' })).toEqual([
      '{"a b",',
      '{"a b",x="y",z="",',
    ]);
  });

  it('has the names of labels as the scheme writes them, for one series after the other', () => {
    const all = [plain({ a: 'x', 'b.c': 'y' }), plain({ a: 'x', 'b.c': 'z' }), plain({ a_d: 'x' }), plain({ a: 'x' })];
    const labelsBy = (scheme: EscapingScheme): string[] =>
      startsOf(all, { scheme }).map((start) => start.slice('m{'.length, -'} '.length));
    expect(labelsBy('underscores')).toEqual(['a="x",b_c="y"', 'a="x",b_c="z"', 'a_d="x"', 'a="x"']);
    expect(labelsBy('allow-utf-8')).toEqual(['a="x","b.c"="y"', 'a="x","b.c"="z"', 'a_d="x"', 'a="x"']);
    expect(labelsBy('dots')).toEqual(['a="x",b_dot_c="y"', 'a="x",b_dot_c="z"', 'a__d="x"', 'a="x"']);
    expect(labelsBy('values')).toEqual(['a="x",U__b_2e_c="y"', 'a="x",U__b_2e_c="z"', 'a_d="x"', 'a="x"']);
  });

  it('follows an array of names that is filled differently', () => {
    const labelNames = ['a.b'];
    function* all(): Iterable<SeriesView> {
      yield { labelNames, labelValues: ['x'] };
      labelNames[0] = 'c.d';
      yield { labelNames, labelValues: ['x'] };
      labelNames.push('e');
      yield { labelNames, labelValues: ['x', 'y'] };
    }
    expect(startsOf(all(), { scheme: 'dots' })).toEqual([
      'm{a_dot_b="x"} ',
      'm{c_dot_d="x"} ',
      'm{c_dot_d="x",e="y"} ',
    ]);
  });

  it('is the same the first, the second and the third time that a numbered value comes', () => {
    const columns = [{ values: ['é"', 'y'] }, { values: ['\\\n'] }];
    const names = ['a', 'b'];
    const [first, second] = [numbered(names, columns, [0, 0]), numbered(names, columns, [1, 0])];
    const [one, other] = ['m{a="é\\"",b="\\\\\\n"} ', 'm{a="y",b="\\\\\\n"} '];
    expect(startsOf([first, first, second, first, second, second])).toEqual([one, one, other, one, other, other]);
  });

  it('tells columns apart that give the same numbers to other values', () => {
    const before = numbered(['a'], [{ values: ['x'] }], [0]);
    const after = numbered(['a'], [{ values: ['y'] }], [0]);
    const other = numbered(['b'], [{ values: ['z'] }], [0]);
    const all = [before, before, before, after, after, after, before, before, other, other, other];
    expect(startsOf(all).join('')).toBe(
      'm{a="x"} m{a="x"} m{a="x"} m{a="y"} m{a="y"} m{a="y"} m{a="x"} m{a="x"} m{b="z"} m{b="z"} m{b="z"} ',
    );
  });

  it('goes from numbered to other series and back', () => {
    const columns = [{ values: ['x'] }];
    const live = numbered(['a'], columns, [0]);
    const bare = numbered([], [], []);
    const all = [live, live, plain({ a: 'p' }), live, plain({ b: 'q' }), live, live, plain({}), live, bare, live];
    expect(startsOf(all).join('')).toBe(
      'm{a="x"} m{a="x"} m{a="p"} m{a="x"} m{b="q"} m{a="x"} m{a="x"} m m{a="x"} m m{a="x"} ',
    );
  });

  it('has every one of more values than are kept ready', () => {
    const values = Array.from({ length: 4200 }, (_, i) => `v${i}`);
    const columns = [{ values }, { values: ['same'] }];
    const all = values.map((_, i) => numbered(['a', 'b'], columns, [i, 0]));
    const expected = values.map((value) => `m{a="${value}",b="same"} `);
    expect(startsOf([...all, ...all, ...all])).toEqual([...expected, ...expected, ...expected]);
  });

  it('writes the name of what has no labels as HELP and TYPE do', () => {
    expect(writtenName('a.b', 'values')).toBe('U__a_2e_b');
    expect(writtenName('a b', 'allow-utf-8')).toBe('"a b"');
    expect(writtenName('a:b', 'allow-utf-8')).toBe('a:b');
  });

  it('is the same for live series as for their texts, whatever these are', () => {
    const value = fc.oneof(
      fc.constantFrom('', 'x', '"', '\\', '\n', '\x7f\u{10ffff}'),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom('a', 'b.c', 'd e', '1', 'éé'), { minLength: 1, maxLength: 3 }),
        fc.array(fc.tuple(value, value, value), { maxLength: 30 }),
        fc.constantFrom(...SCHEMES),
        fc.boolean(),
        (labelNames, rows, scheme, hasMore) => {
          const counter = new Counter({ name: 'c', help: '', labelNames, registry: null });
          for (const values of rows) counter.labels(...(values.slice(0, labelNames.length) as [string])).inc();
          const expected = Array.from(
            counter.series,
            (each) => `m{${writtenLabels(each.labelNames, each.labelValues, scheme)}${hasMore ? ',' : '} '}`,
          );
          function* threeTimes(): Iterable<SeriesView> {
            for (let i = 0; i < 3; i++) yield* counter.series;
          }
          expect(startsOf(threeTimes(), { scheme, hasMore })).toEqual([...expected, ...expected, ...expected]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
