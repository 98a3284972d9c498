import { escapeMetricName, type EscapingScheme } from '../escaping.ts';
import type {
  Exemplar,
  FamilyDescription,
  FamilyView,
  HistogramSeriesView,
  SeriesByRow,
  SeriesView,
  StateSetSeriesView,
  SummarySeriesView,
  ValueSeries,
} from '../model.ts';
import { exposedName, namesTaken } from '../names.ts';
import type { ByteWriter } from './byte-writer.ts';
import { LabelPieces } from './label-pieces.ts';
import { quoted, writtenLabelName } from './label-text.ts';
import { LineStart } from './line-start.ts';
import { formatBound } from './numbers.ts';
import type { TextWriter } from './text-writer.ts';

/** What the formats made of lines of text do differently where a line has one number. */
export interface NumberDialect {
  readonly scheme: EscapingScheme;
  /** What comes after a value: the series' own time, when it began to count where `endsInCreated`, and the line feed. */
  readonly end: (timestamp: number | undefined, created?: number) => string;
  readonly endsInCreated?: boolean;
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
export interface SeriesWriter {
  (series: never): void;
  /** Writes those of the series that come after the one written last, if they can be read so, until there are `length` bytes. */
  readonly rows?: ((series: SeriesByRow, length: number) => void) | undefined;
}

/** Whether the samples of a family tell when each series began to count. */
export function hasCreated({ name, type }: FamilyDescription): boolean {
  return namesTaken(name, type).includes(`${name}_created`);
}

/** Told of each family that a format can't carry, which is left out, and why. */
export type OnInvalid = (family: FamilyView, reason: string) => void;

/** Whether nothing is wrong with a family; if something is, that is told. */
export function isAccepted(family: FamilyView, wrong: string | undefined, onInvalid: OnInvalid | undefined): boolean {
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

/** Writes each series, and gives the caller a turn whenever a piece is due: what is written for a series is never torn apart. */
export function* writeAll(out: TextWriter, all: Iterable<SeriesView>, write: SeriesWriter): Generator<void, void> {
  const series = all[Symbol.iterator]();
  let next = series.next();
  do {
    next = writeUntil(out, out.due, series, next, write);
    // Heads alone can be many.
    if (out.isDue) yield* giveTurn(out);
  } while (next.done !== true);
}

/**
 * Writes one series after the other, from `next` on, until the writer has this length, and returns the one that comes then. In
 * a generator, this loop would take longer.
 */
export function writeUntil(
  out: ByteWriter,
  length: number,
  series: Iterator<SeriesView>,
  next: IteratorResult<SeriesView>,
  write: SeriesWriter,
): IteratorResult<SeriesView> {
  const byRow = series as Partial<SeriesByRow>;
  const rows = byRow.columns === undefined ? undefined : write.rows;
  let each = next;
  for (; each.done !== true && out.length < length; each = series.next()) {
    write(each.value as never);
    rows?.(byRow as SeriesByRow, length);
  }
  return each;
}

/** The caller may take what has been written. */
export function* giveTurn(out: ByteWriter): Generator<void, void> {
  yield;
  out.nextPiece();
}

/** Writes one line. */
export function writeSample(out: TextWriter, start: LineStart, series: SeriesView, value: number, end: string): void {
  start.write(series);
  out.number(value);
  out.text(end);
}

/** What writes the lines of one series after the other of this family. */
export function seriesWriter(out: TextWriter, family: FamilyView, dialect: Dialect): SeriesWriter {
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
export function numberWriter(out: TextWriter, family: FamilyDescription, dialect: NumberDialect): SeriesWriter {
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
  const begins = dialect.endsInCreated === true && hasCreated(family);
  const exemplarOf = type === 'counter' ? dialect.exemplar : undefined;
  const write = (series: ValueSeries): void => {
    let end = dialect.end(series.timestamp, begins ? series.created : undefined);
    if (exemplarOf !== undefined) {
      const { exemplar } = series;
      if (exemplar !== undefined) end = withExemplar(end, exemplarOf(exemplar, Infinity));
    }
    writeSample(out, sample, series, series.value, end);
  };
  if (begins) return write;
  const rows = (series: SeriesByRow, length: number): void => {
    const { columns, ids, numbers, width } = series;
    if (!sample.isReadyFor(columns) || (exemplarOf !== undefined && series.hasExemplars)) return;
    while (out.length < length) {
      const row = series.nextRow();
      if (row < 0) return;
      sample.writeRow(ids, row * columns.length);
      out.number(numbers[row * width] as number);
      // They have no time of their own.
      out.endLine();
    }
  };
  return Object.assign(write, { rows });
}

function summaryWriter(out: TextWriter, name: string, dialect: Dialect): (series: SummarySeriesView) => void {
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
  out: TextWriter,
  { name, type }: FamilyDescription,
  dialect: Dialect,
): (series: HistogramSeriesView) => void {
  const [sumSuffix, countSuffix] = type === 'gaugehistogram' ? dialect.gaugeHistogram : ['_sum', '_count'];
  const bucket = new LineStart(out, `${name}_bucket`, dialect.scheme, true);
  const sum = new LineStart(out, name + sumSuffix, dialect.scheme);
  const count = new LineStart(out, name + countSuffix, dialect.scheme);
  const bounds = new LabelPieces(out, (_, bound) => out.text(bound));
  let upperBounds: readonly number[] | undefined;
  return (series) => {
    if (series.upperBounds !== upperBounds) {
      upperBounds = series.upperBounds;
      bounds.begin([{ values: [...upperBounds, Infinity].map((bound) => `le="${formatBound(bound)}"} `) }]);
    }
    const { bucketCounts, exemplars } = series;
    const end = dialect.end(series.timestamp);
    const exemplarOf = dialect.exemplar;
    const prefix = out.length;
    bucket.write(series);
    const prefixEnd = out.length;
    let total = 0;
    for (let i = 0; i <= upperBounds.length; i++) {
      // What all buckets begin with is put together once and copied.
      if (i > 0) out.repeat(prefix, prefixEnd);
      bounds.writeValue(0, i);
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
