import { ByteWriter } from '../../src/encode/byte-writer.ts';

function written(write: (out: ByteWriter) => void, size = 4): string {
  const out = new ByteWriter(size);
  write(out);
  const { length } = out;
  const bytes = out.take();
  expect(bytes.length).toBe(length);
  return Buffer.from(bytes).toString();
}

describe('ByteWriter', () => {
  it.each(['', 'a', 'abcd', 'abcde', 'x'.repeat(1000), 'é', 'abc é', '😱'.repeat(50), '\0\x7f\x80\u07ff\u0800\uffff'])(
    'writes the text %p as UTF-8, whatever room there was',
    (text) => {
      expect(written((out) => out.text(text))).toBe(text);
      expect(written((out) => out.text(text), 0)).toBe(text);
    },
  );

  it('puts texts one after the other', () => {
    expect(
      written((out) => {
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
      written((out) => {
        out.text('[');
        out.number(value);
        out.text(']');
      }),
    ).toBe(`[${text}]`);
  });

  it('makes room for a number where none was left', () => {
    expect(written((out) => out.number(123456), 0)).toBe('123456');
  });

  it('repeats what was written, growing as needed', () => {
    expect(
      written((out) => {
        out.text('abcd');
        out.repeat(1, 3);
        out.repeat(0, 6);
      }),
    ).toBe('abcdbcabcdbc');
  });

  it('starts anew after a take, which keeps its bytes', () => {
    const out = new ByteWriter(8);
    out.text('first');
    const first = out.take();
    expect(out.length).toBe(0);
    out.text('other');
    expect(Buffer.from(first).toString()).toBe('first');
    expect(Buffer.from(out.take()).toString()).toBe('other');
  });
});
