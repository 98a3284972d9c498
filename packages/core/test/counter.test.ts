import { Counter, MetricError, Registry } from '../src/index.ts';

describe('Counter', () => {
  it('is exposed as 0 before it is used', async () => {
    const registry = new Registry();
    new Counter({ name: 'cc', help: 'A counter', registry });

    expect(await registry.metrics()).toBe('# HELP cc_total A counter\n# TYPE cc_total counter\ncc_total 0\n');
  });

  it.each([-1, NaN, Infinity, '1', 1n, {}])('refuses to be increased by %p and keeps its value', (value) => {
    const counter = new Counter({ name: 'cc', help: 'A counter', registry: null });
    counter.inc(2);

    expect(() => counter.inc(value as number)).toThrow(MetricError);
    expect(counter.get()).toBe(2);
  });
});
