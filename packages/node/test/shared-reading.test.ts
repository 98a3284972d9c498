import { sharedReading } from '../src/shared-reading.ts';

describe('sharedReading', () => {
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
function counted(): (field: 'a' | 'b') => number {
  let readings = 0;
  return sharedReading(() => ({ a: ++readings, b: readings }));
}
