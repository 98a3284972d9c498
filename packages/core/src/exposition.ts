import { PIECE, SIZE, type ByteWriter } from './encode/byte-writer.ts';
import { negotiate, type Negotiated, type NegotiateOptions } from './encode/negotiate.ts';
import type { OnInvalid } from './encode/lines.ts';
import { openMetricsEncoder } from './encode/openmetrics.ts';
import { openMetrics2Encoder } from './encode/openmetrics2.ts';
import type { Encoder } from './encode/prepared.ts';
import { protobufEncoder } from './encode/protobuf.ts';
import { ProtobufWriter } from './encode/protobuf-writer.ts';
import { textEncoder } from './encode/text.ts';
import { TextWriter } from './encode/text-writer.ts';
import { MetricError, show } from './errors.ts';
import type { GatherOptions } from './gather/gather.ts';
import type { ViewOptions } from './gather/gathering.ts';
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
export interface StreamOptions extends ExposeOptions, ViewOptions {}

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
  /** The formats that are asked for. */
  readonly formats: Map<string, WrittenFormat>;
}

interface Begun {
  readonly out: ByteWriter;
  readonly steps: Generator<void, void>;
}

/** How a format is written in one registry, for all expositions. */
interface WrittenFormat {
  /** Where families are written, with so much room at first, and how far ahead where it is quick, and the steps that it takes. */
  readonly begin: (families: Iterable<FamilyView>, size: number, ahead: number) => Begun;
  /** How long the last exposition was that was put together: the next one will be about as long. */
  length: number | undefined;
  /** How often it was asked for. */
  times: number;
}

/** So many formats are kept; most often, the same one or two are asked for. */
const MOST_FORMATS = 4;

type Format = Pick<Negotiated, 'format' | 'version' | 'escaping'>;

/** What `gather` gives, in the format that suits the `Accept` header of a scrape best. */
export function stream(
  gather: () => Promise<Iterable<FamilyView>>,
  acceptHeader: string | undefined,
  options: ExposeOptions,
  encoding: Encoding,
): ExpositionStream {
  const negotiated = negotiate(checkAccept(acceptHeader), options);
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
  const negotiated = negotiate(checkAccept(acceptHeader), options);
  const out = await written(gather, negotiated, options, encoding);
  return { contentType: negotiated.contentType, body: out.take() };
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
  return textIn(await written(gather, { format, version, escaping: 'underscores' }, options, encoding, roomForText));
}

/** Piece after piece, with a turn for the event loop after each; then, who asked may want no more. */
async function* pieces(
  gather: () => Promise<Iterable<FamilyView>>,
  format: Format,
  options: ExposeOptions,
  encoding: Encoding,
  asked: { readonly isOver: boolean },
): AsyncGenerator<Uint8Array, void, undefined> {
  const families = await gather();
  const { turns } = encoding;
  // What was asked may have taken long, and the first scrape's code takes most of a turn to be compiled.
  await turns.next();
  if (asked.isOver) return;
  const { out, steps } = writtenFormat(format, options, encoding).begin(families, SIZE, 0);
  try {
    for (;;) {
      const { done = false } = asScrapeWork(() => steps.next());
      // If there is no piece, something was done for which there are no bytes yet.
      if (out.length > 0 && (done || (out.isWhole && out.isDue))) {
        let rest = out.take();
        // Some things are written in one step that are larger than a piece.
        for (; rest.length > SIZE; rest = rest.subarray(PIECE)) {
          yield rest.subarray(0, PIECE);
          await turns.next();
          if (asked.isOver) return;
        }
        yield rest;
      }
      if (done) return;
      await turns.next();
      if (asked.isOver) return;
    }
  } finally {
    // What is kept for the next exposition has to be told that this one is over.
    steps.return();
  }
}

/** Where all is put together: 256 KB of series that are read as rows take a fifth of a millisecond, of which a turn is a fiftieth. */
const AHEAD = 3 * PIECE;

