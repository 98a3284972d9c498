import { performance } from 'node:perf_hooks';
import { sharedReading } from '../src/shared-reading.ts';

describe('sharedReading', () => {
  let now: number;

  beforeEach(() => {
    now = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
  });

  afterEach(() => jest.restoreAllMocks());

  it('reads once for all fields that are asked for in one step', () => {
    const field = counted();

    expect([field('a'), field('b')]).toEqual([1, 1]);
  });

  it('reads again for a field that is asked for again', () => {
    const field = counted();

    expect([field('a'), field('b'), field('a'), field('b')]).toEqual([1, 1, 2, 2]);
  });

  it('reads again in the next step, also for another field', async () => {
    const field = counted();
    field('a');
    await Promise.resolve();

    expect(field('b')).toBe(2);
  });

  it('reads again in the same step when a millisecond has passed, also for another field', () => {
    const field = counted();
    const first = field('a');
    now = 1;
    const within = field('b');
    now = 1.1;
    const after = field('c');

    expect([first, within, after]).toEqual([1, 1, 2]);
  });

  it('reads again after a reading that failed', () => {
    let fails = true;
    const field = sharedReading(() => {
      if (fails) throw new Error('gone');
      return { a: 1 };
    });

    expect(() => field('a')).toThrow('gone');
    fails = false;
    expect(field('a')).toBe(1);
  });
});

/** Gives in each field how often it has read. */
function counted(): (field: 'a' | 'b' | 'c') => number {
  let readings = 0;
  return sharedReading(() => ({ a: ++readings, b: readings, c: readings }));
}
