// Functions among the options, of which each call is answered in another way that it shouldn't be.

/** By what happens, what a function does. */
export const FAULTS = {
  throws: () => {
    throw new Error('the function has thrown');
  },
  throws_nothing: () => {
    throw undefined;
  },
  throws_what_throws: () => {
    throw {
      get [Symbol.toStringTag]() {
        throw new Error('it can not be shown');
      },
    };
  },
  rejects: () => Promise.reject(new Error('the function has rejected')),
  hangs: () => new Promise(() => {}),
  resolves: () => Promise.resolve('late'),
  is_a_thenable_that_throws: () => ({
    // oxlint-disable-next-line unicorn/no-thenable -- that is what it is about
    get then() {
      throw new Error('then has thrown');
    },
  }),
  gives_an_object: () => ({ a: 1 }),
  gives_an_array: () => ['a', 'b'],
  gives_what_can_not_be_shown: () => ({
    get [Symbol.toStringTag]() {
      throw new Error('it can not be shown');
    },
  }),
  gives_a_symbol: () => Symbol('a'),
  gives_a_function: () => () => 'a',
  gives_what_is_too_long: () => 'x'.repeat(100_000),
};

/** What lets nobody in (README: falsy, a throw, a rejection); all but those that hang. */
export const REFUSALS = {
  throws: FAULTS.throws,
  throws_nothing: FAULTS.throws_nothing,
  throws_what_throws: FAULTS.throws_what_throws,
  rejects: FAULTS.rejects,
  is_a_thenable_that_throws: FAULTS.is_a_thenable_that_throws,
  false: () => false,
  undefined: () => undefined,
  null: () => null,
  zero: () => 0,
  empty: () => '',
  not_a_number: () => NaN,
  resolves_to_false: () => Promise.resolve(false),
  resolves_to_undefined: () => Promise.resolve(),
};

const AUTHORIZING = { ...REFUSALS, hangs: FAULTS.hangs, true: () => true };

/** Of `ignore`, for which whatever is truthy says yes, only those that don't answer. */
const NO_ANSWER = Object.keys(FAULTS).filter((name) => !name.startsWith('gives_'));

export function prepare({ framework }) {
  const calls = {};
  /** A function that fails each time, in all ways by turns. */
  const failing = (name, ways = Object.keys(FAULTS)) => {
    calls[name] = 0;
    return () => FAULTS[ways[calls[name]++ % ways.length]]();
  };
  return {
    options: {
      labels: { bad: failing('bad'), worse: { values: ['a'], from: failing('worse') }, good: ({ url }) => url.length },
      exemplars: failing('exemplars'),
      ignore: failing('ignore', NO_ANSWER),
      authorize: ({ headers }) => AUTHORIZING[headers['x-authorize']](),
      ...(framework === 'plain' && { route: failing('route') }),
    },
    calls: { calls: () => calls },
  };
}
