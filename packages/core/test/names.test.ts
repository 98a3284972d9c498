import { Counter, Gauge } from '../src/index.ts';
import { escapeLabelName, escapeMetricName } from '../src/escaping.ts';
import { checkType, familyName, namesTaken } from '../src/names.ts';
import { refusal } from './refusal.ts';

describe('familyName', () => {
  it.each([
    ['requests', 'requests'],
    ['requests_total', 'requests'],
    ['requests_total_total', 'requests_total'],
    ['total', 'total'],
    ['requests_totals', 'requests_totals'],
  ])('of a counter %p is %p', (given, name) => {
    expect(familyName(given, 'counter', undefined)).toBe(name);
  });

  it.each(['gauge', 'histogram', 'summary'] as const)('of a %s keeps _total', (type) => {
    expect(familyName('x_total', type, undefined)).toBe('x_total');
  });

  it.each([
    ['counter', 'sent', 'bytes', 'sent_bytes'],
    ['counter', 'sent_bytes', 'bytes', 'sent_bytes'],
    ['counter', 'sent_total', 'bytes', 'sent_bytes'],
    ['counter', 'sent_bytes_total', 'bytes', 'sent_bytes'],
    ['gauge', 'age', 'seconds', 'age_seconds'],
    ['gauge', 'age_seconds', 'seconds', 'age_seconds'],
    ['gauge', 'ageseconds', 'seconds', 'ageseconds_seconds'],
    ['histogram', 'age', 'seconds', 'age_seconds'],
    ['summary', 'age', 'seconds', 'age_seconds'],
  ] as const)('of the %s %p with the unit %p is %p', (type, given, unit, name) => {
    expect(familyName(given, type, unit)).toBe(name);
  });

  it.each(['a', '_', ':a:b', 'A9', 'a.b', '1a', 'a b', 'é', '花火', '😱', '__a', 'constructor', '"', '\n'])(
    'accepts %p',
    (name) => {
      expect(familyName(name, 'gauge', undefined)).toBe(name);
    },
  );

  it.each([
    ['', '""'],
    ['\ud800', '"\\ud800"'],
    [undefined, 'undefined'],
    [null, 'null'],
    [5, '5'],
    [{}, '{}'],
    [Symbol('s'), 'Symbol(s)'],
  ])('refuses %p', (name, shown) => {
    expect(refusal(() => new Gauge({ name: name as string, help: 'A gauge', registry: null }))).toEqual({
      code: 'INVALID_NAME',
      message: `The metric name ${shown} is not a non-empty, well-formed string: give one such as "http_requests_total".`,
    });
  });

  it('refuses a counter whose name is only a suffix', () => {
    expect(refusal(() => new Counter({ name: '_total', help: 'A counter', registry: null }))).toEqual({
      code: 'INVALID_NAME',
      message: `The counter name "_total" is only a suffix: put a name before it, as in "requests_total".`,
    });
  });

  it.each([
    ['', '""'],
    ['per second', '"per second"'],
    ['m/s', '"m/s"'],
    [5, '5'],
    [null, 'null'],
  ])('refuses the unit %p', (unit, shown) => {
    expect(refusal(() => new Gauge({ name: 'gg', help: 'A gauge', unit: unit as string, registry: null }))).toEqual({
      code: 'INVALID_UNIT',
      message: `The unit ${shown} of metric "gg" can't be part of a name: give a word such as "seconds" or "bytes", or leave it out.`,
    });
  });
});

describe('checkType', () => {
  it.each(['counter', 'gauge', 'histogram', 'gaugehistogram', 'summary', 'info', 'stateset', 'unknown'])(
    'accepts %p',
    (type) => {
      expect(checkType('x', type)).toBe(undefined);
    },
  );

  it.each<[unknown, string]>([
    ['Gauge', '"Gauge"'],
    ['untyped', '"untyped"'],
    ['constructor', '"constructor"'],
    [['gauge'], '["gauge"]'],
    [undefined, 'undefined'],
  ])('refuses %p', (type, shown) => {
    expect(refusal(() => checkType('x', type))).toEqual({
      code: 'INVALID_OPTION',
      message: `The type of metric "x" is ${shown}: give one of counter, gauge, histogram, gaugehistogram, summary, info, stateset, unknown.`,
    });
  });
});

describe('namesTaken', () => {
  it.each([
    ['counter', ['x', 'x_total', 'x_created']],
    ['gauge', ['x']],
    ['histogram', ['x', 'x_bucket', 'x_sum', 'x_count', 'x_created']],
    ['gaugehistogram', ['x', 'x_bucket', 'x_gsum', 'x_gcount', 'x_sum', 'x_count']],
    ['summary', ['x', 'x_sum', 'x_count', 'x_created']],
    ['info', ['x', 'x_info']],
    ['stateset', ['x']],
    ['unknown', ['x']],
  ] as const)('of a %s are %p', (type, names) => {
    expect(namesTaken('x', type)).toEqual(names);
  });
});

describe('escapeMetricName', () => {
  it.each([
    ['http_requests:rate5m', 'http_requests:rate5m'],
    ['http.requests', 'http_requests'],
    ['9lives', '_lives'],
    ['a9', 'a9'],
    ['é😱x', '__x'],
    ['', ''],
  ])('of %p is %p', (name, escaped) => {
    expect(escapeMetricName(name)).toBe(escaped);
  });
});

describe('escapeLabelName', () => {
  it.each([
    ['method', 'method'],
    ['http.route', 'http_route'],
    ['a:b', 'a_b'],
    ['9', '_'],
    ['😱', '_'],
  ])('of %p is %p', (name, escaped) => {
    expect(escapeLabelName(name)).toBe(escaped);
  });
});
