import { escapeMetricName, type EscapingScheme } from '../escaping.ts';
import type { FamilyView, MetricType } from '../model.ts';
import { exposedName } from '../names.ts';
import { accepted, PIECE, whatIsTaken, type OnInvalid } from './lines.ts';
import { MetricWriter } from './protobuf-metric.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** What can be chosen about the protobuf format. */
export interface ProtobufOptions {
  /** How names that aren't legal without quotes are written. */
  escaping: EscapingScheme;
  /** Called for each family that is left out because another one is exposed under its name, with what is wrong. */
  onInvalid?: OnInvalid | undefined;
}

/** Nothing yet: gives the caller its turn. */
const NOTHING = new Uint8Array(0);

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

/**
 * Families as Prometheus' protobuf format, each a `MetricFamily` message after its length (Prometheus, "Exposition
 * formats: Protobuf format"), in pieces of some 64 KB, so that whoever asks for the next one decides when it is made.
 *
 * A family begins with its length, which isn't known before its last series: what is buffered is its bytes, once. While
 * they are made, an empty piece comes for every 64 KB of them; then they come themselves, and are let go one by one.
 */
export function* encodeProtobuf(
  families: Iterable<FamilyView>,
  { escaping, onInvalid }: ProtobufOptions,
): Generator<Uint8Array, void, undefined> {
  const whole = new ProtobufWriter(PIECE);
  const out = new ProtobufWriter(PIECE + 4096);
  const metrics = new MetricWriter(out, FAMILY.metric, escaping);
  const taken = new Set<string>();
  for (const family of accepted(families, (each) => whatIsTaken(each, escaping, taken), onInvalid)) {
    const name = escapeMetricName(exposedName(family.name, family.type), escaping);
    out.string(FAMILY.name, name);
    if (family.help !== '') out.string(FAMILY.help, family.help);
    out.integer(FAMILY.type, TYPES[family.type]);
    const before: Uint8Array[] = [];
    for (const series of family.series) {
      metrics.write(family, series);
      if (out.length < PIECE) continue;
      before.push(out.take());
      yield NOTHING;
    }
    if (family.unit !== undefined && endsInUnit(name, family.unit, family.type)) out.string(FAMILY.unit, family.unit);

    if (whole.length > 0 && whole.length + out.length > PIECE) yield whole.take();
    whole.varint(before.reduce((length, bytes) => length + bytes.length, out.length));
    if (before.length > 0) yield whole.take();
    before.reverse();
    while (before.length > 0) yield before.pop() as Uint8Array;
    whole.append(out);
  }
  if (whole.length > 0) yield whole.take();
}

/** Prometheus refuses the whole scrape for a unit that isn't in the name; some schemes of escaping tear it apart. */
function endsInUnit(name: string, unit: string, type: MetricType): boolean {
  return unit !== '' && name.endsWith(type === 'counter' ? `_${unit}_total` : `_${unit}`);
}
