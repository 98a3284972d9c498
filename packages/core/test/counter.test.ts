import { Counter, MetricError, Registry } from '../src/index.ts';
import { labelTextOf } from './label-text-of.ts';
import { refusal } from './refusal.ts';

describe('Counter', () => {
  it('is exposed as 0 before it is used', async () => {
    const registry = new Registry();
    new Counter({ name: 'cc', help: 'A counter', registry });

    expect(await registry.metrics()).toBe('# HELP cc_total A counter\n# TYPE cc_total counter\ncc_total 0\n');
  });

  it('adds 1 when no value is given', () => {
    const counter = new Counter({ name: 'cc', help: 'A counter', registry: null });
    counter.inc();
    counter.inc(undefined);
    expect(counter.get()).toBe(2);
  });

  it('adds the value that is given, fractions and 0 included', () => {
    const counter = new Counter({ name: 'cc', help: 'A counter', registry: null });
    counter.inc(2.5);
    counter.inc(0);
    counter.inc(3);
    expect(counter.get()).toBe(5.5);
  });

  it('counts exactly up to 2^53', () => {
    const counter = new Counter({ name: 'cc', help: 'A counter', registry: null });
    counter.inc(2 ** 53 - 1);
    counter.inc();
    expect(counter.get()).toBe(9007199254740992);
  });

  it.each([-1, -Number.MIN_VALUE, NaN, Infinity, -Infinity, '1', 1n, {}, [1], null, true, () => 1])(
    'refuses to be increased by %p and keeps its value',
    (value) => {
      const counter = new Counter({ name: 'cc', help: 'A counter', registry: null });
      counter.inc(2);

      expect(() => counter.inc(value as number)).toThrow(MetricError);
      expect(() => counter.labels().inc(value as number)).toThrow(MetricError);
      expect(counter.get()).toBe(2);
    },
  );

  it('says what was given, what is wrong and what to do when an increment is refused', () => {
    const counter = new Counter({ name: 'cc', help: 'A counter', registry: null });
    expect(refusal(() => counter.inc(-1))).toEqual({
      code: 'INVALID_VALUE',
      message: `A counter can't be increased by -1: it takes a finite number that isn't negative. What can fall is a Gauge.`,
    });
  });

  it('makes no series for a refused increment', async () => {
    const registry = new Registry();
    const counter = new Counter({ name: 'cc', help: 'A counter', labelNames: ['a'], registry });

    expect(refusal(() => counter.inc({ a: 'x' }, NaN)).code).toBe('INVALID_VALUE');
    expect(await registry.metrics()).toBe('# HELP cc_total A counter\n# TYPE cc_total counter\n');
  });

  it('counts by position, by name and by the shorthand in one series', async () => {
    const registry = new Registry();
    const requests = new Counter({
      name: 'requests',
      help: 'HTTP requests',
      labelNames: ['method', 'clientip'],
      registry,
    });
    requests.labels('get', '127.0.0.1').inc();
    requests.labels({ method: 'get', clientip: '127.0.0.1' }).inc(3);
    requests.inc({ method: 'get', clientip: '127.0.0.1' });
    requests.inc({ clientip: '127.0.0.1', method: 'get' }, 2);
    requests.inc({ method: 'post', clientip: '10.0.0.1' }, 0);

    expect(await registry.metrics()).toBe(
      '# HELP requests_total HTTP requests\n' +
        '# TYPE requests_total counter\n' +
        'requests_total{method="get",clientip="127.0.0.1"} 7\n' +
        'requests_total{method="post",clientip="10.0.0.1"} 0\n',
    );
  });

  it('reads a series by position and by name', () => {
    const counter = new Counter({ name: 'cc', help: 'A counter', labelNames: ['a'], registry: null });
    counter.inc({ a: 'x' }, 4);

    expect(counter.get({ a: 'x' })).toBe(4);
    expect(counter.labels('x').get()).toBe(4);
    expect(counter.get({ a: 'y' })).toBe(0);
  });

  it('refuses the shorthand without the labels that it has', () => {
    const counter = new Counter({ name: 'cc', help: 'A counter', labelNames: ['a'], registry: null });
    const untyped = counter as unknown as { inc(value?: number): void; get(): number };

    expect(refusal(() => untyped.inc()).code).toBe('INVALID_LABELS');
    expect(refusal(() => untyped.inc(2)).code).toBe('INVALID_LABELS');
    expect(refusal(() => untyped.get()).code).toBe('INVALID_LABELS');
    expect([...counter.series]).toEqual([]);
  });

  it('refuses labels when it has none', () => {
    const counter = new Counter({ name: 'cc', help: 'A counter', registry: null });
    const untyped = counter as unknown as { inc(labels: object, value?: number): void; get(labels: object): number };

    expect(refusal(() => untyped.inc({ a: 'x' }, 2)).code).toBe('INVALID_VALUE');
    expect(refusal(() => untyped.get({ a: 'x' })).code).toBe('INVALID_LABELS');
    expect(counter.get()).toBe(0);
  });

  describe('with exemplars', () => {
    const NOW = 1_520_879_607_789;
    beforeEach(() => jest.useFakeTimers({ now: NOW }));
    afterEach(() => jest.useRealTimers());

    it('keeps it where it belongs when so many others are removed that those left move', () => {
      const counter = new Counter({ name: 'cc', help: 'C', labelNames: ['a'], registry: null });
      for (let i = 0; i < 100; i++) counter.inc({ a: i });
      counter.inc({ a: 99 }, 1, { trace_id: 'last' });
      for (let i = 0; i < 98; i++) counter.remove(i);

      expect(Array.from(counter.series, ({ labelValues, exemplar }) => [...labelValues, exemplar?.labels])).toEqual([
        ['98', undefined],
        ['99', { trace_id: 'last' }],
      ]);
    });

    it('keeps the last one, with the increment as its value', async () => {
      const registry = new Registry();
      const counter = new Counter({ name: 'cc', help: 'A counter', registry });
      counter.inc(2, { trace_id: 'first' });
      counter.inc(3, { trace_id: 'last' });
      counter.inc();

      expect(await registry.gather()).toEqual([
        {
          name: 'cc',
          help: 'A counter',
          type: 'counter',
          series: [
            {
              labels: {},
              created: NOW / 1000,
              value: 6,
              exemplar: { labels: { trace_id: 'last' }, value: 3, timestamp: NOW / 1000 },
            },
          ],
        },
      ]);
    });

    it.each<[string, (counter: Counter<readonly ['a']>) => void, number]>([
      ['the shorthand', (counter) => counter.inc({ a: 'x' }, 2, { id: 1 }), 2],
      ['the shorthand without a value', (counter) => counter.inc({ a: 'x' }, undefined, { id: 1 }), 1],
      ['labels by position', (counter) => counter.labels('x').inc(2, { id: 1 }), 2],
      ['labels by name', (counter) => counter.labels({ a: 'x' }).inc(undefined, { id: 1 }), 1],
    ])('keeps it by %s, for that series alone', (_, inc, value) => {
      const counter = new Counter({ name: 'cc', help: '', labelNames: ['a'], registry: null });
      counter.labels('y').inc();
      inc(counter);
      expect(Array.from(counter.series, (series) => [labelTextOf(series), series.value, series.exemplar])).toEqual([
        ['a="y"', 1, undefined],
        ['a="x"', value, { labels: { id: '1' }, value, timestamp: NOW / 1000 }],
      ]);
    });

    it('keeps none of a refused increment', () => {
      const counter = new Counter({ name: 'cc', help: '', registry: null });
      counter.inc(1, { id: 'kept' });
      expect(refusal(() => counter.inc(-1, { id: 'lost' })).code).toBe('INVALID_VALUE');
      expect(counter.labels().exemplar?.labels).toEqual({ id: 'kept' });
    });

    it('keeps the last one where another says nothing', () => {
      const counter = new Counter({ name: 'cc', help: '', registry: null });
      counter.inc(1, { id: 'kept' });
      counter.inc(1, { id: undefined });
      expect(counter.labels().exemplar?.labels).toEqual({ id: 'kept' });
    });

    it('says nothing where none is given', () => {
      const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
      const counter = new Counter({ name: 'cc', help: '', registry: null });
      counter.inc();
      counter.inc(2, undefined);
      expect(counter.labels().exemplar).toBe(undefined);
      expect(warn).not.toHaveBeenCalled();
      warn.mockRestore();
    });

    it('hands out copies of them', async () => {
      const registry = new Registry();
      new Counter({ name: 'cc', help: '', registry }).inc(1, { id: 'x' });
      const read = async () =>
        (await registry.gather())[0]?.series[0] as { exemplar: { labels: Record<string, string> } };
      (await read()).exemplar.labels['id'] = 'changed';
      expect((await read()).exemplar.labels['id']).toBe('x');
    });

    it('shows none in the text format', async () => {
      const registry = new Registry();
      new Counter({ name: 'cc', help: '', registry }).inc(1, { id: 'x' });
      expect(await registry.metrics()).toBe('# HELP cc_total \n# TYPE cc_total counter\ncc_total 1\n');
    });
  });

  describe('counting exceptions', () => {
    const failures = () => new Counter({ name: 'cc', help: '', registry: null });

    it('passes results on and counts nothing', async () => {
      const counter = failures();
      const result = {};
      expect(counter.countExceptions(() => result)).toBe(result);
      expect(await counter.countExceptions(async () => result)).toBe(result);
      expect(counter.get()).toBe(0);
    });

    it('counts what throws, which goes on being thrown', () => {
      const counter = failures();
      const error = new Error('no');
      expect(() =>
        counter.countExceptions(() => {
          throw error;
        }),
      ).toThrow(error);
      expect(counter.get()).toBe(1);
    });

    it('counts what rejects, once it does, which goes on being rejected', async () => {
      const counter = failures();
      const error = new Error('no');
      const work = counter.countExceptions(() => Promise.reject(error));
      expect(counter.get()).toBe(0);
      await expect(work).rejects.toBe(error);
      expect(counter.get()).toBe(1);
    });

    it.each([undefined, null, 0])('counts what rejects with %p', async (thrown) => {
      const counter = failures();
      await expect(counter.countExceptions(() => Promise.reject(thrown))).rejects.toBe(thrown);
      expect(counter.get()).toBe(1);
    });

    it('counts by labels, and through labels()', async () => {
      const counter = new Counter({ name: 'cc', help: '', labelNames: ['a'], registry: null });
      await expect(counter.countExceptions(() => Promise.reject(new Error('no')), { a: 'x' })).rejects.toThrow('no');
      await expect(counter.labels('x').countExceptions(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
      expect(counter.get({ a: 'x' })).toBe(2);
    });

    it('refuses wrong labels before it starts the work', () => {
      const counter = new Counter({ name: 'cc', help: '', labelNames: ['a'], registry: null });
      const work = jest.fn();
      expect(refusal(() => counter.countExceptions(work, { b: 'x' } as never)).code).toBe('INVALID_LABELS');
      expect(refusal(() => (counter as unknown as Counter).countExceptions(work)).code).toBe('INVALID_LABELS');
      expect(work).not.toHaveBeenCalled();
    });
  });

  it('knows for each series since when it has counted', async () => {
    jest.useFakeTimers({ now: 1_000_000 });
    const registry = new Registry();
    const counter = new Counter({ name: 'cc', help: 'C', labelNames: ['a'], registry });
    const createdOf = async () => (await registry.gather())[0]?.series.map(({ created }) => created);
    counter.inc({ a: 'x' });
    jest.advanceTimersByTime(1500);
    counter.inc({ a: 'x' });
    counter.inc({ a: 'y' });
    expect(await createdOf()).toEqual([1000, 1001.5]);
    expect(await registry.metrics({ created: true })).toBe(
      '# HELP cc_total C\n# TYPE cc_total counter\ncc_total{a="x"} 2\ncc_total{a="y"} 1\n' +
        '# HELP cc_created C\n# TYPE cc_created gauge\ncc_created{a="x"} 1000\ncc_created{a="y"} 1001.5\n',
    );

    counter.remove('x');
    jest.advanceTimersByTime(500);
    counter.inc({ a: 'x' });
    expect(await createdOf()).toEqual([1001.5, 1002]);
    jest.useRealTimers();
  });

  it('begins a new time when it has no labels and is cleared', () => {
    jest.useFakeTimers({ now: 1_000_000 });
    const counter = new Counter({ name: 'cc', help: 'C', registry: null });
    jest.advanceTimersByTime(2000);
    counter.clear();
    expect(counter.labels().created).toBe(1002);
    jest.useRealTimers();
  });
});
