import { inspect } from 'node:util';
import { warnsOnce } from '@prometer/http';
import type { FastifyRequest } from 'fastify';

/** A function that tells which requests aren't measured: where it doesn't, they are, which is warned of once. */
export function ignoring(ignore: (request: FastifyRequest) => boolean): (request: FastifyRequest) => boolean {
  const warnOf = warnsOnce(
    'PROMETER_IGNORE_ERROR',
    (wrong) => `The function "ignore" ${wrong}: such requests are measured.`,
  );

  return (request) => {
    try {
      const answer: unknown = ignore(request);
      if (typeof answer !== 'object' || answer === null) return Boolean(answer);
      // A rejection of what nobody waits for would end the process.
      Promise.resolve(answer).catch(() => {});
      warnOf(`has returned ${inspect(answer, { depth: 0 })}, which is neither true nor false`);
    } catch (error) {
      warnOf(`has thrown ${inspect(error, { depth: 0 })}`);
    }
    return false;
  };
}
