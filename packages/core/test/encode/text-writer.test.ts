import * as fc from 'fast-check';
import { TextWriter } from '../../src/encode/text-writer.ts';
import { quoted } from '../../src/encode/label-text.ts';
import { formatNumber } from '../../src/encode/numbers.ts';
import { written } from './written.ts';

describe('TextWriter', () => {
  it.each(['', 'a', 'abcd', 'abcde', 'x'.repeat(1000), 'é', 'abc é', '😱'.repeat(50), '\0\x7f\x80\u07ff\u0800\uffff'])(
    'writes the text %p as UTF-8, whatever room there was',
    (text) => {
      expect(written(new TextWriter(4), (out) => out.text(text))).toBe(text);
      expect(written(new TextWriter(0), (out) => out.text(text))).toBe(text);
    },
  );

  it.each([0, 1, 2, 100])('ends lines, with room for %d bytes', (size) => {
    const lines = written(new TextWriter(size), (out) => {
      out.endLine();
      out.number(7);
      out.endLine();
    });
    expect(lines).toBe('\n7\n');
  });

  it('puts texts one after the other', () => {
    expect(
      written(new TextWriter(4), (out) => {
        out.text('a');
        out.text('bé');
        out.text('cdef');
        out.text('');
        out.text('😱');
      }),
    ).toBe('abécdef😱');
  });

  it.each([
    [0, '0'],
    [-0, '0'],
    [7, '7'],
    [9, '9'],
    [10, '10'],
    [99, '99'],
    [100, '100'],
    [123456, '123456'],
    [999999, '999999'],
    [1000000, '1e+06'],
    [-1, '-1'],
    [0.5, '0.5'],
    [NaN, 'NaN'],
    [Infinity, '+Inf'],
  ])('writes the number %p as %p', (value, text) => {
    expect(
      written(new TextWriter(4), (out) => {
        out.text('[');
        out.number(value);
        out.text(']');
      }),
    ).toBe(`[${text}]`);
  });

  it('makes room for a number where none was left', () => {
    expect(written(new TextWriter(0), (out) => out.number(123456))).toBe('123456');
  });

  it('repeats what was written, growing as needed', () => {
    expect(
      written(new TextWriter(4), (out) => {
        out.text('abcd');
        out.repeat(1, 3);
        out.repeat(0, 6);
      }),
    ).toBe('abcdbcabcdbc');
  });

  it.each(['', 'a', 'ab', 'abc', 'x'.repeat(1000), '"', '\\', '\n', 'C:\\ "x"\n\t', 'é', 'abc"é', '😱"\\\n', '\0\x7f'])(
    'writes %p in quotes, escaped, whatever room there was',
    (text) => {
      for (const size of [0, 1, 2, 3, 4, 5, 64])
        expect(written(new TextWriter(size), (out) => out.quoted(text))).toBe(quoted(text));
    },
  );

  it('writes what it was given before a text that has to be escaped once', () => {
    expect(
      written(new TextWriter(4), (out) => {
        out.text('a=');
        out.quoted('plain up to here"');
        out.text(',b=');
        out.quoted('b');
      }),
    ).toBe('a="plain up to here\\"",b="b"');
  });

  it('puts texts, quoted texts, pieces and numbers one after the other, in any order', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('"', '\\', '\n', '😱', 'a') }),
    );
    const part = fc.oneof(
      fc.record({ text }),
      fc.record({ quoted: text }),
      fc.record({ number: fc.nat(2e6) }),
    ) as fc.Arbitrary<{ text?: string; quoted?: string; number?: number }>;
    fc.assert(
      fc.property(fc.array(part), fc.nat(64), (parts, size) => {
        let expected = '';
        const actual = written(new TextWriter(size), (out) => {
          for (const each of parts) {
            if (each.text !== undefined) {
              out.text(each.text);
              expected += each.text;
            } else if (each.quoted !== undefined) {
              out.quoted(each.quoted);
              expected += quoted(each.quoted);
            } else {
              out.number(each.number as number);
              expected += formatNumber(each.number as number);
            }
          }
        });
        expect(actual).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['a', true],
    ['\x7f', true],
    ['\x80', false],
    ['é', false],
    ['a😱', false],
  ])('knows of the text %p whether it is ASCII: %p', (text, isAscii) => {
    for (const write of [(out: TextWriter) => out.text(text), (out: TextWriter) => out.quoted(text)]) {
      const out = new TextWriter(0);
      out.text('before');
      write(out);
      out.text('after');
      out.take();
      expect(out.isAscii).toBe(isAscii);
    }
  });
});
