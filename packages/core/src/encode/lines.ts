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
import { exposedSuffix, namesTaken } from '../names.ts';
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

/** Writes one series of a family after the other, in each exposition. */
export interface SeriesWriter<Out extends ByteWriter> {
  (out: Out, series: never): void;
  /** Writes those that come after the series that was just written, if they can be read so, until there are `length` bytes. */
  readonly rows?: ((out: Out, series: SeriesByRow, length: number) => void) | undefined;
  /** To be called when no more is written in an exposition. */
  readonly end: () => void;
}

/** What the formats made of lines make of a family before its first series. */
export interface FamilyLines {
  /** The names that no other family may be exposed by. */
  readonly names: readonly string[];
  /** The lines that come before those of its series. */
  readonly head: string;
  readonly write: SeriesWriter<TextWriter>;
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

/** All names that a family takes for itself, as they are exposed. */
export function exposedNames({ name, type }: FamilyDescription, scheme: EscapingScheme): string[] {
  return namesTaken(name, type).map((each) => escapeMetricName(each, scheme));
}

/** Which of a family's names another one has already; if none, they are its own from now on. */
export function whatIsTaken(names: readonly string[], taken: Set<string>): string | undefined {
  const twice = names.find((each) => taken.has(each));
  if (twice !== undefined) return `another family is exposed as ${twice}`;
  for (const each of names) taken.add(each);
  return undefined;
}

/** The series that writers are given: without the labels that were added to all of them, which they know. */
export function seriesOf(family: FamilyView): Iterator<SeriesView> {
  const all: Iterable<SeriesView> = (family.added?.family ?? family).series;
  return all[Symbol.iterator]();
}

/** How many bytes more than a piece there may be before a turn: it takes a fraction of the time to write series as rows. */
export function aheadOf<Out extends ByteWriter>(
  out: Out,
  series: Iterator<SeriesView> & Partial<SeriesByRow>,
  { rows }: SeriesWriter<Out>,
): number {
  return rows !== undefined && series.columns !== undefined && series.hasExemplars === false ? out.ahead : 0;
}

/** Writes each series, and gives the caller a turn whenever a piece is due: what is written for a series is never torn apart. */
export function* writeAll<Out extends ByteWriter>(
  out: Out,
  family: FamilyView,
  write: SeriesWriter<Out>,
): Generator<void, void> {
  const series = seriesOf(family);
  try {
    // Families without series, or with few, can be many.
    if (out.isDue) yield* giveTurn(out);
    let next = series.next();
    for (;;) {
      next = writeUntil(out, out.due + aheadOf(out, series, write), series, next, write);
      if (next.done === true) return;
      yield* giveTurn(out);
    }
  } finally {
    write.end();
  }
}

/**
 * Writes one series after the other, from `next` on, until the writer has this length, and returns the one that comes then. In
 * a generator, this loop would take longer.
 */
export function writeUntil<Out extends ByteWriter>(
  out: Out,
  length: number,
  series: Iterator<SeriesView>,
  next: IteratorResult<SeriesView>,
  write: SeriesWriter<Out>,
): IteratorResult<SeriesView> {
  const byRow = series as Partial<SeriesByRow>;
  const rows = byRow.columns === undefined ? undefined : write.rows;
  let each = next;
  for (; each.done !== true && out.length < length; each = series.next()) {
    write(out, each.value as never);
    rows?.(out, byRow as SeriesByRow, length);
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
  start.write(out, series);
  out.number(value);
  out.text(end);
}

/** What writes the lines of one series after the other of this family. */
export function seriesWriter(family: FamilyView, dialect: Dialect): SeriesWriter<TextWriter> {
  switch (family.type) {
    case 'histogram':
    case 'gaugehistogram':
      return histogramWriter(family, dialect);
    case 'summary':
      return summaryWriter(family, dialect);
    default:
      return numberWriter(family, dialect);
  }
}

/** The same for the types of which each line has one number in every format. */
export function numberWriter(family: FamilyView, dialect: NumberDialect): SeriesWriter<TextWriter> {
  const { type } = family;
  if (type === 'stateset') return statesWriter(family, dialect);
  const sample = new LineStart(family, exposedSuffix(type), dialect.scheme);
  const begins = dialect.endsInCreated === true && hasCreated(family);
  const exemplarOf = type === 'counter' ? dialect.exemplar : undefined;
  const write = (out: TextWriter, series: ValueSeries): void => {
    let end = dialect.end(series.timestamp, begins ? series.created : undefined);
    if (exemplarOf !== undefined) {
      const { exemplar } = series;
      if (exemplar !== undefined) end = withExemplar(end, exemplarOf(exemplar, Infinity));
    }
    writeSample(out, sample, series, series.value, end);
  };
  if (begins) return writing(write, sample);
  const rows = (out: TextWriter, series: SeriesByRow, length: number): void => {
    const { columns, ids, numbers } = series;
    if (!sample.isReadyFor(columns) || (exemplarOf !== undefined && series.hasExemplars)) return;
    while (out.length < length) {
      const row = series.nextRow();
      if (row < 0) return;
      sample.writeRow(out, ids, row * columns.length);
      out.number(numbers[row] as number);
      // They have no time of their own.
      out.endLine();
    }
  };
  return Object.assign(writing(write, sample), { rows });
}

/** What writes by these starts of lines. */
export function writing(
  write: (out: TextWriter, series: never) => void,
  ...starts: readonly Pick<LineStart, 'end'>[]
): SeriesWriter<TextWriter> {
  return Object.assign(write, {
    end(): void {
      for (const start of starts) start.end();
    },
  });
}

function statesWriter(family: FamilyView, dialect: NumberDialect): SeriesWriter<TextWriter> {
  const sample = new LineStart(family, '', dialect.scheme, true);
  const label = writtenLabelName(family.name, dialect.scheme);
  return writing((out, series: StateSetSeriesView) => {
    const end = dialect.end(series.timestamp);
    for (const [state, isIn] of Object.entries(series.states)) {
      sample.write(out, series);
      out.text(`${label}=${quoted(state)}} `);
      out.number(Number(isIn));
      out.text(end);
    }
  }, sample);
}

function summaryWriter(family: FamilyView, dialect: Dialect): SeriesWriter<TextWriter> {
  const sample = new LineStart(family, '', dialect.scheme, true);
  const sum = new LineStart(family, '_sum', dialect.scheme);
  const count = new LineStart(family, '_count', dialect.scheme);
  const write = (out: TextWriter, series: SummarySeriesView): void => {
    const end = dialect.end(series.timestamp);
    for (const { quantile, value } of series.quantiles) {
      sample.write(out, series);
      out.text(`quantile="${formatBound(quantile)}"} `);
      out.number(value);
      out.text(end);
    }
    writeSample(out, sum, series, series.sum, end);
    writeSample(out, count, series, series.count, end);
  };
  return writing(write, sample, sum, count);
}

function histogramWriter(family: FamilyView, dialect: Dialect): SeriesWriter<TextWriter> {
  const { type } = family;
  const [sumSuffix, countSuffix] = type === 'gaugehistogram' ? dialect.gaugeHistogram : ['_sum', '_count'];
  const bucket = new LineStart(family, '_bucket', dialect.scheme, true);
  const sum = new LineStart(family, sumSuffix, dialect.scheme);
  const count = new LineStart(family, countSuffix, dialect.scheme);
  const bounds = new LabelPieces<TextWriter>((out, _, bound) => out.text(bound));
  let upperBounds: readonly number[] | undefined;
  const write = (out: TextWriter, series: HistogramSeriesView): void => {
    if (series.upperBounds !== upperBounds) {
      upperBounds = series.upperBounds;
      bounds.begin([{ values: [...upperBounds, Infinity].map((bound) => `le="${formatBound(bound)}"} `) }]);
    }
    const { bucketCounts, exemplars } = series;
    const end = dialect.end(series.timestamp);
    const exemplarOf = dialect.exemplar;
    const prefix = out.length;
    bucket.write(out, series);
    const prefixEnd = out.length;
    let total = 0;
    for (let i = 0; i <= upperBounds.length; i++) {
      // What all buckets begin with is put together once and copied.
      if (i > 0) out.repeat(prefix, prefixEnd);
      bounds.writeValue(out, 0, i);
      out.number((total += bucketCounts[i] as number));
      const exemplar = exemplars?.[i];
      const isShown = exemplar !== undefined && exemplarOf !== undefined;
      out.text(isShown ? withExemplar(end, exemplarOf(exemplar, upperBounds[i] ?? Infinity)) : end);
    }
    if (!dialect.hasSum(type, series)) return;
    writeSample(out, sum, series, series.sum, end);
    writeSample(out, count, series, total, end);
  };
  return writing(write, bucket, sum, count);
}

/** The end of a line with an exemplar, or several, in it. */
export function withExemplar(end: string, exemplar: string): string {
  return `${end.slice(0, -1)}${exemplar}\n`;
}
