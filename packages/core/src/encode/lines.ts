import { escapeMetricName, type EscapingScheme } from '../escaping.ts';
import type {
  Exemplar,
  FamilyDescription,
  FamilyView,
  HistogramSeriesView,
  SeriesView,
  StateSetSeriesView,
  SummarySeriesView,
  ValueSeries,
} from '../model.ts';
import { exposedName, namesTaken } from '../names.ts';
import type { ByteWriter } from './byte-writer.ts';
import { quoted, writtenLabelName } from './label-text.ts';
import { LineStart } from './line-start.ts';
import { formatBound } from './numbers.ts';
import { Piece } from './piece.ts';

/** About how many bytes a piece has; what is written for one series is never torn apart. */
export const PIECE: number = 64 * 1024;

/** What the formats made of lines of text do differently where a line has one number. */
export interface NumberDialect {
  readonly scheme: EscapingScheme;
  /** What comes after a value: the series' own time and, in some formats, when it began to count; and the line feed. */
  readonly end: (timestamp: number | undefined, created?: number) => string;
  /** What comes after a value, or after its time, for an exemplar of at most this value; a format without has none. */
  readonly exemplar?: (exemplar: Exemplar, most: number) => string;
}

/** What the formats do differently that have several lines for a summary or a histogram. */
export interface Dialect extends NumberDialect {
  /** What the names of a gauge histogram's sum and count end in. */
  readonly gaugeHistogram: readonly [sum: string, count: string];
  /** Whether a histogram shows its sum and its count. */
  readonly hasSum: (type: FamilyView['type'], series: HistogramSeriesView) => boolean;
}

/** Writes the lines of one series. */
export type SeriesWriter = (series: never) => void;

/** Whether the samples of a family tell when each series began to count. */
export function hasCreated({ name, type }: FamilyDescription): boolean {
  return namesTaken(name, type).includes(`${name}_created`);
}

/** Told of each family that a format can't carry, which is left out, and why. */
export type OnInvalid = (family: FamilyView, reason: string) => void;

/** Nothing yet: gives the caller its turn. */
export const NOTHING: Uint8Array = new Uint8Array(0);

/** Whether nothing is wrong with a family; if something is, that is told. Looking may take several turns. */
export function* isAccepted(
  family: FamilyView,
  whatIsWrong: (family: FamilyView) => Generator<Uint8Array, string | undefined> | string | undefined,
  onInvalid: OnInvalid | undefined,
): Generator<Uint8Array, boolean> {
  const found = whatIsWrong(family);
  const wrong = typeof found === 'object' ? yield* found : found;
  if (wrong !== undefined) onInvalid?.(family, wrong);
  return wrong === undefined;
}

/** Which of its names another family has already; if none, they are its own from now on. */
export function whatIsTaken(
  { name, type }: FamilyDescription,
  scheme: EscapingScheme,
  taken: Set<string>,
): string | undefined {
  const names = namesTaken(name, type).map((each) => escapeMetricName(each, scheme));
  const twice = names.find((each) => taken.has(each));
  if (twice !== undefined) return `another family is exposed as ${twice}`;
  for (const each of names) taken.add(each);
  return undefined;
}

/** Writes each series and gives away what is written whenever it is enough for a piece. */
export function* pieces(out: ByteWriter, all: Iterable<SeriesView>, write: SeriesWriter): Generator<Uint8Array, void> {
  // Heads alone can be many.
  if (out.length >= PIECE) yield out.take();
  for (const series of all) {
    write(series as never);
    if (out.length >= PIECE) yield out.take();
  }
}

/** Writes one line. */
export function writeSample(out: ByteWriter, start: LineStart, series: SeriesView, value: number, end: string): void {
  start.write(series);
  out.number(value);
  out.text(end);
}

/** What writes the lines of one series after the other of this family. */
export function seriesWriter(out: ByteWriter, family: FamilyView, dialect: Dialect): SeriesWriter {
  switch (family.type) {
    case 'histogram':
    case 'gaugehistogram':
      return histogramWriter(out, family, dialect);
    case 'summary':
      return summaryWriter(out, family.name, dialect);
    default:
      return numberWriter(out, family, dialect);
  }
}

