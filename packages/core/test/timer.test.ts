import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { Histogram, Summary } from '../src/index.ts';
import { runThen, startLabelledTimer, startTimer } from '../src/timer.ts';
import { refusal } from './refusal.ts';

describe('startTimer', () => {
  afterEach(() => jest.useRealTimers());

  it('records and returns the elapsed seconds at each end', () => {
    jest.useFakeTimers();
    jest.advanceTimersByTime(1000);
    const record = jest.fn();
    const end = startTimer(record);
    jest.advanceTimersByTime(20);
    expect(end()).toBe(0.02);
    jest.advanceTimersByTime(5);
    expect(end()).toBe(0.025);
    expect(record.mock.calls).toEqual([[0.02], [0.025]]);
  });

  it('measures real time in seconds', async () => {
    const end = startTimer(() => {});
    await new Promise((resolve) => setTimeout(resolve, 50));
    const seconds = end();
    expect(seconds).toBeGreaterThan(0.04);
    expect(seconds).toBeLessThan(5);
  });
});

describe('startLabelledTimer', () => {
  it('hands what is given at its end on, and observes the seconds', () => {
    jest.useFakeTimers();
    jest.advanceTimersByTime(1000);
    const seen: unknown[] = [];
    const end = startLabelledTimer((labels) => ({ observe: (seconds) => seen.push([labels, seconds]) }));
    jest.advanceTimersByTime(20);

    expect([end(), end({ b: 'z' })]).toEqual([0.02, 0.02]);
    expect(seen).toEqual([
      [undefined, 0.02],
      [{ b: 'z' }, 0.02],
    ]);
    jest.useRealTimers();
  });

  describe.each([Histogram, Summary])('of a %p', (Metric) => {
    const make = () => new Metric({ name: 'mm', help: 'M', labelNames: ['a', 'b'], registry: null });

    it.each(['a series that is there', 'one that is not'])(
      'merges the labels of both ends, the later ones winning, for %s',
      (which) => {
        const metric = make();
        if (which === 'a series that is there') metric.labels('x', 'y');
        const end = metric.startTimer({ a: 'x', b: 'y' });
        end();
        end({ b: 'z' });
        metric.startTimer({ a: 'x' })({ b: 'y' });

        expect([metric.get({ a: 'x', b: 'y' }).count, metric.get({ a: 'x', b: 'z' }).count]).toEqual([2, 1]);
      },
    );

    it('makes no series at its start', () => {
      const metric = make();
      metric.startTimer({ a: 'x', b: 'y' });

      expect([...metric.series]).toEqual([]);
    });

    it.each([
      ['removed', (metric: ReturnType<typeof make>) => metric.remove('x', 'y')],
      [
        'removed and made again',
        (metric: ReturnType<typeof make>) => {
          metric.remove('x', 'y');
          metric.labels('x', 'y');
        },
      ],
      ['cleared', (metric: ReturnType<typeof make>) => metric.clear()],
      [
        'moved, as many others were removed',
        (metric: ReturnType<typeof make>) => {
          for (let i = 0; i < 50; i++) metric.labels('other', i);
          metric.removeMatching({ a: 'other' });
        },
      ],
      [
        'still there, but others are removed',
        (metric: ReturnType<typeof make>) => {
          metric.labels('other', 1);
          metric.remove('other', 1);
        },
      ],
    ])('observes in the series of its labels, also if it was %s meanwhile', (_, between) => {
      const metric = make();
      metric.labels('first', 1);
      metric.labels('x', 'y');
      const end = metric.startTimer({ a: 'x', b: 'y' });
      between(metric);
      end();

      expect(metric.get({ a: 'x', b: 'y' }).count).toBe(1);
    });
  });

  it.each([Histogram, Summary])('keeps the labels as they were when the timer of a %p started', (Metric) => {
    const metric = new Metric({ name: 'mm', help: 'M', labelNames: ['a'], registry: null });
    const labels = { a: 'x' };
    const end = metric.startTimer(labels);
    labels.a = 'y';
    end();
    expect(metric.get({ a: 'x' }).count).toBe(1);
  });

  it.each([Histogram, Summary])(
    'refuses at the start what is no label of a %p, so that no end fails of it',
    (Metric) => {
      const metric = new Metric({ name: 'mm', help: 'M', labelNames: ['a', 'b'], registry: null });
      expect(refusal(() => metric.startTimer({ c: 'x' } as object))).toEqual({
        code: 'INVALID_LABELS',
        message: `Metric "mm" can't take the labels {"c":"x"}: "c" is none of its labels. Give each label a value, as in labels(a, b) or labels({ a, b }).`,
      });
      expect(refusal(() => metric.startTimer({ a: {} } as object)).code).toBe('INVALID_LABEL_VALUE');
      expect(refusal(() => metric.startTimer('x' as never)).code).toBe('INVALID_LABELS');
    },
  );

  it.each([[{ a: 1 }], [{}], [[]]])('refuses the labels %p at the start where the metric has none', (labels) => {
    const histogram = new Histogram({ name: 'hh', help: 'H', registry: null });
    expect(refusal(() => (histogram as { startTimer(labels: object): void }).startTimer(labels)).code).toBe(
      'INVALID_LABELS',
    );
  });

  it.each([Histogram, Summary])(
    'refuses a list of labels at the start, also where a %p has such a series',
    (Metric) => {
      const metric = new Metric({ name: 'mm', help: 'M', labelNames: ['0'], registry: null });
      metric.labels('x');
      expect(refusal(() => metric.startTimer(['x'] as never)).code).toBe('INVALID_LABELS');
    },
  );

  it('refuses an end that leaves a label out, and observes nothing', () => {
    const histogram = new Histogram({ name: 'hh', help: 'H', labelNames: ['a', 'b'], registry: null });
    const end = histogram.startTimer({ a: 'x' });
    expect(refusal(() => end()).code).toBe('INVALID_LABELS');
    expect([...histogram.series]).toEqual([]);
  });
});

