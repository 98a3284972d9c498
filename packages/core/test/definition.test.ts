import { Counter, Gauge, Histogram, Info, StateSet, Summary } from '../src/index.ts';
import { refusal } from './refusal.ts';

const COMMON = 'name, help, labelNames, unit, registry, maxSeries, collect';
type Kind = new (definition: never) => object;

const kinds: [word: string, kind: Kind, own: string[]][] = [
  ['a counter', Counter, []],
  ['a gauge', Gauge, []],
  ['a histogram', Histogram, ['buckets', 'native']],
  ['a summary', Summary, ['quantiles', 'maxAgeSeconds', 'ageBuckets']],
  ['an info', Info, []],
  ['a stateset', StateSet, ['states']],
];

function make(kind: Kind, options: object): object {
  return new kind({ name: 'mm', help: 'M', registry: null, ...options } as never);
}

describe('The definition of a metric', () => {
  it.each(kinds)('of %s may have no option that there is not', (word, Kind, own) => {
    const states = own.includes('states') ? { states: ['a'] } : {};
    expect(
      refusal(() => new Kind({ name: 'mm', help: 'M', registry: null, ...states, labelnames: ['a'] } as never)),
    ).toEqual({
      code: 'INVALID_OPTION',
      message: `There is no option "labelnames" of ${word}. Is "labelNames" meant?`,
    });
    expect(
      refusal(() => new Kind({ name: 'mm', help: 'M', registry: null, ...states, colour: 'red' } as never)),
    ).toEqual({
      code: 'INVALID_OPTION',
      message: `There is no option "colour" of ${word}. The options are ${[COMMON, ...own].join(', ')}.`,
    });
  });

  it.each([
    ['buckets', Counter],
    ['buckets', Summary],
    ['quantiles', Histogram],
    ['percentiles', Summary],
    ['labels', Gauge],
    ['__proto__', Gauge],
    ['constructor', Gauge],
  ])('may not have the option %p of another kind', (option, Kind) => {
    const definition = JSON.parse(`{"name":"mm","help":"M","registry":null,"${option}":[1]}`) as never;
    expect(refusal(() => new (Kind as Kind)(definition)).code).toBe('INVALID_OPTION');
  });

  it('may have every option as undefined, which is to leave it out', () => {
    const counter = new Counter({
      name: 'cc',
      help: 'C',
      labelNames: undefined,
      unit: undefined,
      maxSeries: undefined,
      collect: undefined,
      registry: null,
    });
    expect(counter.labelNames).toEqual([]);
  });

  it('is not changed and may be frozen', () => {
    const definition = Object.freeze({
      name: 'hh',
      help: 'H',
      labelNames: Object.freeze(['a'] as const),
      buckets: Object.freeze([1, 2]),
      native: Object.freeze({ factor: 1.5 }),
      registry: null,
    });
    new Histogram(definition).observe({ a: 'x' }, 1);
    expect(definition).toEqual({
      name: 'hh',
      help: 'H',
      labelNames: ['a'],
      buckets: [1, 2],
      native: { factor: 1.5 },
      registry: null,
    });
  });

  it.each([null, undefined, 'mm', 5])('is refused where it is %p', (definition) => {
    for (const [word, Kind] of kinds) {
      expect(refusal(() => new Kind(definition as never))).toEqual({
        code: 'INVALID_OPTION',
        message: `The definition of ${word} is ${JSON.stringify(definition)}: give an object such as { name: 'x', help: 'X' }.`,
      });
    }
  });

  it.each([
    [0, '0'],
    [-1, '-1'],
    [NaN, 'NaN'],
    ['10', '"10"'],
    [null, 'null'],
    [10n, '10n'],
  ])('may not have %p as maxSeries', (maxSeries, shown) => {
    expect(refusal(() => make(Gauge, { maxSeries }))).toEqual({
      code: 'INVALID_OPTION',
      message: `The option "maxSeries" of metric "mm" is ${shown}: give a number of at least 1, Infinity for no limit, or leave it out.`,
    });
  });
});
