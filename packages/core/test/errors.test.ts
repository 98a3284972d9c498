import { MetricError } from '../src/index.ts';
import { show } from '../src/errors.ts';

describe('MetricError', () => {
  it('is an Error with a name, a code and a message', () => {
    const error = new MetricError('INVALID_VALUE', 'No.');
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('MetricError');
    expect(error.code).toBe('INVALID_VALUE');
    expect(String(error)).toBe('MetricError: No.');
    expect(error.stack).toContain('errors.test');
  });
});

describe('show', () => {
  const circular: { self?: unknown } = {};
  circular.self = circular;
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();

  it.each<[string, unknown, string]>([
    ['a text, quoted', 'a"b', '"a\\"b"'],
    ['a number', 1.5, '1.5'],
    ['NaN', NaN, 'NaN'],
    ['minus zero', -0, '0'],
    ['a bigint', 5n, '5n'],
    ['null', null, 'null'],
    ['undefined', undefined, 'undefined'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['a function', () => {}, 'a function'],
    ['an array', [1, 'a'], '[1,"a"]'],
    ['an object', { a: 1 }, '{"a":1}'],
    ['an object without JSON', { toJSON: () => undefined }, 'an object'],
    ['an object that contains itself', circular, 'an object'],
    [
      'an object whose getter throws',
      {
        get a(): never {
          throw new Error('no');
        },
      },
      'an object',
    ],
    ['a revoked proxy', revoked.proxy, 'an object'],
    ['a long text, shortened', 'x'.repeat(1000), `"${'x'.repeat(76)}...`],
    ['a text of just 80 characters, whole', 'x'.repeat(78), `"${'x'.repeat(78)}"`],
  ])('gives %s', (_, given, shown) => {
    expect(show(given)).toBe(shown);
  });
});
