import { checkIsLabels, someTexts, valuesByName, wrongByName, wrongByPosition } from '../src/label-arguments.ts';
import { refusal } from './refusal.ts';

const metric = { name: 'mm', labelNames: ['a', 'b'] };
const ADVICE = 'Give each label a value, as in labels(a, b) or labels({ a, b }).';

describe('Label values by position', () => {
  it.each<[unknown[], string]>([
    [[], '[]: 0 values given for 2 labels'],
    [['x'], '["x"]: 1 value given for 2 labels'],
    [[{ a: 'x', b: 'y' }, 'z'], '[{"a":"x","b":"y"},"z"]: labels by name are given alone'],
    [[null, 'y', 'z'], '[null,"y","z"]: 3 values given for 2 labels'],
  ])('are refused where they are %p', (given, wrong) => {
    expect(wrongByPosition(metric, given).message).toBe(`Metric "mm" can't take the labels ${wrong}. ${ADVICE}`);
  });
});

describe('Labels by name', () => {
  it('are put in declared order, its own ones only', () => {
    expect(valuesByName(metric, { b: true, a: '__proto__' })).toEqual(['__proto__', true]);
    expect(
      refusal(() => valuesByName(metric, Object.assign(Object.create({ a: 'x' }) as object, { b: 'y' }))).code,
    ).toBe('INVALID_LABELS');
  });

  it.each<[object, string]>([
    [{ a: 'x', b: 'y', c: 'z' }, '{"a":"x","b":"y","c":"z"}: "c" is none of its labels'],
    [{ a: 'x', c: 'z' }, '{"a":"x","c":"z"}: "b" is missing, "c" is none of its labels'],
    [
      Object.assign(Object.create({ b: 'y' }) as object, { a: 'x', c: 'z' }),
      '{"a":"x","c":"z"}: "b" is missing, "c" is none of its labels',
    ],
  ])('are refused where they are not the declared ones: %p', (given, wrong) => {
    expect(refusal(() => valuesByName(metric, given)).message).toBe(
      `Metric "mm" can't take the labels ${wrong}. ${ADVICE}`,
    );
  });

  it('are no array', () => {
    expect(wrongByName(metric, ['x', 'y']).message).toBe(
      `Metric "mm" can't take the labels ["x","y"]: an array is neither labels by position nor by name. ${ADVICE}`,
    );
  });

  it.each<[unknown, string]>([
    [undefined, 'undefined: "a" is missing, "b" is missing'],
    [null, 'null: "a" is missing, "b" is missing'],
    ['x', '"x": "a" is missing, "b" is missing'],
    [5, '5: "a" is missing, "b" is missing'],
  ])('are refused at once where they are %p', (given, wrong) => {
    expect(refusal(() => checkIsLabels(metric, given))).toEqual({
      code: 'INVALID_LABELS',
      message: `Metric "mm" can't take the labels ${wrong}. ${ADVICE}`,
    });
  });

  it('are refused at once where there are no labels at all', () => {
    expect(refusal(() => checkIsLabels({ name: 'mm', labelNames: [] }, {})).message).toBe(
      `Metric "mm" can't take the labels {}: it has none. Leave them out: call inc, set or observe on the metric itself.`,
    );
  });

  it.each([{ a: 'x', b: 'y' }, { c: 'z' }, {}])('are looked at no closer where they are an object, as %p', (given) => {
    expect(() => checkIsLabels(metric, given)).not.toThrow();
  });

  it('are refused with all that is wrong with them', () => {
    expect(wrongByName(metric, { b: 'x', c: 'y', d: 'z' }).message).toBe(
      `Metric "mm" can't take the labels {"b":"x","c":"y","d":"z"}: "a" is missing, "c" is none of its labels, "d" is none of its labels. ${ADVICE}`,
    );
  });

  it('are refused, where some would do, without blaming what is missing', () => {
    expect(wrongByName(metric, { c: 'y' }, 'some').message).toBe(
      `Metric "mm" can't take the labels {"c":"y"}: "c" is none of its labels. ${ADVICE}`,
    );
  });

  it('are shown shortened, however many there are', () => {
    const given = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`label${i}`, i]));
    expect(wrongByName(metric, given).message).toContain(
      `the labels {"label0":0,"label1":1,"label2":2,"label3":3,"label4":4,"label5":5,"label6":6...: "a" is missing`,
    );
  });
});

describe('Some labels by name', () => {
  it('become texts by name, in a new object', () => {
    const given = Object.freeze({ b: 5 });
    const texts = someTexts(metric, given);
    expect(texts).toEqual({ b: '5' });
    expect(Object.isFrozen(texts)).toBe(false);
  });

  it.each([[null], ['a'], [[]], [['x']], [{ c: 1 }], [{ a: 1, c: 1 }], [undefined]])(
    'are refused where they are %p',
    (given) => {
      expect(refusal(() => someTexts(metric, given)).code).toBe('INVALID_LABELS');
    },
  );

  it('are refused where there are no labels at all', () => {
    expect(refusal(() => someTexts({ name: 'mm', labelNames: [] }, {}))).toEqual({
      code: 'INVALID_LABELS',
      message: `Metric "mm" can't take the labels {}: it has none. Leave them out: call inc, set or observe on the metric itself.`,
    });
  });
});
