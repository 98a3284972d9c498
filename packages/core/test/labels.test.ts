import { checkLabelNames, escapeLabelValue, labelText, ownText } from '../src/labels.ts';
import { refusal } from './refusal.ts';

describe('checkLabelNames', () => {
  it('is empty where none are given', () => {
    expect(checkLabelNames('m', undefined, undefined)).toEqual([]);
  });

  it.each(['a', '_a', 'A9', 'http.route', 'a:b', '0', 'é', '花', 'with space', 'constructor', 'le'])(
    'accepts %p',
    (name) => {
      expect(checkLabelNames('m', [name], undefined)).toEqual([name]);
    },
  );

  it('copies a frozen array as it is', () => {
    expect(checkLabelNames('m', Object.freeze(['a', 'b']), undefined)).toEqual(['a', 'b']);
  });

  it.each<[unknown, string]>([
    ['', 'is not a non-empty, well-formed string'],
    ['\ud800', 'is not a non-empty, well-formed string'],
    [5, 'is not a non-empty, well-formed string'],
    [undefined, 'is not a non-empty, well-formed string'],
    ['__a', 'begins with "__", which Prometheus keeps for itself'],
    ['__proto__', 'begins with "__", which Prometheus keeps for itself'],
    ['..name..', 'is exposed as "__name__", which Prometheus keeps for itself'],
    ['le', 'is one that this type of metric writes itself'],
  ])('refuses %p', (name, wrong) => {
    const shown = typeof name === 'string' ? JSON.stringify(name) : String(name);
    expect(refusal(() => checkLabelNames('m', ['a', name as string], 'le'))).toEqual({
      code: 'INVALID_LABEL_NAME',
      message: `The label name ${shown} of metric "m" ${wrong}: choose another name.`,
    });
  });

  it('refuses a name that is there twice', () => {
    expect(refusal(() => checkLabelNames('m', ['a', 'b', 'a'], undefined))).toEqual({
      code: 'INVALID_LABEL_NAME',
      message: `The label name "a" of metric "m" is exposed as "a", as another one is: choose another name.`,
    });
  });

  it('refuses a name that would be exposed as another one is', () => {
    expect(refusal(() => checkLabelNames('m', ['a_b', 'a.b'], undefined))).toEqual({
      code: 'INVALID_LABEL_NAME',
      message: `The label name "a.b" of metric "m" is exposed as "a_b", as another one is: choose another name.`,
    });
  });

  it.each([
    ['a', '"a"'],
    [null, 'null'],
    [new Set(['a']), '{}'],
    [5, '5'],
  ])('refuses %p, which is no array', (given, shown) => {
    expect(refusal(() => checkLabelNames('m', given as unknown as string[], undefined))).toEqual({
      code: 'INVALID_LABEL_NAME',
      message: `The option "labelNames" of metric "m" is ${shown}: give an array of strings, or leave it out.`,
    });
  });
});

describe('labelText', () => {
  it.each<[unknown, string]>([
    ['x', 'x'],
    ['', ''],
    [' x\t\r\0', ' x\t\r\0'],
    ['😱', '😱'],
    ['a\udc00b\ud800', 'a\ufffdb\ufffd'],
    [0, '0'],
    [-0, '0'],
    [1.5, '1.5'],
    [1e21, '1e+21'],
    [NaN, 'NaN'],
    [Infinity, 'Infinity'],
    [false, 'false'],
    [2n ** 64n, '18446744073709551616'],
    [null, ''],
    [undefined, ''],
  ])('of %p is %p', (value, text) => {
    expect(labelText('a', value)).toBe(text);
  });

  it.each<[unknown, string]>([
    [{ toString: () => 'x' }, 'The value of label "a" is {}, an object'],
    [new Date(0), 'The value of label "a" is "1970-01-01T00:00:00.000Z", an object'],
    [Symbol('s'), 'The value of label "a" is a symbol'],
    [() => 'x', 'The value of label "a" is a function'],
  ])('refuses %p', (value, message) => {
    expect(refusal(() => labelText('a', value))).toEqual({
      code: 'INVALID_LABEL_VALUE',
      message: `${message}: give a string, number, boolean or bigint.`,
    });
  });
});

describe('escapeLabelValue', () => {
  it('escapes backslash, line feed and double quote, every one, and nothing else', () => {
    expect(escapeLabelValue('C:\\dir\\"x"\n\n')).toBe('C:\\\\dir\\\\\\"x\\"\\n\\n');
    expect(escapeLabelValue('\t\r\0{},=é')).toBe('\t\r\0{},=é');
  });
});

describe('ownText', () => {
  it('is the same text, whatever is in it', () => {
    const long = `"\\\n\0\u2028é😱${'x'.repeat(20)}`;
    for (const text of ['', 'short', long, long.slice(3, 20)]) expect(ownText(text)).toBe(text);
  });
});
