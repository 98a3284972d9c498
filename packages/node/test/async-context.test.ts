import { AsyncLocalStorage } from 'node:async_hooks';
import { Registry } from '@prometer/core';
import { collectDefaultMetrics, type DefaultMetricsGroup } from '../src/index.ts';
import { collectGarbage } from './collect-garbage.ts';
import { turns } from './event-loop.ts';

const GROUPS: DefaultMetricsGroup[] = ['process', 'eventLoop', 'gc', 'memory', 'resources', 'version'];

describe('The request in which default metrics are begun', () => {
  it.each(GROUPS)('is not kept by the group %s', async (group) => {
    const storage = new AsyncLocalStorage<object>();
    const begin = (): [stop: () => void, request: WeakRef<object>] => {
      const request = { body: 'x'.repeat(1000) };
      const runtime = storage.run(request, () => collectDefaultMetrics({ registry: new Registry(), only: [group] }));
      return [() => runtime.stop(), new WeakRef(request)];
    };
    const [stop, request] = begin();
    for (let i = 0; i < 50 && request.deref() !== undefined; i++) {
      await turns();
      collectGarbage();
    }
    const isKept = request.deref() !== undefined;
    stop();

    expect(isKept).toBe(false);
  });
});
