import { check } from './checks.js';
import { withChildren } from './children.js';
import { observations } from './label-values.js';
import { LIBRARIES, load } from './libraries.js';
import { checkObserved } from './observed.js';
import { summarize } from './statistics.js';

/** How long a round of one operation takes, in milliseconds: short enough to be rarely interrupted by other programs. */
const ROUND_MS = 5;
const WARM_UP_MS = 150;
const ROUNDS = 31;
/** Of what takes seconds, fewer rounds have to do. */
const LEAST_ROUNDS = 5;
const MOST_MS = 4000;
/** How often an operation is done to see what it allocates: too little for the garbage collector to come in between. */
const ALLOCATING = 200;

/**
 * Times operations in one process a library. A round is a few milliseconds of one operation in each library after the
 * other, and each operation has its turn before the next round, so that what else the machine does hits all alike. Resolves
 * to the nanoseconds that an operation takes, in each round too, and the bytes that it allocates, by operation and library.
 *
 * `module` exports `child` as {@link operationsChild} makes it; `what` is for it.
 */
export async function timeOperations(module, { short, libraries = LIBRARIES, what }) {
  return withChildren(module, libraries, { short, what }, async (children) => {
    const turns = await warmedUp(children, short);
    const least = short ? 1 : LEAST_ROUNDS;
    for (let round = 0; round < (short ? 2 : ROUNDS); round++) {
      for (const turn of turns) {
        if (round >= least && turn.spentMs > MOST_MS) continue;
        const { ns, bytes } = await turn.child.call('round', turn.operation, turn.times);
        turn.ns.push(ns);
        turn.spentMs += (ns * turn.times) / 1e6;
        if (bytes !== undefined) turn.bytes.push(bytes);
      }
    }
    const results = {};
    for (const { operation, library, child, ns, bytes } of turns) {
      await check(`${operation}, ${library}`, () => child.call('check', operation));
      results[operation] ??= {};
      results[operation][library] = { ...summarize(ns), rounds: ns };
      if (bytes.length > 0) results[operation][library].bytes = Math.round(Math.max(0, summarize(bytes).value));
    }
    return results;
  });
}

async function warmedUp(children, short) {
  const turns = [];
  for (const [library, child] of children) {
    for (const operation of await child.call('operations')) {
      const times = await child.call('warmUp', operation, short ? 1 : WARM_UP_MS, short ? 0.2 : ROUND_MS);
      turns.push({ operation, library, child, times, ns: [], bytes: [], spentMs: 0 });
    }
  }
  // Library after library within an operation.
  const operations = [...new Set(turns.map(({ operation }) => operation))];
  return turns.toSorted((a, b) => operations.indexOf(a.operation) - operations.indexOf(b.operation));
}

/**
 * What runs in the process of a library. `operationsOf(open, options)` gives, by name, `run(times)` and `check(times)`, which is
 * told how often it has been done in all and throws unless the library has it in its books. `least` says how often it is
 * done in a round at least.
 */
export async function operationsChild(library, options, operationsOf) {
  const operations = await operationsOf(await load(library), { ...options, library });
  const done = new Map(Object.keys(operations).map((name) => [name, 0]));

  async function milliseconds(name, times) {
    const start = performance.now();
    const pending = operations[name].run(times);
    if (pending !== undefined) await pending;
    const ms = performance.now() - start;
    done.set(name, done.get(name) + times);
    return ms;
  }

  return {
    operations: () => [...done.keys()],

    /** Resolves to how often to do it in a round. */
    async warmUp(name, warmUpMs, roundMs) {
      let times = 1;
      let spent = 0;
      for (;;) {
        const ms = await milliseconds(name, times);
        spent += ms;
        if (ms < roundMs / 2) times *= 2;
        else if (spent > warmUpMs) return Math.max(operations[name].least ?? 1, Math.round((times * roundMs) / ms));
      }
    },

    async round(name, times) {
      // What takes milliseconds is done but once in a round: not timed is that it is the first of this process in a while,
      // after a second in which the others have had the processor's caches, or right after an operation of its own.
      await milliseconds(name, 1);
      const ns = ((await milliseconds(name, times)) * 1e6) / times;
      const { allocates = true } = operations[name];
      return allocates ? { ns, bytes: allocated(name) } : { ns };
    },

    check: (name) => operations[name].check(done.get(name)),
  };

  /** In bytes an operation; what asking for them takes itself is left out. */
  function allocated(name) {
    const { run } = operations[name];
    run(0);
    const start = process.memoryUsage().heapUsed;
    run(0);
    const between = process.memoryUsage().heapUsed;
    run(ALLOCATING);
    const end = process.memoryUsage().heapUsed;
    done.set(name, done.get(name) + ALLOCATING);
    const bytes = (end - between - (between - start)) / ALLOCATING;
    // Less than nothing where the garbage collector has come all the same.
    return bytes > -1 ? bytes : undefined;
  }
}

/** The two ways to observe one value after the other, into metrics that are called `kept` and `plain`. */
export function observing(registry, kept, plain, buckets) {
  const values = observations(1024);
  let atKept = 0;
  let atPlain = 0;
  return {
    'observe, kept series': {
      run(times) {
        for (let i = 0; i < times; i++) kept.observe(values[atKept++ & 1023]);
      },
      check: checkObserved(registry, 'kept', values, buckets),
    },
    'observe, no labels': {
      run(times) {
        for (let i = 0; i < times; i++) plain.observe(values[atPlain++ & 1023]);
      },
      check: checkObserved(registry, 'plain', values, buckets),
    },
  };
}
