import { PIECE, type ByteWriter } from '../../src/encode/byte-writer.ts';
import { encodeOpenMetrics, type OpenMetricsOptions } from '../../src/encode/openmetrics.ts';
import { encodeOpenMetrics2, type OpenMetrics2Options } from '../../src/encode/openmetrics2.ts';
import { encodeProtobuf, type ProtobufOptions } from '../../src/encode/protobuf.ts';
import { ProtobufWriter } from '../../src/encode/protobuf-writer.ts';
import { encodeText, type TextOptions } from '../../src/encode/text.ts';
import { TextWriter } from '../../src/encode/text-writer.ts';
import type { FamilyView } from '../../src/model.ts';

const NOTHING = new Uint8Array();

type Encode<Options> = (out: TextWriter, families: Iterable<FamilyView>, options?: Options) => Generator<void, void>;
type Pieces<Options> = (families: Iterable<FamilyView>, options?: Options) => Generator<Uint8Array, void>;

function textBy<Options>(encode: Encode<Options>): Pieces<Options> {
  return (families, options) => {
    const out = new TextWriter();
    return piecesOf(out, encode(out, families, options));
  };
}

// Each format, in the pieces in which a stream gives it away, made one by one; empty for a turn without one.

export const textPieces: Pieces<TextOptions> = textBy(encodeText);
export const openMetricsPieces: Pieces<OpenMetricsOptions> = textBy(encodeOpenMetrics);
export const openMetrics2Pieces: Pieces<OpenMetrics2Options> = textBy(encodeOpenMetrics2);

export function protobufPieces(families: Iterable<FamilyView>, options: ProtobufOptions): Generator<Uint8Array, void> {
  const out = new ProtobufWriter();
  return piecesOf(out, encodeProtobuf(out, families, options));
}

export function* piecesOf(out: ByteWriter, steps: Generator<void, void>): Generator<Uint8Array, void> {
  for (const _ of steps) yield out.isWhole && out.length >= PIECE ? out.take() : NOTHING;
  if (out.length > 0) yield out.take();
}
