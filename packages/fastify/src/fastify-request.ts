import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';

/** On Node.js' request: Fastify's. */
const REQUEST = Symbol('@prometer/fastify.request');

type KnownRequest = FastifyRequest['raw'] & { [REQUEST]?: FastifyRequest };

/** Keeps what functions of the app are given. */
export function keepRequest(request: FastifyRequest): void {
  (request.raw as KnownRequest)[REQUEST] = request;
}

/** A function of Fastify's request as one of Node.js'; undefined for what never becomes one, as no hook sees it. */
export function ofNodesRequest<Result>(
  read: (request: FastifyRequest) => Result,
): (request: IncomingMessage) => Result | undefined {
  return (raw) => {
    const request = (raw as KnownRequest)[REQUEST];
    return request === undefined ? undefined : read(request);
  };
}
