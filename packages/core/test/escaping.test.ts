import * as fc from 'fast-check';
import { escapeLabelName, escapeMetricName, unescapeDots, unescapeValues } from '../src/escaping.ts';

describe('Escaping', () => {
  it.each<[string, 'underscores' | 'dots' | 'values' | 'allow-utf-8', string]>([
    ['http.a_b', 'underscores', 'http_a_b'],
    ['http.a_b', 'dots', 'http_dot_a__b'],
    ['http.a_b', 'values', 'U__http_2e_a__b'],
    ['http.a_b', 'allow-utf-8', 'http.a_b'],
    ['a_b', 'underscores', 'a_b'],
    ['a_b', 'dots', 'a__b'],
    ['a_b', 'values', 'a_b'],
    ['a:b', 'dots', 'a:b'],
    ['1a', 'underscores', '_a'],
    ['1a', 'dots', '__a'],
    ['1a', 'values', 'U___31_a'],
    ['a1', 'values', 'a1'],
    ['a1', 'dots', 'a1'],
    ['a.1', 'underscores', 'a_1'],
    ['a.1', 'values', 'U__a_2e_1'],
    ['', 'values', ''],
    ['\u{1f631}', 'underscores', '_'],
    ['\u{1f631}', 'values', 'U___1f631_'],
    ['a\nb', 'underscores', 'a_b'],
  ])('of the metric name %j by %s is %s', (name, scheme, escaped) => {
    expect(escapeMetricName(name, scheme)).toBe(escaped);
  });

  it.each<[string, 'underscores' | 'dots' | 'values', string]>([
    ['a:b', 'underscores', 'a_b'],
    ['a:b', 'dots', 'a__b'],
    ['a:b', 'values', 'U__a_3a_b'],
    ['a_b1', 'values', 'a_b1'],
  ])('of the label name %j by %s is %s, as labels have no colon', (name, scheme, escaped) => {
    expect(escapeLabelName(name, scheme)).toBe(escaped);
  });

  it.each([
    'U__',
    'U__a_110000_',
    'U__a_0000000041_',
    'U__a_d800_',
    'U__a_dfff_',
    'U__a_d800__2e_',
    'U__a_',
    'U_a',
    'u__a__b',
    '',
    'a_2e_b',
  ])('by values is undone of %j without an error', (name) => {
    expect(unescapeValues(name)).toBe(name === 'U__' ? '' : name);
  });

  it.each<[string, string]>([
    ['U___10ffff_', '\u{10ffff}'],
    ['U___d7ff__e000_', '\ud7ff\ue000'],
    ['U__a_2E_b_3a_c', 'a.b:c'],
    ['U__http_2e_a__b', 'http.a_b'],
  ])('by values is undone of %j', (name, unescaped) => {
    expect(unescapeValues(name)).toBe(unescaped);
  });

  it('by values is undone of every name, and makes one that needs no quotes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).filter((name) => name.isWellFormed() && !name.startsWith('U__')),
        (name) => {
          const escaped = escapeMetricName(name, 'values');
          expect(escaped).toMatch(/^([a-zA-Z_:][a-zA-Z0-9_:]*)?$/);
          expect(unescapeValues(escaped)).toBe(name);
        },
      ),
    );
  });

  it('by dots is undone of every name of letters, dots and underscores', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-c][a-c._]{0,12}$/), (name) => {
        // Where an underscore stands before "dot", the scheme itself is ambiguous.
        fc.pre(!name.includes('dot'));
        expect(unescapeDots(escapeMetricName(name, 'dots'))).toBe(name);
      }),
    );
  });
});
