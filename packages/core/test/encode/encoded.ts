import { PIECE, type ByteWriter } from '../../src/encode/byte-writer.ts';
import { encodeOpenMetrics, type OpenMetricsOptions } from '../../src/encode/openmetrics.ts';
import { encodeOpenMetrics2, type OpenMetrics2Options } from '../../src/encode/openmetrics2.ts';
import { encodeProtobuf, type ProtobufOptions } from '../../src/encode/protobuf.ts';
import { ProtobufWriter } from '../../src/encode/protobuf-writer.ts';
import { encodeText, type TextOptions } from '../../src/encode/text.ts';
import { TextWriter } from '../../src/encode/text-writer.ts';
import type { FamilyView } from '../../src/model.ts';

const NOTHING = new Uint8Array();

// Each format, in the pieces in which a stream gives it away, made one by one; empty for a turn without one.

export function textPieces(families: Iterable<FamilyView>, options?: TextOptions): Generator<Uint8Array, void> {
  const out = new TextWriter();
  return piecesOf(out, encodeText(out, families, options));
}

export function openMetricsPieces(
  families: Iterable<FamilyView>,
  options?: OpenMetricsOptions,
): Generator<Uint8Array, void> {
  const out = new TextWriter();
  return piecesOf(out, encodeOpenMetrics(out, families, options));
}

export function openMetrics2Pieces(
  families: Iterable<FamilyView>,
  options?: OpenMetrics2Options,
): Generator<Uint8Array, void> {
  const out = new TextWriter();
  return piecesOf(out, encodeOpenMetrics2(out, families, options));
}

export function protobufPieces(families: Iterable<FamilyView>, options: ProtobufOptions): Generator<Uint8Array, void> {
  const out = new ProtobufWriter();
  return piecesOf(out, encodeProtobuf(out, families, options));
}

export function* piecesOf(out: ByteWriter, steps: Generator<void, void>): Generator<Uint8Array, void> {
  for (const _ of steps) yield out.isWhole && out.length >= PIECE ? out.take() : NOTHING;
  if (out.length > 0) yield out.take();
}
