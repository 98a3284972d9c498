import { collectGarbage } from '../../node/test/collect-garbage.ts';
import { Gauge, Registry, type Counter } from '../src/index.ts';

const PROTOBUF = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
const OVER = { done: true, value: undefined };

async function piecesOf(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return pieces;
}

/** With some 2 MB of text. */
function largeRegistry(): Registry {
  const registry = new Registry();
  const counter = registry.counter({ name: 'large', help: '', labelNames: ['a'], maxSeries: Infinity });
  for (let i = 0; i < 40_000; i++) counter.inc({ a: `a value with the number ${i}` }, i);
  return registry;
}

/** Each series of some 30 KB, so that a piece has a few of them. */
const LONG = '-'.repeat(30_000);

/** Counts the turns of the event loop from now on, until it is told to stop. */
function countTurns(): { count: number; stop: () => number } {
  let isOver = false;
  const turns = {
    count: 0,
    stop() {
      isOver = true;
      return turns.count;
    },
  };
  const count = (): void => {
    turns.count++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  return turns;
}

describe('registry.expose', () => {
  /** How often the event loop has its turn meanwhile. */
  async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
    const turns = countTurns();
    await work();
    return turns.stop();
  }

  it.each(['', 'application/openmetrics-text;version=1.0.0', PROTOBUF])(
    'gives the event loop its turn for each 64 KB, or 256 where it is quick, for the header "%s"',
    async (accept) => {
      const [quick, slow, many] = [new Registry(), new Registry(), new Registry()];
      const labelNames = ['a'];
      const counter = quick.counter({ name: 'c', help: '', labelNames, maxSeries: Infinity });
      const summary = slow.summary({ name: 's', help: '', labelNames, maxSeries: Infinity, quantiles: [0.5] });
      for (let i = 0; i < 20_000; i++) counter.inc({ a: `a value with the number ${i}` });
      for (let i = 0; i < 6000; i++) summary.observe({ a: `a value with the number ${i}` }, i);
      for (let i = 0; i < 8000; i++) many.gauge({ name: `a_gauge_with_the_number_${i}`, help: 'Help', labelNames });
      const share = async (registry: Registry): Promise<number> => {
        // The first one finds room as it goes.
        const { length } = (await registry.expose(accept)).body;
        expect(length).toBeGreaterThan(300_000);
        return length / (await turnsDuring(() => registry.expose(accept)));
      };
      const [quickShare, slowShare, manyShare] = [await share(quick), await share(slow), await share(many)];
      expect(quickShare).toBeGreaterThan(128 * 1024);
      expect(quickShare).toBeLessThan(400 * 1024);
      expect(slowShare).toBeLessThan(90 * 1024);
      expect(manyShare).toBeLessThan(90 * 1024);
    },
  );
});

