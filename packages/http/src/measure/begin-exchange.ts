import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { countBodies } from './body-sizes.ts';
import { watchHead } from './event-stream.ts';
import { Exchange, EXCHANGE, type Measured, type Measuring, type RouteOf } from './exchange.ts';
import { isOver, whenNoLongerWaiting } from './exchange-end.ts';
import { followUpgrade } from './upgrade.ts';

/**
 * Gives a request and its response the properties that an exchange needs. Best done before a framework gives them other
 * prototypes, as Express does: from then on V8 takes microseconds for each property that an object didn't have.
 */
export function prepareExchange(request: IncomingMessage & Measured, response: ServerResponse & Measured): void {
  if (response[EXCHANGE] !== undefined) return;
  request[EXCHANGE] ??= null;
  response[EXCHANGE] = null;
  watchHead(response);
}

/** Begins to measure a request, from `start` in milliseconds of `performance.now()`. */
export function beginExchange(
  measuring: Measuring,
  request: IncomingMessage & Measured,
  response: ServerResponse & Measured,
  routeOf: RouteOf,
  start: number,
): void {
  // Set by Node.js where something listens for it.
  if ((request as { upgrade?: boolean }).upgrade === true) {
    beginUpgrade(measuring, request, response, request.socket, routeOf, start);
    return;
  }
  const exchange = new Exchange(measuring, request, response, routeOf, start, request[EXCHANGE] ?? undefined);
  request[EXCHANGE] = exchange;
  const earlier = response[EXCHANGE];
  if (earlier === undefined) watchHead(response);
  response[EXCHANGE] = exchange;
  if (measuring.sizes) countBodies(request, response);
  // A client may have left before the request got as far as here.
  if (isOver(response)) exchange.close();
  else if (!earlier) follow(request, response);
}

/** Begins to measure a request whose connection is to be upgraded. */
export function beginUpgrade(
  measuring: Measuring,
  request: IncomingMessage & Measured,
  response: ServerResponse | undefined,
  socket: Socket,
  routeOf: RouteOf,
  start: number,
): void {
  const exchange = new Exchange(measuring, request, response, routeOf, start, request[EXCHANGE] ?? undefined);
  request[EXCHANGE] = exchange;
  // Whoever makes a response without a socket, to have a framework route it, has upgraded the connection already.
  const isUpgraded = response !== undefined && response.socket === null && socket.bytesWritten > 0;
  followUpgrade(exchange, socket, isUpgraded);
}

/** Once for all exchanges of a response. */
function follow(request: IncomingMessage, response: ServerResponse): void {
  if (response.socket === null) whenNoLongerWaiting(request.socket, response, () => closeAll.call(response));
  else response.on('close', closeAll);
}

/** One function for all responses. */
function closeAll(this: ServerResponse & Measured): void {
  for (let exchange = this[EXCHANGE]; exchange; exchange = exchange.next) exchange.close();
}
