import * as fc from 'fast-check';
import { checkQuantiles, SlidingWindow } from '../../src/quantiles/sliding-window.ts';
import { refusal } from '../refusal.ts';

const window = (maxAgeSeconds = 600, ageBuckets = 5): SlidingWindow => new SlidingWindow({ maxAgeSeconds, ageBuckets });

describe('A sliding window', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  it('is empty at first', () => {
    expect(window().count).toBe(0);
    expect(window().quantiles([0, 0.5, 1])).toEqual([NaN, NaN, NaN]);
  });

  it('tells the quantiles of all that is in it, in the order asked for', () => {
    const observed = window();
    for (let i = 1; i <= 100; i++) {
      observed.observe(i);
      jest.advanceTimersByTime(4700);
    }
    const [high, middle, low] = observed.quantiles([1, 0.5, 0]) as [number, number, number];
    expect(observed.count).toBe(100);
    expect([Math.abs(high - 100) <= 1, Math.abs(middle - 50) <= 0.5, Math.abs(low - 1) <= 0.01]).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('forgets in steps of one age bucket, after the maximal age at the latest', () => {
    const observed = window(10, 5);
    observed.observe(1);
    jest.advanceTimersByTime(1999);
    observed.observe(2);
    jest.advanceTimersByTime(1);
    observed.observe(3);
    jest.advanceTimersByTime(7999);
    expect(observed.count).toBe(3);
    jest.advanceTimersByTime(1);
    expect(observed.count).toBe(1);
    expect(observed.quantiles([0])[0]).toBeCloseTo(3, 1);
    jest.advanceTimersByTime(2000);
    expect(observed.count).toBe(0);
    expect(observed.quantiles([0.5])).toEqual([NaN]);
  });

  it('forgets everything in an idle time, however long, whatever it is asked first', () => {
    for (const idleMs of [600_000, 600_001, 7 * 600_000, 1e10]) {
      const [read, counted, written] = [window(), window(), window()];
      for (const observed of [read, counted, written]) observed.observe(1);
      jest.advanceTimersByTime(idleMs);
      expect(read.quantiles([0.5])).toEqual([NaN]);
      expect(counted.count).toBe(0);
      written.observe(5);
      expect(written.count).toBe(1);
      expect(written.quantiles([0])[0]).toBeCloseTo(5, 1);
    }
  });

  it('counts, at any time, exactly what is young enough', () => {
    const step = fc.record({ idleMs: fc.oneof(fc.nat(50), fc.nat(700)), value: fc.double({ noNaN: true }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 8 }), (steps, ageBuckets) => {
        const observed = window((ageBuckets * 100) / 1000, ageBuckets);
        const times: number[] = [];
        for (const { idleMs, value } of steps) {
          jest.advanceTimersByTime(idleMs);
          const now = performance.now();
          times.push(now);
          observed.observe(value);
          const youngerThan = (ms: number): number => times.filter((time) => now - time < ms).length;
          const inWindow = times.filter((time) => Math.floor(now / 100) - Math.floor(time / 100) < ageBuckets);
          expect(observed.count).toBe(inWindow.length);
          expect(observed.count).toBeGreaterThanOrEqual(youngerThan((ageBuckets - 1) * 100));
          expect(observed.count).toBeLessThanOrEqual(youngerThan(ageBuckets * 100));
        }
      }),
    );
  });

  it('counts an observation once, however many age buckets there are', () => {
    for (const ageBuckets of [1, 2, 1000]) {
      const observed = window(600, ageBuckets);
      observed.observe(1);
      observed.observe(1);
      expect(observed.count).toBe(2);
    }
  });

  it('reads the clock once per observation and sets no timer', () => {
    const observed = window();
    const now = jest.spyOn(performance, 'now');
    for (let i = 0; i < 10; i++) observed.observe(i);
    expect(now).toHaveBeenCalledTimes(10);
    expect(jest.getTimerCount()).toBe(0);
  });

  it("isn't misled by a wall clock that is set", () => {
    const observed = window();
    observed.observe(1);
    jest.setSystemTime(0);
    expect(observed.count).toBe(1);
    jest.setSystemTime(1e13);
    expect(observed.count).toBe(1);
  });

  it('starts again when the clock itself is replaced by one that is behind', () => {
    const observed = window();
    jest.spyOn(performance, 'now').mockReturnValue(1e9);
    observed.observe(1);
    jest.restoreAllMocks();
    expect(observed.count).toBe(0);
    observed.observe(2);
    expect(observed.count).toBe(1);
  });

  it('forgets everything when it is cleared', () => {
    const observed = window();
    observed.observe(1);
    observed.clear();
    expect(observed.count).toBe(0);
    observed.observe(2);
    expect(observed.count).toBe(1);
  });

  it('leaves NaN out', () => {
    const observed = window();
    observed.observe(NaN);
    expect(observed.count).toBe(0);
  });
});