describe('registry.stream', () => {
  it.each(['', 'application/openmetrics-text;version=1.0.0', PROTOBUF])(
    'gives the bytes and the content type of expose, for the header "%s"',
    async (accept) => {
      const registry = largeRegistry();
      const stream = registry.stream(accept);
      const { contentType, body } = await registry.expose(accept);

      expect(stream.contentType).toBe(contentType);
      expect(Buffer.concat(await piecesOf(stream)).equals(body)).toBe(true);
    },
  );

  it.each(['', 'application/openmetrics-text;version=1.0.0', PROTOBUF])(
    'gives pieces of some 64 KB and the event loop its turn in between, for the header "%s"',
    async (accept) => {
      const registry = largeRegistry();
      const turnsBefore: number[] = [];
      const turns = countTurns();
      const lengths: number[] = [];
      for await (const { length } of registry.stream(accept)) {
        lengths.push(length);
        turnsBefore.push(turns.count);
      }
      turns.stop();

      expect(Math.max(...lengths)).toBeLessThan(70_000);
      expect(Math.min(...lengths)).toBeGreaterThan(0);
      expect(lengths.length).toBeGreaterThan(20);
      turnsBefore.slice(2).forEach((before, i) => expect(before).toBeGreaterThan(turnsBefore[i] as number));
    },
  );

  it('gives what is small at once, when timers are faked too', async () => {
    const registry = new Registry();
    registry.gauge({ name: 'g', help: '' }).set(1);
    jest.useFakeTimers();
    try {
      expect(Buffer.concat(await piecesOf(registry.stream())).toString()).toBe('# HELP g \n# TYPE g gauge\ng 1\n');
    } finally {
      jest.useRealTimers();
    }
  });

  it('runs no collector before the first piece is asked for', async () => {
    let runs = 0;
    const registry = new Registry();
    registry.gauge({ name: 'g', help: '', collect: () => void runs++ });
    const stream = registry.stream();
    expect(runs).toBe(0);
    await stream.next();

    expect(runs).toBe(1);
  });

  it('gives the event loop its turn between collectors and the first piece', async () => {
    const happened: string[] = [];
    const registry = new Registry();
    const collect = (): void => {
      happened.push('collected');
      setImmediate(() => happened.push('turn'));
    };
    registry.gauge({ name: 'g', help: '', collect });
    await registry.stream().next();
    happened.push('first piece');

    expect(happened).toEqual(['collected', 'turn', 'first piece']);
  });

  it('reads no further when nobody asks for more', async () => {
    const registry = largeRegistry();
    const gauge = registry.gauge({ name: 'after', help: '' });
    const read = jest.spyOn(gauge as unknown as { series: unknown }, 'series', 'get');
    for await (const piece of registry.stream()) {
      expect(piece.length).toBeGreaterThan(60_000);
      break;
    }
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

    expect(read).not.toHaveBeenCalled();
  });

  it('shows each series as it is when its turn comes, and none that was made after its family was begun', async () => {
    const registry = largeRegistry();
    const last = registry.gauge({ name: 'last', help: '', labelNames: ['a'] });
    last.set({ a: 'x' }, 1);
    const stream = registry.stream();
    await stream.next();
    last.set({ a: 'x' }, 2);
    const large = registry.get('large') as Counter<['a']>;
    large.inc({ a: 'new' });
    const text = Buffer.concat(await piecesOf(stream)).toString();

    expect(text.slice(-40)).toMatch(/\nlast\{a="x"\} 2\n$/);
    expect(text.includes('large_total{a="new"}')).toBe(false);
  });

  it('filters by names', async () => {
    const registry = new Registry();
    for (const name of ['a', 'b']) new Gauge({ name, help: '', registry });

    expect(Buffer.concat(await piecesOf(registry.stream('', { names: ['b'] }))).toString()).toBe(
      '# HELP b \n# TYPE b gauge\nb 0\n',
    );
  });

  it('rejects options that are not usable when the first piece is asked for', async () => {
    const stream = new Registry().stream('', { names: 'a' as unknown as string[] });

    await expect(stream.next()).rejects.toMatchObject({ name: 'MetricError', code: 'INVALID_OPTION' });
  });

  it('is ended while its collectors run', async () => {
    let goOn = (): void => {};
    const registry = new Registry();
    const gauge = registry.gauge({
      name: 'slow',
      help: '',
      collect: () => new Promise<void>((resolve) => (goOn = resolve)),
    });
    const read = jest.spyOn(gauge as unknown as { series: unknown }, 'series', 'get');
    const stream = registry.stream();
    const first = stream.next();
    await new Promise((resolve) => setImmediate(resolve));
    const end = stream.return();
    goOn();

    expect([await first, await end]).toEqual([OVER, OVER]);
    expect(read).not.toHaveBeenCalled();
  });

  it('is ended in the midst of what is larger than a piece', async () => {
    const registry = new Registry();
    const gauge = registry.gauge({ name: 'g', help: '', labelNames: ['a'] });
    gauge.set({ a: 'x'.repeat(300_000) }, 1);
    const stream = registry.stream();
    const pieces = [await stream.next()];
    const [second, end] = [stream.next(), stream.return()];

    expect(pieces.map(({ value }) => (value as Uint8Array).length)).toEqual([65_536]);
    expect([await second, await end]).toEqual([OVER, OVER]);
  });

  it.each([
    ['protobuf', PROTOBUF],
    ['the check of OpenMetrics', 'application/openmetrics-text'],
  ])('is ended while nothing of it can be given yet: %s', async (_what, accept) => {
    const registry = new Registry();
    let read = 0;
    const series = Array.from({ length: 20_000 }, (_, i) => ({ labels: { a: `value ${i}` }, value: 1 }));
    registry.register({ collect: () => [{ name: 'huge', help: '', type: 'gauge', series }] });
    const families = await registry.views();
    const [huge] = families as unknown as [{ series: object[] }];
    for (const each of huge.series) {
      Object.defineProperty(each, 'value', { get: () => ++read });
    }
    jest.spyOn(registry, 'views').mockResolvedValue(families);
    const stream = registry.stream(accept);
    const first = stream.next();
    await new Promise((resolve) => setImmediate(resolve));
    await stream.return();

    expect(await first).toEqual({ done: true, value: undefined });
    expect(read).toBeLessThan(10_000);
  });

  it.each(['', 'application/openmetrics-text;version=1.0.0', PROTOBUF])(
    'keeps no label values alive when it is left, for the header "%s"',
    async (accept) => {
      const registry = new Registry();
      const counter = registry.counter({ name: 'c', help: '', labelNames: ['a'], maxSeries: Infinity });
      const heapUsed = async (): Promise<number> => {
        // What the tests before have left, too.
        for (let i = 0; i < 4; i++) {
          await new Promise(setImmediate);
          collectGarbage();
        }
        return process.memoryUsage().heapUsed;
      };
      const before = await heapUsed();
      for (let i = 0; i < 50_000; i++) counter.inc({ a: `${'long '.repeat(20)}${i}` });
      for await (const { length } of registry.stream(accept)) if (length > 0) break;
      const filled = await heapUsed();
      counter.clear();
      const after = await heapUsed();
      expect(filled - before).toBeGreaterThan(8e6);
      expect(after - before).toBeLessThan(2e6);
    },
  );

  describe('goes on where between its pieces', () => {
    const values = Array.from({ length: 12 }, (_, i) => `${i}${LONG}`);

    /** The numbers of the series, and what stands behind them, when `change` has been run after the first piece. */
    async function shownAfter(change: (counter: Counter<['a']>) => void, accept = ''): Promise<string[]> {
      const registry = new Registry();
      const counter = registry.counter({ name: 'long', help: '', labelNames: ['a'] });
      values.forEach((a, i) => counter.labels(a).inc(i));
      const stream = registry.stream(accept);
      const first = (await stream.next()).value as Uint8Array;
      change(counter);
      const text = Buffer.concat([first, ...(await piecesOf(stream))]).toString();
      return Array.from(text.matchAll(/long_total\{a="(\d+)-*"\} (.*)\n/g), ([, a, shown]) => `${a}: ${shown}`);
    }

    const unchanged = values.map((_, i) => `${i}: ${i}`);

    it('nothing changes', async () => {
      expect(await shownAfter(() => {})).toEqual(unchanged);
    });

    it('a series counts', async () => {
      const shown = await shownAfter((counter) => counter.inc({ a: values[9] as string }, 100));
      expect(shown).toEqual(unchanged.with(9, '9: 109'));
    });

    it.each([
      ['a series', [5]],
      ['two in a row', [5, 6]],
      ['the last one', [11]],
      ['those that have been given and others', [0, 1, 4, 8]],
    ])('%s is taken out', async (_, which) => {
      expect(await shownAfter((counter) => which.forEach((i) => counter.remove(values[i] as string)))).toEqual(
        unchanged,
      );
    });

    it.each([
      ['it is taken out', [10]],
      ['others are taken out', [0, 1, 2]],
      ['so many others are taken out that the rest moves together', Array.from({ length: 400 }, (_, i) => i + 12)],
    ])('a series that somebody keeps counts on, though %s', async (_, which) => {
      const registry = new Registry();
      const counter = registry.counter({ name: 'long', help: '', labelNames: ['a'] });
      const all = [...values, ...Array.from({ length: 400 }, (_unused, i) => `${i + 12}`)];
      all.forEach((a, i) => counter.inc({ a }, i));
      // Not the first one of a piece, which is read as an object.
      const kept = counter.labels(all[10] as string);
      const stream = registry.stream();
      const first = (await stream.next()).value as Uint8Array;
      for (const i of which) counter.remove(all[i] as string);
      kept.inc(100);
      const text = Buffer.concat([first, ...(await piecesOf(stream))]).toString();
      const shown = Array.from(text.matchAll(/long_total\{a="(\d+)-*"\} (.*)\n/g), ([, a, value]) => `${a}: ${value}`);
      expect(shown).toEqual(all.map((_unused, i) => `${i}: ${i}`).with(10, '10: 110'));
    });

    it('all are taken out but one, and others come', async () => {
      const shown = await shownAfter((counter) => {
        for (const a of values.slice(1)) counter.remove(a);
        for (let i = 0; i < 100; i++) counter.inc({ a: `new ${i}` });
      });
      expect(shown).toEqual(unchanged);
    });

    it('all are forgotten', async () => {
      expect(await shownAfter((counter) => counter.clear())).toEqual(unchanged);
    });

    it('the first exemplar comes', async () => {
      const openMetrics = 'application/openmetrics-text;version=1.0.0';
      const shown = await shownAfter((counter) => counter.inc({ a: values[9] as string }, 1, { id: 'x' }), openMetrics);
      expect(shown).toEqual(unchanged.with(9, expect.stringMatching(/^9: 10 # \{id="x"\} 1 /)));
    });
  });
});

describe('A shared gather', () => {
  /** A registry with a collector that waits until it is told to go on. */
  function slowRegistry(): { registry: Registry; goOn: () => void; runs: () => number } {
    let runs = 0;
    let waiting: (() => void)[] = [];
    const registry = new Registry();
    registry.gauge({
      name: 'slow',
      help: '',
      collect() {
        this.set(++runs);
        return new Promise<void>((resolve) => waiting.push(resolve));
      },
    });
    const goOn = (): void => {
      const all = waiting;
      waiting = [];
      for (const resolve of all) resolve();
    };
    return { registry, goOn, runs: () => runs };
  }

  const text = async (stream: AsyncIterable<Uint8Array>): Promise<string> =>
    Buffer.concat(await piecesOf(stream)).toString();

  it('runs collectors once for all scrapes that come while it is under way, in whatever format', async () => {
    const { registry, goOn, runs } = slowRegistry();
    const scrapes = ['', 'application/openmetrics-text'].map((accept) =>
      text(registry.stream(accept, { shareGather: true })),
    );
    goOn();

    expect(await Promise.all(scrapes)).toEqual([
      '# HELP slow \n# TYPE slow gauge\nslow 1\n',
      '# HELP slow \n# TYPE slow gauge\nslow 1\n# EOF\n',
    ]);
    expect(runs()).toBe(1);
  });

  it('is not joined once it is over', async () => {
    const { registry, goOn } = slowRegistry();
    const first = text(registry.stream('', { shareGather: true }));
    goOn();
    await first;
    const second = text(registry.stream('', { shareGather: true }));
    goOn();

    expect(await second).toContain('slow 2\n');
  });

  it('is joined by scrapes with other names and other times to wait, each of which sees what it asked for', async () => {
    const { registry, goOn, runs } = slowRegistry();
    new Gauge({ name: 'g', help: '', registry });
    const scrapes = [{ names: ['slow'] }, { names: ['slow', 'g'] }, { timeoutSeconds: 5 }].map((options) =>
      text(registry.stream('', { ...options, shareGather: true })),
    );
    goOn();
    const slow = '# HELP slow \n# TYPE slow gauge\nslow 1\n';
    const g = '# HELP g \n# TYPE g gauge\ng 0\n';

    expect(await Promise.all(scrapes)).toEqual([slow, slow + g, slow + g]);
    expect(runs()).toBe(1);
  });

  it('is not joined once somebody has waited for it in vain', async () => {
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const { registry, goOn, runs } = slowRegistry();
    expect(await text(registry.stream('', { timeoutSeconds: 0, shareGather: true }))).not.toContain('slow ');
    const next = text(registry.stream('', { shareGather: true }));
    goOn();

    expect(await next).toContain('slow 2\n');
    expect(runs()).toBe(2);
    emitWarning.mockRestore();
  });

  it('is not joined by who does not ask for it', async () => {
    const { registry, goOn, runs } = slowRegistry();
    const scrapes = [text(registry.stream('', { shareGather: true })), registry.metrics(), text(registry.stream())];
    goOn();
    await Promise.all(scrapes);

    expect(runs()).toBe(3);
  });

  it('fails for all who share it, and is begun anew after that', async () => {
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    let runs = 0;
    const registry = new Registry();
    registry.register({
      collect: async () => {
        runs++;
        throw new Error('no database');
      },
    });
    const both = [1, 2].map(() => text(registry.stream('', { shareGather: true })));
    expect(await Promise.all(both)).toEqual([
      expect.stringContaining('prometer_collector_errors_total{collector="collector"}'),
      expect.stringContaining('prometer_collector_errors_total{collector="collector"}'),
    ]);
    expect(runs).toBe(1);
    await text(registry.stream('', { shareGather: true }));

    expect(runs).toBe(2);
    emitWarning.mockRestore();
  });

  it('gives what a generator gives to all who share it', async () => {
    const registry = new Registry();
    registry.register({
      collect: async () =>
        (function* () {
          yield { name: 'g', help: '', type: 'gauge', series: [{ labels: {}, value: 1 }] } as const;
        })(),
    });
    const both = [1, 2].map(() => text(registry.stream('', { shareGather: true })));

    expect(await Promise.all(both)).toEqual(Array(2).fill('# HELP g \n# TYPE g gauge\ng 1\n'));
  });

  it('keeps no process alive, other than a gather of the program itself', async () => {
    const unref = jest.fn();
    const setTimeout = jest.spyOn(globalThis, 'setTimeout').mockReturnValue({ unref } as never);
    const { registry, goOn } = slowRegistry();
    const scrapes = [true, false].map((shareGather) => text(registry.stream('', { timeoutSeconds: 5, shareGather })));
    await Promise.resolve();
    goOn();
    await Promise.all(scrapes);
    setTimeout.mockRestore();

    expect(unref).toHaveBeenCalledTimes(1);
  });
});
