import { guarded, warnsOnce } from '@prometer/http';
import type { FastifyRequest } from 'fastify';

/** A function that tells which requests aren't measured: where it doesn't, they are, which is warned of once. */
export function ignoring(ignore: (request: FastifyRequest) => boolean): (request: FastifyRequest) => boolean {
  const warnOf = warnsOnce(
    'PROMETER_IGNORE_ERROR',
    (wrong) => `The function "ignore" ${wrong}: such requests are measured.`,
  );
  const answerOf = guarded(ignore, warnOf);
  return (request) => Boolean(answerOf(request));
}
