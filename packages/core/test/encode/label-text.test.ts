import { areSame, quoted, writtenLabelName, writtenLabels } from '../../src/encode/label-text.ts';

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

  it('have names as a reader without quoted names can read them', () => {
    expect(writtenLabels(['http.route', '1', 'a:b'], ['x', 'y', 'z'], 'underscores')).toBe(
      'http_route="x",_="y",a_b="z"',
    );
  });
});

describe('Lists of names', () => {
  it('are the same where the names and their order are', () => {
    const names = ['a', 'b'];
    expect([areSame(names, names), areSame(names, ['a', 'b']), areSame([], [])]).toEqual([true, true, true]);
    expect([areSame(names, ['b', 'a']), areSame(names, ['a']), areSame(['a'], names)]).toEqual([false, false, false]);
  });
});
