import {
  Counter,
  Gauge,
  Histogram,
  Info,
  Registry,
  StateSet,
  Summary,
  type LabelValue,
  type MetricFamily,
} from '../src/index.ts';
import { refusal } from './refusal.ts';

describe('getSampleValue', () => {
  const registry = new Registry();
  const requests = new Counter({ name: 'requests', help: '', labelNames: ['method', 'clientip'], registry });
  requests.inc({ method: 'get', clientip: '127.0.0.1' }, 3);
  requests.inc({ method: '', clientip: '10.0.0.1' }, 4);
  requests.inc({ method: '', clientip: '' }, 5);
  new Gauge({ name: 'gg', help: '', registry }).set(-1.5);
  new Gauge({ name: 'by.code', help: '', labelNames: ['http.code'], registry }).set({ 'http.code': 200 }, 8);
  const histogram = new Histogram({ name: 'hh', help: '', labelNames: ['a'], buckets: [-5, 0, 5e6], registry });
  for (const value of [-6, -1, 3, 1e9]) histogram.observe({ a: 'x' }, value);
  const summary = new Summary({ name: 'ss', help: '', registry });
  summary.observe(2);
  summary.observe(5);
  new Summary({ name: 'q', help: '', labelNames: ['a'], quantiles: [0, 0.99], registry }).labels('x');
  new Info({ name: 'build', help: '', registry }).set({ version: '1.2', 'git.commit': 'abc' });
  new StateSet({ name: 'job.state', help: '', labelNames: ['a'], states: ['on', 'off'], registry })
    .labels('x')
    .set('on');
  registry.register({
    collect: (): MetricFamily[] => [
      { name: 'custom', help: '', type: 'counter', series: [{ labels: { a: 'x' }, value: 6 }] },
      { name: 'untyped', help: '', type: 'unknown', series: [{ labels: {}, value: 7 }] },
      {
        name: 'gh',
        help: '',
        type: 'gaugehistogram',
        series: [{ labels: {}, count: 9, sum: -2, buckets: [{ upperBound: -1, count: 8 }] }],
      },
    ],
  });

  it.each<[string, Record<string, LabelValue>, number | undefined]>([
    ['requests_total', { method: 'get', clientip: '127.0.0.1' }, 3],
    ['requests_total', { clientip: '127.0.0.1', method: 'get' }, 3],
    ['requests_total', { method: '', clientip: '10.0.0.1' }, 4],
    ['requests_total', { clientip: '10.0.0.1' }, 4],
    ['requests_total', { method: null, clientip: '10.0.0.1' }, 4],
    ['requests_total', {}, 5],
    ['requests_total', { method: 'get' }, undefined],
    ['requests_total', { method: 'put', clientip: '127.0.0.1' }, undefined],
    ['requests_total', { method: 'get', clientip: '127.0.0.1', extra: 'x' }, undefined],
    ['requests', { method: 'get', clientip: '127.0.0.1' }, undefined],
    ['requests_created', { method: 'get', clientip: '127.0.0.1' }, undefined],
    ['gg', {}, -1.5],
    ['gg', { a: 'x' }, undefined],
    ['by.code', { 'http.code': '200' }, 8],
    ['by.code', { 'http.code': 200 }, 8],
    ['hh_bucket', { a: 'x', le: '-5.0' }, 1],
    ['hh_bucket', { a: 'x', le: '-5' }, 1],
    ['hh_bucket', { a: 'x', le: 0 }, 2],
    ['hh_bucket', { a: 'x', le: '5e+06' }, 3],
    ['hh_bucket', { a: 'x', le: '5e6' }, 3],
    ['hh_bucket', { a: 'x', le: '5E6' }, 3],
    ['hh_bucket', { a: 'x', le: '50000000e-1' }, 3],
    ['hh_bucket', { a: 'x', le: '+5000000' }, 3],
    ['hh_bucket', { a: 'x', le: ' 0' }, undefined],
    ['hh_bucket', { a: 'x', le: '+Inf' }, 4],
    ['hh_bucket', { a: 'x', le: 'inf' }, 4],
    ['hh_bucket', { a: 'x', le: '-Inf' }, undefined],
    ['hh_bucket', { a: 'x', le: Infinity }, 4],
    ['hh_bucket', { a: 'x', le: '1' }, undefined],
    ['hh_bucket', { a: 'x', le: 'many' }, undefined],
    ['hh_bucket', { a: 'x', le: '0x0' }, undefined],
    ['hh_bucket', { a: 'x', le: '' }, undefined],
    ['hh_bucket', { a: 'x' }, undefined],
    ['hh_bucket', { a: 'y', le: '+Inf' }, undefined],
    ['hh_sum', { a: 'x' }, 999999996],
    ['hh_count', { a: 'x' }, 4],
    ['hh', { a: 'x' }, undefined],
    ['ss_sum', {}, 7],
    ['ss_count', {}, 2],
    ['ss', {}, undefined],
    ['q', { a: 'x', quantile: '0.99' }, NaN],
    ['q', { a: 'x', quantile: 0 }, NaN],
    ['q', { a: 'x', quantile: '0.0' }, NaN],
    ['q', { a: 'x', quantile: '0.5' }, undefined],
    ['q', { a: 'x' }, undefined],
    ['q_count', { a: 'x' }, 0],
    ['q_count', { a: 'x', quantile: '0.99' }, undefined],
    ['build_info', { version: '1.2', 'git.commit': 'abc' }, 1],
    ['build_info', { version: '1.2', git_commit: 'abc' }, 1],
    ['build_info', { version: '1.2' }, undefined],
    ['build_info', { version: '1.3', 'git.commit': 'abc' }, undefined],
    ['build', { version: '1.2', 'git.commit': 'abc' }, undefined],
    ['job.state', { a: 'x', 'job.state': 'on' }, 1],
    ['job_state', { a: 'x', job_state: 'off' }, 0],
    ['job.state', { a: 'x', 'job.state': 'maybe' }, undefined],
    ['job.state', { a: 'x' }, undefined],
    ['custom_total', { a: 'x' }, 6],
    ['custom', { a: 'x' }, undefined],
    ['custom_total', { a: 'y' }, undefined],
    ['untyped', {}, 7],
    ['gh_bucket', { le: '-1' }, 8],
    ['gh_bucket', { le: '+Inf' }, 9],
    ['gh_sum', {}, -2],
    ['gh_count', {}, 9],
    ['missing', {}, undefined],
    ['__proto__', {}, undefined],
  ])('of %s%p is %p', (name, labels, value) => {
    expect(registry.getSampleValue(name, labels)).toBe(value);
  });

  it('needs no labels where there are none', () => {
    expect(registry.getSampleValue('gg')).toBe(-1.5);
  });

  it('makes no series', () => {
    const counter = new Counter({ name: 'cc', help: '', labelNames: ['a'], registry: null });
    new Registry().register(counter).labels('x');
    registry.getSampleValue('requests_total', { method: 'never', clientip: 'seen' });
    expect([...requests.series]).toHaveLength(3);
  });

  it('refuses a label value that has no text', () => {
    expect(refusal(() => registry.getSampleValue('gg', { a: {} as never })).code).toBe('INVALID_LABEL_VALUE');
  });

  it('runs a synchronous collect first', () => {
    const own = new Registry();
    new Gauge({
      name: 'gg',
      help: '',
      registry: own,
      collect() {
        this.inc();
      },
    });
    expect(own.getSampleValue('gg')).toBe(1);
    expect(own.getSampleValue('gg')).toBe(2);
  });

  it('starts an asynchronous collect without waiting for it, and survives its failure', async () => {
    const own = new Registry();
    new Gauge({
      name: 'gg',
      help: '',
      registry: own,
      async collect() {
        this.set(1);
        await Promise.resolve();
        throw new Error('no');
      },
    });
    expect(own.getSampleValue('gg')).toBe(1);
    // An unhandled rejection would fail the test here.
    await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('throws what a synchronous collect throws, for the test that asks', () => {
    const own = new Registry();
    new Gauge({
      name: 'gg',
      help: '',
      registry: own,
      collect() {
        throw new Error('no database');
      },
    });
    expect(() => own.getSampleValue('gg')).toThrow('no database');
  });

  describe('of custom collectors', () => {
    const family = (name: string, value: unknown): MetricFamily =>
      ({ name, help: '', type: 'gauge', series: [{ labels: {}, value }] }) as MetricFamily;
    const fail = (): never => {
      throw new Error('no database');
    };

    it('does not wait for one that is asynchronous, and survives its failure', async () => {
      const own = new Registry();
      own.register({ collect: async () => [family('g', 1)] });
      own.register({ collect: () => Promise.reject(new Error('no')) });
      own.register({ collect: () => ({ then: (_: unknown, reject: () => void) => reject() }) as never });
      expect(own.getSampleValue('g')).toBe(undefined);
      // An unhandled rejection would fail the test here.
      await new Promise((resolve) => setImmediate(resolve));
    });

    it('finds it, whatever other collectors and families are broken', () => {
      const own = new Registry();
      own.register({ collect: fail });
      own.register({ collect: () => null as never });
      own.register({
        *collect() {
          yield family('other', 1);
          fail();
        },
      });
      own.register({ collect: () => [family('g', 'x'), family('g', 5)] });
      expect(own.getSampleValue('g')).toBe(5);
    });

    it('throws what one of them throws, if none has it', () => {
      const own = new Registry();
      own.register({ collect: fail });
      own.register({ collect: () => [family('g', 5)] });
      expect(() => own.getSampleValue('other')).toThrow('no database');
    });

    it('asks only the one that described it', () => {
      const own = new Registry();
      const collect = jest.fn(fail);
      own.register({ collect });
      own.register({ describe: () => [{ name: 'h', type: 'gauge' }], collect });
      own.register({ describe: () => [{ name: 'g', type: 'gauge' }], collect: () => [family('g', 5)] });
      expect(own.getSampleValue('g')).toBe(5);
      expect(collect).not.toHaveBeenCalled();
    });

    it('gives the registered one of two of one name', () => {
      const own = new Registry();
      own.register({ collect: () => [family('g', 5)] });
      new Gauge({ name: 'g', help: '', registry: own }).set(1);
      expect(own.getSampleValue('g')).toBe(1);
    });

    it('gives nothing that a scrape would not show for a clash of names', () => {
      const own = new Registry();
      new Gauge({ name: 'h_count', help: '', registry: own });
      own.register({
        collect: () => [
          { name: 'h', help: '', type: 'summary', series: [{ labels: {}, count: 1, sum: 2, quantiles: [] }] },
        ],
      });
      expect(refusal(() => own.getSampleValue('h_sum')).code).toBe('DUPLICATE_NAME');
    });
  });
});