/** The same for the types of which each line has one number in every format. */
export function numberWriter(out: ByteWriter, family: FamilyDescription, dialect: NumberDialect): SeriesWriter {
  const { name, type } = family;
  if (type === 'stateset') {
    const sample = new LineStart(out, name, dialect.scheme, true);
    const label = writtenLabelName(name, dialect.scheme);
    return (series: StateSetSeriesView) => {
      const end = dialect.end(series.timestamp);
      for (const [state, isIn] of Object.entries(series.states)) {
        sample.write(series);
        out.text(`${label}=${quoted(state)}} `);
        out.number(Number(isIn));
        out.text(end);
      }
    };
  }
  const sample = new LineStart(out, exposedName(name, type), dialect.scheme);
  const begins = hasCreated(family);
  const exemplarOf = type === 'counter' ? dialect.exemplar : undefined;
  return (series: ValueSeries) => {
    const { value, exemplar } = series;
    const end = dialect.end(series.timestamp, begins ? series.created : undefined);
    const isShown = exemplar !== undefined && exemplarOf !== undefined;
    const tail = isShown ? withExemplar(end, exemplarOf(exemplar, Infinity)) : end;
    writeSample(out, sample, series, value, tail);
  };
}

function summaryWriter(out: ByteWriter, name: string, dialect: Dialect): (series: SummarySeriesView) => void {
  const sample = new LineStart(out, name, dialect.scheme, true);
  const sum = new LineStart(out, `${name}_sum`, dialect.scheme);
  const count = new LineStart(out, `${name}_count`, dialect.scheme);
  return (series) => {
    const end = dialect.end(series.timestamp);
    for (const { quantile, value } of series.quantiles) {
      sample.write(series);
      out.text(`quantile="${formatBound(quantile)}"} `);
      out.number(value);
      out.text(end);
    }
    writeSample(out, sum, series, series.sum, end);
    writeSample(out, count, series, series.count, end);
  };
}

function histogramWriter(
  out: ByteWriter,
  { name, type }: FamilyDescription,
  dialect: Dialect,
): (series: HistogramSeriesView) => void {
  const [sumSuffix, countSuffix] = type === 'gaugehistogram' ? dialect.gaugeHistogram : ['_sum', '_count'];
  const bucket = new LineStart(out, `${name}_bucket`, dialect.scheme, true);
  const sum = new LineStart(out, name + sumSuffix, dialect.scheme);
  const count = new LineStart(out, name + countSuffix, dialect.scheme);
  let upperBounds: readonly number[] | undefined;
  let bounds: readonly Piece[] = [];
  return (series) => {
    if (series.upperBounds !== upperBounds) {
      upperBounds = series.upperBounds;
      bounds = [...upperBounds, Infinity].map((bound) => Piece.ofText(`le="${formatBound(bound)}"} `));
    }
    const { bucketCounts } = series;
    const end = dialect.end(series.timestamp);
    const exemplarOf = dialect.exemplar;
    const exemplars = exemplarOf === undefined ? undefined : series.exemplars;
    const prefix = out.length;
    bucket.write(series);
    const prefixEnd = out.length;
    let total = 0;
    for (let i = 0; i < bounds.length; i++) {
      // What all buckets begin with is put together once and copied.
      if (i > 0) out.repeat(prefix, prefixEnd);
      out.piece(bounds[i] as Piece);
      out.number((total += bucketCounts[i] as number));
      const exemplar = exemplars?.[i];
      const isShown = exemplar !== undefined && exemplarOf !== undefined;
      out.text(isShown ? withExemplar(end, exemplarOf(exemplar, upperBounds[i] ?? Infinity)) : end);
    }
    if (!dialect.hasSum(type, series)) return;
    writeSample(out, sum, series, series.sum, end);
    writeSample(out, count, series, total, end);
  };
}

/** The end of a line with an exemplar, or several, in it. */
export function withExemplar(end: string, exemplar: string): string {
  return `${end.slice(0, -1)}${exemplar}\n`;
}