/** The same with all that is written in one piece. */
async function written(
  gather: () => Promise<Iterable<FamilyView>>,
  format: Format,
  options: ExposeOptions,
  encoding: Encoding,
  roomFor: (length: number) => number = roomForBytes,
): Promise<ByteWriter> {
  const families = await gather();
  const how = writtenFormat(format, options, encoding);
  const expected = options.names === undefined ? how.length : undefined;
  const { out, steps } = how.begin(families, expected === undefined ? SIZE : roomFor(expected), AHEAD);
  await encoding.turns.between(steps);
  if (options.names === undefined) how.length = out.length;
  return out;
}

/** With so many bytes the last time, it may be some more now; not much more, as memory that is new takes long to get. */
function roomForBytes(expected: number): number {
  return expected + Math.ceil(expected / 32) + 1024;
}

/**
 * Node.js keeps a text that is made of so many bytes outside of V8's heap (`EXTERN_APEX` in its string_bytes.cc): there it
 * is copied to memory that was used before, and in the heap to new one, which takes several times as long.
 */
const OUTSIDE_HEAP = 0xfbee9 + 1;

/** The same for what will become a text: one of half that length and more is made of as many bytes, and keeps them. */
function roomForText(expected: number): number {
  const room = roomForBytes(expected);
  return expected >= OUTSIDE_HEAP / 2 ? Math.max(room, OUTSIDE_HEAP) : room;
}

function writtenFormat(format: Format, { created = false }: ExposeOptions, encoding: Encoding): WrittenFormat {
  const { formats } = encoding;
  const key = `${format.format} ${format.version} ${format.escaping} ${created}`;
  let how = formats.get(key);
  if (how === undefined) {
    if (formats.size >= MOST_FORMATS) formats.delete(leastAsked(formats));
    formats.set(key, (how = { begin: beginIn(format, created, encoding), length: undefined, times: 0 }));
  }
  how.times++;
  return how;
}

/** Who asks for many formats, each once, doesn't cost those what is kept who ask for the same one again and again. */
function leastAsked(formats: Encoding['formats']): string {
  const all = [...formats].map(([key, { times }]) => ({ key, times }));
  return all.reduce((least, each) => (each.times < least.times ? each : least)).key;
}

function beginIn(
  { format, version, escaping }: Format,
  created: boolean,
  { onInvalid }: Encoding,
): WrittenFormat['begin'] {
  if (format === 'protobuf') return beginBy(ProtobufWriter, protobufEncoder({ escaping, onInvalid }));
  if (format === 'text') return beginBy(TextWriter, textEncoder({ escaping, created, onInvalid }));
  const encode =
    version === '2.0.0'
      ? openMetrics2Encoder({ escaping, onInvalid })
      : openMetricsEncoder({ escaping, created, onInvalid });
  return beginBy(TextWriter, encode);
}

function beginBy<Out extends ByteWriter>(
  Writer: new (size: number, ahead: number) => Out,
  encode: Encoder<Out>,
): WrittenFormat['begin'] {
  return (families, size, ahead) => {
    const out = new Writer(size, ahead);
    return { out, steps: encode(out, families) };
  };
}

/** What has been written, as text. Node.js copies ASCII in a fraction of the time that it takes to look for other characters. */
function textIn(out: ByteWriter): string {
  const { isAscii } = out;
  const bytes = out.take();
  const { Buffer } = globalThis;
  if (!isAscii || Buffer === undefined) return new TextDecoder().decode(bytes);
  const { buffer, byteOffset: start, length } = bytes;
  // With what stands behind it, if there is room for so much, it takes less than by itself.
  const made = buffer.byteLength - start < OUTSIDE_HEAP ? length : Math.max(length, OUTSIDE_HEAP);
  return Buffer.from(buffer, start, made).toString('latin1').slice(0, length);
}

function checkAccept(header: string | null | undefined): string {
  if (header === undefined || header === null || typeof header === 'string') return header ?? '';
  throw new MetricError(
    'INVALID_OPTION',
    `The Accept header is ${show(header)}: give its text, such as request.headers.accept, or leave it out.`,
  );
}

function checkIsText(format: unknown): void {
  if (format === 'text' || format === 'openmetrics') return;
  const todo =
    format === 'protobuf' ? 'it is bytes, which expose gives' : "give 'text' or 'openmetrics', or leave it out";
  throw new MetricError('INVALID_OPTION', `There is no format ${show(format)} as text: ${todo}.`);
}
