import { escapeMetricName, type EscapingScheme } from '../escaping.ts';
import type { FamilyView, MetricType } from '../model.ts';
import { exposedName } from '../names.ts';
import { PIECE } from './byte-writer.ts';
import {
  aheadOf,
  exposedNames,
  giveTurn,
  isAccepted,
  seriesOf,
  whatIsTaken,
  writeUntil,
  type OnInvalid,
  type SeriesWriter,
} from './lines.ts';
import { Prepared, type Encoder } from './prepared.ts';
import { MetricWriter } from './protobuf-metric.ts';
import type { ProtobufWriter } from './protobuf-writer.ts';

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

/** A family's message may be so long, about: until its end nothing of it can be given away. */
const MOST = 8 * PIECE;

/** What is made of a family before its first series. */
interface FamilyMessage {
  readonly name: string;
  /** The names that no other family may be exposed by. */
  readonly names: readonly string[];
  readonly write: SeriesWriter<ProtobufWriter>;
}

/**
 * Families as Prometheus' protobuf format, each a `MetricFamily` message after its length (Prometheus, "Exposition
 * formats: Protobuf format").
 *
 * A message begins with its length, which isn't known before its last series. So that it doesn't fill the memory till then,
 * a family of more than half a megabyte comes in several messages with the same head, which Prometheus reads one by one
 * anyway.
 */
export function protobufEncoder({ escaping, onInvalid }: ProtobufOptions): Encoder<ProtobufWriter> {
  const prepared = new Prepared<FamilyMessage>((family) => ({
    name: escapeMetricName(exposedName(family.name, family.type), escaping),
    names: exposedNames(family, escaping),
    write: new MetricWriter(FAMILY.metric, escaping, family.added).writer(family),
  }));
  return function* encode(out, families) {
    const taken = new Set<string>();
    for (const family of families) {
      const { name, names, write } = prepared.of(family);
      if (!isAccepted(family, whatIsTaken(names, taken), onInvalid)) continue;
      const series = seriesOf(family);
      try {
        let next = series.next();
        do {
          // Families without series, or with few, can be many.
          if (out.isDue) yield* giveTurn(out);
          const start = begin(out, name, family);
          const most = out.length + MOST;
          while (next.done !== true && out.length < most) {
            const length = out.length + PIECE + aheadOf(out, series, write);
            next = writeUntil(out, Math.min(length, most), series, next, write);
            // Nothing of it can be taken yet.
            if (next.done !== true && out.length < most) yield;
          }
          end(out, start, name, family);
        } while (next.done !== true);
      } finally {
        write.end();
      }
    }
  };
}

function begin(out: ProtobufWriter, name: string, { help, type }: FamilyView): number {
  const start = out.beginDelimited();
  out.string(FAMILY.name, name);
  if (help !== '') out.string(FAMILY.help, help);
  out.integer(FAMILY.type, TYPES[type]);
  return start;
}

function end(out: ProtobufWriter, start: number, name: string, { unit, type }: FamilyView): void {
  if (unit !== undefined && endsInUnit(name, unit, type)) out.string(FAMILY.unit, unit);
  out.endDelimited(start);
}

/** Prometheus refuses the whole scrape for a unit that isn't in the name; some schemes of escaping tear it apart. */
function endsInUnit(name: string, unit: string, type: MetricType): boolean {
  return unit !== '' && name.endsWith(type === 'counter' ? `_${unit}_total` : `_${unit}`);
}
