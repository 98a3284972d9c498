import { Turns } from '../src/turns.ts';

describe('Turns', () => {
  it('come after what waits in the event loop already', async () => {
    const order: string[] = [];
    setImmediate(() => order.push('event'));
    await new Turns().next();
    order.push('turn');

    expect(order).toEqual(['event', 'turn']);
  });

  it('are given to one after the other, with the event loop in between', async () => {
    const order: string[] = [];
    const turns = new Turns();
    const waiting = ['a', 'b', 'c'].map(async (name) => {
      await turns.next();
      order.push(name);
      setImmediate(() => order.push(`event after ${name}`));
    });
    await Promise.all(waiting);

    expect(order).toEqual(['a', 'event after a', 'b', 'event after b', 'c']);
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
