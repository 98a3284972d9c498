import { labelTextOf, quoted, writtenLabelName, writtenLabels } from '../../src/encode/label-text.ts';
import type { EscapingScheme } from '../../src/escaping.ts';
import { renderLabels } from '../../src/labels.ts';
import type { SeriesView } from '../../src/model.ts';

function seriesOf(labelNames: string[], labelValues: string[]): SeriesView {
  return { labelNames, labelValues, labelText: renderLabels(labelNames, labelValues) };
}

describe('Labels as text', () => {
  it('have quotes and escapes as values do', () => {
    expect(quoted('C:\\ "x"\n\t')).toBe('"C:\\\\ \\"x\\"\\n\t"');
  });

  it.each([
    ['a_b', 'underscores', 'a_b'],
    ['a_b', 'allow-utf-8', 'a_b'],
    ['a_b', 'dots', 'a__b'],
    ['a_b', 'values', 'a_b'],
    ['a.b', 'underscores', 'a_b'],
    ['a.b', 'allow-utf-8', '"a.b"'],
    ['a.b', 'dots', 'a_dot_b'],
    ['a.b', 'values', 'U__a_2e_b'],
    ['a:b', 'allow-utf-8', '"a:b"'],
    ['a:b', 'underscores', 'a_b'],
    ['1"\\', 'allow-utf-8', '"1\\"\\\\"'],
  ] as const)('write the name %s by %s as %s', (name, scheme, written) => {
    expect(writtenLabelName(name, scheme)).toBe(written);
  });

  it('are separated by commas', () => {
    expect(writtenLabels(['a', 'b.c'], ['x', '"y"'], 'allow-utf-8')).toBe('a="x","b.c"="\\"y\\""');
    expect(writtenLabels([], [], 'dots')).toBe('');
  });

  it('are those of the series where the scheme changes nothing', () => {
    const series = { ...seriesOf(['a', 'b'], ['x', 'y']), labelText: 'as rendered' };
    for (const scheme of ['underscores', 'allow-utf-8', 'dots', 'values'] as EscapingScheme[]) {
      expect(labelTextOf(scheme)(series)).toBe('as rendered');
      expect(labelTextOf(scheme)(seriesOf([], []))).toBe('');
    }
  });

  it('are rendered anew by schemes that write a name differently, for one series after the other', () => {
    const all = [
      seriesOf(['a', 'b.c'], ['x', 'y']),
      seriesOf(['a', 'b.c'], ['x', 'z']),
      seriesOf(['a_d'], ['x']),
      seriesOf(['a'], ['x']),
    ];
    const written = (scheme: EscapingScheme): string[] => all.map(labelTextOf(scheme));
    expect(written('underscores')).toEqual(['a="x",b_c="y"', 'a="x",b_c="z"', 'a_d="x"', 'a="x"']);
    expect(written('allow-utf-8')).toEqual(['a="x","b.c"="y"', 'a="x","b.c"="z"', 'a_d="x"', 'a="x"']);
    expect(written('dots')).toEqual(['a="x",b_dot_c="y"', 'a="x",b_dot_c="z"', 'a__d="x"', 'a="x"']);
    expect(written('values')).toEqual(['a="x",U__b_2e_c="y"', 'a="x",U__b_2e_c="z"', 'a_d="x"', 'a="x"']);
  });

  it('follow an array of names that is filled differently', () => {
    const labelNames = ['a.b'];
    const labelsOf = labelTextOf('dots');
    expect(labelsOf({ labelNames, labelValues: ['x'], labelText: '' })).toBe('a_dot_b="x"');
    labelNames[0] = 'c.d';
    expect(labelsOf({ labelNames, labelValues: ['x'], labelText: '' })).toBe('c_dot_d="x"');
  });
});
