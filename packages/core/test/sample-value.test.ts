import { Counter, Gauge, Histogram, Registry, Summary } from '../src/index.ts';
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

  it.each<[string, Record<string, unknown>, number | undefined]>([
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
    ['hh_bucket', { a: 'x', le: '+Inf' }, 4],
    ['hh_bucket', { a: 'x', le: Infinity }, 4],
    ['hh_bucket', { a: 'x', le: '1' }, undefined],
    ['hh_bucket', { a: 'x', le: 'many' }, undefined],
    ['hh_bucket', { a: 'x', le: '' }, undefined],
    ['hh_bucket', { a: 'x' }, undefined],
    ['hh_bucket', { a: 'y', le: '+Inf' }, undefined],
    ['hh_sum', { a: 'x' }, 999999996],
    ['hh_count', { a: 'x' }, 4],
    ['hh', { a: 'x' }, undefined],
    ['ss_sum', {}, 7],
    ['ss_count', {}, 2],
    ['ss', {}, undefined],
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
    expect(refusal(() => registry.getSampleValue('gg', { a: {} })).code).toBe('INVALID_LABEL_VALUE');
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
});