describe("The options of a summary's quantiles", () => {
  it('have defaults', () => {
    expect(checkQuantiles('m', {})).toEqual({ quantiles: [], maxAgeSeconds: 600, ageBuckets: 5 });
    expect(checkQuantiles('m', { quantiles: undefined, maxAgeSeconds: undefined, ageBuckets: undefined })).toEqual(
      checkQuantiles('m', {}),
    );
  });

  it('may be the least that there are', () => {
    const least = { quantiles: [], maxAgeSeconds: 0.001, ageBuckets: 1 };
    expect(checkQuantiles('m', least)).toEqual(least);
  });

  it('are copied, and the quantiles sorted', () => {
    const given = [0.99, 0, 1e-7, 1, 0.5];
    const { quantiles } = checkQuantiles('m', { quantiles: given, maxAgeSeconds: 0.5, ageBuckets: 1 });
    expect(quantiles).toEqual([0, 1e-7, 0.5, 0.99, 1]);
    expect(given).toEqual([0.99, 0, 1e-7, 1, 0.5]);
    given.push(7);
    expect(quantiles).toHaveLength(5);
  });

  it('may be frozen, in a typed array, or have a zero with a sign', () => {
    expect(checkQuantiles('m', { quantiles: Object.freeze([0.9, 0.5]) }).quantiles).toEqual([0.5, 0.9]);
    const typed = new Float64Array([0.5, 0.25]) as unknown as number[];
    expect(checkQuantiles('m', { quantiles: typed }).quantiles).toEqual([0.25, 0.5]);
    expect(checkQuantiles('m', { quantiles: [-0] }).quantiles).toEqual([0]);
  });

  it.each<[given: unknown, wrong: string]>([
    [[0.5, 1.1], '[0.5,1.1] of metric "m" has 1.1 in it, which is no number from 0 to 1'],
    [[-0.1], '[-0.1] of metric "m" has -0.1 in it, which is no number from 0 to 1'],
    [[NaN], '[NaN] of metric "m" has NaN in it, which is no number from 0 to 1'],
    [['0.5'], '["0.5"] of metric "m" has "0.5" in it, which is no number from 0 to 1'],
    [[0.5, undefined], '[0.5,null] of metric "m" has undefined in it, which is no number from 0 to 1'],
    [[0.5, 0.9, 0.5], '[0.5,0.9,0.5] of metric "m" has 0.5 in it more than once'],
    [[0, -0], '[0,0] of metric "m" has 0 in it more than once'],
    [0.5, '0.5 of metric "m" is not an array of numbers'],
    [null, 'null of metric "m" is not an array of numbers'],
    ['0.5', '"0.5" of metric "m" is not an array of numbers'],
    [{ 0.5: 0.05 }, '{"0.5":0.05} of metric "m" is not an array of numbers'],
    [new Set([0.5]), '{} of metric "m" is not an array of numbers'],
    [new DataView(new ArrayBuffer(8)), '{} of metric "m" is not an array of numbers'],
  ])('are refused with the quantiles %j', (quantiles, wrong) => {
    expect(refusal(() => checkQuantiles('m', { quantiles: quantiles as number[] }))).toEqual({
      code: 'INVALID_OPTION',
      message: `The quantile list ${wrong}: give numbers from 0 to 1, each once, such as [0.5, 0.9, 0.99].`,
    });
  });

  it.each([0, -1, 0.0005, NaN, Infinity, '600', null, 10n])('are refused with the age %p', (given) => {
    const { code, message } = refusal(() => checkQuantiles('m', { maxAgeSeconds: given as number }));
    expect(code).toBe('INVALID_OPTION');
    const shown = typeof given === 'string' ? '"600"' : typeof given === 'bigint' ? '10n' : String(given);
    expect(message).toBe(
      `The maxAgeSeconds ${shown} of metric "m" is not a number of seconds from 0.001: give one such as 600.`,
    );
  });

  it.each([0, -1, 2.5, NaN, Infinity, '5', null])('are refused with %p age buckets', (given) => {
    expect(refusal(() => checkQuantiles('m', { ageBuckets: given as number }))).toEqual({
      code: 'INVALID_OPTION',
      message: `The ageBuckets ${JSON.stringify(given) === 'null' ? given : JSON.stringify(given)} of metric "m" is not an integer from 1: give one such as 5.`,
    });
  });
});
