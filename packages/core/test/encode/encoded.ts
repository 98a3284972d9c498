import { PIECE, type ByteWriter } from '../../src/encode/byte-writer.ts';
import { openMetricsEncoder, type OpenMetricsOptions } from '../../src/encode/openmetrics.ts';
import { openMetrics2Encoder, type OpenMetrics2Options } from '../../src/encode/openmetrics2.ts';
import type { Encoder } from '../../src/encode/prepared.ts';
import { protobufEncoder, type ProtobufOptions } from '../../src/encode/protobuf.ts';
import { ProtobufWriter } from '../../src/encode/protobuf-writer.ts';
import { textEncoder, type TextOptions } from '../../src/encode/text.ts';
import { TextWriter } from '../../src/encode/text-writer.ts';
import type { FamilyView } from '../../src/model.ts';

const NOTHING = new Uint8Array();

type Pieces<Options> = (families: Iterable<FamilyView>, options?: Options) => Generator<Uint8Array, void>;

function textBy<Options>(encoder: (options?: Options) => Encoder<TextWriter>): Pieces<Options> {
  return (families, options) => {
    const out = new TextWriter();
    return piecesOf(out, encoder(options)(out, families));
  };
}

// Each format, in the pieces in which a stream gives it away, made one by one; empty for a turn without one.

export const textPieces: Pieces<TextOptions> = textBy(textEncoder);
export const openMetricsPieces: Pieces<OpenMetricsOptions> = textBy(openMetricsEncoder);
export const openMetrics2Pieces: Pieces<OpenMetrics2Options> = textBy(openMetrics2Encoder);

export function protobufPieces(families: Iterable<FamilyView>, options: ProtobufOptions): Generator<Uint8Array, void> {
  const out = new ProtobufWriter();
  return piecesOf(out, protobufEncoder(options)(out, families));
}

export function* piecesOf(out: ByteWriter, steps: Generator<void, void>): Generator<Uint8Array, void> {
  for (const _ of steps) yield out.isWhole && out.length >= PIECE ? out.take() : NOTHING;
  if (out.length > 0) yield out.take();
}
