import { warn } from '@prometer/core';
import { reasonOf } from './options.ts';

/**
 * A function that a program has given, made harmless: where it throws, or returns a promise, which nothing could wait for,
 * `fail` is told so and answers instead.
 */
export function guarded<Given, Answer, Failed>(
  callback: (given: Given) => Answer,
  fail: (wrong: string) => Failed,
): (given: Given) => Answer | Failed {
  return (given) => {
    try {
      const answer = callback(given);
      return isPromise(answer) ? fail('has returned a promise, and nothing waits for one') : answer;
    } catch (error) {
      return fail(`has thrown ${reasonOf(error)}`);
    }
  };
}

/** Warns of the first failure only: all others would say the same. */
export function warnsOnce(code: string, messageOf: (wrong: string) => string): (wrong: string) => void {
  let isWarned = false;
  return (wrong) => {
    if (isWarned) return;
    isWarned = true;
    warn(code, messageOf(wrong));
  };
}

/** Whether it is a promise; its rejection is nobody's then, and must not end the process. */
function isPromise(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null) return false;
  const { then } = answer as { then?: unknown };
  if (typeof then !== 'function') return false;
  then.call(
    answer,
    () => {},
    () => {},
  );
  return true;
}
