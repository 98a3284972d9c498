import { collectGarbage } from '../../node/test/collect-garbage.ts';
import { textPieces } from './encode/encoded.ts';
import { Counter, Gauge, Histogram, Info, Registry, StateSet, Summary } from '../src/index.ts';
import { labelTextOf } from './label-text-of.ts';
import { refusal } from './refusal.ts';

function counterOf<const Names extends readonly string[]>(...labelNames: Names): Counter<Names> {
  return new Counter({ name: 'cc', help: 'A counter', labelNames, registry: null });
}

/** As a program without types would call it. */
interface Untyped {
  labels(...labels: unknown[]): { inc(): void };
  inc(labels: unknown): void;
  countExceptions(work: () => void, labels: unknown): void;
  trackInProgress(work: () => void, labels: unknown): void;
  time(work: () => void, labels: unknown): void;
  startTimer(labels?: unknown): (labels: unknown) => number;
  remove(...labels: unknown[]): boolean;
  removeMatching(labels: unknown): number;
}

function untyped(metric: object): Untyped {
  return metric as Untyped;
}

/** What a metric without labels is made from. */
const PLAIN = { name: 'cc', help: '', registry: null };

describe('A family', () => {
  describe('finds a series', () => {
    it('as the same object for the same values, by position and by name in any order', () => {
      const counter = counterOf('a', 'b');
      const series = counter.labels('x', 'y');

      expect(counter.labels('x', 'y')).toBe(series);
      expect(counter.labels({ a: 'x', b: 'y' })).toBe(series);
      expect(counter.labels({ b: 'y', a: 'x' })).toBe(series);
    });

    it.each([1, 2, 3, 4, 5, 6])('by each of %d values by position', (count) => {
      const counter = counterOf(...Array.from({ length: count }, (_, i) => `label${i}`));
      const all = Array.from({ length: 2 ** count }, (_, i) =>
        Array.from({ length: count }, (__, label) => `${(i >> label) & 1}`),
      );
      for (let round = 0; round < 2; round++) all.forEach((values, i) => counter.labels(...values).inc(i));

      expect(Array.from(counter.series, ({ labelValues, value }) => [labelValues, value])).toEqual(
        all.map((values, i) => [values, 2 * i]),
      );
    });

    it('as its only one where there are no labels', () => {
      const counter = counterOf();
      counter.labels().inc(2);
      expect(counter.get()).toBe(2);
      expect(counter.labels()).toBe(counter.labels());
    });

    it.each([
      [1, '1'],
      [-0, '0'],
      [NaN, 'NaN'],
      [1e21, '1e+21'],
      [true, 'true'],
      [10n, '10'],
      [null, ''],
      [undefined, ''],
      ['\ud800', '\ufffd'],
    ])('by the value %p as by the text %p', (value, text) => {
      const counter = counterOf('a', 'b');
      const series = counter.labels(text, 'y');

      expect(counter.labels(value, 'y')).toBe(series);
      expect(counter.labels({ a: value, b: 'y' })).toBe(series);
      expect(counter.labels({ b: 'y', a: value })).toBe(series);
      expect([...counter.series]).toEqual([series]);
    });

    it.each([null, undefined])('by %p alone, also before there is one', (value) => {
      const counter = counterOf('a');
      counter.labels(value).inc();
      expect(Array.from(counter.series, labelTextOf)).toEqual(['a=""']);
    });

    it('by label names that every object has from its prototype', async () => {
      const registry = new Registry();
      const names = ['constructor', 'toString', 'hasOwnProperty', 'valueOf'] as const;
      const counter = new Counter({ name: 'cc', help: 'A counter', labelNames: names, registry });
      counter.inc({ constructor: '__proto__', toString: 'constructor', hasOwnProperty: 'c', valueOf: 'd' });

      expect(await registry.metrics()).toBe(
        '# HELP cc_total A counter\n' +
          '# TYPE cc_total counter\n' +
          'cc_total{constructor="__proto__",toString="constructor",hasOwnProperty="c",valueOf="d"} 1\n',
      );
    });

    it('by values that objects have as properties', () => {
      const counter = counterOf('a', 'b');
      counter.labels('__proto__', 'constructor').inc(2);
      counter.labels('constructor', '__proto__').inc(3);
      expect(counter.get({ a: '__proto__', b: 'constructor' })).toBe(2);
      expect(counter.get({ a: 'constructor', b: '__proto__' })).toBe(3);
    });

    it('by label names that look like indices, which objects list first', () => {
      const counter = counterOf('b', '1');
      counter.inc({ b: 'x', 1: 'y' });
      expect(counter.labels('x', 'y').get()).toBe(1);
    });

    it('by an object without a prototype', () => {
      const counter = counterOf('a');
      counter.inc(Object.assign(Object.create(null) as object, { a: 'x' }));
      expect(counter.labels('x').get()).toBe(1);
    });

    it('by a frozen object, which stays as it was', () => {
      const counter = counterOf('a');
      const labels = Object.freeze({ a: 'x' });
      counter.inc(labels);
      counter.inc(labels);
      expect(counter.get(labels)).toBe(2);
      expect(labels).toEqual({ a: 'x' });
    });

    it('by what a getter returns', () => {
      const counter = counterOf('a');
      let value = 0;
      const labels = {
        get a() {
          return `v${++value}`;
        },
      };
      counter.labels('v1');
      counter.inc(labels);
      expect(counter.labels('v1').get()).toBe(1);
    });

    it('whatever symbols the object has as well', () => {
      const counter = counterOf('a');
      counter.inc({ a: 'x', [Symbol('b')]: 'y' });
      expect(counter.labels('x').get()).toBe(1);
    });

    it('of a long value as of a short one', () => {
      const counter = counterOf('a');
      const long = 'x'.repeat(1_000_000);
      counter.inc({ a: long });
      expect(counter.get({ a: `${long.slice(1)}x` })).toBe(1);
      expect(counter.get({ a: long.slice(1) })).toBe(0);
    });

    it('even when Object.prototype has been given a property', () => {
      const counter = counterOf('a');
      const prototype = Object.prototype as { polluted?: string };
      prototype.polluted = 'yes';
      try {
        counter.inc({ a: 'x' });
        counter.inc({ a: 'x' });
      } finally {
        delete prototype.polluted;
      }
      expect(counter.get({ a: 'x' })).toBe(2);
    });
  });

  describe('keeps apart', () => {
    it.each([
      [
        { a: 'x,b:y', b: 'z' },
        { a: 'x', b: 'b:y,z' },
      ],
      [
        { a: 'x|y', b: 'z' },
        { a: 'x', b: 'y|z' },
      ],
      [
        { a: '', b: 'x' },
        { a: 'x', b: '' },
      ],
      [
        { a: 'x\u0000', b: 'y' },
        { a: 'x', b: '\u0000y' },
      ],
      [
        { a: 'x",b="y', b: '' },
        { a: 'x', b: 'y' },
      ],
    ])('%p and %p', (first, second) => {
      const counter = counterOf('a', 'b');
      counter.inc(first, 1);
      counter.inc(second, 2);
      expect(Array.from(counter.series, (series) => series.get())).toEqual([1, 2]);
    });

    it('a series from what the caller does to the labels later', async () => {
      const registry = new Registry();
      const counter = new Counter({ name: 'cc', help: 'A counter', labelNames: ['a'], registry });
      const labels = { a: 'x' };
      counter.inc(labels);
      labels.a = 'y';
      counter.inc(labels);

      expect(await registry.metrics()).toBe(
        '# HELP cc_total A counter\n# TYPE cc_total counter\ncc_total{a="x"} 1\ncc_total{a="y"} 1\n',
      );
    });

    it('its label names from the array that they came from', () => {
      const labelNames = ['a'];
      const counter = new Counter({ name: 'cc', help: 'A counter', labelNames, registry: null });
      labelNames.push('b');

      expect(counter.labelNames).toEqual(['a']);
      expect(labelNames).toEqual(['a', 'b']);
      expect(counter.labels('x').get()).toBe(0);
    });
  });

  describe('refuses', () => {
    const todo = 'Give each label a value, as in labels(a, b) or labels({ a, b }).';

    it.each<[string, unknown[], string]>([
      ['no label values', [], '[]: 0 values given for 2 labels'],
      ['too few label values', ['x'], '["x"]: 1 value given for 2 labels'],
      ['too many label values', ['x', 'y', 'z'], '["x","y","z"]: 3 values given for 2 labels'],
      ['a missing label', [{ a: 'x' }], '{"a":"x"}: "b" is missing'],
      ['an extra label', [{ a: 'x', b: 'y', c: 'z' }], '{"a":"x","b":"y","c":"z"}: "c" is none of its labels'],
      ['another label', [{ a: 'x', c: 'z' }], '{"a":"x","c":"z"}: "b" is missing, "c" is none of its labels'],
      ['an object without labels', [{}], '{}: "a" is missing, "b" is missing'],
      ['an array of values', [['x', 'y']], '["x","y"]: an array is neither labels by position nor by name'],
      ['labels by name and values', [{ a: 'x' }, 'y', 'z'], '[{"a":"x"},"y","z"]: labels by name are given alone'],
      ['a map', [new Map([['a', 'x']])], '{}: "a" is missing, "b" is missing'],
      [
        'a text object',
        [new String('xy')],
        '"xy": "a" is missing, "b" is missing, "0" is none of its labels, "1" is none of its labels',
      ],
    ])('%s', (_, labels, wrong) => {
      const counter = counterOf('a', 'b');
      const expected = {
        code: 'INVALID_LABELS',
        message: `Metric "cc" can't take the labels ${wrong}. ${todo}`,
      };
      expect(refusal(() => untyped(counter).labels(...labels))).toEqual(expected);
      expect(refusal(() => untyped(counter).remove(...labels))).toEqual(expected);
      expect([...counter.series]).toEqual([]);
    });

    it.each<[string, string[], string]>([
      ['too few', ['x'], '["x"]: 1 value given for 2 labels'],
      ['too many', ['x', 'y', 'z'], '["x","y","z"]: 3 values given for 2 labels'],
    ])('%s label values, also where a series begins with them or is the begin of them', (_, labels, wrong) => {
      const counter = counterOf('a', 'b');
      counter.labels('x', 'y');
      expect(refusal(() => untyped(counter).labels(...labels))).toEqual({
        code: 'INVALID_LABELS',
        message: `Metric "cc" can't take the labels ${wrong}. ${todo}`,
      });
    });

    it('labels in the shorthand that are no object', () => {
      const counter = counterOf('a', 'b');
      expect(refusal(() => untyped(counter).inc('x'))).toEqual({
        code: 'INVALID_LABELS',
        message: `Metric "cc" can't take the labels "x": "a" is missing, "b" is missing. ${todo}`,
      });
    });

    it('any labels where it has none', () => {
      const counter = counterOf();
      const message = (given: string) =>
        `Metric "cc" can't take the labels ${given}: it has none. Leave them out: call inc, set or observe on the metric itself.`;

      expect(refusal(() => untyped(counter).labels('x'))).toEqual({
        code: 'INVALID_LABELS',
        message: message('["x"]'),
      });
      expect(refusal(() => untyped(counter).labels({ a: 'x' }))).toEqual({
        code: 'INVALID_LABELS',
        message: message('{"a":"x"}'),
      });
      expect(refusal(() => untyped(counter).labels({}))).toEqual({
        code: 'INVALID_LABELS',
        message: message('{}'),
      });
    });

    it.each<[string, (labels: object, work: () => void) => unknown]>([
      ['countExceptions', (labels, work) => untyped(new Counter(PLAIN)).countExceptions(work, labels)],
      ['trackInProgress', (labels, work) => untyped(new Gauge(PLAIN)).trackInProgress(work, labels)],
      ['time of a histogram', (labels, work) => untyped(new Histogram(PLAIN)).time(work, labels)],
      ['time of a summary', (labels, work) => untyped(new Summary(PLAIN)).time(work, labels)],
    ])('any labels in %s where it has none, and starts no work', (_, call) => {
      const work = jest.fn();
      expect(refusal(() => call({ a: 'x' }, work))).toEqual({
        code: 'INVALID_LABELS',
        message: `Metric "cc" can't take the labels {"a":"x"}: it has none. Leave them out: call inc, set or observe on the metric itself.`,
      });
      expect(work).not.toHaveBeenCalled();
    });

    it.each([Histogram, Summary])('any labels at the end of a timer of a %p that has none', (Metric) => {
      const metric = new Metric(PLAIN);
      const end = untyped(metric).startTimer();
      expect(refusal(() => end({ a: 'x' }))).toEqual({
        code: 'INVALID_LABELS',
        message: `Metric "cc" can't take the labels {"a":"x"}: it has none. Leave them out: call inc, set or observe on the metric itself.`,
      });
      expect(metric.get().count).toBe(0);
    });

    it.each([Histogram, Summary])('the end of a timer of a %p that was given no labels at either end', (Metric) => {
      const metric = new Metric({ name: 'cc', help: '', labelNames: ['a', 'b'], registry: null });
      const end = metric.startTimer();
      expect(refusal(() => end())).toEqual({
        code: 'INVALID_LABELS',
        message: `Metric "cc" can't take the labels undefined: "a" is missing, "b" is missing. ${todo}`,
      });
      expect([...metric.series]).toEqual([]);
    });

    it('a text at the start of a timer, also where its first character is the label of a series', () => {
      const histogram = new Histogram({ name: 'cc', help: '', labelNames: ['0'], registry: null });
      histogram.labels('x');
      expect(refusal(() => untyped(histogram).startTimer('x'))).toEqual({
        code: 'INVALID_LABELS',
        message: `Metric "cc" can't take the labels "x": they are no object with labels. Give each label a value, as in labels(0) or labels({ 0 }).`,
      });
    });

    it.each([
      [{}, 'an object'],
      [['x'], 'an object'],
      [Symbol('x'), 'a symbol'],
      [() => 'x', 'a function'],
    ])('the label value %p', (value, kind) => {
      const counter = counterOf('a', 'b');
      counter.labels('x', 'y');
      for (const call of [
        () => untyped(counter).labels('x', value),
        () => untyped(counter).labels({ a: 'x', b: value }),
        () => untyped(counter).labels({ b: value, a: 'x' }),
        () => untyped(counter).remove('x', value),
      ]) {
        expect(refusal(call).code).toBe('INVALID_LABEL_VALUE');
        expect(refusal(call).message).toMatch(/^The value of label "b" is /);
        expect(refusal(call).message).toContain(`${kind}: give a string, number, boolean or bigint.`);
      }
      expect([...counter.series]).toHaveLength(1);
    });

    it('labels that are only inherited, whether the series exists or not', () => {
      const counter = counterOf('a', 'b');
      const inherited = Object.assign(Object.create({ a: 'x' }) as object, { b: 'y' });

      expect(refusal(() => untyped(counter).inc(inherited)).code).toBe('INVALID_LABELS');
      counter.labels('x', 'y');
      expect(refusal(() => untyped(counter).inc(inherited)).code).toBe('INVALID_LABELS');
      expect(refusal(() => untyped(counter).inc(Object.create({ a: 'x', b: 'y' }))).code).toBe('INVALID_LABELS');
      expect(counter.labels('x', 'y').get()).toBe(0);
    });

    it('a definition that is no object', () => {
      expect(refusal(() => new Counter(undefined as never))).toEqual({
        code: 'INVALID_OPTION',
        message: `The definition of a counter is undefined: give an object such as { name: 'x', help: 'X' }.`,
      });
    });

    it.each([undefined, null, 5])('the help %p', (help) => {
      expect(refusal(() => new Counter({ name: 'cc', help: help as never, registry: null }))).toEqual({
        code: 'INVALID_HELP',
        message: `The help of metric "cc" is ${help}: give a sentence that says what is measured, or ''.`,
      });
    });

    it('a help that no encoding can carry', () => {
      expect(refusal(() => new Counter({ name: 'cc', help: '\ud800', registry: null })).code).toBe('INVALID_HELP');
    });

    it('a collect that is no function', () => {
      expect(refusal(() => new Gauge({ name: 'gg', help: '', collect: 5 as never, registry: null }))).toEqual({
        code: 'INVALID_OPTION',
        message: `The option "collect" of metric "gg" is 5: give a function, or leave it out.`,
      });
    });

    it.each([{}, 'default', false])('the registry %p', (registry) => {
      expect(refusal(() => new Gauge({ name: 'gg', help: '', registry: registry as never }))).toEqual({
        code: 'INVALID_OPTION',
        message: `The option "registry" of metric "gg" is ${JSON.stringify(registry)}: give a Registry, null for none, or leave it out.`,
      });
    });
  });

  it('may have an empty help', async () => {
    const registry = new Registry();
    new Gauge({ name: 'gg', help: '', registry });
    expect(await registry.metrics()).toBe('# HELP gg \n# TYPE gg gauge\ngg 0\n');
  });

  describe('removes', () => {
    it('one series, by position or by name, and says whether it was there', () => {
      const counter = counterOf('a', 'b');
      counter.labels('x', '1').inc();
      counter.labels('x', '2').inc();
      counter.labels('y', '1').inc();

      expect(counter.remove('x', '1')).toBe(true);
      expect(counter.remove('x', '1')).toBe(false);
      expect(counter.remove({ b: '1', a: 'y' })).toBe(true);
      expect(counter.remove({ a: 'never', b: 'there' })).toBe(false);
      expect(Array.from(counter.series, labelTextOf)).toEqual(['a="x",b="2"']);
    });

    it('a series so that its labels start from zero with another object', () => {
      const counter = counterOf('a');
      const series = counter.labels('x');
      series.inc(5);
      counter.remove('x');

      expect(counter.get({ a: 'x' })).toBe(0);
      expect(counter.labels('x')).not.toBe(series);
    });

    it('by the same texts that values have elsewhere', () => {
      const counter = counterOf('a');
      counter.labels('1');
      expect(counter.remove(1)).toBe(true);
      counter.labels('');
      expect(counter.remove({ a: undefined })).toBe(true);
    });

    it('nothing where it has no labels', () => {
      const counter = counterOf();
      counter.inc();
      expect(refusal(() => untyped(counter).remove()).code).toBe('INVALID_LABELS');
      expect(counter.get()).toBe(1);
    });

    it('every series when it is cleared', async () => {
      const registry = new Registry();
      const counter = new Counter({ name: 'cc', help: 'A counter', labelNames: ['a'], registry });
      counter.inc({ a: 'x' });
      counter.clear();
      expect(await registry.metrics()).toBe('# HELP cc_total A counter\n# TYPE cc_total counter\n');

      counter.inc({ a: 'x' });
      expect(counter.get({ a: 'x' })).toBe(1);
    });

    it('its count when it has no labels and is cleared', async () => {
      const registry = new Registry();
      const counter = new Counter({ name: 'cc', help: 'A counter', registry });
      counter.inc(5);
      counter.clear();
      counter.inc();
      expect(await registry.metrics()).toBe('# HELP cc_total A counter\n# TYPE cc_total counter\ncc_total 1\n');
    });
  });

  it('tells how often series were taken out of it, for those who keep some', () => {
    const counter = new Counter({ name: 'c', help: '', labelNames: ['a'], registry: null });
    const seen = [counter.removals];
    for (const a of ['x', 'y', 'z']) counter.inc({ a });
    seen.push(counter.removals);
    counter.remove('x');
    counter.remove('x');
    seen.push(counter.removals);
    counter.removeMatching({ a: 'y' });
    seen.push(counter.removals);
    counter.clear();
    seen.push(counter.removals);

    expect(seen).toEqual([0, 0, 1, 2, 3]);
  });

  describe('removes by some of the labels', () => {
    function filled(): Counter<readonly ['a', 'b']> {
      const counter = counterOf('a', 'b');
      for (const [a, b] of ['x1', 'x2', 'y1', 'y2'] as unknown as [string, string][]) counter.inc({ a, b });
      return counter;
    }
    const textsOf = (counter: Counter<readonly ['a', 'b']>) => Array.from(counter.series, labelTextOf);

    it('every series that has them, and says how many', () => {
      const counter = filled();
      expect(counter.removeMatching({ a: 'x' })).toBe(2);
      expect(textsOf(counter)).toEqual(['a="y",b="1"', 'a="y",b="2"']);
      expect(counter.removeMatching({ b: 2 })).toBe(1);
      expect(counter.removeMatching({ b: 2 })).toBe(0);
      expect(textsOf(counter)).toEqual(['a="y",b="1"']);
    });

    it('one series by all labels, every one by none', () => {
      const counter = filled();
      expect(counter.removeMatching({ b: '2', a: 'y' })).toBe(1);
      expect(counter.removeMatching({})).toBe(3);
      expect(textsOf(counter)).toEqual([]);
    });

    it('with the texts that values have elsewhere', () => {
      const counter = counterOf('a', 'b');
      counter.labels('', true);
      counter.labels('__proto__', 'constructor');
      expect(counter.removeMatching({ a: undefined, b: true })).toBe(1);
      expect(counter.removeMatching({ a: '__proto__' })).toBe(1);
    });

    it('so that the same labels start from zero', () => {
      const counter = filled();
      counter.removeMatching({ a: 'x' });
      counter.inc({ a: 'x', b: '1' });
      expect(counter.get({ a: 'x', b: '1' })).toBe(1);
    });

    it.each<[string, unknown, string]>([
      ['an unknown label', { a: 'x', c: 'z' }, '{"a":"x","c":"z"}: "c" is none of its labels'],
      ['a number', 5, '5: labels come first, and the number after them'],
      ['a text', 'x', '"x": they are no object with labels'],
      ['nothing', undefined, 'undefined: they are no object with labels'],
      ['an array', ['x'], '["x"]: an array is neither labels by position nor by name'],
      ['an empty array', [], '[]: an array is neither labels by position nor by name'],
    ])('and refuses %s', (_, labels, wrong) => {
      const counter = filled();
      expect(refusal(() => counter.removeMatching(labels as object))).toEqual({
        code: 'INVALID_LABELS',
        message: `Metric "cc" can't take the labels ${wrong}. Give each label a value, as in labels(a, b) or labels({ a, b }).`,
      });
      expect(textsOf(counter)).toHaveLength(4);
    });

    it('and refuses a value that has no text, and any labels where it has none', () => {
      expect(refusal(() => filled().removeMatching({ a: {} as never })).code).toBe('INVALID_LABEL_VALUE');
      expect(refusal(() => untyped(counterOf()).removeMatching({})).code).toBe('INVALID_LABELS');
    });
  });

  describe('once a series is removed', () => {
    it('exposes it again only through labels(), from zero', async () => {
      const registry = new Registry();
      const head = '# HELP cc_total A counter\n# TYPE cc_total counter\n';
      const counter = new Counter({ name: 'cc', help: 'A counter', labelNames: ['a'], registry });
      const held = counter.labels('x');
      held.inc(5);
      counter.remove('x');
      held.inc();
      expect(await registry.metrics()).toBe(head);

      const again = counter.labels('x');
      again.inc(2);
      held.inc();
      expect(await registry.metrics()).toBe(`${head}cc_total{a="x"} 2\n`);
    });
  });

  it('gives itself at once to a custom collector that calls its collect, if that is synchronous', () => {
    const registry = new Registry();
    const gauge = new Gauge({
      name: 'gg',
      help: 'G',
      registry: null,
      collect() {
        this.set(7);
      },
    });
    registry.register({ collect: () => gauge.collect() });
    // Which waits for no collector.
    expect(registry.getSampleValue('gg')).toBe(7);
  });

  describe('makes no series by reading', () => {
    it.each<[string, () => { get(labels: { a: string }): unknown; series: Iterable<unknown> }, unknown]>([
      ['counter', () => new Counter({ name: 'mm', help: '', labelNames: ['a'], registry: null }), 0],
      ['gauge', () => new Gauge({ name: 'mm', help: '', labelNames: ['a'], registry: null }), 0],
      [
        'histogram',
        () => new Histogram({ name: 'mm', help: '', labelNames: ['a'], buckets: [1], registry: null }),
        {
          count: 0,
          sum: 0,
          buckets: [
            { upperBound: 1, count: 0 },
            { upperBound: Infinity, count: 0 },
          ],
        },
      ],
      [
        'summary',
        () => new Summary({ name: 'mm', help: '', labelNames: ['a'], quantiles: [0.5], registry: null }),
        { count: 0, sum: 0, quantiles: [{ quantile: 0.5, value: NaN }] },
      ],
    ])('of a %s, which reads as empty', (_, make, empty) => {
      const metric = make();
      expect(metric.get({ a: 'x' })).toEqual(empty);
      expect([...metric.series]).toEqual([]);
    });

    it('a quantile', () => {
      const histogram = new Histogram({ name: 'hh', help: '', labelNames: ['a'], registry: null });
      expect(histogram.quantile(0.5, { a: 'x' })).toBe(NaN);
      expect([...histogram.series]).toEqual([]);
    });
  });

  describe('makes no series for work that can not be called', () => {
    const work = 5 as never;
    it.each<[string, () => { series: Iterable<unknown> }, (metric: never) => unknown]>([
      ['countExceptions', () => counterOf('a'), (metric: Counter<['a']>) => metric.countExceptions(work, { a: 'x' })],
      [
        'trackInProgress',
        () => new Gauge({ name: 'mm', help: '', labelNames: ['a'], registry: null }),
        (metric: Gauge<['a']>) => metric.trackInProgress(work, { a: 'x' }),
      ],
      [
        'time of a histogram',
        () => new Histogram({ name: 'mm', help: '', labelNames: ['a'], registry: null }),
        (metric: Histogram<['a']>) => metric.time(work, { a: 'x' }),
      ],
      [
        'time of a summary',
        () => new Summary({ name: 'mm', help: '', labelNames: ['a'], registry: null }),
        (metric: Summary<['a']>) => metric.time(work, { a: 'x' }),
      ],
    ])('by %s', (_, make, call) => {
      const metric = make();
      expect(refusal(() => call(metric as never))).toEqual({
        code: 'INVALID_OPTION',
        message: "5 can't be called: give a function that does the work.",
      });
      expect([...metric.series]).toEqual([]);
    });
  });

  describe('while a scrape is running', () => {
    const HEAD = '# HELP hh H\n# TYPE hh gauge\n';
    const VALUE = 'x'.repeat(1000);

    /** A gauge so large that it is exposed in several pieces, and the pieces. */
    function scraped(): { gauge: Gauge<readonly ['a']>; pieces: Generator<Uint8Array> } {
      const gauge = new Gauge({ name: 'hh', help: 'H', labelNames: ['a'], registry: null });
      for (let i = 0; i < 200; i++) gauge.set({ a: `${i}${VALUE}` }, i);
      return { gauge, pieces: textPieces([gauge as never]) };
    }
    const read = (pieces: Iterable<Uint8Array>): string =>
      [...pieces]
        .map((piece) => new TextDecoder().decode(piece))
        .join('')
        .replaceAll(VALUE, '');
    const lines = (from: number, to: number): string =>
      Array.from({ length: to - from }, (_, i) => `hh{a="${from + i}"} ${from + i}\n`).join('');

    it('may be cleared', () => {
      const { gauge, pieces } = scraped();
      const first = read([pieces.next().value as Uint8Array]);
      gauge.clear();
      expect(first + read(pieces)).toBe(HEAD + lines(0, 200));
      expect(read(textPieces([gauge as never]))).toBe(HEAD);
    });

    it('may lose a series and get it again, without exposing it twice', () => {
      const { gauge, pieces } = scraped();
      const first = read([pieces.next().value as Uint8Array]);
      gauge.remove(`0${VALUE}`);
      gauge.set({ a: `0${VALUE}` }, 7);
      expect(first + read(pieces)).toBe(HEAD + lines(0, 200));
    });

    it('may lose series by some of their labels, and get others', () => {
      const { gauge, pieces } = scraped();
      const first = read([pieces.next().value as Uint8Array]);
      expect(gauge.removeMatching({ a: `199${VALUE}` })).toBe(1);
      gauge.set({ a: 'new' }, 1);
      expect(first + read(pieces)).toBe(HEAD + lines(0, 200));
      expect(read(textPieces([gauge as never]))).toBe(`${HEAD}${lines(0, 199)}hh{a="new"} 1\n`);
    });

    it('and it has no labels, may be cleared without being exposed twice', () => {
      const histogram = new Histogram({
        name: 'hh',
        help: 'H',
        buckets: Array.from({ length: 5000 }, (_, i) => i),
        registry: null,
      });
      const pieces = textPieces([histogram as never]);
      const first = read([pieces.next().value as Uint8Array]);
      histogram.clear();
      expect((first + read(pieces)).match(/^hh_count 0$/gm)).toHaveLength(1);
    });

    it.each(['clear', 'removeMatching', 'remove'] as const)(
      'its asynchronous collect may wait during a %s',
      async (how) => {
        const registry = new Registry();
        let go = (): void => {};
        const gauge = new Gauge({
          name: 'gg',
          help: 'G',
          labelNames: ['a'],
          registry,
          collect: () => new Promise<void>((resolve) => (go = resolve)),
        });
        gauge.set({ a: 'x' }, 1);
        const text = registry.metrics();
        if (how === 'clear') gauge.clear();
        else if (how === 'remove') gauge.remove('x');
        else gauge.removeMatching({ a: 'x' });
        gauge.set({ a: 'y' }, 2);
        go();
        expect(await text).toBe('# HELP gg G\n# TYPE gg gauge\ngg{a="y"} 2\n');
      },
    );

    it('its own collect may clear it', async () => {
      const registry = new Registry();
      new Gauge({
        name: 'gg',
        help: 'G',
        labelNames: ['a'],
        registry,
        collect() {
          this.clear();
          this.set({ a: 'x' }, 1);
        },
      });
      const text = '# HELP gg G\n# TYPE gg gauge\ngg{a="x"} 1\n';
      expect(await Promise.all([registry.metrics(), registry.metrics()])).toEqual([text, text]);
    });
  });

  describe('of any kind', () => {
    it.each([
      ['counter', (labelNames: ['a']) => new Counter({ name: 'mm', help: '', labelNames, registry: null })],
      ['gauge', (labelNames: ['a']) => new Gauge({ name: 'mm', help: '', labelNames, registry: null })],
      ['histogram', (labelNames: ['a']) => new Histogram({ name: 'mm', help: '', labelNames, registry: null })],
      ['summary', (labelNames: ['a']) => new Summary({ name: 'mm', help: '', labelNames, registry: null })],
      ['info', (labelNames: ['a']) => new Info({ name: 'mm', help: '', labelNames, registry: null })],
      [
        'stateset',
        (labelNames: ['a']) => new StateSet({ name: 'mm', help: '', labelNames, states: ['s'], registry: null }),
      ],
    ])('a %s finds its series by position and by name, and copies what it is given', (type, make) => {
      const labelNames: ['a'] = ['a'];
      const metric = make(labelNames);
      labelNames.push('b' as never);
      const labels = { a: 'x' };
      const series = metric.labels(labels);
      labels.a = 'y';

      expect(metric.type).toBe(type);
      expect(metric.labels('x')).toBe(series);
      expect(metric.labels('y')).not.toBe(series);
      expect([metric.remove('x'), metric.remove('x'), metric.removeMatching({ a: 'y' })]).toEqual([true, false, 1]);
    });
  });

  it('keeps label values that were cut from long texts without those', () => {
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    const counter = new Counter({ name: 'cut', help: '', labelNames: ['a'], registry: null });
    const long = 'x'.repeat(100_000);
    for (let i = 0; i < 1000; i++)
      counter.inc({
        a: Buffer.from(`${String(i).padStart(30, '0')}${long}`)
          .toString()
          .slice(0, 30),
      });
    collectGarbage();

    expect(process.memoryUsage().heapUsed - before).toBeLessThan(20_000_000);
    expect(counter.get({ a: '999'.padStart(30, '0') })).toBe(1);
  });
});
