import type {
  FamilyView,
  HistogramSeriesView,
  MetricType,
  SeriesView,
  StateSetSeriesView,
  SummarySeriesView,
  ValueSeries,
} from '../model.ts';
import { escapeLabelValue } from '../labels.ts';
import { escapeLabelName, escapeMetricName } from '../escaping.ts';
import { exposedName, namesTaken } from '../names.ts';
import { ByteWriter } from './byte-writer.ts';
import { formatBound } from './numbers.ts';

/** The media type of what {@link encodeText} makes. */
export const TEXT_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** What can be chosen about the text format. */
export interface TextOptions {
  /** Whether there is a gauge family `x_created` after each family `x` whose series know when they began to count. */
  created?: boolean | undefined;
}

/** About how many bytes a piece has; what is written for one series is never torn apart. */
const PIECE = 64 * 1024;

/** The types that the format knows, in place of those that it doesn't. */
const TEXT_TYPES: Readonly<Record<MetricType, string>> = {
  counter: 'counter',
  gauge: 'gauge',
  histogram: 'histogram',
  gaugehistogram: 'histogram',
  summary: 'summary',
  info: 'gauge',
  stateset: 'gauge',
  unknown: 'untyped',
};

/** Writes the lines of one series. */
type SeriesWriter = (series: never) => void;

/**
 * Families as Prometheus' text format 0.0.4 (Prometheus, "Exposition formats: Text-based format"), in pieces
 * of some 64 KB, so that whoever asks for the next one decides when it is made.
 */
export function* encodeText(
  families: Iterable<FamilyView>,
  { created = false }: TextOptions = {},
): Generator<Uint8Array, void, undefined> {
  const out = new ByteWriter(PIECE + 4096);
  for (const family of families) {
    const name = escapeMetricName(exposedName(family.name, family.type));
    writeHead(out, name, family.help, TEXT_TYPES[family.type]);
    yield* writeAll(out, family.series, writerFor(out, name, family.type));
    if (created) yield* encodeCreated(out, family);
  }
  if (out.length > 0) yield out.take();
}

/** The times at which a family's series began to count, as the format has no other place for them. */
function* encodeCreated(out: ByteWriter, family: FamilyView): Generator<Uint8Array, void, undefined> {
  const unescaped = `${family.name}_created`;
  // Of a type that hasn't it, another family may have that name.
  if (!namesTaken(family.name, family.type).includes(unescaped)) return;
  const name = escapeMetricName(unescaped);
  let isBegun = false;
  yield* writeAll(out, family.series, (series: SeriesView) => {
    if (series.created === undefined) return;
    if (!isBegun) writeHead(out, name, family.help, 'gauge');
    isBegun = true;
    writeSample(out, name, series.labelText, series.created, undefined);
  });
}

function* writeAll(
  out: ByteWriter,
  all: Iterable<SeriesView>,
  write: SeriesWriter,
): Generator<Uint8Array, void, undefined> {
  for (const series of all) {
    write(series as never);
    if (out.length >= PIECE) yield out.take();
  }
}

function writeHead(out: ByteWriter, name: string, help: string, type: string): void {
  out.text(`# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`);
}

/** What writes the lines of one series, for a family of this type and name. */
function writerFor(out: ByteWriter, name: string, type: FamilyView['type']): SeriesWriter {
  switch (type) {
    case 'histogram':
    case 'gaugehistogram':
      return histogramWriter(out, name);
    case 'summary':
      return ({ labelText, quantiles, sum, count, timestamp }: SummarySeriesView) => {
        for (const { quantile, value } of quantiles) {
          writeSample(out, name, withLabel(labelText, `quantile="${formatBound(quantile)}"`), value, timestamp);
        }
        writeSample(out, `${name}_sum`, labelText, sum, timestamp);
        writeSample(out, `${name}_count`, labelText, count, timestamp);
      };
    case 'stateset':
      return ({ labelText, states, timestamp }: StateSetSeriesView) => {
        for (const [state, isIn] of Object.entries(states)) {
          const label = `${escapeLabelName(name)}="${escapeLabelValue(state)}"`;
          writeSample(out, name, withLabel(labelText, label), Number(isIn), timestamp);
        }
      };
    default:
      return (series: ValueSeries) => writeSample(out, name, series.labelText, series.value, series.timestamp);
  }
}

function histogramWriter(out: ByteWriter, name: string): (series: HistogramSeriesView) => void {
  let upperBounds: readonly number[] | undefined;
  let bounds: readonly string[] = [];
  return (series) => {
    if (series.upperBounds !== upperBounds) {
      upperBounds = series.upperBounds;
      bounds = [...upperBounds, Infinity].map((bound) => `le="${formatBound(bound)}"} `);
    }
    const start = out.length;
    out.text(`${name}_bucket{`);
    out.text(series.labelText === '' ? '' : `${series.labelText},`);
    const end = out.length;
    let count = 0;
    for (let i = 0; i < bounds.length; i++) {
      if (i > 0) out.repeat(start, end);
      out.text(bounds[i] as string);
      out.number((count += series.bucketCounts[i] as number));
      writeEnd(out, series.timestamp);
    }
    writeSample(out, `${name}_sum`, series.labelText, series.sum, series.timestamp);
    writeSample(out, `${name}_count`, series.labelText, count, series.timestamp);
  };
}

function writeSample(
  out: ByteWriter,
  name: string,
  labels: string,
  value: number,
  timestamp: number | undefined,
): void {
  out.text(name);
  if (labels !== '') {
    out.text('{');
    out.text(labels);
    out.text('}');
  }
  out.text(' ');
  out.number(value);
  writeEnd(out, timestamp);
}

function writeEnd(out: ByteWriter, timestamp: number | undefined): void {
  out.text(timestamp === undefined ? '\n' : ` ${Math.trunc(timestamp)}\n`);
}

function withLabel(labels: string, label: string): string {
  return labels === '' ? label : `${labels},${label}`;
}

/** Backslash and line feed are escaped, double quotes are not. */
function escapeHelp(help: string): string {
  return help.replace(/[\\\n]/g, (char) => (char === '\n' ? '\\n' : '\\\\'));
}
