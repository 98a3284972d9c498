import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';

/** On Node.js' request: Fastify's. */
const REQUEST = Symbol('@prometer/fastify.request');

type KnownRequest = FastifyRequest['raw'] & { [REQUEST]?: FastifyRequest };

/**
 * Whether any registration has a function that is given Fastify's request: of several in an app, the one that sees it first
 * keeps it for all. Where there is none, it isn't kept, as one more property of each request takes up to a microsecond.
 */
let isGiven = false;

/** Keeps what functions of the app are given. */
export function keepRequest(request: FastifyRequest): void {
  if (isGiven) (request.raw as KnownRequest)[REQUEST] = request;
}

/** A function of Fastify's request as one of Node.js'; undefined for what never becomes one, as no hook sees it. */
export function ofNodesRequest<Result>(
  read: (request: FastifyRequest) => Result,
): (request: IncomingMessage) => Result | undefined {
  isGiven = true;
  return (raw) => {
    const request = (raw as KnownRequest)[REQUEST];
    return request === undefined ? undefined : read(request);
  };
}
