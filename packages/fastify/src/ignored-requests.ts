import { inspect } from 'node:util';
import type { FastifyRequest } from 'fastify';

/** A function that tells which requests aren't measured: where it doesn't, they are, which is warned of once. */
export function ignoring(ignore: (request: FastifyRequest) => boolean): (request: FastifyRequest) => boolean {
  let isWarned = false;

  function fail(wrong: string): false {
    if (!isWarned) {
      isWarned = true;
      process.emitWarning(`The function "ignore" ${wrong}: such requests are measured.`, {
        type: 'PrometerWarning',
        code: 'PROMETER_IGNORE_ERROR',
      });
    }
    return false;
  }

  return (request) => {
    try {
      const answer: unknown = ignore(request);
      if (typeof answer !== 'object' || answer === null) return Boolean(answer);
      // A rejection of what nobody waits for would end the process.
      Promise.resolve(answer).catch(() => {});
      return fail(`has returned ${inspect(answer, { depth: 0 })}, which is neither true nor false`);
    } catch (error) {
      return fail(`has thrown ${inspect(error, { depth: 0 })}`);
    }
  };
}
