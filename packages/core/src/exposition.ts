import { negotiate, type Negotiated } from './encode/negotiate.ts';
import type { OnInvalid } from './encode/lines.ts';
import { encodeOpenMetrics } from './encode/openmetrics.ts';
import { encodeProtobuf } from './encode/protobuf.ts';
import { encodeText } from './encode/text.ts';
import { MetricError, show } from './errors.ts';
import type { GatherOptions } from './gather.ts';
import type { FamilyView } from './model.ts';

/** What is asked of an exposition. */
export interface ExposeOptions extends GatherOptions {
  /**
   * Whether it tells when each series began to count: in the text format as gauges of their own, `x_created`. Off if left
   * out, because Prometheus takes them for series unless it is told otherwise. Protobuf always tells it.
   */
  created?: boolean | undefined;
}

/** What is asked of an exposition as text. */
export interface MetricsOptions extends ExposeOptions {
  /** `text`, which is Prometheus' text format 0.0.4, or `openmetrics`, OpenMetrics 1.0; `text` if left out. */
  format?: 'text' | 'openmetrics' | undefined;
}

/** What is sent in answer to a scrape. */
export interface Exposition {
  contentType: string;
  body: Uint8Array;
}

/** The pieces that the encoder of a format makes of these families, each when it is asked for. */
export function encode(
  families: Iterable<FamilyView>,
  { format, escaping }: Pick<Negotiated, 'format' | 'escaping'>,
  { created }: ExposeOptions,
  onInvalid: OnInvalid,
): Generator<Uint8Array, void, undefined> {
  switch (format) {
    case 'openmetrics':
      return encodeOpenMetrics(families, { escaping, created, onInvalid });
    case 'protobuf':
      return encodeProtobuf(families, { escaping });
    case 'text':
      return encodeText(families, { escaping, created, onInvalid });
  }
}

/** The same put together, in the format that suits the `Accept` header of a scrape best. */
export function expose(
  families: Iterable<FamilyView>,
  acceptHeader: string | undefined,
  options: ExposeOptions,
  onInvalid: OnInvalid,
): Exposition {
  const negotiated = negotiate(acceptHeader);
  return {
    contentType: negotiated.contentType,
    body: concatenate([...encode(families, negotiated, options, onInvalid)]),
  };
}

/** The same as text. */
export function textOf(families: Iterable<FamilyView>, options: MetricsOptions, onInvalid: OnInvalid): string {
  const { format = 'text' } = options;
  const body = concatenate([...encode(families, { format, escaping: 'underscores' }, options, onInvalid)]);
  return new TextDecoder().decode(body);
}

/** @throws MetricError `INVALID_OPTION` for a format that isn't text */
export function checkIsText({ format = 'text' }: MetricsOptions): void {
  if (format === 'text' || format === 'openmetrics') return;
  const todo =
    format === 'protobuf' ? 'it is bytes, which expose gives' : "give 'text' or 'openmetrics', or leave it out";
  throw new MetricError('INVALID_OPTION', `There is no format ${show(format)} as text: ${todo}.`);
}

function concatenate(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0] as Uint8Array;
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
