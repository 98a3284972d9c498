import { escapeMetricName, type EscapingScheme } from '../escaping.ts';
import type { FamilyView, MetricType } from '../model.ts';
import { exposedName } from '../names.ts';
import { isAccepted, NOTHING, PIECE, whatIsTaken, type OnInvalid } from './lines.ts';
import { MetricWriter } from './protobuf-metric.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** What can be chosen about the protobuf format. */
export interface ProtobufOptions {
  /** How names that aren't legal without quotes are written. */
  escaping: EscapingScheme;
  /** Called for each family that is left out because another one is exposed under its name, with what is wrong. */
  onInvalid?: OnInvalid | undefined;
}

/** The format's own types, in place of those that it doesn't know. */
const TYPES: Readonly<Record<MetricType, number>> = {
  counter: 0,
  gauge: 1,
  info: 1,
  stateset: 1,
  summary: 2,
  unknown: 3,
  histogram: 4,
  gaugehistogram: 5,
};

/** The fields of the message (Prometheus, client_model: metrics.proto); they are written in this order. */
const FAMILY = { name: 1, help: 2, type: 3, metric: 4, unit: 5 } as const;

/** How many pieces a message has at most, about. */
const PIECES = 8;

/**
 * Families as Prometheus' protobuf format, each a `MetricFamily` message after its length (Prometheus, "Exposition
 * formats: Protobuf format"), in pieces of some 64 KB, so that whoever asks for the next one decides when it is made.
 *
 * A message begins with its length, which isn't known before its last series: until then its bytes are kept, and an empty
 * piece comes for every 64 KB of them. So that they don't fill the memory, a family of more than half a megabyte comes in
 * several messages with the same head, which Prometheus reads one by one anyway.
 */
export function* encodeProtobuf(
  families: Iterable<FamilyView>,
  { escaping, onInvalid }: ProtobufOptions,
): Generator<Uint8Array, void> {
  const whole = new ProtobufWriter(PIECE);
  const out = new ProtobufWriter(PIECE + 4096);
  const metrics = new MetricWriter(out, FAMILY.metric, escaping);
  const taken = new Set<string>();
  const check = (each: FamilyView): string | undefined => whatIsTaken(each, escaping, taken);
  for (const family of families) {
    if (!(yield* isAccepted(family, check, onInvalid))) continue;
    const name = escapeMetricName(exposedName(family.name, family.type), escaping);
    const kept: Uint8Array[] = [];
    let [isBegun, messages] = [false, 0];
    for (const series of family.series) {
      if (!isBegun) writeHead(out, name, family);
      isBegun = true;
      metrics.write(family, series);
      if (out.length < PIECE) continue;
      kept.push(out.take());
      yield NOTHING;
      if (kept.length < PIECES) continue;
      yield* endMessage(whole, kept, out, name, family);
      isBegun = false;
      messages++;
    }
    if (messages > 0 && !isBegun) continue;
    if (!isBegun) writeHead(out, name, family);
    yield* endMessage(whole, kept, out, name, family);
  }
  if (whole.length > 0) yield whole.take();
}

function writeHead(out: ProtobufWriter, name: string, { help, type }: FamilyView): void {
  out.string(FAMILY.name, name);
  if (help !== '') out.string(FAMILY.help, help);
  out.integer(FAMILY.type, TYPES[type]);
}

/** Gives a message away after its length: what is kept of it, and then what is written in `out`, perhaps with others. */
function* endMessage(
  whole: ProtobufWriter,
  kept: Uint8Array[],
  out: ProtobufWriter,
  name: string,
  { unit, type }: FamilyView,
): Generator<Uint8Array, void> {
  if (unit !== undefined && endsInUnit(name, unit, type)) out.string(FAMILY.unit, unit);
  if (whole.length > 0 && whole.length + out.length > PIECE) yield whole.take();
  whole.varint(kept.reduce((length, bytes) => length + bytes.length, out.length));
  if (kept.length > 0) yield whole.take();
  yield* kept;
  kept.length = 0;
  whole.append(out);
}

/** Prometheus refuses the whole scrape for a unit that isn't in the name; some schemes of escaping tear it apart. */
function endsInUnit(name: string, unit: string, type: MetricType): boolean {
  return unit !== '' && name.endsWith(type === 'counter' ? `_${unit}_total` : `_${unit}`);
}
