import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExpositionStream } from '@prometer/core';
import { codingFor, type Coding } from './content-coding.ts';
import { beginResponse, respond } from './respond.ts';

/** An exposition of which the first two pieces, as far as there are any, have been made. */
export interface BegunExposition {
  readonly stream: ExpositionStream;
  readonly first: IteratorResult<Uint8Array, void>;
  readonly second: IteratorResult<Uint8Array, void>;
  /** How long a client may take nothing of what is streamed to it; for ever if undefined. */
  readonly stallMs: number | undefined;
}

/** Sends an exposition: with its length where it is whole already, or else no faster than the client reads. */
export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  { stream, first, second, stallMs }: BegunExposition,
): Promise<void> {
  const { contentType } = stream;
  const coding = response.hasHeader('Content-Encoding') ? undefined : codingFor(request.headers['accept-encoding']);
  if (first.done === true || second.done === true) {
    const body = first.done === true ? new Uint8Array() : first.value;
    const isPacked = coding !== undefined && body.length >= coding.fromBytes;
    const sent = isPacked ? await coding.whole(body) : body;
    respond(request, response, 200, contentType, sent, headersOf(response, isPacked ? coding : undefined));
    return;
  }
  beginResponse(request, response, 200, { 'Content-Type': contentType, ...headersOf(response, coding) });
  destroyOnFailure(response, 'write');
  destroyOnFailure(response, 'end');
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  if (stallMs !== undefined) response.setTimeout(stallMs);
  const pieces = Readable.from(
    together([first.value, second.value], stream, () => breakOff(request)),
    {
      objectMode: false,
      // One piece waits at most.
      highWaterMark: 1,
    },
  );
  try {
    await (coding === undefined ? pipeline(pieces, response) : pipeline(pieces, coding.stream(), response));
  } catch {
    // The client has left, or sees by an answer without an end that it isn't whole.
  }
}

/** Somebody else may have put something before it that throws: a stream calls it where nobody could catch that. */
function destroyOnFailure(response: ServerResponse, method: 'write' | 'end'): void {
  const given = response[method] as (...args: unknown[]) => unknown;
  const guarded = (...args: unknown[]): unknown => {
    try {
      return given.apply(response, args);
    } catch {
      response.destroy();
      return false;
    }
  };
  response[method] = guarded as never;
}

async function* together(
  begun: readonly Uint8Array[],
  stream: ExpositionStream,
  onFailure: () => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* begun;
  // Not by yield*, through which a client that leaves would come back as a failure.
  for (;;) {
    let next: IteratorResult<Uint8Array, void>;
    try {
      next = await stream.next();
    } catch (error) {
      onFailure();
      throw error;
    }
    if (next.done === true) return;
    yield next.value;
  }
}

/** In HTTP/1.0 the end of the connection is that of the answer: only a reset one tells that more was to come. */
function breakOff({ httpVersion, socket }: IncomingMessage): void {
  if (httpVersion !== '1.0') return;
  try {
    socket.resetAndDestroy();
  } catch {
    // TLS has its own way to tell.
  }
}

function headersOf(response: ServerResponse, coding?: Coding): Record<string, string> {
  const given = [response.getHeader('Vary') ?? []].flat().join(', ');
  const names = given.split(',').map((name) => name.trim().toLowerCase());
  const missing = names.includes('*')
    ? []
    : ['Accept', 'Accept-Encoding'].filter((name) => !names.includes(name.toLowerCase()));
  return {
    Vary: [...(given === '' ? [] : [given]), ...missing].join(', '),
    ...(coding !== undefined && { 'Content-Encoding': coding.name }),
  };
}
