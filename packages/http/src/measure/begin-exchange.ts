import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { countBodies } from './body-sizes.ts';
import { watchHead } from './watch-head.ts';
import {
  Exchange,
  exchangeOf,
  EXCHANGES,
  type Exchanges,
  type Measured,
  type Measuring,
  type RouteOf,
} from './exchange.ts';
import { isOver, whenNoLongerWaiting } from '../response-over.ts';
import { followUpgrade } from './upgrade.ts';

/**
 * Gives a request and its response what an exchange needs of them. Best done before a framework gives them other
 * prototypes, as Express does: from then on V8 takes microseconds for each property that an object didn't have, and some
 * tenths of one to look up any other.
 *
 * @returns undefined for a request to upgrade its connection, of which the response tells nothing
 */
export function prepareExchange(
  request: IncomingMessage & Measured,
  response: ServerResponse & Measured,
): Exchanges | undefined {
  const known = response[EXCHANGES];
  if (known !== undefined) return known;
  // Set by Node.js where something listens for it.
  if ((request as { upgrade?: boolean }).upgrade === true) return undefined;
  const exchanges = (request[EXCHANGES] ??= noExchanges());
  response[EXCHANGES] = exchanges;
  watchHead(response);
  // A client may have left before the request got as far as here.
  if (isOver(response)) exchanges.isOver = true;
  else if (response.socket === null) whenNoLongerWaiting(request.socket, response, () => closeAll.call(response));
  else response.on('close', closeAll);
  return exchanges;
}

/** Begins to measure a request, from `start` in milliseconds of `performance.now()`. */
export function beginExchange(
  measuring: Measuring,
  request: IncomingMessage & Measured,
  response: ServerResponse & Measured,
  routeOf: RouteOf,
  start: number,
): void {
  const exchanges = prepareExchange(request, response);
  if (exchanges === undefined) {
    beginUpgrade(measuring, request, response, request.socket, routeOf, start);
    return;
  }
  // Somebody may have put another request in the place of the one that came with the response.
  request[EXCHANGES] ??= exchanges;
  const known = exchangeOf(response, measuring.registry);
  if (known !== undefined) {
    known.join(routeOf, response);
    return;
  }
  const exchange = new Exchange(measuring, request, response, routeOf, start, exchanges.first);
  exchanges.first = exchange;
  if (measuring.sizes) countBodies(request, response);
  if (exchanges.isOver) exchange.close(exchanges);
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
  const exchanges = (request[EXCHANGES] ??= noExchanges());
  const exchange = new Exchange(measuring, request, response, routeOf, start, exchanges.first);
  exchanges.first = exchange;
  // Whoever makes a response without a socket, to have a framework route it, has upgraded the connection already.
  const isUpgraded = response !== undefined && response.socket === null && socket.bytesWritten > 0;
  followUpgrade(exchange, socket, isUpgraded);
}

function noExchanges(): Exchanges {
  return { first: undefined, written: undefined, status: undefined, isUnsent: false, isOver: false };
}

/** One function for all responses. */
function closeAll(this: ServerResponse & Measured): void {
  const exchanges = this[EXCHANGES] as Exchanges;
  exchanges.isOver = true;
  for (let exchange = exchanges.first; exchange !== undefined; exchange = exchange.next) exchange.close(exchanges);
}
