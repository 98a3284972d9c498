import { Gauge, MetricError, Registry } from '../src/index.ts';
import { refusal } from './refusal.ts';

describe('Gauge', () => {
  afterEach(() => jest.useRealTimers());

  it('is exposed as 0 before it is used', async () => {
    const registry = new Registry();
    new Gauge({ name: 'gg', help: 'A gauge', registry });
    expect(await registry.metrics()).toBe('# HELP gg A gauge\n# TYPE gg gauge\ngg 0\n');
  });

  it('is set, raised and lowered', () => {
    const gauge = new Gauge({ name: 'gg', help: 'A gauge', registry: null });
    gauge.set(3.5);
    gauge.inc();
    gauge.dec(2);
    gauge.inc(0.25);
    gauge.dec();
    expect(gauge.get()).toBe(1.75);
  });

  it('is set again after it was cleared', async () => {
    const registry = new Registry();
    const gauge = new Gauge({ name: 'g', help: '', registry });
    gauge.set(1);
    gauge.clear();
    expect(gauge.get()).toBe(0);
    gauge.set(2);
    expect([gauge.get(), await registry.metrics()]).toEqual([2, '# HELP g \n# TYPE g gauge\ng 2\n']);
  });

  it('is set, raised and lowered by labels', async () => {
    const registry = new Registry();
    const gauge = new Gauge({ name: 'gg', help: 'A gauge', labelNames: ['a'], registry });
    gauge.set({ a: 'x' }, 10);
    gauge.inc({ a: 'x' });
    gauge.inc({ a: 'x' }, 4);
    gauge.dec({ a: 'x' });
    gauge.dec({ a: 'x' }, 2);
    gauge.labels('y').set(-1);

    expect(gauge.get({ a: 'x' })).toBe(12);
    expect(await registry.metrics()).toBe('# HELP gg A gauge\n# TYPE gg gauge\ngg{a="x"} 12\ngg{a="y"} -1\n');
  });

  it.each([NaN, Infinity, -Infinity, -0, 5e-324])('takes %p', (value) => {
    const gauge = new Gauge({ name: 'gg', help: 'A gauge', registry: null });
    gauge.set(value);
    expect(gauge.get()).toBe(value);
  });

  it.each(['1', 1n, {}, null, true, new Date(0)])('refuses %p and keeps its value', (value) => {
    const gauge = new Gauge({ name: 'gg', help: 'A gauge', registry: null });
    gauge.set(2);

    expect(() => gauge.set(value as number)).toThrow(MetricError);
    expect(() => gauge.inc(value as number)).toThrow(MetricError);
    expect(() => gauge.dec(value as number)).toThrow(MetricError);
    expect(() => gauge.labels().set(value as number)).toThrow(MetricError);
    expect(() => gauge.labels().inc(value as number)).toThrow(MetricError);
    expect(() => gauge.labels().dec(value as number)).toThrow(MetricError);
    expect(gauge.get()).toBe(2);
  });

  it('refuses to be set to nothing', () => {
    const gauge = new Gauge({ name: 'gg', help: 'A gauge', registry: null });
    expect(refusal(() => (gauge as unknown as { set(): void }).set())).toEqual({
      code: 'INVALID_VALUE',
      message: `A gauge can't take undefined: give a number.`,
    });
  });

  it.each(['set', 'inc', 'dec'] as const)('makes no series for a refused %s', (method) => {
    const gauge = new Gauge({ name: 'gg', help: 'A gauge', labelNames: ['a'], registry: null });

    expect(refusal(() => gauge[method]({ a: 'x' }, '1' as unknown as number)).code).toBe('INVALID_VALUE');
    expect([...gauge.series]).toEqual([]);
  });

  it('is set to the current time in seconds', () => {
    jest.useFakeTimers({ now: 1_520_879_607_789 });
    const gauge = new Gauge({ name: 'gg', help: 'A gauge', registry: null });
    const labelled = new Gauge({ name: 'gl', help: 'A gauge', labelNames: ['a'], registry: null });
    gauge.setToCurrentTime();
    labelled.setToCurrentTime({ a: 'x' });

    expect(gauge.get()).toBe(1520879607.789);
    expect(labelled.get({ a: 'x' })).toBe(1520879607.789);
  });

  it('is set to the seconds between the start and the end of a timer, which are returned', () => {
    jest.useFakeTimers();
    const gauge = new Gauge({ name: 'gg', help: 'A gauge', registry: null });
    const end = gauge.startTimer();
    jest.advanceTimersByTime(1500);

    expect(gauge.get()).toBe(0);
    expect(end()).toBe(1.5);
    expect(gauge.get()).toBe(1.5);
  });

  it('times by labels', () => {
    jest.useFakeTimers();
    const gauge = new Gauge({ name: 'gg', help: 'A gauge', labelNames: ['a'], registry: null });
    const end = gauge.startTimer({ a: 'x' });
    jest.advanceTimersByTime(250);
    end();
    expect(gauge.get({ a: 'x' })).toBe(0.25);
  });

  it('is set by its collect function, whose `this` it is, before each scrape', async () => {
    const registry = new Registry();
    let reads = 0;
    new Gauge({
      name: 'gg',
      help: 'A gauge',
      labelNames: ['a'],
      registry,
      collect() {
        this.set({ a: 'x' }, ++reads);
      },
    });

    expect(await registry.metrics()).toBe('# HELP gg A gauge\n# TYPE gg gauge\ngg{a="x"} 1\n');
    expect(await registry.metrics()).toBe('# HELP gg A gauge\n# TYPE gg gauge\ngg{a="x"} 2\n');
  });

  describe('tracking what is in progress', () => {
    const running = () => new Gauge({ name: 'gg', help: '', registry: null });

    it('is 1 higher while a synchronous call runs, whose result passes through', () => {
      const gauge = running();
      gauge.set(5);
      expect(gauge.trackInProgress(() => gauge.get())).toBe(6);
      expect(gauge.get()).toBe(5);
    });

    it('is 1 higher until a promise settles, whose value passes through', async () => {
      const gauge = running();
      let resolve = (_: string): void => {};
      const work = gauge.trackInProgress(() => new Promise<string>((r) => (resolve = r)));
      await Promise.resolve();
      expect(gauge.get()).toBe(1);
      resolve('done');
      expect(await work).toBe('done');
      expect(gauge.get()).toBe(0);
    });

    it('comes back when the work throws or rejects, with the same error', async () => {
      const gauge = running();
      const error = new Error('no');
      expect(() =>
        gauge.trackInProgress(() => {
          throw error;
        }),
      ).toThrow(error);
      expect(gauge.get()).toBe(0);
      await expect(gauge.trackInProgress(() => Promise.reject(error))).rejects.toBe(error);
      expect(gauge.get()).toBe(0);
    });

    it('counts work within work, and at the same time', async () => {
      const gauge = running();
      expect(gauge.trackInProgress(() => gauge.trackInProgress(() => gauge.get()))).toBe(2);
      const both = Promise.all([1, 2].map((i) => gauge.trackInProgress(async () => i)));
      expect(gauge.get()).toBe(2);
      expect(await both).toEqual([1, 2]);
      expect(gauge.get()).toBe(0);
    });

    it('is tracked by labels, and through labels()', async () => {
      const gauge = new Gauge({ name: 'gg', help: '', labelNames: ['a'], registry: null });
      expect(gauge.trackInProgress(() => gauge.get({ a: 'x' }), { a: 'x' })).toBe(1);
      expect(await gauge.labels('x').trackInProgress(async () => gauge.get({ a: 'x' }))).toBe(1);
      expect(gauge.get({ a: 'x' })).toBe(0);
    });

    it('refuses wrong labels before it starts the work, and what is no work', () => {
      const labelled = new Gauge({ name: 'gg', help: '', labelNames: ['a'], registry: null });
      const work = jest.fn();
      expect(refusal(() => labelled.trackInProgress(work, { b: 'x' } as never)).code).toBe('INVALID_LABELS');
      expect(work).not.toHaveBeenCalled();
      const gauge = running();
      expect(refusal(() => gauge.labels().trackInProgress('work' as never)).code).toBe('INVALID_OPTION');
      expect(gauge.get()).toBe(0);
    });
  });

  it('has no time since when it has counted', async () => {
    const registry = new Registry();
    new Gauge({ name: 'gg', help: 'G', registry }).set(1);
    expect(await registry.metrics({ created: true })).toBe('# HELP gg G\n# TYPE gg gauge\ngg 1\n');
  });
});
