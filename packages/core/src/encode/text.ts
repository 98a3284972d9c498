import type { EscapingScheme } from '../escaping.ts';
import type { FamilyView, SeriesView } from '../model.ts';
import { exposedName, textType } from '../names.ts';
import { LineStart, writtenName } from './line-start.ts';
import {
  exposedNames,
  hasCreated,
  isAccepted,
  seriesWriter,
  whatIsTaken,
  writeAll,
  writeSample,
  writing,
  type Dialect,
  type FamilyLines,
  type OnInvalid,
} from './lines.ts';
import { Prepared, type Encoder } from './prepared.ts';
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

/** What is made of a family before its first series. */
interface FamilyText extends FamilyLines {
  /** If they are asked for, what writes the times at which its series began to count. */
  readonly created: CreatedText | undefined;
}

/** As the format has no other place for them, they are a family of their own. */
interface CreatedText {
  readonly head: string;
  readonly sample: LineStart;
}

/** Families as Prometheus' text format 0.0.4, or 1.0.0 (Prometheus, "Exposition formats: Text-based format"). */
export function textEncoder({
  escaping: scheme = 'underscores',
  created = false,
  onInvalid,
}: TextOptions = {}): Encoder<TextWriter> {
  const dialect: Dialect = { scheme, end: endOfLine, gaugeHistogram: ['_sum', '_count'], hasSum: () => true };
  const prepared = new Prepared<FamilyText>((family) => {
    const { name, type, help } = family;
    return {
      names: exposedNames(family, scheme),
      head: headOf(writtenName(exposedName(name, type), scheme), help, textType(type)),
      write: seriesWriter(family, dialect),
      // Of a type that hasn't it, another family may have that name.
      created: created && hasCreated(family) ? createdOf(family, scheme) : undefined,
    };
  });
  return function* encode(out, families) {
    const taken = new Set<string>();
    for (const family of families) {
      const text = prepared.of(family);
      if (!isAccepted(family, whatIsTaken(text.names, taken), onInvalid)) continue;
      out.text(text.head);
      yield* writeAll(out, family, text.write);
      if (text.created !== undefined) yield* encodeCreated(out, family, text.created);
    }
  };
}

function createdOf(family: FamilyView, scheme: EscapingScheme): CreatedText {
  return {
    head: headOf(writtenName(`${family.name}_created`, scheme), family.help, 'gauge'),
    sample: new LineStart(family, '_created', scheme),
  };
}

function* encodeCreated(to: TextWriter, family: FamilyView, { head, sample }: CreatedText): Generator<void, void> {
  let isBegun = false;
  const write = (out: TextWriter, series: SeriesView): void => {
    if (series.created === undefined) return;
    if (!isBegun) out.text(head);
    isBegun = true;
    writeSample(out, sample, series, series.created, '\n');
  };
  yield* writeAll(to, family, writing(write, sample));
}

function headOf(name: string, help: string, type: string): string {
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
}

/** A series' own time, in whole milliseconds. */
function endOfLine(timestamp: number | undefined): string {
  return timestamp === undefined ? '\n' : ` ${Math.trunc(timestamp)}\n`;
}

/** Backslash and line feed are escaped, double quotes are not. */
function escapeHelp(help: string): string {
  return help.replace(/[\\\n]/g, (char) => (char === '\n' ? '\\n' : '\\\\'));
}
