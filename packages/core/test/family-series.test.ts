import { Counter, Gauge, Histogram, Registry, StateSet, Summary } from '../src/index.ts';
import { labelTextOf } from './label-text-of.ts';
import { refusal } from './refusal.ts';

function counterOf<const Names extends readonly string[]>(...labelNames: Names): Counter<Names> {
  return new Counter({ name: 'cc', help: 'A counter', labelNames, registry: null });
}

/** What each series counts, by its labels. */
function countsOf(counter: Counter<readonly string[]>): [labels: string, count: number][] {
  return Array.from(counter.series, (series) => [labelTextOf(series), series.get()]);
}

describe('The series of a family', () => {
  it('are known by texts, whatever the values are and in whatever way they are given', () => {
    const counter = counterOf('a', 'b');
    const series = counter.labels(1, null);
    expect(series.labelValues).toEqual(['1', '']);
    for (const b of [null, undefined, '']) {
      for (const a of [1, '1', 1n]) {
        for (let i = 0; i < 2; i++) {
          expect(counter.labels(a, b)).toBe(series);
          expect(counter.labels({ a, b })).toBe(series);
          expect(counter.labels({ b, a })).toBe(series);
          counter.inc({ a, b });
        }
      }
    }
    expect(countsOf(counter)).toEqual([['a="1",b=""', 18]]);
  });

  it.each([
    ['0', [0, -0, 0n, '0']],
    ['NaN', [NaN, Number('x'), 'NaN']],
    ['true', [true, 'true']],
    ['', [null, undefined, '']],
    ['1e+21', [1e21, '1e+21']],
    ['18446744073709551616', [2n ** 64n, '18446744073709551616']],
    ['a\ufffd', ['a\ud800', 'a\udfff', 'a\ufffd']],
  ])('are one for all values that are %p as text', (text, values) => {
    for (const first of values) {
      const counter = counterOf('a');
      counter.inc({ a: first });
      for (const a of values) for (let i = 0; i < 3; i++) counter.inc({ a });
      counter.labels(first).inc();
      expect(Array.from(counter.series, ({ labelValues, value }) => [labelValues, value])).toEqual([
        [[text], 2 + 3 * values.length],
      ]);
      expect(values.map((a) => counter.get({ a }))).toEqual(values.map(() => 2 + 3 * values.length));
      expect(counter.remove(values.at(-1) as string)).toBe(true);
      expect(values.map((a) => counter.remove(a))).toEqual(values.map(() => false));
    }
  });

  it('are another for values that only look alike', () => {
    const counter = counterOf('a');
    const values = [
      '1',
      '1.0',
      ' 1',
      '01',
      'null',
      'undefined',
      '',
      'NaN',
      'nan',
      '-0',
      '0',
      '[object Object]',
      '__proto__',
    ];
    for (const a of values) counter.inc({ a });
    expect(countsOf(counter)).toEqual(values.map((a) => [`a="${a}"`, 1]));
  });

  it('find again what was given as no text after the others were taken out', () => {
    const counter = counterOf('a');
    for (let a = 0; a < 50; a++) counter.inc({ a }, a);
    for (let a = 0; a < 49; a++) counter.remove(a);
    counter.inc({ a: 49 });
    counter.inc({ a: 5 });
    counter.inc({ a: 49n });
    expect(countsOf(counter)).toEqual([
      ['a="49"', 51],
      ['a="5"', 1],
    ]);
  });

  it.each<[string, unknown]>([
    ['an object', { toString: () => 'x' }],
    ['a text object', new String('x')],
    ['an array', ['x']],
    ['a symbol', Symbol('x')],
    ['a function', () => 'x'],
  ])('refuse %s for a value each time, whatever it is as text', (_, a) => {
    const counter = counterOf('a');
    counter.inc({ a: 'x' });
    for (let i = 0; i < 3; i++) {
      expect(refusal(() => counter.inc({ a: a as string })).code).toBe('INVALID_LABEL_VALUE');
      expect(refusal(() => counter.labels({ a: a as string })).code).toBe('INVALID_LABEL_VALUE');
    }
    expect(countsOf(counter)).toEqual([['a="x"', 1]]);
  });

  it('are found by labels that a proxy gives', () => {
    const counter = counterOf('a', 'b');
    const labels = new Proxy({} as { a: string; b: number }, {
      ownKeys: () => ['a', 'b'],
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
      get: (_, name) => (name === 'a' ? 'x' : 2),
    });
    for (let i = 0; i < 3; i++) counter.inc(labels);
    expect(countsOf(counter)).toEqual([['a="x",b="2"', 3]]);
  });

  it('are refused where a proxy claims labels only while it is listed', () => {
    const counter = counterOf('a');
    counter.inc({ a: 'x' });
    const labels = new Proxy({ a: 'x' }, { getOwnPropertyDescriptor: () => undefined });
    expect(refusal(() => counter.inc(labels)).code).toBe('INVALID_LABELS');
    expect(countsOf(counter)).toEqual([['a="x"', 1]]);
  });

  describe('are the right ones where to read a label', () => {
    function known(): Counter<readonly ['a', 'b']> {
      const counter = counterOf('a', 'b');
      for (const a of ['x', 'y']) for (const b of ['1', '2']) counter.inc({ a, b }, 0);
      return counter;
    }

    it.each<[string, (counter: Counter<readonly ['a', 'b']>) => void]>([
      ['counts in another series by name', (counter) => counter.inc({ a: 'y', b: '2' })],
      ['counts in another series by position', (counter) => counter.labels('y', '2').inc()],
      ['reads another series', (counter) => counter.get({ a: 'y', b: '2' })],
      ['makes others', (counter) => counter.inc({ a: 'z', b: '3' })],
      ['removes another series', (counter) => counter.remove('y', '2')],
      ['removes others by some labels', (counter) => counter.removeMatching({ a: 'y' })],
      ['fails to find another', (counter) => expect(() => counter.labels({ a: 'y' } as never)).toThrow('missing')],
    ])('%s', (_, meanwhile) => {
      const counter = known();
      counter.inc({
        a: 'x',
        get b() {
          meanwhile(counter);
          return '1';
        },
      });
      counter.inc({
        get a() {
          meanwhile(counter);
          return 'x';
        },
        b: '1',
      });
      expect(counter.get({ a: 'x', b: '1' })).toBe(2);
      expect(counter.get({ a: 'x', b: '2' })).toBe(0);
      expect(counter.get({ a: 'y', b: '1' })).toBe(0);
    });

    it('uses the same labels once more', () => {
      const counter = known();
      let depth = 0;
      const labels = {
        a: 'x',
        get b(): string {
          if (depth++ < 3) counter.inc(labels);
          return '1';
        },
      };
      counter.inc(labels);
      expect(counter.get({ a: 'x', b: '1' })).toBe(4);
    });

    it('clears the family', () => {
      const counter = known();
      counter.inc({
        a: 'y',
        get b() {
          counter.clear();
          return '2';
        },
      });
      expect(countsOf(counter)).toEqual([['a="y",b="2"', 1]]);
    });

    it.each<[string, (counter: Counter<readonly ['a', 'b']>) => void]>([
      ['takes out so many that those left are put together', (counter) => counter.removeMatching({ b: 'dead' })],
      [
        'clears the family, and makes others',
        (counter) => {
          counter.clear();
          for (const a of ['x', 'y']) counter.inc({ a, b: 'live' }, 0);
        },
      ],
    ])('%s', (_, meanwhile) => {
      const counter = counterOf('a', 'b');
      for (let i = 0; i < 30; i++) counter.inc({ a: `gone${i}`, b: 'dead' }, 0);
      for (const a of ['x', 'y']) counter.inc({ a, b: 'live' }, 0);
      counter.inc({
        a: 'gone0',
        get b() {
          meanwhile(counter);
          return 'dead';
        },
      });
      expect(countsOf(counter)).toEqual([
        ['a="x",b="live"', 0],
        ['a="y",b="live"', 0],
        ['a="gone0",b="dead"', 1],
      ]);
    });
  });

  describe('that labels() has given away', () => {
    it('go on in their own series after most others were taken out, and those taken out in none', async () => {
      const registry = new Registry();
      const counter = new Counter({ name: 'cc', help: '', labelNames: ['a'], registry });
      const gauge = new Gauge({ name: 'gg', help: '', labelNames: ['a'], registry });
      const histogram = new Histogram({ name: 'hh', help: '', labelNames: ['a'], buckets: [1], registry });
      const native = new Histogram({ name: 'nn', help: '', labelNames: ['a'], buckets: [1], native: true, registry });
      const summary = new Summary({ name: 'ss', help: '', labelNames: ['a'], registry });
      const states = new StateSet({ name: 'st', help: '', labelNames: ['a'], states: ['on', 'off'], registry });
      const use = Array.from({ length: 50 }, (_, a) => {
        const [c, g, h, n, s, t] = [
          counter.labels(a),
          gauge.labels(a),
          histogram.labels(a),
          native.labels(a),
          summary.labels(a),
          states.labels(a),
        ];
        return () => {
          c.inc(a + 1);
          g.inc(a + 1);
          h.observe(a);
          n.observe(a);
          s.observe(a);
          t.set('on');
        };
      });
      for (const each of use) each();
      for (const metric of [counter, gauge, histogram, native, summary, states])
        for (let a = 0; a < 48; a++) metric.remove(a);
      for (const each of use) each();

      const histogramText = (name: string): string =>
        `# HELP ${name} \n# TYPE ${name} histogram\n` +
        [48, 49]
          .map(
            (a) =>
              `${name}_bucket{a="${a}",le="1.0"} 0\n${name}_bucket{a="${a}",le="+Inf"} 2\n${name}_sum{a="${a}"} ${a * 2}\n${name}_count{a="${a}"} 2\n`,
          )
          .join('');
      expect(await registry.metrics()).toBe(
        '# HELP cc_total \n# TYPE cc_total counter\ncc_total{a="48"} 98\ncc_total{a="49"} 100\n' +
          '# HELP gg \n# TYPE gg gauge\ngg{a="48"} 98\ngg{a="49"} 100\n' +
          histogramText('hh') +
          histogramText('nn') +
          '# HELP ss \n# TYPE ss summary\nss_sum{a="48"} 96\nss_count{a="48"} 2\nss_sum{a="49"} 98\nss_count{a="49"} 2\n' +
          '# HELP st \n# TYPE st gauge\nst{a="48",st="on"} 1\nst{a="48",st="off"} 0\nst{a="49",st="on"} 1\nst{a="49",st="off"} 0\n',
      );
    });

    it('keep their exemplars and times when others are taken out', () => {
      jest.spyOn(Date, 'now').mockReturnValueOnce(7000);
      const counter = counterOf('a');
      const kept = counter.labels('kept');
      jest.restoreAllMocks();
      kept.inc(2, { id: 'e' });
      for (let a = 0; a < 50; a++) counter.inc({ a });
      for (let a = 0; a < 50; a++) counter.remove(a);
      expect([...counter.series]).toEqual([kept]);
      expect([kept.created, kept.value, kept.exemplar?.labels]).toEqual([7, 2, { id: 'e' }]);
    });

    it('are the ones that are found afterwards', () => {
      const counter = counterOf('a');
      const kept = counter.labels('kept');
      for (let round = 0; round < 5; round++) {
        for (let a = 0; a < 50; a++) counter.labels(a).inc();
        for (let a = 0; a < 50; a++) counter.remove(a);
        expect(counter.labels('kept')).toBe(kept);
        counter.inc({ a: 'kept' });
      }
      expect(kept.get()).toBe(5);
    });
  });

  it('go on while they are read piece by piece, whatever comes and goes meanwhile', async () => {
    const registry = new Registry();
    const counter = new Counter({ name: 'cc', help: '', labelNames: ['a'], registry, maxSeries: Infinity });
    for (let a = 0; a < 5000; a++) counter.inc({ a: `series number ${a}` });
    const pieces: Uint8Array[] = [];
    for await (const piece of registry.stream()) {
      pieces.push(piece);
      if (pieces.length !== 1) continue;
      for (let a = 0; a < 4999; a++) counter.remove(`series number ${a}`);
      counter.inc({ a: 'series number 7' }, 100);
      counter.inc({ a: 'new' });
    }
    expect(pieces.length).toBeGreaterThan(2);
    expect(Buffer.concat(pieces).toString()).toBe(
      '# HELP cc_total \n# TYPE cc_total counter\n' +
        Array.from({ length: 5000 }, (_, a) => `cc_total{a="series number ${a}"} 1\n`).join(''),
    );
    expect(await registry.metrics()).toBe(
      '# HELP cc_total \n# TYPE cc_total counter\n' +
        'cc_total{a="series number 4999"} 1\ncc_total{a="series number 7"} 100\ncc_total{a="new"} 1\n',
    );
  });
});
