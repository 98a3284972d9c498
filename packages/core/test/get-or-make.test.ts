import { Registry } from '../src/index.ts';
import { refusal } from './refusal.ts';

type Options = { quantiles?: number[]; maxAgeSeconds?: number; ageBuckets?: number };

describe('A summary is shared', () => {
  const summary = (registry: Registry, options: Options) => registry.summary({ name: 'ss', help: '', ...options });

  it('by definitions that are alike once what is left out is filled in and the quantiles are sorted', () => {
    const registry = new Registry();
    const first = summary(registry, { quantiles: [0.5, 0.9] });
    expect(summary(registry, { quantiles: [0.9, 0.5], maxAgeSeconds: 600, ageBuckets: 5 })).toBe(first);
  });

  it.each<[Options, string]>([
    [{ quantiles: [0.5] }, '"quantiles":[0.5],"maxAgeSeconds":600,"ageBuckets":5'],
    [{ maxAgeSeconds: 60 }, '"quantiles":[],"maxAgeSeconds":60,"ageBuckets":5'],
    [{ ageBuckets: 3 }, '"quantiles":[],"maxAgeSeconds":600,"ageBuckets":3'],
  ])('not by one with %j', (options, shown) => {
    const registry = new Registry();
    summary(registry, {});
    expect(refusal(() => summary(registry, options))).toEqual({
      code: 'DIFFERENT_DEFINITION',
      message: `The metric "ss" exists already, as {"type":"summary","labelNames":[],"quantiles":[],"maxAgeSeconds":600,"ageBuckets":5}, not as {"type":"summary","labelNames":[],${shown}}: define it alike in both places or choose another name.`,
    });
  });
});

describe('A histogram is shared', () => {
  it('not by one with other limits of its native buckets', () => {
    const registry = new Registry();
    const histogram = (maxBuckets: number) => registry.histogram({ name: 'hh', help: '', native: { maxBuckets } });
    expect(histogram(10)).toBe(histogram(10));
    expect(refusal(() => histogram(20)).code).toBe('DIFFERENT_DEFINITION');
  });
});
