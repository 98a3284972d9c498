import { checkIncrement, checkObservation, checkSetting, checkShare } from '../src/values.ts';
import { refusal } from './refusal.ts';

const LABELS_HINT = ' Labels are for a metric that declares labelNames.';

describe('checkIncrement', () => {
  it.each([0, -0, 1, 0.1, Number.MAX_VALUE, Number.MIN_VALUE])('takes %p', (value) => {
    expect(() => checkIncrement(value)).not.toThrow();
  });

  it.each<[unknown, string, string]>([
    [-1, '-1', ''],
    [-Number.MIN_VALUE, '-5e-324', ''],
    [NaN, 'NaN', ''],
    [Infinity, 'Infinity', ''],
    ['1', '"1"', ''],
    [1n, '1n', ''],
    [null, 'null', ''],
    [undefined, 'undefined', ''],
    [new Number(1), '1', LABELS_HINT],
    [{ a: 'x' }, '{"a":"x"}', LABELS_HINT],
  ])('refuses %p', (value, shown, hint) => {
    expect(refusal(() => checkIncrement(value))).toEqual({
      code: 'INVALID_VALUE',
      message: `A counter can't be increased by ${shown}: it takes a finite number that isn't negative.${hint} What can fall is a Gauge.`,
    });
  });
});

describe('checkSetting', () => {
  it.each([0, -1, NaN, Infinity, -Infinity])('takes %p', (value) => {
    expect(() => checkSetting(value)).not.toThrow();
  });

  it.each<[unknown, string]>([
    ['1', `A gauge can't take "1": give a number.`],
    [1n, `A gauge can't take 1n: give a number.`],
    [{ a: 'x' }, `A gauge can't take {"a":"x"}: give a number.${LABELS_HINT}`],
  ])('refuses %p', (value, message) => {
    expect(refusal(() => checkSetting(value))).toEqual({ code: 'INVALID_VALUE', message });
  });
});

describe('checkObservation', () => {
  it.each([0, -1, NaN, Infinity, -Infinity])('takes %p', (value) => {
    expect(() => checkObservation(value)).not.toThrow();
  });

  it.each<[unknown, string]>([
    ['1', `"1" can't be observed: give a number.`],
    [true, `true can't be observed: give a number.`],
    [[1], `[1] can't be observed: give a number.${LABELS_HINT}`],
  ])('refuses %p', (value, message) => {
    expect(refusal(() => checkObservation(value))).toEqual({ code: 'INVALID_VALUE', message });
  });
});

describe('checkShare', () => {
  it.each([0, 0.5, 1, -1, 2, NaN])('takes %p', (value) => {
    expect(() => checkShare(value)).not.toThrow();
  });

  it.each<[unknown, string]>([
    ['0.5', '"0.5"'],
    [undefined, 'undefined'],
    [{ a: 'x' }, '{"a":"x"}'],
  ])('refuses %p', (value, shown) => {
    expect(refusal(() => checkShare(value))).toEqual({
      code: 'INVALID_VALUE',
      message: `There is no quantile ${shown}: give a number from 0 to 1.`,
    });
  });
});
