import type * as Core from '../src/index.ts';

function loadAgain(): typeof Core {
  let copy: typeof Core | undefined;
  jest.isolateModules(() => {
    copy = jest.requireActual<typeof Core>('../src/index.ts');
  });
  return copy as typeof Core;
}

describe('The default registry', () => {
  const [one, two] = [loadAgain(), loadAgain()];
  afterEach(() => one.defaultRegistry.clear());

  it('is one object, however often the package is loaded', () => {
    expect(one.Counter).not.toBe(two.Counter);
    expect(one.defaultRegistry).toBe(two.defaultRegistry);
  });

  it('exposes the metrics of every copy of the package', async () => {
    new one.Counter({ name: 'a', help: 'A' }).inc();
    new two.Histogram({ name: 'b', help: 'B', buckets: [1] }).observe(2);
    expect(await two.defaultRegistry.metrics()).toBe(
      '# HELP a_total A\n# TYPE a_total counter\na_total 1\n' +
        '# HELP b B\n# TYPE b histogram\nb_bucket{le="1.0"} 0\nb_bucket{le="+Inf"} 1\nb_sum 2\nb_count 1\n',
    );
  });

  it('refuses a name that another copy has taken', () => {
    new one.Counter({ name: 'a', help: 'A' });
    expect(() => new two.Gauge({ name: 'a_total', help: 'A' })).toThrow(/the name "a_total" is taken by "a"/);
  });

  it('gives a metric of another copy that is defined alike', () => {
    const counter = new two.Counter({ name: 'a', help: 'A' });
    expect(one.defaultRegistry.counter({ name: 'a', help: 'A' })).toBe(counter);
  });

  it('can not be replaced by accident', () => {
    const key = Symbol.for('@prometer/core.defaultRegistry');
    expect(() => Object.assign(globalThis, { [key]: {} })).toThrow(TypeError);
  });
});