describe('runThen', () => {
  it.each<[unknown, string]>([
    ['work', '"work"'],
    [undefined, 'undefined'],
    [Promise.resolve(), '{}'],
  ])('refuses %p, which is no work', (work, shown) => {
    const after = jest.fn();
    expect(refusal(() => runThen(work as () => void, after))).toEqual({
      code: 'INVALID_OPTION',
      message: `${shown} can't be called: give a function that does the work.`,
    });
    expect(after).not.toHaveBeenCalled();
  });

  it('calls after a synchronous call and returns its result', () => {
    const after = jest.fn();
    const result = {};
    expect(runThen(() => result, after)).toBe(result);
    expect(after.mock.calls).toEqual([[false]]);
  });

  it('calls after a call that throws, which goes on being thrown', () => {
    const after = jest.fn();
    const error = new Error('no');
    expect(() =>
      runThen(() => {
        throw error;
      }, after),
    ).toThrow(error);
    expect(after.mock.calls).toEqual([[true]]);
  });

  it('waits for a promise before it calls after, and gives its value', async () => {
    const after = jest.fn();
    let resolve = (_: string): void => {};
    const promise = runThen(() => new Promise<string>((r) => (resolve = r)), after);
    await Promise.resolve();
    expect(after).not.toHaveBeenCalled();

    resolve('value');
    expect(await promise).toBe('value');
    expect(after.mock.calls).toEqual([[false]]);
  });

  it('has called after by the time that the caller goes on', async () => {
    const order: string[] = [];
    await runThen(
      async () => 1,
      () => order.push('after'),
    );
    order.push('caller');
    expect(order).toEqual(['after', 'caller']);
  });

  it('calls after a rejection, which goes on being one', async () => {
    const after = jest.fn();
    const error = new Error('no');
    await expect(runThen(() => Promise.reject(error), after)).rejects.toBe(error);
    expect(after.mock.calls).toEqual([[true]]);
  });

  it('leaves a rejection that nobody handles unhandled, which ends the program', () => {
    // In a process of its own, because jest handles it here; of what the build made.
    const core = resolve(__dirname, '../dist/index.cjs');
    const time = "new Histogram({ name: 'h', help: 'A histogram' }).time(() => Promise.reject(new Error('lost')))";
    const script = `const { Histogram } = require(${JSON.stringify(core)}); ${time};`;
    const { status, stderr } = spawnSync(process.execPath, ['--eval', script], { encoding: 'utf8' });
    expect(stderr).toContain('Error: lost');
    expect(status).toBe(1);
  });

  it('starts the work of a thenable once only', async () => {
    const after = jest.fn();
    const then = jest.fn((resolve: (value: string) => void) => resolve('rows'));
    const result = runThen(() => ({ then }) as unknown as PromiseLike<string>, after);

    expect(await result).toBe('rows');
    expect(then).toHaveBeenCalledTimes(1);
    expect(after.mock.calls).toEqual([[false]]);
  });

  it('gives the rejection of a thenable', async () => {
    const after = jest.fn();
    const thenable = { then: (_: unknown, reject: (error: string) => void) => reject('no') };
    await expect(runThen(() => thenable as unknown as PromiseLike<string>, after)).rejects.toBe('no');
    expect(after.mock.calls).toEqual([[true]]);
  });

  it('calls after once for a thenable that settles twice and returns nothing from then', async () => {
    const after = jest.fn();
    const thenable = {
      then(resolve: (value: number) => void, reject: (error: Error) => void) {
        resolve(1);
        resolve(2);
        reject(new Error('no'));
        throw new Error('too late');
      },
    };
    expect(await runThen(() => thenable as unknown as PromiseLike<number>, after)).toBe(1);
    expect(after.mock.calls).toEqual([[false]]);
  });

  it.each([null, undefined, 0, '', { then: 5 }])('takes %p for the result of a synchronous call', (result) => {
    const after = jest.fn();
    expect(runThen(() => result, after)).toBe(result);
    expect(after.mock.calls).toEqual([[false]]);
  });

  it('gives a promise of the class that the work’s has', async () => {
    class Query extends Promise<number> {}
    const result = runThen(
      () => new Query((resolve) => resolve(1)),
      () => {},
    );

    expect(result).toBeInstanceOf(Query);
    expect(await result).toBe(1);
  });

  it('takes a result that can’t be looked at for a failure', () => {
    const after = jest.fn();
    const odd = Object.defineProperty({}, 'then', {
      get() {
        throw new Error('odd');
      },
    });

    expect(() => runThen(() => odd, after)).toThrow('odd');
    expect(after.mock.calls).toEqual([[true]]);
  });
});
