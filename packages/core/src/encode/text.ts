import type { EscapingScheme } from '../escaping.ts';
import type { FamilyView, SeriesView } from '../model.ts';
import { exposedName, textType } from '../names.ts';
import { LineStart, writtenName } from './line-start.ts';
import {
  hasCreated,
  isAccepted,
  seriesWriter,
  whatIsTaken,
  writeAll,
  writeSample,
  type Dialect,
  type OnInvalid,
} from './lines.ts';
import type { TextWriter } from './text-writer.ts';

/** What can be chosen about the text format. */
export interface TextOptions {
  /** How names are written that aren't legal without quotes; `allow-utf-8` makes it version 1.0.0. */
  escaping?: EscapingScheme | undefined;
  /** Whether there is a gauge family `x_created` after each family `x` whose series know when they began to count. */
  created?: boolean | undefined;
  /** Called for each family that is left out because another one is exposed under its name, with what is wrong. */
  onInvalid?: OnInvalid | undefined;
}

/**
 * Families as Prometheus' text format 0.0.4, or 1.0.0 (Prometheus, "Exposition formats: Text-based format"), with a
 * turn for the caller whenever a piece is due.
 */
export function* encodeText(
  out: TextWriter,
  families: Iterable<FamilyView>,
  { escaping: scheme = 'underscores', created = false, onInvalid }: TextOptions = {},
): Generator<void, void> {
  const taken = new Set<string>();
  const dialect: Dialect = { scheme, end: endOfLine, gaugeHistogram: ['_sum', '_count'], hasSum: () => true };
  for (const family of families) {
    if (!isAccepted(family, whatIsTaken(family, scheme, taken), onInvalid)) continue;
    writeHead(out, writtenName(exposedName(family.name, family.type), scheme), family.help, textType(family.type));
    yield* writeAll(out, family.series, seriesWriter(out, family, dialect));
    // Of a type that hasn't it, another family may have that name.
    if (created && hasCreated(family)) yield* encodeCreated(out, family, scheme);
  }
}

/** The times at which a family's series began to count, as the format has no other place for them. */
function* encodeCreated(
  out: TextWriter,
  { name, help, series: all }: FamilyView,
  scheme: EscapingScheme,
): Generator<void, void> {
  const sample = new LineStart(out, `${name}_created`, scheme);
  let isBegun = false;
  yield* writeAll(out, all, (series: SeriesView) => {
    if (series.created === undefined) return;
    if (!isBegun) writeHead(out, writtenName(`${name}_created`, scheme), help, 'gauge');
    isBegun = true;
    writeSample(out, sample, series, series.created, '\n');
  });
}

function writeHead(out: TextWriter, name: string, help: string, type: string): void {
  out.text('# HELP ');
  out.text(name);
  out.text(' ');
  out.text(escapeHelp(help));
  out.text('\n# TYPE ');
  out.text(name);
  out.text(' ');
  out.text(type);
  out.text('\n');
}

/** A series' own time, in whole milliseconds. */
function endOfLine(timestamp: number | undefined): string {
  return timestamp === undefined ? '\n' : ` ${Math.trunc(timestamp)}\n`;
}

/** Backslash and line feed are escaped, double quotes are not. */
function escapeHelp(help: string): string {
  return help.replace(/[\\\n]/g, (char) => (char === '\n' ? '\\n' : '\\\\'));
}
