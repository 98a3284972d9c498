import { negotiate, type Negotiated, type NegotiateOptions } from './encode/negotiate.ts';
import type { OnInvalid } from './encode/lines.ts';
import { encodeOpenMetrics } from './encode/openmetrics.ts';
import { encodeOpenMetrics2 } from './encode/openmetrics2.ts';
import { encodeProtobuf } from './encode/protobuf.ts';
import { encodeText } from './encode/text.ts';
import { MetricError, show } from './errors.ts';
import type { GatherOptions } from './gather/gather.ts';
import type { FamilyView } from './model.ts';
import { asScrapeWork } from './scrape-work.ts';
import type { Turns } from './turns.ts';

/** What is asked of an exposition. */
export interface ExposeOptions extends GatherOptions, NegotiateOptions {
  /**
   * Whether it tells when each series began to count: in the text format as gauges of their own, `x_created`. Off if left
   * out, because Prometheus takes them for series unless it is told otherwise. Protobuf and OpenMetrics 2.0 always tell it.
   */
  created?: boolean | undefined;
}

/** What is asked of an exposition as text. */
export interface MetricsOptions extends ExposeOptions {
  /**
   * `text`, which is Prometheus' text format 0.0.4, or `openmetrics`, which is OpenMetrics 1.0, or 2.0 with
   * `openMetrics2`; `text` if left out.
   */
  format?: 'text' | 'openmetrics' | undefined;
}

/** What is asked of an exposition in pieces. */
export interface StreamOptions extends ExposeOptions {
  /**
   * Whether it may show what a collector gives to another stream, if that has begun to wait for it: collectors that take
   * their time then run once for all scrapes that come meanwhile. Off if left out.
   */
  shareGather?: boolean | undefined;
}

/** What is sent in answer to a scrape. */
export interface Exposition {
  contentType: string;
  body: Uint8Array;
}

/** The same in pieces of some 64 KB, each made when it is asked for. */
export interface ExpositionStream extends AsyncGenerator<Uint8Array, void, undefined> {
  readonly contentType: string;
}

/** What encoding needs to know of the registry that it is for. */
export interface Encoding {
  /** Told of each family that the format can't carry. */
  readonly onInvalid: OnInvalid;
  /** Where pieces wait for their turn. */
  readonly turns: Turns;
}

type Format = Pick<Negotiated, 'format' | 'version' | 'escaping'>;

/** What `gather` gives, in the format that suits the `Accept` header of a scrape best. */
export function stream(
  gather: () => Promise<Iterable<FamilyView>>,
  acceptHeader: string | undefined,
  options: ExposeOptions,
  encoding: Encoding,
): ExpositionStream {
  const negotiated = negotiate(acceptHeader, options);
  const { contentType } = negotiated;
  const asked = { isOver: false };
  const made = pieces(gather, negotiated, options, encoding, asked);
  const end = made.return.bind(made);
  return Object.assign(made, {
    contentType,
    // By itself it would make what has been asked for first.
    return: (value: void) => {
      asked.isOver = true;
      return end(value);
    },
  });
}

/** The same put together. */
export async function expose(
  gather: () => Promise<Iterable<FamilyView>>,
  acceptHeader: string | undefined,
  options: ExposeOptions,
  encoding: Encoding,
): Promise<Exposition> {
  const all = stream(gather, acceptHeader, options, encoding);
  return { contentType: all.contentType, body: await putTogether(all) };
}

/**
 * The same as text.
 *
 * @throws MetricError `INVALID_OPTION` for a format that isn't text
 */
export async function textOf(
  gather: () => Promise<Iterable<FamilyView>>,
  options: MetricsOptions,
  encoding: Encoding,
): Promise<string> {
  const { format = 'text', openMetrics2 = false } = options;
  checkIsText(format);
  const version = openMetrics2 ? '2.0.0' : '1.0.0';
  const body = await putTogether(pieces(gather, { format, version, escaping: 'underscores' }, options, encoding));
  return new TextDecoder().decode(body);
}

/** Gives the event loop its turn whenever some 64 KB have been made; then, who asked may want no more. */
async function* pieces(
  gather: () => Promise<Iterable<FamilyView>>,
  format: Format,
  options: ExposeOptions,
  { onInvalid, turns }: Encoding,
  asked: { readonly isOver: boolean } = { isOver: false },
): AsyncGenerator<Uint8Array, void, undefined> {
  let sinceTurn = 0;
  const families = await gather();
  if (asked.isOver) return;
  const made = encode(families, format, options, onInvalid);
  for (;;) {
    const { done, value: piece } = asScrapeWork(() => made.next());
    if (done === true) return;
    if (piece.length > 0) yield piece;
    sinceTurn += piece.length;
    // Without bytes, a piece says that something was done for which there are none yet.
    if (piece.length > 0 && sinceTurn < TURN) continue;
    await turns.next();
    if (asked.isOver) return;
    sinceTurn = 0;
  }
}

/** How many bytes are made in one turn: what is smaller is made at once. */
const TURN = 64 * 1024;

function encode(
  families: Iterable<FamilyView>,
  { format, version, escaping }: Format,
  { created }: ExposeOptions,
  onInvalid: OnInvalid,
): Generator<Uint8Array, void, undefined> {
  switch (format) {
    case 'openmetrics':
      return version === '2.0.0'
        ? encodeOpenMetrics2(families, { escaping, onInvalid })
        : encodeOpenMetrics(families, { escaping, created, onInvalid });
    case 'protobuf':
      return encodeProtobuf(families, { escaping, onInvalid });
    case 'text':
      return encodeText(families, { escaping, created, onInvalid });
  }
}

function checkIsText(format: unknown): void {
  if (format === 'text' || format === 'openmetrics') return;
  const todo =
    format === 'protobuf' ? 'it is bytes, which expose gives' : "give 'text' or 'openmetrics', or leave it out";
  throw new MetricError('INVALID_OPTION', `There is no format ${show(format)} as text: ${todo}.`);
}

async function putTogether(given: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of given) all.push(piece);
  if (all.length === 1) return all[0] as Uint8Array;
  const whole = new Uint8Array(all.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of all) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
