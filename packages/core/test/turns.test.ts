import { Turns } from '../src/turns.ts';

describe('Turns', () => {
  it('come after what waits in the event loop already', async () => {
    const order: string[] = [];
    setImmediate(() => order.push('event'));
    await new Turns().next();
    order.push('turn');

    expect(order).toEqual(['event', 'turn']);
  });

  it('are given to one after the other, each in a turn of the event loop of its own', async () => {
    let turn = 0;
    let isOver = false;
    const count = (): void => {
      turn++;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const turns = new Turns();
    const given = await Promise.all(['a', 'b', 'c'].map((name) => turns.next().then(() => [name, turn] as const)));
    isOver = true;

    expect(given.map(([name]) => name)).toEqual(['a', 'b', 'c']);
    expect(new Set(given.map(([, at]) => at)).size).toBe(3);
  });

  it('come between the steps of some work', async () => {
    const order: string[] = [];
    function* work(): Generator<void, string> {
      order.push('first');
      setImmediate(() => order.push('event'));
      yield;
      order.push('second');
      return 'done';
    }
    expect(await new Turns().between(work())).toBe('done');
    expect(order).toEqual(['first', 'event', 'second']);
  });

  it('come by timers, one by one too, where the runtime has nothing faster', async () => {
    const { setImmediate } = globalThis;
    const order: string[] = [];
    try {
      (globalThis as { setImmediate: unknown }).setImmediate = undefined;
      await jest.isolateModulesAsync(async () => {
        const { Turns: Slow } = jest.requireActual<{ Turns: typeof Turns }>('../src/turns.ts');
        setTimeout(() => order.push('event'), 0);
        const turns = new Slow();
        await Promise.all(['first', 'second'].map((each) => turns.next().then(() => order.push(each))));
      });
    } finally {
      globalThis.setImmediate = setImmediate;
    }
    expect(order).toEqual(['event', 'first', 'second']);
  });

  it('do not wait for timers that are faked', async () => {
    jest.useFakeTimers();
    try {
      await expect(new Turns().next()).resolves.toBeUndefined();
    } finally {
      jest.useRealTimers();
    }
  });
});
