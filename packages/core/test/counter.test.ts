import { Counter, MetricError, Registry } from '../src/index.ts';
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
});
