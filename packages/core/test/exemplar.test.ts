import { Counter, type ExemplarLabels } from '../src/index.ts';
import { makeExemplar } from '../src/exemplar.ts';
import type { Exemplar } from '../src/model.ts';

const NOW = 1_520_879_607_789;
const REMEDY = `: give an object of strings, such as { trace_id: 'abc' }.`;

describe('An exemplar', () => {
  const warnOnce = jest.fn<void, [code: string, message: string]>();
  const owner = { name: 'cc', labelNames: [], warnOnce };
  const make = (labels: unknown, value = 1): Exemplar | undefined =>
    makeExemplar(owner, labels as ExemplarLabels, value);

  beforeEach(() => jest.useFakeTimers({ now: NOW }));
  afterEach(() => {
    jest.useRealTimers();
    warnOnce.mockReset();
  });

  it('has labels, value and the time in seconds', () => {
    expect(make({ trace_id: 'abc' }, 2.5)).toEqual({
      labels: { trace_id: 'abc' },
      value: 2.5,
      timestamp: 1520879607.789,
    });
  });

  it('has texts for label values of every kind that has one', () => {
    const labels = { s: 's', n: 1.5, b: true, i: 10n, z: null, u: undefined, h: '\ud800' };
    expect(make(labels)?.labels).toEqual({ s: 's', n: '1.5', b: 'true', i: '10', h: '\ufffd' });
  });

  it('has a label whose name has half of a surrogate pair by U+FFFD', () => {
    expect(make({ 'a\ud800': 'x' })?.labels).toEqual({ 'a\ufffd': 'x' });
  });

  it('has labels by names that objects have as properties', () => {
    const labels = JSON.parse('{"__proto__":"p","constructor":"c","toString":"t"}') as ExemplarLabels;
    const made = make(labels) as Exemplar;
    expect(Object.entries(made.labels)).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
      ['toString', 't'],
    ]);
    expect(Object.getPrototypeOf(made.labels)).toBe(Object.prototype);
  });

  it.each([{}, { trace_id: undefined }, { trace_id: '', span_id: null }])(
    'that says nothing, as in %j, is none',
    (labels) => {
      expect(make(labels)).toBe(undefined);
      expect(warnOnce).not.toHaveBeenCalled();
    },
  );

  it('keeps its labels whatever the caller does to the object, which is neither changed nor frozen', () => {
    const labels: Record<string, string> = { trace_id: 'abc' };
    const made = make(labels) as Exemplar;
    labels['trace_id'] = 'changed';
    labels['more'] = 'x';
    expect(made.labels).toEqual({ trace_id: 'abc' });
    expect(labels).toEqual({ trace_id: 'changed', more: 'x' });
  });

  it('may be made from a frozen object and one without a prototype', () => {
    const labels = Object.freeze(Object.assign(Object.create(null) as object, { trace_id: 'abc' }));
    expect(make(labels)?.labels).toEqual({ trace_id: 'abc' });
  });

  it('has no labels that its object only inherits', () => {
    expect(make(Object.create({ trace_id: 'abc' }, { own: { value: 'x', enumerable: true } }))?.labels).toEqual({
      own: 'x',
    });
  });

  it('may have 128 characters, of names and values together', () => {
    expect(make({ a: 'x'.repeat(63), b: 'y'.repeat(63) })).toBeDefined();
    expect(warnOnce).not.toHaveBeenCalled();
  });

  it('is measured in code points, not in halves of them nor in bytes', () => {
    expect(make({ '😱': '😱'.repeat(127) })).toBeDefined();
    expect(make({ é: 'é'.repeat(127) })).toBeDefined();
    expect(make({ '😱': '😱'.repeat(128) })).toBe(undefined);
  });

  it.each<[string, object, number]>([
    ['one label', { a: 'x'.repeat(128) }, 129],
    ['several labels', { a: 'x'.repeat(64), b: 'y'.repeat(63) }, 129],
    ['a name', { ['n'.repeat(128)]: 'x' }, 129],
    ['a number', { ['n'.repeat(120)]: 123456789 }, 129],
  ])('that is too long, here by %s, is dropped with a warning', (_, labels, length) => {
    expect(make(labels)).toBe(undefined);
    expect(warnOnce.mock.calls).toEqual([
      [
        'PROMETER_EXEMPLAR_DROPPED',
        `An exemplar of metric "cc" is dropped, its value is kept: its labels have ${length} characters: give 128 at most.`,
      ],
    ]);
  });

  it.each<[string, unknown, string]>([
    ['a text', 'abc', `"abc" is no object with labels${REMEDY}`],
    ['null', null, `null is no object with labels${REMEDY}`],
    ['a function', () => {}, `a function is no object with labels${REMEDY}`],
    ['an array', ['abc'], `["abc"] is no object with labels${REMEDY}`],
    ['a label without a name', { '': 'x' }, `the name of a label is empty${REMEDY}`],
    ['a label without a name among others', { trace_id: 'abc', '': 'x' }, `the name of a label is empty${REMEDY}`],
    [
      'a value without a text',
      { a: {} },
      'The value of label "a" is {}, an object: give a string, number, boolean or bigint.',
    ],
    [
      'a getter that throws',
      {
        get a() {
          throw new Error('no');
        },
      },
      `"Error: no"${REMEDY}`,
    ],
  ])('that is or has %s is dropped with a warning', (_, labels, wrong) => {
    expect(make(labels)).toBe(undefined);
    expect(warnOnce.mock.calls).toEqual([
      ['PROMETER_EXEMPLAR_DROPPED', `An exemplar of metric "cc" is dropped, its value is kept: ${wrong}`],
    ]);
  });
});

describe('A dropped exemplar', () => {
  let warnings: jest.SpyInstance;
  beforeEach(() => (warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => {})));
  afterEach(() => jest.restoreAllMocks());

  const tooLong = { trace_id: 'x'.repeat(121) };

  it('is warned of once per metric', () => {
    const a = new Counter({ name: 'a', help: '', labelNames: ['l'], registry: null });
    const b = new Counter({ name: 'b', help: '', registry: null });
    a.inc({ l: 'x' }, 1, tooLong);
    a.inc({ l: 'y' }, 1, tooLong);
    a.labels('x').inc(1, tooLong);
    b.inc(1, tooLong);
    b.inc(1, null as never);
    expect(warnings.mock.calls).toEqual(
      ['a', 'b'].map((name) => [
        `An exemplar of metric "${name}" is dropped, its value is kept: its labels have 129 characters: give 128 at most.`,
        { type: 'PrometerWarning', code: 'PROMETER_EXEMPLAR_DROPPED' },
      ]),
    );
  });

  it('leaves the one before it in its place', () => {
    const counter = new Counter({ name: 'cc', help: '', registry: null });
    counter.inc(2, { trace_id: 'kept' });
    counter.inc(3, tooLong);
    expect(counter.get()).toBe(5);
    expect(counter.labels().exemplar).toMatchObject({ labels: { trace_id: 'kept' }, value: 2 });
  });
});
