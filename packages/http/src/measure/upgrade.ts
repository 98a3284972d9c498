import type { Socket } from 'node:net';
import type { Exchange } from './exchange.ts';
import { abortOfSocket } from './how-it-ended.ts';
import { CLIENT_CLOSED_REQUEST } from './labels.ts';

const SWITCHING_PROTOCOLS = 101;

/**
 * Follows a request to upgrade its connection by what is written to the socket: with 101 it becomes a stream, which ends
 * with the socket; any other status refuses it.
 *
 * @param isUpgraded whether the head has been written already
 */
export function followUpgrade(exchange: Exchange, socket: Socket, isUpgraded: boolean): void {
  // A client may have left before the request got as far as here.
  if (socket.closed) {
    exchange.end(CLIENT_CLOSED_REQUEST, abortOfSocket(socket));
    return;
  }
  let status: number | undefined;
  const answer = (written: number): void => {
    status = written;
    if (status === SWITCHING_PROTOCOLS) exchange.startStream('websocket');
    // The client may take its time to close its side.
    else socket.once('finish', () => exchange.end(written, undefined));
  };
  socket.once('close', () => {
    if (status === undefined) exchange.end(CLIENT_CLOSED_REQUEST, abortOfSocket(socket));
    else exchange.end(status, undefined);
  });
  if (isUpgraded) answer(SWITCHING_PROTOCOLS);
  else onStatus(socket, answer);
}

/** Calls `answer` with the status of the first response that is written to a socket. */
function onStatus(socket: Socket, answer: (status: number) => void): void {
  const restores = [shadow('write'), shadow('end')];

  function shadow(name: 'write' | 'end'): () => void {
    const original = socket[name] as (...given: unknown[]) => unknown;
    const isOwn = Object.hasOwn(socket, name);
    const shadowing = function (this: Socket, ...given: unknown[]): unknown {
      look(given[0]);
      return original.apply(this, given);
    };
    socket[name] = shadowing as never;
    return () => {
      if (socket[name] !== (shadowing as never)) return;
      if (isOwn) socket[name] = original as never;
      else delete (socket as Partial<Socket>)[name];
    };
  }

  let isAnswered = false;
  let start = '';
  function look(chunk: unknown): void {
    if (isAnswered) return;
    start += startOf(chunk);
    // Nothing has come, or less than tells whether it is a status line.
    if (start.length < STATUS_LENGTH && 'HTTP/'.startsWith(start.slice(0, 5))) return;
    const status = statusIn(start);
    start = '';
    if (status === undefined) return;
    isAnswered = true;
    for (const restore of restores) restore();
    answer(status);
  }
}

/** As much of a response as tells its status: `HTTP/1.1 101`. */
const STATUS_LENGTH = 12;

function startOf(chunk: unknown): string {
  if (typeof chunk === 'string') return chunk.slice(0, STATUS_LENGTH);
  return chunk instanceof Uint8Array ? Buffer.from(chunk.subarray(0, STATUS_LENGTH)).toString('latin1') : '';
}

/** The status in the first bytes of a response; undefined for one that another follows, such as 100. */
function statusIn(start: string): number | undefined {
  const status = /^HTTP\/\d\.\d (\d{3})/.exec(start)?.[1];
  // Something else than a head is what comes after one.
  if (status === undefined) return SWITCHING_PROTOCOLS;
  return Number(status) < 200 && Number(status) !== SWITCHING_PROTOCOLS ? undefined : Number(status);
}
